#include "query/doctext.h"

#include <stdlib.h>

enum {
    TITLE_END_MAX = 1 << 16
}; /* a title further down is looked for by
                                   * nobody */

int doctext_begin(struct doctext *t, struct documents *ds,
                  const struct document *d)
{
    uint8_t *have;

    t->documents = ds;
    t->doc = d;
    t->text.n = 0;
    if (d->nframes > t->cap) {
        have = realloc(t->have, d->nframes);
        if (!have)
            return ERR_NOMEM;
        t->have = have;
        t->cap = d->nframes;
    }
    if (d->nframes)
        memset(t->have, 0, d->nframes);
    return buf_reserve(&t->text, d->text_bytes);
}

/* The frame that holds a byte; the last for one behind the text. */
static size_t frame_of(const struct document *d, uint32_t byte)
{
    size_t lo = 0, hi = d->nframes;

    while (hi - lo > 1) {
        size_t mid = (lo + hi) / 2;

        if (d->frame[mid].start <= byte)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static int read_frame(struct doctext *t, size_t i, struct err *err)
{
    int rc;

    if (t->have[i])
        return 0;
    t->text.n = t->doc->frame[i].start;
    rc = documents_text(t->documents, t->doc, i, i + 1, &t->text, err);
    t->have[i] = rc >= 0;
    return rc < 0 ? rc : 0;
}

int doctext_read(struct doctext *t, uint32_t from, uint32_t to, struct err *err)
{
    size_t i;
    int rc = 0;

    if (t->doc->nframes == 0 || from >= to)
        return 0;
    for (i = frame_of(t->doc, from);
         i < t->doc->nframes && t->doc->frame[i].start < to && rc == 0; i++)
        rc = read_frame(t, i, err);
    return rc;
}

/* Cuts frames [a, b), at the start of which cutting may begin, into words and
 * finds the places from *at on that lie in them. */
static int find_in(struct doctext *t, size_t a, size_t b,
                   struct place_of *place, size_t n, size_t *at,
                   struct err *err)
{
    const struct document *d = t->doc;
    uint32_t from = d->frame[a].start;
    uint32_t end = d->frame[b - 1].start + d->frame[b - 1].size;
    struct words *w;
    struct token tok;
    int rc = doctext_read(t, from, end, err);

    if (rc < 0)
        return rc;
    if (words_open_at(&w, view_of(t->text.p, end), d->zone, d->nzones, from,
                      d->frame[a].pos) < 0)
        return err_nomem(err);
    while (*at < n && (rc = words_next(w, &tok)) > 0) {
        while (*at < n && place[*at].pos < tok.pos)
            ++*at;
        for (; tok.kind != TOKEN_JOINED && *at < n && place[*at].pos == tok.pos;
             ++*at) {
            place[*at].start = tok.start;
            place[*at].end = tok.end;
        }
    }
    words_free(w);
    return rc < 0 ? err_nomem(err) : 0;
}

int doctext_find(struct doctext *t, struct place_of *place, size_t n,
                 struct err *err)
{
    const struct document *d = t->doc;
    size_t a, b, i = 0;
    int rc = 0;

    for (a = 0; a < d->nframes && i < n && rc == 0; a = b) {
        for (b = a + 1; b < d->nframes && !d->frame[b].restart; b++)
            ;
        if (b < d->nframes && place[i].pos >= d->frame[b].pos)
            continue;
        rc = find_in(t, a, b, place, n, &i, err);
    }
    return rc;
}

int doctext_line(struct doctext *t, uint32_t byte, uint32_t *line,
                 uint32_t *col, struct err *err)
{
    const struct document *d = t->doc;
    size_t i = frame_of(d, byte);
    const uint8_t *p, *nl;
    uint32_t from;
    int rc = doctext_read(t, d->frame[i].start, byte, err);

    if (rc < 0)
        return rc;
    *line = d->frame[i].line;
    p = t->text.p + d->frame[i].start;
    while ((nl = memchr(p, '\n', (size_t)(t->text.p + byte - p))) != NULL) {
        ++*line;
        p = nl + 1;
    }
    for (;; i--) { /* back to where the line began */
        from = d->frame[i].start;
        rc = doctext_read(t, from, from + 1, err);
        if (rc < 0)
            return rc;
        nl = memrchr(t->text.p + from, '\n',
                     (i + 1 < d->nframes && d->frame[i + 1].start < byte
                          ? d->frame[i + 1].start
                          : byte) -
                         from);
        if (nl || i == 0)
            break;
    }
    *col = (uint32_t)(t->text.p + byte - (nl ? nl + 1 : t->text.p)) + 1;
    return 0;
}

size_t doctext_body(const struct document *d)
{
    size_t i;

    for (i = 0; i < d->nzones; i++)
        if (d->zone[i].title)
            return i + 1;
    return 0;
}

int doctext_body_position(struct doctext *t, uint32_t *pos, struct err *err)
{
    const struct document *d = t->doc;
    size_t n = doctext_body(d);
    struct words *w;
    struct token tok;
    int rc;

    *pos = 0;
    if (d->nframes == 0 || n == 0 || d->zone[n - 1].end > TITLE_END_MAX)
        return 0;
    rc = doctext_read(t, 0, d->zone[n - 1].end, err);
    if (rc < 0)
        return rc;
    if (words_open(&w, view_of(t->text.p, d->zone[n - 1].end), d->zone, n) < 0)
        return err_nomem(err);
    while ((rc = words_next(w, &tok)) > 0)
        ;
    *pos = words_position(w);
    words_free(w);
    return rc < 0 ? err_nomem(err) : 0;
}

void doctext_release(struct doctext *t)
{
    buf_release(&t->text);
    free(t->have);
    memset(t, 0, sizeof *t);
}
