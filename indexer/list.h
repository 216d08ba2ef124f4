/*
 * list.h - the mode --list.
 */
#ifndef INDEXER_LIST_H
#define INDEXER_LIST_H

#include <stdbool.h>

/* The documents' paths in byte order, a line each; `null`: as they are, a NUL
 * behind each; `verbose`: docid, date and title too, tabs between. All is read
 * before anything is printed, so that who reads slowly holds up no writer.
 * Returns the exit code; messages go to stderr. */
int mode_list(const char *dir, bool null, bool verbose);

#endif
