/* Rows of CSV, however broken, behind a sound header: they are read, and a sound
 * row behind them is found. The first byte gives the size limit. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "indexer/records.h"
#include "tests/fuzz/fuzz.h"
#include "text/utf8.h"

static const char first[] = "id,title,text,x,date\n";
static const char last[] = "\nlast,,text,,";

static void check(const struct record *rec)
{
    size_t i, most = rec->raw.n * 3;

    assert(rec->id.n && utf8_errors(rec->id) == 0);
    assert(rec->title.n <= most && utf8_errors(rec->title) == 0);
    assert(rec->text.n <= most && utf8_errors(rec->text) == 0);
    assert(rec->replaced <= rec->raw.n);
    for (i = 0; i < rec->nfields; i++)
        assert(rec->field[i].name.n && rec->field[i].value.n &&
               utf8_errors(rec->field[i].value) == 0);
}

static int make_file(const uint8_t *data, size_t size, char name[32])
{
    int fd = memfd_create("csv", 0);

    if (fd < 0 ||
        write(fd, first, sizeof first - 1) != (ssize_t)sizeof first - 1 ||
        write(fd, data, size) != (ssize_t)size ||
        write(fd, last, sizeof last - 1) != (ssize_t)sizeof last - 1)
        abort();
    snprintf(name, 32, "/dev/fd/%d", fd);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const volatile sig_atomic_t stop = 0;
    size_t max = sizeof first + (size ? data[0] * 16u : 0);
    bool found = false;
    struct records *r;
    struct record rec;
    uint64_t line = 0;
    char name[32];
    int rc, fd = make_file(data, size, name);

    if (records_open(&r, RECORDS_CSV, name, max, NULL) < 0)
        abort();
    while ((rc = records_next(r, &rec, &stop, NULL)) != 0) {
        assert(rc == 1 || rc == ERR_USAGE);
        assert(rec.line >= line);
        line = rec.line;
        found = rc == 1 && view_eq(rec.id, view_str("last"));
        assert(rc < 0 || rec.raw.n <= max);
        if (rc > 0)
            check(&rec);
    }
    assert(found);
    records_close(r);
    close(fd);
    return 0;
}
