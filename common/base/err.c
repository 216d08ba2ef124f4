#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

int err_set(struct err *e, int code, const char *fmt, ...)
{
    va_list ap;

    if (e) {
        e->code = code;
        va_start(ap, fmt);
        vsnprintf(e->msg, sizeof e->msg, fmt, ap);
        va_end(ap);
    }
    return code;
}

int err_sys(struct err *e, int code, int errnum, const char *fmt, ...)
{
    const char *why = strerror(errnum);
    va_list ap;
    size_t n, max = sizeof e->msg - strlen(why) - sizeof "...: ";

    if (e) {
        e->code = code;
        va_start(ap, fmt);
        vsnprintf(e->msg, sizeof e->msg, fmt, ap);
        va_end(ap);
        n = strlen(e->msg);
        if (n > max) /* a path may be longer; the reason is not lost */
            snprintf(e->msg + max, sizeof e->msg - max, "...: %s", why);
        else
            snprintf(e->msg + n, sizeof e->msg - n, ": %s", why);
    }
    return code;
}

int err_nomem(struct err *e)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_AS, &r) == 0 && r.rlim_cur != RLIM_INFINITY)
        return err_set(e, ERR_NOMEM,
                       "out of memory (this process may have %llu MB: see "
                       "ulimit -v)",
                       (unsigned long long)(r.rlim_cur >> 20));
    return err_set(e, ERR_NOMEM, "out of memory");
}
