/* What the first byte says: bytes recognised and unpacked, what a worker sends
 * back, or a --filter. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "indexer/formats/filter.h"
#include "indexer/formats/message.h"
#include "tests/fuzz/fuzz.h"

enum { TEXT_MAX = 1 << 16 };

/* PDF runs a program: it is recognised and no more. */
static void extract(struct view v, const char *path)
{
    const struct extract_limits limits = {.text_max = TEXT_MAX};
    struct derived d = {0};
    enum format_id id = format_of(v, view_str(path));
    struct err err = {0};
    struct buf out = {0};
    int rc;

    if (format_row(id) && format_row(id)->unpack) {
        rc = format_row(id)->unpack(v, TEXT_MAX, &out, &err);
        assert(rc <= 0 && (rc < 0 || out.n <= TEXT_MAX));
        id = format_of(buf_view(&out), format_inner_name(view_str(path)));
        if (rc < 0 || id == FORMAT_TEXT) {
            rc = format_extract(v, view_str(path), &limits, &d, &err);
            assert(rc <= 0 && (rc == 0 || err.msg[0]));
        }
    }
    buf_release(&out);
    extract_release(&d.x);
}

static void reply(struct view v)
{
    struct reply r = {0}, again = {0};
    struct buf b = {0};

    if (message_read_reply(v, &r) == 0) {
        if (message_write_reply(&r, &b) < 0 ||
            message_read_reply(buf_view(&b), &again) < 0)
            abort();
        assert(again.rc == r.rc && again.d.format == r.d.format &&
               view_eq(buf_view(&again.d.x.title), buf_view(&r.d.x.title)) &&
               view_eq(buf_view(&again.d.x.fields), buf_view(&r.d.x.fields)));
    }
    buf_release(&b);
    extract_release(&r.d.x);
    extract_release(&again.d.x);
}

static void filter(struct view v)
{
    struct filters f = {0};
    struct buf spec = {0};
    const char *s;

    if (buf_add(&spec, v) < 0 || !(s = buf_cstr(&spec)))
        abort();
    if (filters_add(&f, s, NULL) == 0) {
        struct view words = buf_view(&f.filter[0].words);

        assert(words.n > 1 && words.p[0] && words.p[words.n - 1] == 0);
    }
    filters_release(&f);
    buf_release(&spec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"/a.txt",    "/a.md",  "/a.pdf",
                                        "/a.txt.gz", "/a.eml", "/a.html"};
    struct view v;

    if (size == 0)
        return 0;
    v = view_of(data + 1, size - 1);
    switch (data[0]) {
    case 'r':
        reply(v);
        break;
    case 'f':
        filter(v);
        break;
    default:
        extract(v, names[data[0] % (sizeof names / sizeof *names)]);
    }
    return 0;
}
