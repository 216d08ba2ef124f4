#include "query/link.h"

#include <unistd.h>

enum { HOST_MAX = 256 };

static bool is_plain(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
}

static int add_encoded(struct buf *out, struct view v)
{
    size_t i;
    int rc = 0;

    for (i = 0; i < v.n && rc == 0; i++)
        rc = is_plain(v.p[i]) ? buf_addc(out, v.p[i])
                              : buf_addf(out, "%%%02X", v.p[i]);
    return rc;
}

int link_begin(struct buf *out, struct view file, uint32_t line)
{
    char host[HOST_MAX] = "";
    int rc = buf_adds(out, "\033]8;;file://");

    if (gethostname(host, sizeof host - 1) < 0)
        host[0] = 0;
    if (rc == 0)
        rc = add_encoded(out, view_str(host));
    if (rc == 0)
        rc = add_encoded(out, file);
    if (rc == 0 && line)
        rc = buf_addf(out, "#%u", line);
    return rc < 0 ? rc : buf_adds(out, "\033\\");
}

int link_end(struct buf *out)
{
    return buf_adds(out, "\033]8;;\033\\");
}
