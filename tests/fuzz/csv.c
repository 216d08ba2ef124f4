/* Rows of CSV, however broken, behind a sound header. */
#include "tests/fuzz/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fuzz_stream csv = {RECORDS_CSV,
                                    view_str("id,title,text,x,date\n"),
                                    view_str("\nlast,,text,,")};

    fuzz_stream(&csv, view_of(data, size));
    return 0;
}
