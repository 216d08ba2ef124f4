/* A message and a mailbox, however broken: their text is UTF-8 within its limit.
 * As a stream it is cut into messages, and a sound one behind it is found. The
 * first byte gives the limits. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "indexer/formats/mail.h"
#include "indexer/records.h"
#include "tests/fuzz/fuzz.h"
#include "text/utf8.h"

static const char last[] =
    "\nFrom a@b Tue Jan  4 12:00:00 2022\nMessage-ID: <last>\n\ntext\n";

static void extracts(struct view v, size_t max)
{
    const struct extract_limits limits = {max, NULL};
    struct extract x = {0};
    int rc, i;

    for (i = 0; i < 2; i++) {
        extract_clear(&x);
        rc = (i ? mbox_extract : eml_extract)(v, &limits, &x, NULL);
        assert(rc == 0 || rc == ERR_USAGE || rc == ERR_FULL);
        assert(x.text.n <= max && utf8_errors(buf_view(&x.text)) == 0);
        assert(utf8_errors(buf_view(&x.title)) == 0);
        assert(utf8_errors(buf_view(&x.fields)) == 0);
        assert(x.fields.n == 0 || x.fields.p[x.fields.n - 1] == 0);
    }
    extract_release(&x);
}

static void streams(const uint8_t *data, size_t size, size_t max)
{
    const volatile sig_atomic_t stop = 0;
    int rc, fd = memfd_create("mail", 0);
    struct records *r;
    struct record rec;
    bool found = false;
    char name[32];

    if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
        write(fd, last, sizeof last - 1) != (ssize_t)sizeof last - 1)
        abort();
    snprintf(name, sizeof name, "/dev/fd/%d", fd);
    if (records_open(&r, RECORDS_MBOX, name, max, NULL) < 0)
        abort();
    while ((rc = records_next(r, &rec, &stop, NULL)) != 0) {
        assert(rc == 1 || rc == ERR_USAGE);
        assert(rc < 0 || (rec.id.n && utf8_errors(rec.id) == 0));
        assert(rc < 0 || (rec.raw.n <= max && rec.message.n <= rec.raw.n));
        found = rc == 1 && view_eq(rec.id, view_str("last"));
    }
    assert(found);
    records_close(r);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t max = sizeof last + (size ? data[0] * 16u : 0);

    extracts(view_of(size ? data + 1 : data, size - (size > 0)), max);
    streams(data, size, max);
    return 0;
}
