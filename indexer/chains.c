#include "indexer/chains.h"

#include <stdlib.h>
#include <string.h>

#include "indexer/log.h"
#include "indexer/vec.h"

#define SECOND 0x80000000u /* marks the first of two terms */

enum {
    LINK = 4,          /* bytes of a place */
    CODE = 20,         /* bytes of an occurrence at most */
    AHEAD = 8,         /* terms between sending for and appending */
    FAR = 24,          /* entries between sending for and dealing out */
    RESERVE = 16 << 10 /* bytes of the pool that are asked for at once */
};

/* Numbers come in units of 16 bits: they are nearly all below WIDE, so that
 * reading them is hardly ever a surprise. */
enum { WIDE = 0xc000, HUGE = 0xffff };

/* The lower two bits of a distance: whose surface it is. */
enum { SAME = 0, OTHER, NEW, BITS = 2 };

/* Bytes of chunks: those of the n-th of a chain; all after the last are as large
 * as that. */
static const uint16_t size_of[] = {16,  12,  16,  20,  24,  28,  36,
                                   44,  56,  72,  88,  110, 138, 172,
                                   216, 270, 336, 420, 512};
enum { LEVELS = sizeof size_of / sizeof size_of[0] };

static unsigned above(unsigned level)
{
    return level + 1 < LEVELS ? level + 1 : level;
}

/* --- chunks --- */

/* Goes on in a new chunk of that level. 0 or ERR_NOMEM. */
static int new_chunk(struct chains *c, struct chain *ch, unsigned level)
{
    size_t size = size_of[level];

    if (c->used + size > c->pool_cap) {
        uint8_t *more = vec_grow(c->pool, &c->pool_cap, c->used + RESERVE, 1);

        if (!more)
            return ERR_NOMEM;
        c->pool = more;
    }
    ch->at = (uint32_t)c->used;
    ch->level = (uint16_t)level;
    ch->room = (uint16_t)(size - LINK);
    c->used += size;
    return 0;
}

/* Appends bytes to a chain. */
static int append(struct chains *c, struct chain *ch, const uint8_t *p,
                  size_t n)
{
    while (n > ch->room) {
        uint32_t link;

        memcpy(c->pool + ch->at, p, ch->room);
        p += ch->room;
        n -= ch->room;
        link = ch->at + ch->room;
        if (new_chunk(c, ch, above(ch->level)) < 0)
            return ERR_NOMEM;
        put_u32(c->pool + link, ch->at);
    }
    memcpy(c->pool + ch->at, p, n);
    ch->at += (uint32_t)n;
    ch->room -= (uint16_t)n;
    return 0;
}

/* A number in one unit, or two, or five. */
static inline uint16_t *put(uint16_t *to, uint64_t x)
{
    if (x < WIDE) {
        *to++ = (uint16_t)x;
    } else if (x < (uint64_t)(HUGE - WIDE) << 16) {
        *to++ = (uint16_t)(WIDE | x >> 16);
        *to++ = (uint16_t)x;
    } else {
        *to++ = HUGE;
        memcpy(to, &x, sizeof x);
        to += sizeof x / sizeof *to;
    }
    return to;
}

/* Packs n occurrences of a term and appends them. */
static int append_run(struct chains *c, struct chain *ch,
                      const struct occurrence *o, size_t n)
{
    uint32_t last = ch->last, surface = ch->surface, other = ch->other;
    uint16_t *to;
    size_t i;

    if (ch->n == 0) { /* the first has no need of a chunk */
        last = ch->last = o->pos;
        surface = other = ch->surface = ch->other = o->form;
        ch->n = 1;
        if (n == 1)
            return 0;
        o++;
        n--;
    }
    buf_clear(&c->packed);
    if (buf_reserve(&c->packed, (n + 1) * CODE) < 0)
        return ERR_NOMEM;
    to = (uint16_t *)(void *)c->packed.p;
    if (ch->n == 1) {
        if (new_chunk(c, ch, 0) < 0)
            return ERR_NOMEM;
        ch->first = ch->at;
        to = put(put(to, last), surface);
    }
    for (i = 0; i < n; i++) {
        uint64_t step = (uint64_t)(o[i].pos - last) << BITS;

        last = o[i].pos;
        if (o[i].form == surface) {
            to = put(to, step);
            continue;
        }
        if (o[i].form == other)
            to = put(to, step | OTHER);
        else
            to = put(put(to, step | NEW), o[i].form);
        other = surface;
        surface = o[i].form;
    }
    ch->last = last;
    ch->surface = surface;
    ch->other = other;
    ch->n += (uint32_t)n;
    c->largest = ch->n > c->largest ? ch->n : c->largest;
    return append(c, ch, c->packed.p, (size_t)((uint8_t *)to - c->packed.p));
}

/* --- dealing --- */

/* Takes in what the lexicon has learned. */
static int learn(struct chains *c, const struct lexicon *lx)
{
    struct chain *chain;
    uint32_t *term, *place, *gets;

    chain = vec_grow(c->chain, &c->chain_cap, lx->nterms + 1, sizeof *chain);
    c->chain = chain ? chain : c->chain;
    place = vec_grow(c->place, &c->place_cap, lx->nterms + 1, sizeof *place);
    c->place = place ? place : c->place;
    term = vec_grow(c->term, &c->surface_cap, lx->nsurfaces + 1, sizeof *term);
    c->term = term ? term : c->term;
    gets = vec_grow(c->gets, &c->gets_cap, lx->nterms + 1, sizeof *gets);
    c->gets = gets ? gets : c->gets;
    if (!chain || !place || !term || !gets)
        return ERR_NOMEM;
    memset(chain + c->nchains, 0, (lx->nterms - c->nchains) * sizeof *chain);
    c->nchains = lx->nterms;
    for (; c->nsurfaces < lx->nsurfaces; c->nsurfaces++) {
        const struct surface *s = &lx->surface[c->nsurfaces];

        term[c->nsurfaces] =
            s->term[1] == LEXICON_NONE ? s->term[0] : s->term[0] | SECOND;
    }
    return 0;
}

/* Counts what each term gets, and says where that begins in the run. */
static void place_terms(struct chains *c, const struct lexicon *lx,
                        const uint32_t *entry, size_t n)
{
    uint32_t *place = c->place, at = 0, count;
    size_t i;

    memset(place, 0, c->nchains * sizeof *place);
    for (i = 0; i < n; i++) {
        uint32_t surface = entry[i] & LOG_REST, term;

        if (i + FAR < n)
            __builtin_prefetch(&c->term[entry[i + FAR] & LOG_REST]);
        if ((entry[i] & LOG_STEP) == LOG_LEAP)
            continue;
        term = c->term[surface];
        place[term & ~SECOND]++;
        if (term & SECOND)
            place[lx->surface[surface].term[1]]++;
    }
    c->ngets = 0;
    for (i = 0; i < c->nchains; i++, at += count) {
        count = place[i];
        place[i] = at;
        c->gets[c->ngets] = (uint32_t)i;
        c->ngets += count > 0;
    }
}

/* Appends what each term has got. */
static int append_all(struct chains *c)
{
    uint32_t at = 0, to;
    size_t i;

    for (i = 0; i < c->ngets; i++, at = to) {
        uint32_t term = c->gets[i];

        if (i + 2 * AHEAD < c->ngets) {
            __builtin_prefetch(&c->chain[c->gets[i + 2 * AHEAD]]);
            __builtin_prefetch(c->pool + c->chain[c->gets[i + AHEAD]].at);
        }
        to = c->place[term]; /* where the next one's begins, by now */
        if (append_run(c, &c->chain[term], c->run + at, to - at) < 0)
            return ERR_NOMEM;
    }
    return 0;
}

/* Sends for the place that the entry some way on will be written to. */
static inline void send_for(const struct chains *c, const uint32_t *entry)
{
    if (entry[FAR / 2] < LOG_LEAP)
        __builtin_prefetch(
            &c->run[c->place[c->term[entry[FAR / 2] & LOG_REST] & ~SECOND]], 1);
}

/* Gives each term what is its. */
static void deal(const struct chains *c, const struct lexicon *lx,
                 const uint32_t *entry, size_t n, uint32_t pos)
{
    struct occurrence *run = c->run;
    uint32_t *place = c->place;
    size_t i;

    for (i = 0; i < n; i++) {
        uint32_t surface = entry[i] & LOG_REST, term;
        struct occurrence o;

        if (i + FAR < n)
            send_for(c, entry + i);
        if ((entry[i] & LOG_STEP) == LOG_LEAP) {
            pos += surface;
            continue;
        }
        pos += !(entry[i] & LOG_SAME);
        o.pos = pos;
        o.form = surface;
        term = c->term[surface];
        run[place[term & ~SECOND]++] = o;
        if (term & SECOND)
            run[place[lx->surface[surface].term[1]]++] = o;
    }
}

int chains_add(struct chains *c, const struct lexicon *lx,
               const uint32_t *entry, size_t n, uint32_t pos, uint64_t postings)
{
    if (learn(c, lx) < 0)
        return ERR_NOMEM;
    c->run = vec_room(c->run, &c->run_cap, (size_t)postings, sizeof *c->run);
    if (!c->run)
        return ERR_NOMEM;
    place_terms(c, lx, entry, n);
    deal(c, lx, entry, n, pos);
    return append_all(c);
}

bool chains_full(const struct chains *c)
{
    return c->used > UINT32_MAX / 4;
}

void chains_shrink(struct chains *c, size_t n)
{
    if (c->run_cap <= n)
        return;
    free(c->run);
    c->run = NULL;
    c->run_cap = 0;
    buf_release(&c->packed);
}

size_t chains_bytes(const struct chains *c)
{
    return c->used + c->nchains * sizeof *c->chain +
           c->nsurfaces * sizeof *c->term;
}

size_t chains_more(const struct chains *c, uint64_t postings)
{
    return (size_t)postings * (sizeof(struct occurrence) + 4) +
           c->nchains * 2 * sizeof *c->place;
}

void chains_clear(struct chains *c)
{
    c->used = 0;
    c->nchains = c->nsurfaces = 0;
    c->largest = 0;
}

void chains_release(struct chains *c)
{
    free(c->pool);
    free(c->chain);
    free(c->term);
    free(c->place);
    free(c->gets);
    free(c->run);
    buf_release(&c->packed);
    memset(c, 0, sizeof *c);
}

/* --- reading --- */

/* The bytes of a chain one behind the other. */
static int gather(const struct chains *c, const struct chain *ch,
                  struct buf *out)
{
    uint32_t at = ch->first;
    unsigned level = 0;

    buf_clear(out);
    while (level != ch->level || at > ch->at ||
           ch->at - at > (uint32_t)size_of[level] - LINK) {
        uint32_t n = (uint32_t)size_of[level] - LINK;

        if (buf_add(out, view_of(c->pool + at, n)) < 0)
            return ERR_NOMEM;
        at = get_u32(c->pool + at + n);
        level = above(level);
    }
    return buf_add(out, view_of(c->pool + at, ch->at - at));
}

/* The number at *p, which is there. */
static inline uint64_t get(const uint16_t **p)
{
    uint64_t x = *(*p)++;

    if (x < WIDE)
        return x;
    if (x < HUGE)
        return (x - WIDE) << 16 | *(*p)++;
    memcpy(&x, *p, sizeof x);
    *p += sizeof x / sizeof **p;
    return x;
}

int chains_read(const struct chains *c, uint32_t term, struct buf *spare,
                struct occurrence *out)
{
    const struct chain *ch = &c->chain[term];
    uint32_t i, pos, surface, other;
    const uint16_t *p;

    if (ch->n == 1) {
        out->pos = ch->last;
        out->form = ch->surface;
        return 0;
    }
    if (gather(c, ch, spare) < 0)
        return ERR_NOMEM;
    p = (const uint16_t *)(const void *)spare->p;
    out[0].pos = pos = (uint32_t)get(&p);
    out[0].form = surface = other = (uint32_t)get(&p);
    for (i = 1; i < ch->n; i++) {
        uint64_t step = get(&p);

        pos += (uint32_t)(step >> BITS);
        out[i].pos = pos;
        if ((step & 3) != SAME) {
            uint32_t before = surface;

            surface = (step & 3) == OTHER ? other : (uint32_t)get(&p);
            other = before;
        }
        out[i].form = surface;
    }
    return 0;
}
