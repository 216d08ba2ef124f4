#include <uchardet/uchardet.h>

#include "indexer/formats/charset_work.h"
#include "indexer/formats/library.h"

enum { SAMPLE = 1 << 18 }; /* bytes that are looked at */

static struct {
    __typeof__(uchardet_new) *new;
    __typeof__(uchardet_handle_data) *handle_data;
    __typeof__(uchardet_data_end) *data_end;
    __typeof__(uchardet_get_charset) *get_charset;
    __typeof__(uchardet_delete) *delete;
} u;

static const struct library_symbol symbols[] = {
    {"uchardet_new", &u.new},
    {"uchardet_handle_data", &u.handle_data},
    {"uchardet_data_end", &u.data_end},
    {"uchardet_get_charset", &u.get_charset},
    {"uchardet_delete", &u.delete},
};

static struct library libuchardet = {"libuchardet.so.0", "libuchardet0",
                                     "guessing an encoding", NULL};

/* The lines around the first byte that is not ASCII: a long English beginning
 * says nothing. */
static struct view sample(struct view v)
{
    size_t i = 0;

    while (i < v.n && v.p[i] < 0x80)
        i++;
    i -= i < 4096 ? i : 4096;
    return view_sub(v, i, v.n - i > SAMPLE ? i + SAMPLE : v.n);
}

int charset_detect(struct view v, char out[CHARSET_NAME], const char **package)
{
    struct err err;
    uchardet_t d;
    int rc = LIBRARY_OPEN(&libuchardet, symbols, &err);

    if (rc < 0) {
        *package = libuchardet.package;
        return rc;
    }
    d = u.new();
    if (!d)
        return ERR_NOMEM;
    v = sample(v);
    rc = 0;
    if (u.handle_data(d, (const char *)v.p, v.n) == 0) {
        u.data_end(d);
        rc = charset_name(view_str(u.get_charset(d)), out) && *out;
    }
    u.delete(d);
    return rc;
}
