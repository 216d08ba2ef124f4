/* Lines of --batch: cut as they come from a pipe, each read into settings. */
#include <stdlib.h>
#include <unistd.h>

#include "query/lines.h"
#include "query/request.h"
#include "tests/fuzz/fuzz.h"

enum { PIPE = 60000 }; /* bytes that a pipe takes without a reader */

static void read_one(struct request *r, struct view line)
{
    static struct json_reader *reader, *again;
    const struct json_member *m;
    struct settings defaults = {.limit = 10, .k1 = 1.2, .b = 0.75};
    struct err err = {0};
    struct buf out = {0};
    size_t n;
    int rc;

    if (!reader && (json_reader_open(&reader, NULL) < 0 ||
                    json_reader_open(&again, NULL) < 0))
        abort();
    rc = request_read(r, reader, line, &defaults, &err);
    if (rc < 0 ? !r->code || !err.msg[0] : r->code || r->text.n == 0)
        abort();
    /* the id can be put into an object */
    if (buf_adds(&out, "{\"id\":") < 0 || buf_add(&out, buf_view(&r->id)) < 0 ||
        buf_addc(&out, '}') < 0)
        abort();
    if (json_reader_parse(again, buf_view(&out), &m, &n, NULL) < 0 || n != 1 ||
        m[0].type == JSON_NESTED || m[0].type == JSON_BOOL)
        abort();
    if (r->settings.limit > UINT32_MAX || r->settings.offset > UINT32_MAX ||
        !(r->settings.k1 >= 0) || !(r->settings.b >= 0 && r->settings.b <= 1))
        abort();
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct request r;
    struct lines in = {0};
    struct view line;
    int fd[2];

    if (size > PIPE || pipe(fd) < 0)
        return 0;
    if (size && write(fd[1], data, size) != (ssize_t)size)
        abort();
    close(fd[1]);
    in.fd = fd[0];
    while (lines_next(&in, &line, NULL) > 0)
        read_one(&r, line);
    lines_release(&in);
    close(fd[0]);
    return 0;
}
