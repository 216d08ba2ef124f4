#include "query/doctext.h"

#include <stdlib.h>

enum {
    TITLE_END_MAX = 1 << 16, /* a title further down is looked for by nobody */
    AT_FRAME_END = 8,        /* bytes in which a token may still grow */
    PLAIN = 64,              /* plain words that are looked at in one go */
    ROOM = 1 << 16           /* bytes of text there is room for at least */
};

/* Room for the text. The bytes of the one before need not be kept, and where
 * most texts fit into the first room there is, they share its pages. */
static int make_room(struct doctext *t, uint32_t bytes)
{
    t->text.n = 0;
    if (bytes <= t->text.cap)
        return 0;
    buf_release(&t->text);
    return buf_reserve(&t->text, bytes > ROOM ? bytes : ROOM);
}

int doctext_begin(struct doctext *t, struct documents *ds,
                  const struct document *d)
{
    uint8_t *have;

    t->documents = ds;
    t->doc = d;
    t->loaded = 0;
    t->at.byte = UINT32_MAX;
    t->paged.byte = UINT32_MAX;
    t->counted.byte = UINT32_MAX;
    if (d->nframes > t->cap) {
        have = realloc(t->have, d->nframes);
        if (!have)
            return ERR_NOMEM;
        t->have = have;
        t->cap = d->nframes;
    }
    if (d->nframes)
        memset(t->have, 0, d->nframes);
    return make_room(t, d->text_bytes);
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

static uint32_t frame_end(const struct document *d, size_t i)
{
    return d->frame[i].start + d->frame[i].size;
}

static int read_frame(struct doctext *t, size_t i, struct err *err)
{
    int rc;

    if (t->have[i])
        return 0;
    t->text.n = t->doc->frame[i].start;
    rc = documents_text(t->documents, t->doc, i, i + 1, &t->text, err);
    t->have[i] = rc >= 0;
    t->loaded++;
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

/* Begins cutting [from, end), which was read, with position pos. */
static int cut_words(struct doctext *t, uint32_t from, uint32_t end,
                     size_t nzones, uint32_t pos)
{
    struct view text = view_of(t->text.p, end);
    const struct zone *zone = t->doc->zone;

    if (!t->words)
        return words_open_at(&t->words, text, zone, nzones, from, pos);
    words_reset_at(t->words, text, zone, nzones, from, pos);
    return 0;
}

/* Places that are looked for, and how far. */
struct search {
    struct place_of *place;
    size_t n;
    size_t needed;  /* behind the last that is */
    size_t i;       /* the next */
    uint32_t end;   /* of the text at hand */
    uint32_t reach; /* bytes behind the place that follows the last needed */
    uint32_t stop;  /* tokens from this byte on are none of them */
};

/* A token of position pos, not below that of place i, is bytes [start, end):
 * false where the search ends. */
static bool meet(struct search *s, uint32_t pos, uint32_t start, uint32_t end)
{
    struct place_of *place = s->place;

    while (s->i < s->n && place[s->i].pos < pos)
        s->i++;
    if (s->i >= s->needed && s->stop == UINT32_MAX)
        s->stop = s->end - start > s->reach ? start + s->reach : s->end;
    if (start > s->stop)
        return false;
    for (; s->i < s->n && place[s->i].pos == pos; s->i++) {
        place[s->i].start = start;
        place[s->i].end = end;
    }
    return s->i < s->n;
}

/* Goes through the words that are plain, over most of them by counting. How many
 * were looked at: with 0 the next one is not plain. */
static unsigned meet_plain(struct words *w, struct search *s, bool *more)
{
    struct plain plain[PLAIN];
    uint32_t pos;
    unsigned n, i;
    bool title;

    if (!words_skip(w, s->place[s->i].pos))
        return 0;
    n = words_plain(w, plain, PLAIN, &pos, &title);
    for (i = 0; *more && i < n; i++) {
        const struct plain *t = &plain[i];

        if (t->kind == TOKEN_JOINED)
            continue;
        if (pos >= s->place[s->i].pos)
            *more = meet(s, pos, t->start, t->start + t->n);
        pos++;
    }
    return n;
}

/* Cuts frames [a, b), at the start of which cutting may begin, into words and
 * finds the n places that lie in them, one of which is needed. */
static int find_in(struct doctext *t, size_t a, size_t b,
                   struct place_of *place, size_t n, uint32_t reach,
                   struct err *err)
{
    const struct document *d = t->doc;
    struct search s = {place, n, n, 0, frame_end(d, b - 1), reach, UINT32_MAX};
    struct token tok;
    bool more = n > 0;
    size_t i;
    int rc = doctext_read(t, d->frame[a].start, s.end, err);

    if (rc < 0)
        return rc;
    if (cut_words(t, d->frame[a].start, s.end, d->nzones, d->frame[a].pos) < 0)
        return err_nomem(err);
    while (!place[s.needed - 1].needed)
        s.needed--;
    while (more) {
        if (meet_plain(t->words, &s, &more))
            continue;
        rc = words_next(t->words, &tok);
        if (rc <= 0)
            break;
        if (tok.pos >= place[s.i].pos && tok.kind != TOKEN_JOINED &&
            tok.kind != TOKEN_SECOND)
            more = meet(&s, tok.pos, tok.start, tok.end);
    }
    for (i = 0; i < n; i++)
        place[i].seen = true;
    return rc < 0 ? err_nomem(err) : 0;
}

/* Whether the last place found ends where frame b - 1 does or nearly: what
 * lies behind may make the token longer by the other half of a bigram or an
 * apostrophe. */
static bool cut_off(const struct doctext *t, size_t b,
                    const struct place_of *place, size_t n)
{
    while (n > 0 && place[n - 1].end == 0)
        n--;
    return n > 0 && b < t->doc->nframes &&
           frame_end(t->doc, b - 1) - place[n - 1].end < AT_FRAME_END;
}

int doctext_find(struct doctext *t, struct place_of *place, size_t n,
                 uint32_t reach, struct err *err)
{
    const struct document *d = t->doc;
    size_t a, b, i = 0, k;
    bool needed;
    int rc = 0;

    for (a = 0; a < d->nframes && i < n && rc == 0; a = b, i = k) {
        for (b = a + 1; b < d->nframes && !d->frame[b].restart; b++)
            ;
        needed = false;
        for (k = i;
             k < n && (b == d->nframes || place[k].pos < d->frame[b].pos); k++)
            needed |= place[k].needed;
        if (!needed)
            continue;
        rc = find_in(t, a, b, place + i, k - i, reach, err);
        if (rc == 0 && cut_off(t, b, place + i, k - i))
            rc = find_in(t, a, b + 1, place + i, k - i, reach, err);
    }
    return rc;
}

/* The frame at which cutting may begin behind frame a. */
static size_t next_restart(const struct document *d, size_t a)
{
    for (a++; a < d->nframes && !d->frame[a].restart; a++)
        ;
    return a;
}

int doctext_tokens(struct doctext *t,
                   bool (*want)(void *arg, uint32_t from, uint32_t to),
                   int (*fn)(void *arg, const struct token *tok), void *arg,
                   struct err *err)
{
    const struct document *d = t->doc;
    struct token tok;
    size_t a, b;
    uint32_t stop, end;
    int rc = 0;

    for (a = 0; a < d->nframes && rc == 0; a = b) {
        b = next_restart(d, a);
        if (!want(arg, d->frame[a].pos,
                  b < d->nframes ? d->frame[b].pos : UINT32_MAX))
            continue;
        /* the last token may reach into the next frame */
        stop = b < d->nframes ? d->frame[b].start : d->text_bytes;
        end = frame_end(d, b < d->nframes ? b : b - 1);
        rc = doctext_read(t, d->frame[a].start, end, err);
        if (rc == 0 && cut_words(t, d->frame[a].start, end, d->nzones,
                                 d->frame[a].pos) < 0)
            rc = err_nomem(err);
        while (rc == 0 && (rc = words_next(t->words, &tok)) > 0 &&
               tok.start < stop)
            rc = fn(arg, &tok);
        if (rc == ERR_NOMEM)
            err_nomem(err);
        rc = rc < 0 ? rc : 0;
    }
    return rc;
}

bool doctext_near(const struct doctext *t, uint32_t pos, uint32_t from,
                  uint32_t to)
{
    const struct document *d = t->doc;
    size_t a = frame_of(d, from), b = frame_of(d, to - 1) + 1;

    return pos >= d->frame[a].pos && (b == d->nframes || pos < d->frame[b].pos);
}

/* Where the line begins that frame i begins in: behind the last line end of
 * the last frame that begins in another. */
static int line_begin(struct doctext *t, size_t i, uint32_t *begin,
                      struct err *err)
{
    const struct document *d = t->doc;
    uint32_t line = d->frame[i].line, from;
    const uint8_t *nl;
    int rc;

    while (i > 0 && d->frame[i].line == line)
        i--;
    *begin = 0;
    if (d->frame[i].line == line)
        return 0;
    rc = read_frame(t, i, err);
    if (rc < 0)
        return rc;
    from = d->frame[i].start;
    nl = memrchr(t->text.p + from, '\n', d->frame[i].size);
    *begin = nl ? (uint32_t)(nl + 1 - t->text.p) : from;
    return 0;
}

int doctext_line(struct doctext *t, uint32_t byte, uint32_t *line,
                 uint32_t *col, struct err *err)
{
    const struct document *d = t->doc;
    size_t i = frame_of(d, byte);
    uint32_t from = d->frame[i].start;
    const uint8_t *p, *nl;
    int rc = doctext_read(t, from, byte, err);

    if (rc < 0)
        return rc;
    if (t->at.byte >= from && t->at.byte <= byte) {
        from = t->at.byte;
    } else {
        t->at.line = d->frame[i].line;
        t->at.begin = UINT32_MAX;
    }
    t->at.byte = byte;
    p = t->text.p + from;
    while ((nl = memchr(p, '\n', (size_t)(t->text.p + byte - p))) != NULL) {
        p = nl + 1;
        t->at.line++;
        t->at.begin = (uint32_t)(p - t->text.p);
    }
    *line = t->at.line;
    if (!col)
        return 0;
    if (t->at.begin == UINT32_MAX)
        rc = line_begin(t, i, &t->at.begin, err);
    *col = byte - t->at.begin + 1;
    return rc;
}

/* Form feeds in bytes [from, to), which were read. */
static uint32_t feeds(const struct doctext *t, uint32_t from, uint32_t to)
{
    const uint8_t *p = t->text.p + from, *end = t->text.p + to;
    uint32_t n = 0;

    while (p < end && (p = memchr(p, '\f', (size_t)(end - p))) != NULL) {
        p++;
        n++;
    }
    return n;
}

int doctext_page(struct doctext *t, uint32_t byte, uint32_t *page,
                 struct err *err)
{
    size_t i = frame_of(t->doc, byte);
    uint32_t from = t->doc->frame[i].start;
    int rc;

    *page = t->doc->frame[i].page;
    if (t->doc->pages == 1)
        return 0;
    rc = doctext_read(t, from, byte, err);
    if (rc < 0)
        return rc;
    if (t->paged.byte >= from && t->paged.byte <= byte) {
        from = t->paged.byte;
        *page = t->paged.page;
    }
    *page += feeds(t, from, byte);
    t->paged.byte = byte;
    t->paged.page = *page;
    return 0;
}

int doctext_paragraph(struct doctext *t, uint32_t byte, uint32_t *paragraph,
                      struct err *err)
{
    const struct frame_info *f = &t->doc->frame[frame_of(t->doc, byte)];
    uint32_t end = byte < t->doc->text_bytes ? byte + 1 : t->doc->text_bytes;
    int rc = doctext_read(t, f->start, end, err);

    if (rc < 0)
        return rc;
    if (t->counted.byte < f->start || t->counted.byte > end) {
        t->counted.byte = f->start;
        t->counted.paragraphs = f->paragraphs;
    }
    paragraphs_count(&t->counted.paragraphs,
                     doctext_view(t, t->counted.byte, end));
    t->counted.byte = end;
    *paragraph = t->counted.paragraphs.n ? t->counted.paragraphs.n : 1;
    return 0;
}

int doctext_line_start(struct doctext *t, uint32_t byte, uint64_t n,
                       uint32_t *start, struct err *err)
{
    const struct document *d = t->doc;
    size_t i = frame_of(d, byte) + 1;
    uint32_t end = byte;
    const uint8_t *nl;
    int rc;

    while (i-- > 0) {
        uint32_t from = d->frame[i].start;

        rc = read_frame(t, i, err);
        if (rc < 0)
            return rc;
        for (; end > from; end = (uint32_t)(nl - t->text.p)) {
            nl = memrchr(t->text.p + from, '\n', end - from);
            if (!nl)
                break;
            if (n-- == 0) {
                *start = (uint32_t)(nl + 1 - t->text.p);
                return 0;
            }
        }
        end = from;
    }
    *start = 0;
    return 0;
}

int doctext_line_end(struct doctext *t, uint32_t byte, uint64_t n,
                     uint32_t *end, struct err *err)
{
    const struct document *d = t->doc;
    uint32_t from = byte, to;
    const uint8_t *nl;
    size_t i;
    int rc;

    for (i = frame_of(d, byte); i < d->nframes; i++) {
        rc = read_frame(t, i, err);
        if (rc < 0)
            return rc;
        to = frame_end(d, i);
        for (; from < to; from = (uint32_t)(nl + 1 - t->text.p)) {
            nl = memchr(t->text.p + from, '\n', to - from);
            if (!nl)
                break;
            if (n-- == 0) {
                *end = (uint32_t)(nl - t->text.p);
                return 0;
            }
        }
        from = to;
    }
    *end = d->text_bytes;
    return 0;
}

struct zone doctext_zone(const struct document *d, uint32_t byte)
{
    struct zone whole = {0, d->text_bytes, false};
    size_t i;

    for (i = 0; i < d->nzones; i++)
        if (byte >= d->zone[i].start && byte < d->zone[i].end)
            return d->zone[i];
    return whole;
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
    struct token tok;
    int rc;

    *pos = 0;
    if (d->nframes == 0 || n == 0 || d->zone[n - 1].end > TITLE_END_MAX)
        return 0;
    rc = doctext_read(t, 0, d->zone[n - 1].end, err);
    if (rc < 0)
        return rc;
    if (cut_words(t, 0, d->zone[n - 1].end, n, 0) < 0)
        return err_nomem(err);
    while ((rc = words_next(t->words, &tok)) > 0)
        ;
    *pos = words_position(t->words);
    return rc < 0 ? err_nomem(err) : 0;
}

void doctext_release(struct doctext *t)
{
    buf_release(&t->text);
    words_free(t->words);
    free(t->have);
    memset(t, 0, sizeof *t);
}
