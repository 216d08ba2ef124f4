#include "text/words.h"

#include <stdlib.h>

#include "base/err.h"
#include "text/glued.h"
#include "text/normal.h"
#include "text/scan.h"

/* How a token of one position goes on, and what is glued to it. */
struct beside {
    bool linked, divided; /* as a struct piece says */
    struct glued glued;
};

struct part {
    struct token t;
    struct beside b;
};

enum {
    /* Stretches of a compound's parts with only line ends between. */
    STRETCHES = WORDS_MAX_PARTS / 2,
    /* Tokens of a compound: its parts, the joined one, stretches joined, and
     * parts and stretches without numbers. */
    QUEUE = 2 * WORDS_MAX_PARTS + 1 + 2 * STRETCHES,
    /* Bytes that the raws of one compound take at most: parts and what is
     * joined. */
    RAW_ROOM = (WORDS_MAX_PARTS + 1 + 2 * STRETCHES) * WORDS_RAW_MAX
};

struct words {
    struct scan scan; /* of the zone at hand */
    struct view text;
    const struct zone *zones;
    size_t nzones;
    size_t zone;       /* index of the zone at hand */
    struct zone whole; /* the one zone of a text without zones */
    uint32_t pos;      /* due next */
    uint32_t length;   /* positions given out */

    /* Tokens still to be given out, and whether the last part given out
     * belongs to a compound too long to be joined. */
    struct token queue[QUEUE];
    unsigned queued, first;
    bool overlong;
    struct buf raw; /* bytes put together for the tokens not yet given out */

    /* A character that normalises to several words gives their tokens. */
    struct words *inner; /* cuts the normalised text; NULL until needed */
    struct buf normalised;
    struct piece grown;               /* the character */
    bool draining;                    /* inner may have more tokens */
    uint32_t grown_pos, grown_length; /* where inner's count from */
};

static void enter_zone(struct words *w, uint32_t from)
{
    const struct zone *z = &w->zones[w->zone];
    uint32_t end = z->end < w->text.n ? z->end : (uint32_t)w->text.n;

    if (from < z->start)
        from = z->start;
    scan_start(&w->scan, w->text, from < end ? from : end, end);
}

static void start(struct words *w, struct view text, const struct zone *zones,
                  size_t nzones, uint32_t from, uint32_t pos)
{
    if (text.n > UINT32_MAX)
        text.n = UINT32_MAX;
    w->whole.end = (uint32_t)text.n;
    w->text = text;
    w->zones = nzones ? zones : &w->whole;
    w->nzones = nzones ? nzones : 1;
    w->pos = pos;
    w->length = 0;
    w->queued = w->first = 0;
    w->overlong = w->draining = false;
    for (w->zone = 0; w->zone + 1 < w->nzones; w->zone++)
        if (w->zones[w->zone].end >= from)
            break;
    enter_zone(w, from);
}

int words_open_at(struct words **out, struct view text,
                  const struct zone *zones, size_t nzones, uint32_t from,
                  uint32_t pos)
{
    struct words *w = calloc(1, sizeof *w);

    *out = w;
    if (!w)
        return ERR_NOMEM;
    if (scan_init(&w->scan) < 0 || buf_reserve(&w->raw, RAW_ROOM) < 0) {
        words_free(w);
        *out = NULL;
        return ERR_NOMEM;
    }
    start(w, text, zones, nzones, from, pos);
    return 0;
}

int words_open(struct words **w, struct view text, const struct zone *zones,
               size_t nzones)
{
    return words_open_at(w, text, zones, nzones, 0, 0);
}

void words_reset(struct words *w, struct view text, const struct zone *zones,
                 size_t nzones)
{
    start(w, text, zones, nzones, 0, 0);
}

void words_reset_at(struct words *w, struct view text, const struct zone *zones,
                    size_t nzones, uint32_t from, uint32_t pos)
{
    start(w, text, zones, nzones, from, pos);
}

/* Goes on with the next zone; false if there is none. */
static bool next_zone(struct words *w)
{
    const struct zone *z = &w->zones[w->zone];

    if (w->zone + 1 == w->nzones)
        return false;
    if (z[0].title || z[1].title)
        w->pos += WORDS_TITLE_GAP;
    w->zone++;
    enter_zone(w, 0);
    return true;
}

/* Appends v to w->raw without soft hyphens at line ends. There is room: w->raw
 * never moves while tokens point into it. */
static struct view add_raw(struct words *w, struct view v)
{
    uint8_t *begin = w->raw.p + w->raw.n;
    uint8_t *to = begin;
    const uint8_t *p = v.p;
    const uint8_t *end = v.p + v.n;
    unsigned skip;

    while (p < end) {
        if (end - p > 2 && p[0] == 0xC2 && p[1] == 0xAD &&
            (skip = segment_soft_hyphen(p, end)) > 2)
            p += skip;
        else
            *to++ = *p++;
    }
    w->raw.n += (size_t)(to - begin);
    return view_of(begin, (size_t)(to - begin));
}

static struct view cut_raw(struct view v)
{
    if (v.n > WORDS_RAW_MAX)
        v.n = utf8_cut(v, WORDS_RAW_MAX);
    return v;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* The number glued to piece p, the scan for which began at byte `from`. */
static struct glued find_glued(struct words *w, uint32_t from,
                               const struct piece *p)
{
    static const struct glued nothing;

    if (!is_digit(w->text.p[p->start]) && !is_digit(w->text.p[p->end - 1]))
        return nothing;
    if (p->kind != TOKEN_WORD || p->coded || p->end - p->start > WORDS_RAW_MAX)
        return nothing;
    return glued_find(w->text, from, p->start, p->end, &w->scan.fold);
}

static bool is_glued(struct glued g)
{
    return g.before || g.behind;
}

/* The token without the number glued to it. */
static struct token unglued(const struct token *t, struct glued g)
{
    struct token second = *t;

    second.kind = TOKEN_SECOND;
    second.start += g.before;
    second.end -= g.behind;
    second.raw = view_sub(t->raw, g.before, t->raw.n - g.behind);
    return second;
}

/* Gives the position due to the token of piece p. */
static void place(struct words *w, const struct piece *p, struct token *t)
{
    uint32_t end = p->coded ? p->start + SCAN_CODED : p->end;

    t->start = p->start;
    t->end = p->end;
    t->pos = w->pos++;
    t->span = 1;
    t->kind = p->kind;
    t->title = w->zones[w->zone].title;
    t->raw = cut_raw(view_sub(w->text, p->start, end));
    if (p->broken)
        t->raw = add_raw(w, t->raw);
    w->length++;
}

/* Lets inner cut what the character w->grown normalises to. */
static int drain(struct words *w)
{
    struct view c = view_sub(w->text, w->grown.start, w->grown.end);

    buf_clear(&w->normalised);
    if (normal_compat(c, &w->normalised) < 0)
        return ERR_NOMEM;
    if (!w->inner && words_open(&w->inner, c, NULL, 0) < 0)
        return ERR_NOMEM;
    words_reset(w->inner, buf_view(&w->normalised), NULL, 0);
    w->grown_pos = w->pos;
    w->grown_length = w->length;
    w->draining = true;
    return 0;
}

/* The next token of the character w->grown, with its bytes: 1, 0, error. */
static int drained(struct words *w, struct token *t)
{
    int rc = words_next(w->inner, t);

    if (rc == 0)
        w->draining = false;
    if (rc <= 0)
        return rc;
    w->pos = w->grown_pos + w->inner->pos;
    w->length = w->grown_length + w->inner->length;
    t->start = w->grown.start;
    t->end = w->grown.end;
    t->pos += w->grown_pos;
    t->title = w->zones[w->zone].title;
    return 1;
}

/* The next token but for joined ones. */
static int next_part(struct words *w, struct token *t, struct beside *b)
{
    struct piece p;
    uint32_t from;
    int rc;

    memset(b, 0, sizeof *b);
    for (;;) {
        if (w->draining && (rc = drained(w, t)) != 0)
            return rc;
        from = w->scan.at;
        if (!scan_next(&w->scan, &p)) {
            if (!next_zone(w))
                return 0;
        } else if (!p.grows) {
            place(w, &p, t);
            b->glued = find_glued(w, from, &p);
            b->linked = p.linked;
            b->divided = p.divided;
            return 1;
        } else {
            w->grown = p;
            if (drain(w) < 0)
                return ERR_NOMEM;
        }
    }
}

/* Makes one token of n parts; `bare`: without numbers glued to them. */
static struct token join(struct words *w, const struct part *part, unsigned n,
                         bool bare, enum token_kind kind)
{
    static const struct glued nothing;
    size_t from = w->raw.n;
    struct token t = unglued(&part->t, bare ? part->b.glued : nothing);
    unsigned i;

    for (i = 0; i < n && w->raw.n - from < WORDS_RAW_MAX; i++) {
        size_t room = WORDS_RAW_MAX - (w->raw.n - from);
        struct token x = unglued(&part[i].t, bare ? part[i].b.glued : nothing);

        add_raw(w, view_sub(x.raw, 0, utf8_cut(x.raw, room)));
        t.end = x.end;
    }
    t.raw = view_of(w->raw.p + from, w->raw.n - from);
    if (i < n)
        t.end = part[n - 1].t.end;
    t.span = (uint16_t)n;
    t.kind = (uint8_t)kind;
    return t;
}

static void queue(struct words *w, struct token t)
{
    w->queue[w->queued++] = t;
}

/* Queues what n parts make that only line ends divide: their word, unless that
 * is the whole compound's, and the same without a number glued to it. */
static void queue_stretch(struct words *w, const struct part *part, unsigned n,
                          bool whole)
{
    if (!whole)
        queue(w, join(w, part, n, false, TOKEN_SECOND));
    if (is_glued(part[0].b.glued) || is_glued(part[n - 1].b.glued))
        queue(w, join(w, part, n, true, TOKEN_SECOND));
}

/* How many of n parts there are from the first on with nothing but line ends
 * between. */
static unsigned stretch(const struct part *part, unsigned n)
{
    unsigned i = 1;

    while (i < n && part[i - 1].b.divided)
        i++;
    return i;
}

/* Token t begins a compound: queues its tokens. */
static int compound(struct words *w, const struct token *t,
                    const struct beside *b)
{
    struct part part[WORDS_MAX_PARTS];
    unsigned n, i, covered = 0, own;
    bool linked = true;
    int rc;

    part[0].t = *t;
    part[0].b = *b;
    for (n = 1; n < WORDS_MAX_PARTS && linked; n++) {
        rc = next_part(w, &part[n].t, &part[n].b);
        if (rc <= 0)
            return rc;
        linked = part[n].b.linked;
    }
    w->overlong = linked;
    for (i = 0; i < n; i++) {
        if (i > 0)
            queue(w, part[i].t);
        else if (!linked)
            queue(w, join(w, part, n, false, TOKEN_JOINED));
        own = stretch(part + i, n - i);
        if (i >= covered && own > 1) {
            queue_stretch(w, part + i, own, own == n && !linked);
            covered = i + own;
        }
        if (is_glued(part[i].b.glued))
            queue(w, unglued(&part[i].t, part[i].b.glued));
    }
    return 1;
}

int words_next(struct words *w, struct token *t)
{
    struct beside b;
    int rc;

    if (w->queued) {
        *t = w->queue[w->first++];
        w->queued--;
        return 1;
    }
    w->first = 0;
    buf_clear(&w->raw);
    rc = next_part(w, t, &b);
    if (rc <= 0)
        return rc;
    if (b.linked && !w->overlong)
        return compound(w, t, &b);
    w->overlong = b.linked;
    if (is_glued(b.glued))
        queue(w, unglued(t, b.glued));
    return 1;
}

/* Whether the next token depends on nothing before it. */
static bool is_fresh(const struct words *w)
{
    return !(w->queued || w->overlong || w->draining);
}

unsigned words_plain(struct words *w, struct plain *out, unsigned max,
                     uint32_t *pos, bool *title)
{
    unsigned n, joined;

    if (!is_fresh(w))
        return 0;
    n = scan_plain(&w->scan, out, max, &joined);
    if (n == 0)
        n = scan_chinese(&w->scan, out, max);
    *pos = w->pos;
    *title = w->zones[w->zone].title;
    w->pos += n - joined;
    w->length += n - joined;
    return n;
}

struct view plain_raw(struct view text, const struct plain *t,
                      uint8_t room[PLAIN_MAX])
{
    struct view v = view_sub(text, t->start, t->start + t->n);
    size_t i, n = 0;

    if (t->span == 1)
        return v;
    for (i = 0; i < v.n; i++) {
        room[n] = v.p[i];
        n += v.p[i] != '-';
    }
    return view_of(room, n);
}

bool words_skip(struct words *w, uint32_t upto)
{
    unsigned n;

    if (upto <= w->pos || upto - w->pos <= WORDS_NEAR)
        return true;
    n = is_fresh(w) ? scan_skip(&w->scan, upto - w->pos) : 0;
    w->pos += n;
    w->length += n;
    return upto - w->pos <= WORDS_NEAR;
}

bool words_clean(const struct words *w, uint32_t *byte, uint32_t *pos)
{
    *byte = w->scan.at;
    *pos = w->pos;
    return is_fresh(w) && w->scan.at >= w->scan.number_end;
}

uint32_t words_length(const struct words *w)
{
    return w->length;
}

uint32_t words_position(const struct words *w)
{
    return w->pos;
}

void words_force_general(struct words *w)
{
    w->scan.general = true;
}

void words_free(struct words *w)
{
    if (!w)
        return;
    words_free(w->inner);
    scan_release(&w->scan);
    buf_release(&w->raw);
    buf_release(&w->normalised);
    free(w);
}
