/*
 * fault.h - between fault.so and faults: which calls are to fail.
 *
 * $FAULT_FILE is this struct. fault.so counts the calls of the kind named and
 * fails call number `at`, and with `ever` all that follow.
 */
#ifndef TORTURE_FAULT_H
#define TORTURE_FAULT_H

#include <stdint.h>

enum fault_kind {
    FAULT_MALLOC,   /* malloc, calloc, realloc, posix_memalign */
    FAULT_OPEN,     /* open, opendir, fopen */
    FAULT_READ,     /* read, pread */
    FAULT_WRITE,    /* write, pwrite, writev, pwritev; not to stderr */
    FAULT_SYNC,     /* fsync, fdatasync */
    FAULT_TRUNCATE, /* ftruncate */
    FAULT_MMAP,     /* mmap */
    FAULT_STAT,     /* stat, lstat, fstat, fstatat */
    FAULT_READDIR,  /* readdir */
    FAULT_RENAME,   /* rename, mkdir, unlink, unlinkat */
    FAULT_LOCK,     /* flock, fcntl's locks */
    FAULT_KINDS
};

struct fault {
    uint32_t kind;  /* enum fault_kind */
    uint32_t at;    /* the call that fails, from 1; 0: none does */
    uint32_t ever;  /* and all behind it */
    int32_t error;  /* errno; 0: a write stops halfway */
    uint32_t calls; /* so far; counted by fault.so */
    uint32_t hits;  /* that failed */
};

#endif
