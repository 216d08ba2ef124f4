#include "query/notes.h"

#include <stdarg.h>
#include <stdio.h>

struct view notes_get(const struct notes *ns, unsigned i)
{
    return view_sub(buf_view(&ns->text), i ? ns->end[i - 1] + 1 : 0,
                    ns->end[i]);
}

void notes_add(struct notes *ns, const char *fmt, ...)
{
    char line[400];
    struct view v;
    va_list ap;
    unsigned i;

    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    v = view_str(line);
    if (ns->n == NOTES_MAX)
        return;
    for (i = 0; i < ns->n; i++)
        if (view_eq(notes_get(ns, i), v))
            return;
    if (buf_reserve(&ns->text, v.n + 1) < 0)
        return;
    buf_add(&ns->text, v);
    buf_addc(&ns->text, 0);
    ns->end[ns->n++] = (unsigned)ns->text.n - 1;
}

void notes_clear(struct notes *ns)
{
    buf_clear(&ns->text);
    ns->n = 0;
}

void notes_release(struct notes *ns)
{
    buf_release(&ns->text);
    ns->n = 0;
}
