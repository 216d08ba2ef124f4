/* A line of JSON Lines or of --batch. */
#include <assert.h>
#include <stdlib.h>

#include "base/json_read.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct json_reader *r;
    const struct json_member *m;
    size_t n, i, sum = 0;

    if (!r && json_reader_open(&r, NULL) < 0)
        abort();
    if (json_reader_parse(r, view_of(data, size), &m, &n, NULL) >= 0) {
        for (i = 0; i < n; i++) {
            size_t k;

            for (k = 0; k < m[i].key.n; k++)
                sum += m[i].key.p[k];
            for (k = 0; k < m[i].text.n; k++)
                sum += m[i].text.p[k];
        }
    }
    assert(sum <= size * 8 * 255 + 255);
    return 0;
}
