/* Leaves that stand for many words, and words near each other: their
 * occurrences in each document, by trying everything. */
#include <stdlib.h>

#include "tests/oracle/rank.h"

/* Whether word s has the form of pattern p, both ASCII in what p is. */
static bool has_form(const char *p, struct view s)
{
    size_t len = 1;

    if (*p == 0)
        return s.n == 0;
    if (*p == '*')
        return has_form(p + 1, s) || (s.n && has_form(p, view_sub(s, 1, s.n)));
    if (s.n == 0 || (*p != '?' && (uint8_t)*p != s.p[0]))
        return false;
    while (*p == '?' && len < s.n && (s.p[len] & 0xC0) == 0x80)
        len++;
    return has_form(p + 1, view_sub(s, len, s.n));
}

/* Characters of v in c; returns how many. */
static size_t characters(struct view v, uint32_t c[80])
{
    size_t i = 0, n = 0;

    while (i < v.n && n < 80) {
        c[n] = v.p[i++];
        while (i < v.n && (v.p[i] & 0xC0) == 0x80)
            c[n] = c[n] << 8 | v.p[i++];
        n++;
    }
    return n;
}

/* Levenshtein's distance, the whole table of it. */
static unsigned distance(struct view a, struct view b)
{
    static unsigned t[81][81];
    uint32_t x[80], y[80];
    size_t n = characters(a, x), m = characters(b, y), i, k;

    for (i = 0; i <= n; i++)
        for (k = 0; k <= m; k++) {
            unsigned best = i == 0 ? (unsigned)k : t[i - 1][k] + 1;

            if (k > 0 && t[i][k - 1] + 1 < best)
                best = t[i][k - 1] + 1;
            if (i > 0 && k > 0 &&
                t[i - 1][k - 1] + (x[i - 1] != y[k - 1]) < best)
                best = t[i - 1][k - 1] + (x[i - 1] != y[k - 1]);
            t[i][k] = i == 0 && k == 0 ? 0 : best;
        }
    return t[n][m];
}

static bool begins(struct view word, struct view with)
{
    return word.n >= with.n && memcmp(word.p, with.p, with.n) == 0;
}

static uint32_t plain_term(const struct tok *t)
{
    return t->nterms == 2 ? t->term[1] : t->term[0];
}

static bool unspaced(const struct tok *t)
{
    return t->kind == TOKEN_BIGRAM || t->kind == TOKEN_UNIGRAM;
}

/* Whether word number w is near `to`; it is compared once. */
static bool is_near(const struct collection *c, uint32_t w, struct view to,
                    unsigned most, uint8_t *known)
{
    if (!known[w])
        known[w] = distance(buf_view(&c->word[w]), to) <= most ? 2 : 1;
    return known[w] == 2;
}

/* Whether a token is a form of such a term that the word, misspelled, may be. */
static bool may_be(const struct node *n, const struct collection *c,
                   const struct tok *t, uint32_t term, struct view word,
                   uint8_t *stems, uint8_t *words)
{
    if (!collection_plain(c, t, term))
        return false;
    return is_near(c, term, buf_view(&n->stem), n->number, stems) ||
           (begins(buf_view(&c->word[t->folded]), buf_view(&c->word[term])) &&
            is_near(c, t->folded, word, n->number, words));
}

/* The stems of a word that may be misspelled, by the forms that the documents
 * have: what was written in those that are gone is forgotten. */
static void mean_fuzzy(const struct node *n, const struct collection *c,
                       struct view word, bool *in)
{
    uint8_t *stems = must(calloc(c->nwords + 1, 1));
    uint8_t *words = must(calloc(c->nwords + 1, 1));
    uint32_t i, k;
    unsigned w;

    for (i = 0; i < c->ndocs; i++)
        for (k = 0; k < c->doc[i].n; k++) {
            const struct tok *t = &c->tok[c->doc[i].first + k];

            for (w = 0; w < t->nterms && !unspaced(t); w++)
                if (!in[t->term[w]])
                    in[t->term[w]] =
                        may_be(n, c, t, t->term[w], word, stems, words);
        }
    free(stems);
    free(words);
}

/* Which words the leaf stands for: by folded word for a pattern, by stem for a
 * word that may be misspelled. */
static bool *meant(const struct node *n, const struct collection *c)
{
    bool *in = must(calloc(c->nwords + 1, sizeof *in));
    char pattern[128];
    uint32_t i;

    for (i = 0; i < n->text.n && i + 1 < sizeof pattern; i++)
        pattern[i] = (char)(n->text.p[i] >= 'A' && n->text.p[i] <= 'Z'
                                ? n->text.p[i] | 0x20
                                : n->text.p[i]);
    pattern[i] = 0;
    for (i = 1; n->leaf == LEAF_PATTERN && i < c->nwords; i++)
        in[i] = has_form(pattern, buf_view(&c->word[i]));
    if (n->leaf == LEAF_FUZZY)
        mean_fuzzy(n, c, view_of(pattern, strlen(pattern)), in);
    return in;
}

static void count_meant(const struct node *n, const struct collection *c,
                        uint32_t *tf)
{
    bool *in = meant(n, c);
    uint32_t i, k;
    unsigned w;

    for (i = 0; i < c->ndocs; i++)
        for (k = 0; k < c->doc[i].n; k++) {
            const struct tok *t = &c->tok[c->doc[i].first + k];

            for (w = 0; w < t->nterms && !unspaced(t); w++)
                if (collection_plain(c, t, t->term[w]))
                    tf[i] += in[n->leaf == LEAF_FUZZY ? t->term[w] : t->folded];
        }
    free(in);
}

/* --- near each other --- */

enum { PLACES = 4096 };

/* Where a word of the leaf stands in a document. */
struct places {
    uint32_t from[PLACES], to[PLACES];
    bool in[PLACES];
    uint32_t n;
};

/* Whether token t is a word of leaf w; of a pattern `in` has its words. */
static bool is_word(const struct node *w, const bool *in, const struct tok *t)
{
    const struct tok *q = &w->tok[0];
    unsigned k, l;

    if (w->leaf == LEAF_PATTERN)
        return in[t->folded];
    if (w->leaf == LEAF_PHRASE)
        return q->folded != WORD_NONE && q->folded == t->folded;
    if (w->leaf == LEAF_EXACT)
        return q->form != WORD_NONE && q->form == t->form;
    for (l = 0; l < w->nways; l++)
        for (k = 0; k < t->nterms; k++)
            if (t->term[k] != WORD_NONE &&
                t->term[k] == plain_term(&w->way[l][0]))
                return true;
    return false;
}

/* Adds where w stands in a document. */
static void find(const struct node *w, const bool *in,
                 const struct collection *c, const struct doc *d,
                 struct places *p)
{
    const struct tok *t = c->tok + d->first, *end = t + d->n;
    uint32_t i;

    for (; t < end && p->n < PLACES; t++) {
        if (unspaced(t) || !is_word(w, in, t))
            continue;
        for (i = 0; i < p->n; i++)
            if (p->from[i] == t->pos && p->to[i] == t->pos + t->span)
                break;
        if (i < p->n)
            continue;
        p->from[p->n] = t->pos;
        p->to[p->n] = t->pos + t->span;
        p->in[p->n++] = false;
    }
}

/* The same for a child that may be a group of alternatives. in[] has the words
 * of each pattern in turn. */
static void find_any(const struct node *w, bool *const **in,
                     const struct collection *c, const struct doc *d,
                     struct places *p)
{
    unsigned k;

    if (w->leaf == LEAF_NONE)
        for (k = 0; k < w->n; k++)
            find_any(w->child[k], in, c, d, p);
    else
        find(w, w->leaf == LEAF_PATTERN ? *(*in)++ : NULL, c, d, p);
}

/* Positions between two places, and one: 0 where they overlap. */
static uint32_t gap(const struct places *p, uint32_t i, const struct places *q,
                    uint32_t k)
{
    if (p->to[i] <= q->from[k])
        return q->from[k] - p->to[i] + 1;
    if (q->to[k] <= p->from[i])
        return p->from[i] - q->to[k] + 1;
    return 0;
}

/* Whether place i of word w goes on to the last word (step 1) or back to the
 * first (step -1). */
static bool reaches(const struct node *n, const struct places *p, int w,
                    uint32_t i, int step)
{
    int next = w + step;
    uint32_t k, beside;

    if (next < 0 || next == (int)n->n)
        return true;
    beside = n->child[step > 0 ? next : w]->number;
    for (k = 0; k < p[next].n; k++) {
        uint32_t g = gap(&p[w], i, &p[next], k);
        bool behind = p[next].from[k] >= p[w].to[i];

        if (n->leaf == LEAF_ROW && (g != 1 || behind != (step > 0)))
            continue;
        if (n->leaf == LEAF_ROW)
            beside = 1;
        if (g > 0 && g <= beside && reaches(n, p, next, k, step))
            return true;
    }
    return false;
}

static uint32_t wanted(const struct node *n, unsigned w)
{
    unsigned i, times = 0;

    for (i = 0; i < n->n; i++)
        times += n->child[i]->tok[0].folded == n->child[w]->tok[0].folded &&
                 n->child[i]->tok[0].folded != WORD_NONE;
    return times ? times : 1;
}

/* Marks what lies in stretches of reach + 1 positions from place `from` on. */
static void mark_stretch(const struct node *n, struct places *p, uint32_t from,
                         uint32_t reach)
{
    uint32_t i, count;
    unsigned w;
    int pass;

    for (pass = 0; pass < 2; pass++)
        for (w = 0; w < n->n; w++) {
            for (i = count = 0; i < p[w].n; i++)
                if (p[w].from[i] >= from && p[w].to[i] <= from + reach + 1) {
                    count++;
                    if (pass == 1)
                        p[w].in[i] = true;
                }
            if (count < wanted(n, w))
                return;
        }
}

static uint32_t count_near(const struct node *n, struct places *p)
{
    uint32_t least = UINT32_MAX, i, part, reach = n->number;
    unsigned w;

    if (reach + 1 < n->n)
        reach = n->n - 1;
    for (w = 0; w < n->n; w++)
        for (i = 0; i < p[w].n; i++)
            if (n->leaf == LEAF_WITHIN)
                mark_stretch(n, p, p[w].from[i], reach);
            else
                p[w].in[i] =
                    reaches(n, p, (int)w, i, 1) && reaches(n, p, (int)w, i, -1);
    for (w = 0; w < n->n; w++) {
        for (i = part = 0; i < p[w].n; i++)
            part += p[w].in[i];
        if (n->leaf == LEAF_WITHIN)
            part /= wanted(n, w);
        if (part < least)
            least = part;
    }
    return least;
}

enum { PATTERNS = 16 }; /* in a row */

/* The words of each pattern below n; returns how many patterns there are. */
static unsigned list_patterns(const struct node *n, const struct collection *c,
                              bool *pattern[PATTERNS], unsigned have)
{
    unsigned k;

    for (k = 0; k < n->n; k++)
        have = list_patterns(n->child[k], c, pattern, have);
    if (n->leaf == LEAF_PATTERN && have < PATTERNS)
        pattern[have++] = meant(n, c);
    return have;
}

uint32_t *rank_counts(const struct node *n, const struct collection *c)
{
    uint32_t *tf = must(calloc(c->ndocs + 1, sizeof *tf)), i;
    struct places *p;
    bool *pattern[PATTERNS];
    unsigned w, npatterns;

    if (n->leaf == LEAF_PATTERN || n->leaf == LEAF_FUZZY) {
        count_meant(n, c, tf);
        return tf;
    }
    p = must(calloc(n->n, sizeof *p));
    npatterns = list_patterns(n, c, pattern, 0);
    for (i = 0; i < c->ndocs; i++) {
        bool *const *in = pattern;

        for (w = 0; w < n->n; w++) {
            p[w].n = 0;
            find_any(n->child[w], &in, c, &c->doc[i], &p[w]);
        }
        for (w = 0; w < n->n && p[w].n; w++)
            ;
        tf[i] = w == n->n ? count_near(n, p) : 0;
    }
    while (npatterns > 0)
        free(pattern[--npatterns]);
    free(p);
    return tf;
}
