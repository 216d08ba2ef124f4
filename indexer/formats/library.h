/*
 * library.h - libraries that only some formats need, loaded when one is met.
 *
 * So an indexer runs where they are not installed, and says which package is
 * missing once a file needs it. Their headers are needed to compile; each is
 * included by one file, which keeps the functions that it calls in a struct of
 * pointers with their own types:
 *
 *     static struct {
 *         __typeof__(inflate) *inflate;
 *     } z;
 *     static const struct library_symbol symbols[] = {
 *         {"inflate", &z.inflate},
 *     };
 *     static struct library zlib = {"libz.so.1", "zlib1g", "gzip", NULL};
 *
 *     rc = LIBRARY_OPEN(&zlib, symbols, &err);
 */
#ifndef INDEXER_FORMATS_LIBRARY_H
#define INDEXER_FORMATS_LIBRARY_H

#include "base/err.h"

struct library_symbol {
    const char *name;
    void *to; /* a pointer to the function's pointer */
};

struct library {
    const char *file;    /* as the loader knows it: "libz.so.1" */
    const char *package; /* Debian's */
    const char *user;    /* what needs it: "gzip" */
    void *handle;        /* NULL until it is loaded */
};

/* Loads it, if it is not, and finds its n functions. 0; ERR_NOTFOUND with a
 * message that names it and its package. */
int library_open(struct library *l, const struct library_symbol *symbol,
                 unsigned n, struct err *err);

#define LIBRARY_OPEN(l, symbols, err)                                          \
    library_open(l, symbols, sizeof(symbols) / sizeof *(symbols), err)

#endif
