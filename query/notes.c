#include "query/notes.h"

#include <stdarg.h>
#include <stdio.h>

struct view notes_get(const struct notes *ns, unsigned i)
{
    return view_sub(buf_view(&ns->text), i ? ns->end[i - 1] + 1 : 0,
                    ns->end[i]);
}

/* The number of the note, or NOTES_MAX where it is not kept. */
static unsigned add(struct notes *ns, const char *fmt, va_list ap)
{
    char line[400];
    struct view v;
    unsigned i;

    vsnprintf(line, sizeof line, fmt, ap);
    v = view_str(line);
    for (i = 0; i < ns->n; i++)
        if (view_eq(notes_get(ns, i), v))
            return i;
    if (ns->n == NOTES_MAX || buf_reserve(&ns->text, v.n + 1) < 0)
        return NOTES_MAX;
    buf_add(&ns->text, v);
    buf_addc(&ns->text, 0);
    ns->end[ns->n] = (unsigned)ns->text.n - 1;
    return ns->n++;
}

void notes_add(struct notes *ns, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(ns, fmt, ap);
    va_end(ap);
}

void notes_wrong(struct notes *ns, struct view where, const char *fmt, ...)
{
    va_list ap;
    unsigned i;

    va_start(ap, fmt);
    i = add(ns, fmt, ap);
    va_end(ap);
    if (!ns->wrong.p && i < NOTES_MAX) {
        ns->wrong = where;
        ns->why = i;
    }
}

void notes_clear(struct notes *ns)
{
    buf_clear(&ns->text);
    ns->n = 0;
    ns->wrong = view_of(NULL, 0);
}

void notes_release(struct notes *ns)
{
    buf_release(&ns->text);
    ns->n = 0;
}
