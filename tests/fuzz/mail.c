/* A message and a mailbox, however broken: their text is UTF-8 within its limit,
 * which the first byte gives; and the mailbox as a stream of messages. */
#include "indexer/formats/mail.h"
#include "tests/fuzz/stream.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fuzz_stream mbox = {RECORDS_MBOX, view_str(""),
                                     view_str(last)};
    size_t max = sizeof last + (size ? data[0] * 16u : 0);

    extracts(view_of(size ? data + 1 : data, size - (size > 0)), max);
    fuzz_stream(&mbox, view_of(data, size));
    return 0;
}
