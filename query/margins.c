#include "query/margins.h"

#include "index/fields.h"
#include "index/source.h"

enum {
    TAIL = 8192,       /* bytes at the end of a text that a tail may take */
    TITLE_TEXT = 4096, /* bytes from the title on that another is sought in */
    TITLE_LINE = 200   /* bytes of a line that stands for a title */
};

void margins_begin(struct margins *m, struct txn *t, struct documents *ds,
                   const struct document *d, struct err *err)
{
    size_t i;

    m->txn = t;
    m->documents = ds;
    m->doc = d;
    m->err = err;
    m->compared = m->tailed = false;
    m->last.from = m->last.to = 0;
    m->own.nrunning = m->own.nedges = 0;
    for (i = 0; i < d->nfields; i++)
        if (view_eq(d->field[i].name, view_str(FURNITURE_FIELD)))
            furniture_read(d->field[i].value, &m->own);
}

void margins_release(struct margins *m)
{
    cursor_close(m->paths);
    memset(m, 0, sizeof *m);
}

/* --- the documents beside it --- */

/* Moves the cursor from the document's own row, or the one that is *at rows from
 * it, to that which is `to` rows from it: 1, 0 where there is none (the cursor
 * then stays where it is), negative. */
static int move(struct margins *m, int *at, int to, uint32_t *docid)
{
    struct view k, v = {NULL, 0};
    struct source row;
    int rc = 1;

    while (*at != to && rc > 0) {
        bool on = *at < to;

        rc = on ? cursor_next(m->paths, &k, &v) : cursor_prev(m->paths, &k, &v);
        if (rc > 0)
            *at += on ? 1 : -1;
        else if (rc == 0)
            return 0;
    }
    if (rc > 0)
        rc = source_decode(v, &row, m->err);
    *docid = rc > 0 ? row.docid : 0;
    return rc;
}

/* Puts the cursor on the document's own row: 1, 0, negative. */
static int find_row(struct margins *m)
{
    uint8_t key[SOURCE_KEY_MAX];
    struct view own, k, v;
    store_db db;
    int rc = 1;

    own = view_of(key, source_key(m->doc->path, key));
    if (!m->paths) {
        rc = txn_open_db(m->txn, "path", false, &db, m->err);
        if (rc > 0)
            rc = cursor_open(&m->paths, m->txn, db, m->err);
        if (rc < 0 || !m->paths)
            return rc;
    }
    rc = cursor_seek(m->paths, own, &k, &v);
    return rc > 0 ? view_eq(k, own) : rc;
}

/* Which of the lines the marks are of, too; how many. */
static unsigned find_shared(const struct margins *m, struct view marks,
                            bool has[FURNITURE_EDGES])
{
    struct furniture f;
    uint64_t bits = 0; /* of the hashes here: most others miss them */
    unsigned i, k, n = 0;

    furniture_read(marks, &f);
    for (i = 0; i < m->own.nedges; i++) {
        bits |= (uint64_t)1 << m->own.edge[i] % 64;
        has[i] = false;
    }
    for (k = 0; k < f.nedges; k++)
        for (i = 0; bits >> f.edge[k] % 64 & 1 && i < m->own.nedges; i++)
            has[i] |= m->own.edge[i] == f.edge[k];
    for (i = 0; i < m->own.nedges; i++)
        n += has[i];
    return n;
}

/* Counts the lines that a document has as well: 1 where it has any. */
static int count(struct margins *m, uint32_t docid)
{
    bool has[FURNITURE_EDGES];
    struct view marks;
    unsigned i, n;
    int rc = documents_field(m->documents, docid, view_str(FURNITURE_FIELD),
                             &marks, m->err);

    if (rc <= 0)
        return rc;
    n = find_shared(m, marks, has);
    if (n == m->own.nedges)
        return 0; /* a copy */
    for (i = 0; i < m->own.nedges; i++)
        m->shared[i] += has[i];
    return n > 0;
}

/* Fills m->shared. */
static int compare(struct margins *m)
{
    static const int8_t order[MARGINS_MOST] = {1, -1, -2, 2,  3,  4,  5,  6,
                                               7, 8,  -3, -4, -5, -6, -7, -8};
    bool any = false, end[2] = {false, false};
    unsigned i, n = 0;
    uint32_t docid;
    int rc, at = 0;

    m->compared = true;
    memset(m->shared, 0, sizeof m->shared);
    rc = find_row(m);
    if (rc <= 0)
        return rc;
    for (i = 0; i < MARGINS_MOST && (any || n < MARGINS_FIRST); i++) {
        if (end[order[i] > 0])
            continue;
        rc = move(m, &at, order[i], &docid);
        end[order[i] > 0] = rc == 0;
        if (rc > 0 && docid) {
            n++;
            rc = count(m, docid);
            any |= rc > 0;
        }
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* --- lines --- */

int margins_line(struct margins *m, struct view line)
{
    int i, rc;

    if (furniture_runs(&m->own, line))
        return 1;
    i = furniture_edge(&m->own, line);
    if (i < 0)
        return 0;
    if (!m->compared) {
        rc = compare(m);
        if (rc < 0)
            return rc;
    }
    return m->shared[i] >= MARGINS_SHARED;
}

int margins_line_at(struct margins *m, struct doctext *t, uint32_t at,
                    uint32_t *from, uint32_t *to)
{
    uint32_t lo = at > FURNITURE_LINE ? at - FURNITURE_LINE : 0;
    uint32_t hi = m->doc->text_bytes;
    const uint8_t *p, *feed;
    int rc;

    *from = m->last.from;
    *to = m->last.to;
    if (at >= *from && at < *to)
        return m->last.furniture;
    if (hi - at > FURNITURE_LINE)
        hi = at + FURNITURE_LINE;
    rc = doctext_read(t, lo, hi, m->err);
    if (rc < 0)
        return rc;
    p = memrchr(t->text.p + lo, '\n', at - lo);
    lo = p ? (uint32_t)(p + 1 - t->text.p) : lo;
    p = memchr(t->text.p + at, '\n', hi - at);
    hi = p ? (uint32_t)(p + 1 - t->text.p) : hi;
    feed = memrchr(t->text.p + lo, '\f', at - lo);
    lo = feed ? (uint32_t)(feed + 1 - t->text.p) : lo;
    feed = memchr(t->text.p + at, '\f', hi - at);
    hi = feed ? (uint32_t)(feed + 1 - t->text.p) : hi;
    rc = margins_line(m, doctext_view(t, lo, hi));
    m->last.from = *from = lo;
    m->last.to = *to = hi;
    m->last.furniture = rc > 0;
    return rc;
}

/* Whether any line of the document is shared. */
static bool shares(const struct margins *m)
{
    unsigned i;

    for (i = 0; i < m->own.nedges; i++)
        if (m->shared[i] >= MARGINS_SHARED)
            return true;
    return false;
}

static int find_tail(struct margins *m, struct doctext *t)
{
    uint32_t end = m->doc->text_bytes, lo = end > TAIL ? end - TAIL : 0;
    int rc = doctext_read(t, lo, end, m->err);
    struct view text, line;
    size_t at, next;
    unsigned n = 0;

    if (rc < 0)
        return rc;
    text = doctext_view(t, lo, end);
    for (at = text.n; at > 0 && n < FURNITURE_LAST;) {
        at = furniture_line_before(text, at);
        if (at == 0 && lo > 0)
            break; /* it may begin before */
        line = furniture_line(text, at, &next);
        if (line.n == 0)
            continue;
        n++;
        rc = margins_line(m, line);
        if (rc < 0)
            return rc;
        if (rc > 0)
            m->tail = lo + (uint32_t)at;
        else if (!furniture_link(line))
            break;
    }
    return 0;
}

int margins_tail(struct margins *m, struct doctext *t, uint32_t *at)
{
    int rc = 0;

    if (!m->tailed) {
        m->tailed = true;
        m->tail = UINT32_MAX;
        if (m->own.nedges && !m->compared)
            rc = compare(m);
        if (rc == 0 && m->own.nedges && shares(m))
            rc = find_tail(m, t);
    }
    *at = m->tail;
    return rc;
}

int margins_title(struct margins *m, struct doctext *t, struct view *title)
{
    uint32_t start = m->doc->title_start, end = m->doc->text_bytes;
    struct view text, line;
    size_t at = m->doc->title_len, n;
    int rc;

    if (m->doc->nframes == 0 || furniture_edge(&m->own, *title) < 0)
        return 0;
    rc = margins_line(m, *title);
    if (rc <= 0)
        return rc;
    if (end - start > TITLE_TEXT)
        end = start + TITLE_TEXT;
    rc = doctext_read(t, start, end, m->err);
    if (rc < 0)
        return rc;
    text = doctext_view(t, start, end);
    for (n = 0; at < text.n && n<FURNITURE_FIRST; n += line.n> 0) {
        line = furniture_title(text, at);
        if (line.n == 0)
            break;
        at = (size_t)(line.p + line.n - text.p);
        rc = margins_line(m, line);
        if (rc < 0)
            return rc;
        if (rc > 0)
            continue;
        if (line.n > TITLE_LINE)
            break;
        *title = line;
        return 1;
    }
    return 0;
}
