/*
 * record.h - the log that record.so writes and replay reads: what a program
 * asked the system to do to the files of one folder, in order.
 *
 * A record is a struct record, `a` bytes of a name, `b` bytes of data.
 */
#ifndef TORTURE_RECORD_H
#define TORTURE_RECORD_H

#include <stdint.h>

enum record_op {
    RECORD_OPEN,     /* name: path; offset: the flags of open */
    RECORD_CLOSE,    /* fd */
    RECORD_WRITE,    /* fd, offset, data */
    RECORD_TRUNCATE, /* fd, offset: the new size */
    RECORD_SYNC,     /* fd */
    RECORD_RENAME,   /* name: old path; data: new path */
    RECORD_UNLINK,   /* name: path */
    RECORD_ACK       /* written by the test: a run ended well; offset: its
                      * generation */
};

struct record {
    uint32_t op;
    int32_t fd; /* of the program: numbers begin anew with each run */
    uint64_t offset;
    uint32_t a;
    uint32_t b;
};

#endif
