#include "indexer/lexicon.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/large.h"
#include "indexer/vec.h"

#define PLACE 0xffffffffffffu /* bits of a place */

enum { FIRST_SLOTS = 4096 };

const uint8_t lexicon_mask[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                  255, 255, 255, 255, 255, 255, 255, 255};

/* The slots of a lexicon that knows nothing: so that there is always one to
 * look at. */
static struct lexicon_slot no_slots[1];

int lexicon_open(struct lexicon **out, struct lexers *lexers)
{
    struct lexicon *lx = calloc(1, sizeof *lx);

    *out = lx;
    if (!lx)
        return ERR_NOMEM;
    lx->lexers = lexers;
    lexicon_forget(lx);
    if (getrandom(&lx->seed, sizeof lx->seed, GRND_NONBLOCK) < 0)
        lx->seed = (uintptr_t)lx;
    return 0;
}

int lexicon_language(struct lexicon *lx, unsigned number)
{
    static_assert(STEMMERS <= 1 << 5, "the number fits a key");
    lx->lexer = lexers_get(lx->lexers, number);
    lx->language = (uint64_t)number << 59;
    return lx->lexer ? 0 : ERR_NOMEM;
}

void lexicon_forget(struct lexicon *lx)
{
    free(lx->surface);
    free(lx->term);
    if (lx->slot != no_slots)
        free(lx->slot);
    free(lx->term_slot);
    buf_release(&lx->bytes);
    lx->epoch++;
    lx->surface = NULL;
    lx->term = NULL;
    lx->slot = no_slots;
    lx->nslots = 1;
    lx->term_slot = NULL;
    lx->nsurfaces = lx->surface_cap = 0;
    lx->nterms = lx->term_cap = 0;
    lx->nterm_slots = 0;
}

void lexicon_free(struct lexicon *lx)
{
    if (!lx)
        return;
    lexicon_forget(lx);
    free(lx);
}

size_t lexicon_bytes(const struct lexicon *lx)
{
    if (lx->nsurfaces == 0)
        return 0;
    return lx->nsurfaces * sizeof *lx->surface + lx->nterms * sizeof *lx->term +
           lx->nslots * sizeof *lx->slot +
           lx->nterm_slots * sizeof *lx->term_slot + lx->bytes.n;
}

/* --- keys --- */

static bool is_long(const uint64_t word[2])
{
    return (word[1] >> 48 & 15) == LEXICON_LONG;
}

/* Bytes p[0..n), n <= LEXICON_SHORT, as two numbers. */
static void pack(const uint8_t *p, size_t n, uint64_t word[2])
{
    uint8_t bytes[16] = {0};

    if (n)
        memcpy(bytes, p, n);
    word[0] = get_u64(bytes);
    word[1] = get_u64(bytes + 8);
}

void lexicon_key_any(const struct lexicon *lx, const struct token *t,
                     struct lexicon_key *out)
{
    uint64_t span = t->span < LEXICON_SPAN ? t->span : LEXICON_SPAN;
    uint64_t n = t->raw.n;

    if (n <= LEXICON_SHORT) {
        pack(t->raw.p, n, out->word);
    } else {
        out->word[0] = hash64(t->raw);
        out->word[1] = 0;
        n = LEXICON_LONG;
    }
    out->word[1] |= (n | (uint64_t)(t->kind & LEXICON_KIND) << 4 | span << 6)
                    << 48;
    out->word[1] |= lx->language;
    out->hash = lexicon_hash(lx, out->word);
}

static enum token_kind key_kind(const struct lexicon_key *key)
{
    return (enum token_kind)(key->word[1] >> 52 & LEXICON_KIND);
}

static unsigned key_span(const struct lexicon_key *key)
{
    return (unsigned)(key->word[1] >> 54 & LEXICON_SPAN);
}

/* --- slots --- */

/* n empty slots, in large pages if there are many: they are looked up at
 * random, and a miss of the address cache costs as much as one of the other. */
static struct lexicon_slot *new_slots(size_t n)
{
    size_t bytes = n * sizeof(struct lexicon_slot);
    void *p;

    if (bytes < LARGE_PAGE)
        return calloc(1, bytes);
    bytes = (bytes + LARGE_PAGE - 1) & ~(size_t)(LARGE_PAGE - 1);
    p = aligned_alloc(LARGE_PAGE, bytes);
    if (p) {
        madvise(p, bytes, MADV_HUGEPAGE);
        memset(p, 0, bytes);
    }
    return p;
}

static int grow_slots(struct lexicon *lx)
{
    size_t n = lx->nslots > 1 ? lx->nslots * 2 : FIRST_SLOTS, i, at;
    struct lexicon_slot *slot = new_slots(n);

    if (!slot)
        return ERR_NOMEM;
    for (i = 0; i < lx->nslots; i++) {
        uint64_t word[2] = {lx->slot[i].word[0], lx->slot[i].word[1]};

        if (!lx->slot[i].found.used)
            continue;
        if (is_long(word))
            word[1] &= ~PLACE;
        at = lexicon_hash(lx, word) & (n - 1);
        while (slot[at].found.used)
            at = (at + 1) & (n - 1);
        slot[at] = lx->slot[i];
    }
    if (lx->slot != no_slots)
        free(lx->slot);
    lx->slot = slot;
    lx->nslots = n;
    return 0;
}

static bool same_long(const struct lexicon *lx, const struct lexicon_slot *s,
                      const struct lexicon_key *key, struct view raw)
{
    const uint8_t *at = lx->bytes.p + (s->word[1] & PLACE);

    return s->word[1] >> 48 == key->word[1] >> 48 && get_u32(at) == raw.n &&
           memcmp(at + 4, raw.p, raw.n) == 0;
}

/* The slot of a key: its own, or the empty one where it belongs. */
static struct lexicon_slot *
find_slot(struct lexicon *lx, const struct lexicon_key *key, struct view raw)
{
    size_t mask = lx->nslots - 1, at;

    for (at = key->hash & mask; lx->slot[at].found.used; at = (at + 1) & mask) {
        const struct lexicon_slot *s = &lx->slot[at];

        if (s->word[0] == key->word[0] &&
            (lexicon_whole(key)
                 ? s->word[1] == key->word[1]
                 : is_long(s->word) && same_long(lx, s, key, raw)))
            break;
    }
    return &lx->slot[at];
}

/* --- learning --- */

static uint64_t term_hash(const struct lexicon *lx, struct view term)
{
    return lexicon_mix(hash64(term) ^ lx->seed, 0x9e3779b97f4a7c15u);
}

static int grow_term_slots(struct lexicon *lx)
{
    size_t n = lx->nterm_slots ? lx->nterm_slots * 2 : FIRST_SLOTS, i, at;
    uint32_t *slot = calloc(n, sizeof *slot);

    if (!slot)
        return ERR_NOMEM;
    large_pages(slot, n * sizeof *slot);
    for (i = 0; i < lx->nterms; i++) {
        at = term_hash(lx, lexicon_term(lx, (uint32_t)i)) & (n - 1);
        while (slot[at])
            at = (at + 1) & (n - 1);
        slot[at] = (uint32_t)i + 1;
    }
    free(lx->term_slot);
    lx->term_slot = slot;
    lx->nterm_slots = n;
    return 0;
}

/* Appends v to `bytes`: 0 with its place, or ERR_NOMEM. */
static int keep(struct lexicon *lx, struct view v, uint32_t *at)
{
    if (lx->bytes.n + v.n > UINT32_MAX)
        return ERR_NOMEM;
    *at = (uint32_t)lx->bytes.n;
    return buf_add(&lx->bytes, v);
}

/* The number of a term, new or known. */
static int find_term(struct lexicon *lx, struct view term, uint32_t *number)
{
    struct lexicon_term *entry;
    size_t at;

    if (lx->nterms * 2 >= lx->nterm_slots && grow_term_slots(lx) < 0)
        return ERR_NOMEM;
    at = term_hash(lx, term) & (lx->nterm_slots - 1);
    for (; lx->term_slot[at]; at = (at + 1) & (lx->nterm_slots - 1)) {
        *number = lx->term_slot[at] - 1;
        if (view_eq(lexicon_term(lx, *number), term))
            return 0;
    }
    entry = vec_grow(lx->term, &lx->term_cap, lx->nterms + 1, sizeof *entry);
    if (!entry)
        return ERR_NOMEM;
    lx->term = entry;
    entry += lx->nterms;
    entry->len = (uint32_t)term.n;
    if (keep(lx, term, &entry->at) < 0)
        return ERR_NOMEM;
    *number = (uint32_t)lx->nterms++;
    lx->term_slot[at] = *number + 1;
    return 0;
}

/* Keeps a long token's bytes; their place goes into the slot's key. */
static int keep_long(struct lexicon *lx, struct view raw,
                     struct lexicon_slot *slot)
{
    uint8_t len[4];
    uint32_t at, rest;

    put_u32(len, (uint32_t)raw.n);
    if (keep(lx, view_of(len, 4), &at) < 0 || keep(lx, raw, &rest) < 0)
        return ERR_NOMEM;
    slot->word[1] |= at;
    return 0;
}

/* Keeps a form; often it is what was kept last. */
static int keep_form(struct lexicon *lx, struct view form, struct surface *s)
{
    size_t n = lx->bytes.n;

    s->form_len = (uint8_t)form.n;
    s->form = (uint32_t)(n - form.n);
    if (n >= form.n && form.n &&
        memcmp(lx->bytes.p + s->form, form.p, form.n) == 0)
        return 0;
    return keep(lx, form, &s->form);
}

/* A short word with capitals, of ASCII letters and digits, has the terms of the
 * same word without: those, if that was seen before, or NULL. */
static const struct surface *lower_surface(struct lexicon *lx,
                                           const struct lexicon_key *key)
{
    struct lexicon_key low = *key;
    struct lexicon_slot *slot;
    unsigned capitals = 0, i, n = (unsigned)(key->word[1] >> 48 & 15);

    if (!lexicon_whole(key) || key_kind(key) > TOKEN_JOINED)
        return NULL;
    for (i = 0; i < n; i++) {
        unsigned shift = i % 8 * 8;
        uint8_t c = (uint8_t)(key->word[i / 8] >> shift);
        bool capital = c >= 'A' && c <= 'Z';

        if (!capital && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return NULL;
        capitals += capital;
        low.word[i / 8] |= (uint64_t)(capital ? 0x20 : 0) << shift;
    }
    if (capitals == 0)
        return NULL;
    low.hash = lexicon_hash(lx, low.word);
    slot = find_slot(lx, &low, view_of(NULL, 0));
    return slot->found.used ? &lx->surface[slot->found.surface] : NULL;
}

/* Fills in what the text chain makes of a token. */
static int learn_lexeme(struct lexicon *lx, const struct lexicon_key *key,
                        struct view raw, struct surface *s,
                        struct lexicon_slot *new)
{
    struct lexeme lexeme;
    unsigned i;

    if (lexer_lexeme(lx->lexer, raw, key_kind(key), &lexeme) < 0)
        return ERR_NOMEM;
    s->term[0] = s->term[1] = LEXICON_NONE;
    for (i = 0; i < lexeme.nterms; i++)
        if (find_term(lx, lexeme.term[i], &s->term[i]) < 0)
            return ERR_NOMEM;
    if ((!lexicon_whole(key) && keep_long(lx, raw, new) < 0) ||
        keep_form(lx, lexeme.form, s) < 0)
        return ERR_NOMEM;
    new->found.cut = lexeme.cut;
    return 0;
}

/* Makes the surface of a token that was not seen before, and fills its slot. */
static int learn(struct lexicon *lx, const struct lexicon_key *key,
                 struct view raw, struct lexicon_slot *slot)
{
    struct lexicon_slot new = {.word = {key->word[0], key->word[1]}};
    const struct surface *lower;
    struct surface *s;

    s = vec_grow(lx->surface, &lx->surface_cap, lx->nsurfaces + 1, sizeof *s);
    if (!s)
        return ERR_NOMEM;
    lx->surface = s;
    if (lx->nsurfaces >= LEXICON_NONE / 4)
        return ERR_NOMEM;
    s += lx->nsurfaces;
    s->span = (uint16_t)key_span(key);
    lower = lower_surface(lx, key);
    if (lower) {
        memcpy(s->term, lower->term, sizeof s->term);
        if (keep_form(lx, raw, s) < 0)
            return ERR_NOMEM;
    } else if (learn_lexeme(lx, key, raw, s, &new) < 0) {
        return ERR_NOMEM;
    }
    new.found.surface = (uint32_t)lx->nsurfaces++;
    new.found.terms =
        (s->term[0] != LEXICON_NONE) + (s->term[1] != LEXICON_NONE);
    new.found.used = true;
    *slot = new;
    return 0;
}

const struct lexicon_found *lexicon_find_any(struct lexicon *lx,
                                             const struct lexicon_key *key,
                                             struct view raw)
{
    struct lexicon_slot *slot;
    uint8_t bytes[16];

    if ((lx->nsurfaces + 1) * 3 > lx->nslots * 2 && grow_slots(lx) < 0)
        return NULL;
    slot = find_slot(lx, key, raw);
    if (!slot->found.used) {
        if (lexicon_whole(key)) {
            put_u64(put_u64(bytes, key->word[0]), key->word[1]);
            raw = view_of(bytes, key->word[1] >> 48 & 15);
        }
        if (learn(lx, key, raw, slot) < 0)
            return NULL;
    }
    return &slot->found;
}
