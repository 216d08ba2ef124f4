/* A TREC collection, however broken. */
#include "tests/fuzz/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fuzz_stream trec = {
        RECORDS_TREC, view_str(""),
        view_str("\n<DOC><DOCNO> last </DOCNO> text </DOC>")};

    fuzz_stream(&trec, view_of(data, size));
    return 0;
}
