/*
 * Runs a fuzz target over files: the seeds, as a test, without libFuzzer.
 * Prints TAP: one test a file, passed if the target came back.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "tests/fuzz/fuzz.h"

static int read_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    size_t n = 1;

    if (!f)
        return -1;
    while (n > 0 && buf_reserve(out, 65536) == 0) {
        n = fread(out->p + out->n, 1, 65536, f);
        out->n += n;
    }
    n = (size_t)ferror(f);
    fclose(f);
    return n ? -1 : 0;
}

int main(int argc, char **argv)
{
    struct buf b = {0};
    uint8_t *copy;
    int i, rc, bad = 0;

    for (i = 1; i < argc; i++) {
        buf_clear(&b);
        rc = read_file(argv[i], &b);
        copy = malloc(b.n ? b.n : 1); /* exact, so that ASan sees overruns */
        if (rc == 0 && copy) {
            if (b.n)
                memcpy(copy, b.p, b.n);
            LLVMFuzzerTestOneInput(copy, b.n);
        } else {
            bad = 1;
        }
        free(copy);
        printf("%sok %d - %s\n", rc == 0 && copy ? "" : "not ", i, argv[i]);
    }
    printf("1..%d\n", argc - 1);
    buf_release(&b);
    return bad;
}
