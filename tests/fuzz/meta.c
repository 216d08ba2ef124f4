/* An article: the first byte chooses its file's name, the rest is its text, in
 * UTF-16 where it is marked so. */
#include <assert.h>
#include <stdlib.h>

#include "indexer/meta.h"
#include "tests/fuzz/fuzz.h"
#include "text/utf16.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"/a/2022-01-04-b.md", "/a/b.txt",
                                        "/a/20220104", "x"};
    struct meta m = {0};
    struct buf utf8 = {0};
    struct view text;
    size_t i, errors, end = 0;

    if (size < 1)
        return 0;
    text = view_of(data + 1, size - 1);
    if (utf16_marked(text)) {
        if (utf16_decode(text, &utf8, &errors) < 0)
            abort();
        text = buf_view(&utf8);
    }
    if (meta_of_file(&m, text, view_str(names[data[0] % 4])) < 0)
        abort();
    assert((size_t)m.title_start + m.title_len <= text.n);
    for (i = 0; i < m.nzones; i++) {
        assert(m.zone[i].start >= end && m.zone[i].start <= m.zone[i].end);
        end = m.zone[i].end;
    }
    assert(end <= text.n);
    meta_release(&m);
    buf_release(&utf8);
    return 0;
}
