/* Bytes in an encoding that is guessed, declared or given: what comes out is
 * UTF-8. The first byte says in which way. */
#include <assert.h>
#include <stdlib.h>

#include "indexer/formats/charset.h"
#include "tests/fuzz/fuzz.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct charset_text t = {0};
    char name[CHARSET_NAME];
    struct view v;
    uint8_t way;
    int rc;

    if (size == 0)
        return 0;
    way = data[0] % 3;
    v = view_of(data + 1, size - 1);
    if (way == 0) {
        rc = charset_guess(v, utf8_errors(v), &t, NULL);
        assert(rc == 0 || rc == 1);
        assert(t.guessed == (rc == 1) && (rc == 1) == (t.name[0] != 0));
    } else if (way == 1) {
        assert(charset_html(v, NULL, &t, NULL) == 0);
    } else { /* a label, a line end, bytes */
        const uint8_t *end = v.n ? memchr(v.p, '\n', v.n) : NULL;

        if (end && charset_name(view_of(v.p, (size_t)(end - v.p)), name) &&
            *name) {
            v = view_sub(v, (size_t)(end - v.p) + 1, v.n);
            rc = charset_convert(v, name, &t.utf8, &t.replaced, NULL);
            assert(rc == 0 && t.replaced <= v.n);
        }
    }
    assert(utf8_errors(buf_view(&t.utf8)) == 0);
    charset_text_release(&t);
    return 0;
}
