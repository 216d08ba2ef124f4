#include "query/strict.h"

#include "query/shown.h"
#include "text/normal.h"
#include "text/utf8.h"

enum { BEFORE = 60, BEHIND = 30 }; /* bytes of the query around the place */

/* Whether `inner` is a part of `outer`. */
static bool lies_in(struct view inner, struct view outer)
{
    return inner.p >= outer.p && inner.p <= outer.p + outer.n;
}

/* Appends the line with the caret; *column gets where it stands. */
static int point(struct buf *out, struct view query, size_t at, size_t *column)
{
    size_t from = at > BEFORE ? at - BEFORE : 0;
    size_t to = query.n - at > BEHIND ? at + BEHIND : query.n, start, i;
    int rc;

    while (from < at && (query.p[from] & 0xC0) == 0x80)
        from++;
    to = utf8_cut(query, to);
    rc = buf_adds(out, from ? "  …" : "  ");
    start = out->n;
    rc |= shown_safe(out, view_sub(query, from, at), false);
    *column = normal_width(view_sub(buf_view(out), start, out->n));
    rc |= shown_safe(out, view_sub(query, at, to > at ? to : at), false);
    rc |= buf_adds(out, to < query.n ? "…\n  " : "\n  ");
    for (i = 0; i < *column + (from > 0); i++)
        rc |= buf_addc(out, ' ');
    return rc | buf_adds(out, "^\n");
}

/* A note without what happens where nobody is strict: "; it is searched …". */
static struct view reason(struct view note)
{
    size_t i;

    for (i = note.n; i >= 5; i--)
        if (memcmp(note.p + i - 4, " it ", 4) == 0 &&
            (note.p[i - 5] == ':' || note.p[i - 5] == ';'))
            return view_sub(note, 0, i - 5);
    return note;
}

int strict_check(struct session *s, struct view query)
{
    const struct notes *notes = &s->notes;
    struct buf line = {0};
    struct view why;
    size_t at, column, whole;
    int rc = 0;

    if (!notes->wrong.p || !lies_in(notes->wrong, query))
        return 0;
    at = (size_t)(notes->wrong.p - query.p);
    whole = normal_width(view_sub(query, 0, at)) + 1;
    why = reason(notes_get(notes, notes->why));
    rc = point(&line, query, at, &column);
    if (rc == 0 && s->settings->mode != MODE_BATCH)
        rc = buf_add(&s->messages, buf_view(&line));
    buf_release(&line);
    if (rc < 0)
        return err_nomem(s->err);
    return err_set(s->err, ERR_USAGE, "column %zu: %.*s", whole, (int)why.n,
                   (const char *)why.p);
}
