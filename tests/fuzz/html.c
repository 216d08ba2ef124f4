/* A page, however broken, in whatever encoding: text and values are well-formed
 * and within bounds. The first byte says which encoding was given, if any. */
#include <assert.h>
#include <stdlib.h>

#include "indexer/formats/html.h"
#include "tests/fuzz/fuzz.h"
#include "text/utf8.h"

static void check(const struct buf *b)
{
    assert(utf8_errors(buf_view(b)) == 0);
    assert(b->n == 0 || !memchr(b->p, 0, b->n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const given[] = {NULL,     "windows-874", "gb18030",
                                        "big5",   "shift_jis",   "iso-2022-jp",
                                        "utf-16", "utf-7"};
    struct extract_limits limits = {.text_max = size * 8};
    struct extract x = {0};
    size_t names = 0, i;
    int rc;

    if (size == 0)
        return 0;
    limits.charset = given[data[0] % 8];
    rc = html_extract(view_of(data + 1, size - 1), &limits, &x, NULL);
    assert(rc == 0);
    check(&x.text);
    check(&x.title);
    check(&x.date);
    check(&x.language);
    check(&x.charset);
    assert(x.text.n <= limits.text_max);
    assert(utf8_errors(buf_view(&x.fields)) == 0);
    for (i = 0; i < x.fields.n; i++)
        names += x.fields.p[i] == 0;
    assert(names % 2 == 0);
    extract_release(&x);
    return 0;
}
