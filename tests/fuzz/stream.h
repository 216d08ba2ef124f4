/*
 * stream.h - what the fuzz targets of formats of records have in common: a
 * stream that begins soundly, goes on with whatever there is, and ends with a
 * sound record of id "last". All of it is read and cut into records whose texts
 * are UTF-8, within bounds, their lines ascending; and the last one is found.
 */
#ifndef TESTS_FUZZ_STREAM_H
#define TESTS_FUZZ_STREAM_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "indexer/records.h"
#include "tests/fuzz/fuzz.h"
#include "text/utf8.h"

struct fuzz_stream {
    enum records_format format;
    struct view first;
    struct view last;
};

static void fuzz_write(int fd, struct view v)
{
    if (v.n > 0 && write(fd, v.p, v.n) != (ssize_t)v.n)
        abort();
}

static void fuzz_record(const struct record *rec, size_t max)
{
    size_t i, most = rec->raw.n * 3; /* U+FFFD for a byte */

    assert(rec->raw.n <= max && rec->message.n <= rec->raw.n);
    assert(rec->id.n && utf8_errors(rec->id) == 0);
    assert(rec->title.n <= most && utf8_errors(rec->title) == 0);
    assert(rec->text.n <= most && utf8_errors(rec->text) == 0);
    assert(rec->replaced <= rec->raw.n);
    for (i = 0; i < rec->nfields; i++)
        assert(rec->field[i].name.n && rec->field[i].value.n &&
               utf8_errors(rec->field[i].value) == 0);
}

/* Records are skipped above a size that the first byte gives. */
static void fuzz_stream(const struct fuzz_stream *s, struct view data)
{
    const volatile sig_atomic_t stop = 0;
    size_t max = s->first.n + s->last.n + (data.n ? data.p[0] * 16u : 0);
    int rc, fd = memfd_create("stream", 0);
    bool found = false;
    struct records *r;
    struct record rec;
    uint64_t line = 0;
    char name[32];

    if (fd < 0)
        abort();
    fuzz_write(fd, s->first);
    fuzz_write(fd, data);
    fuzz_write(fd, s->last);
    snprintf(name, sizeof name, "/dev/fd/%d", fd);
    if (records_open(&r, s->format, name, max, NULL) < 0)
        abort();
    while ((rc = records_next(r, &rec, &stop, NULL)) != 0) {
        assert(rc == 1 || rc == ERR_USAGE);
        assert(rec.line >= line);
        line = rec.line;
        found = rc == 1 && view_eq(rec.id, view_str("last"));
        if (rc > 0)
            fuzz_record(&rec, max);
    }
    assert(found);
    records_close(r);
    close(fd);
}

#endif
