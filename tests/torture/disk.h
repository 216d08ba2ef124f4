/*
 * disk.h - a disk in memory that knows what is safe: given the log of
 * record.h, the files that a crash at some moment may leave.
 *
 * What a file was told since its last sync may be on disk or not, page by
 * page and in any order. Names (made, renamed, removed) reach the disk in
 * order, and for certain with a sync of their folder. A write to a file that
 * was opened with O_DSYNC is safe when it returns.
 */
#ifndef TORTURE_DISK_H
#define TORTURE_DISK_H

#include <stdbool.h>

#include "base/buf.h"
#include "tests/torture/record.h"

struct disk;

enum disk_crash {
    DISK_ALL,   /* the program was killed: everything reached the disk */
    DISK_NONE,  /* the power failed: only what is safe did */
    DISK_RANDOM /* the power failed: some of the rest did */
};

/* `log` is borrowed; the folder whose files it is about. */
struct disk *disk_new(struct view log, const char *folder);

/* Does the next record; false at the end of the log. */
bool disk_step(struct disk *d);

/* Of the record that was done last. */
const struct record *disk_record(const struct disk *d);

/* Generation of the last run that ended well, 0 if none did. */
uint64_t disk_acked(const struct disk *d);

/* Writes what a crash now leaves to the folder `to`, anew. */
void disk_crash(const struct disk *d, enum disk_crash how, const char *to);

void disk_free(struct disk *d);

#endif
