/*
 * err.h - what went wrong, in a sentence a person understands.
 *
 * Functions that can fail return 0 (or 1 for "an item") when all is well and
 * a negative code from `enum err_code` otherwise. The lowest layer that knows
 * the path, the term or the column also fills a `struct err`; callers above
 * pass the code on and leave the message alone. Nothing in common/ prints or
 * exits.
 *
 *     struct err err = {0};
 *     if (store_open(&store, dir, STORE_READ, &err) < 0)
 *         fprintf(stderr, "query: %s\n", err.msg);
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_code {
    OK = 0,
    ERR_NOMEM = -1,    /* an allocation failed */
    ERR_IO = -2,       /* the system refused to read or write */
    ERR_USAGE = -3,    /* the caller asked for something that makes no sense */
    ERR_CORRUPT = -4,  /* bytes on disk break the format: index damaged */
    ERR_VERSION = -5,  /* an index of another format or other settings */
    ERR_BUSY = -6,     /* another process holds the writer's lock */
    ERR_NOTFOUND = -7, /* no such index, document or file */
    ERR_FULL = -8,     /* the disk, the map or a fixed limit is full */
    ERR_REFUSED = -9,  /* a guard said no; nothing was changed */
    ERR_STOPPED = -10  /* a signal asked to stop before anything was done */
};

struct err {
    int code;      /* an enum err_code; 0 while nothing has failed */
    char msg[512]; /* one line without a final dot or newline, NUL-ended */
};

/* Fills `e` (which may be NULL) by the printf format and returns `code`. */
int err_set(struct err *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set, with ": " and strerror(errnum) appended, for which what is before
 * it is cut short if need be. */
int err_sys(struct err *e, int code, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* "out of memory", the one message that every allocation shares, with the limit
 * of the process where it has one. */
int err_nomem(struct err *e);

#endif
