/*
 * why.h - --why: what is known of a file or record, and what the next run will
 * do about it.
 */
#ifndef INDEXER_WHY_H
#define INDEXER_WHY_H

#include <stddef.h>

/* Prints a line for each operand: a file's path, the path query shows, or a
 * record's id. Returns the exit code: that of a failure, 0 if all have
 * documents, else 1. Messages go to stderr. */
int mode_why(const char *dir, char **operand, size_t n);

#endif
