#include "tests/oracle/rank.h"

#include <math.h>
#include <stdlib.h>

#include "text/normal.h"

static const double k1 = 1.2, b = 0.75;

struct node *node_leaf(struct collection *c, enum leaf leaf, struct view text)
{
    struct node *n = must(calloc(1, sizeof *n));
    struct zone all = {0, (uint32_t)text.n, false};
    uint32_t i, kept = 0, length;

    n->leaf = leaf;
    buf_add(&n->text, text);
    collection_tokens(c, text, &all, 1, false, &n->tok, &n->ntoks, &n->toks_cap,
                      &length);
    /* The last character of a run of two or more is part of the bigram before
     * it. */
    for (i = 0; i < n->ntoks; i++)
        if (!(n->tok[i].kind == TOKEN_UNIGRAM && i > 0 &&
              n->tok[i - 1].kind == TOKEN_BIGRAM &&
              n->tok[i - 1].end == n->tok[i].end))
            n->tok[kept++] = n->tok[i];
    n->ntoks = kept;
    return n;
}

struct node *node_group(void)
{
    struct node *n = must(calloc(1, sizeof *n));

    n->leaf = LEAF_NONE;
    return n;
}

void node_add(struct node *group, struct node *child, enum occur occur)
{
    group->child =
        must(realloc(group->child, (group->n + 1) * sizeof *group->child));
    group->occur =
        must(realloc(group->occur, (group->n + 1) * sizeof *group->occur));
    group->child[group->n] = child;
    group->occur[group->n++] = occur;
}

void node_free(struct node *n)
{
    unsigned i;

    for (i = 0; i < n->n; i++)
        node_free(n->child[i]);
    free(n->child);
    free(n->occur);
    free(n->tok);
    buf_release(&n->text);
    free(n);
}

/* Lucene's SmallFloat.intToByte4 and back: exact below 24, and from there the
 * four highest bits of what is over 24. */
static uint32_t coded_length(uint32_t length)
{
    uint32_t over, bits = 0;

    if (length < 24)
        return length;
    over = length - 24;
    while (over >> bits >= 16)
        bits++;
    return 24 + (over >> bits << bits);
}

static double idf(const struct collection *c, uint32_t df)
{
    double n = c->ndocs;

    return log(1 + (n - df + 0.5) / (df + 0.5));
}

static bool has_term(const struct tok *t, uint32_t term)
{
    unsigned k;

    for (k = 0; k < t->nterms; k++)
        if (term != WORD_NONE && t->term[k] == term)
            return true;
    return false;
}

/* Occurrences of a stem in a document, one a position. */
static uint32_t count_term(const struct collection *c, const struct doc *d,
                           uint32_t term, bool title)
{
    const struct tok *t = c->tok + d->first, *end = t + d->n;
    uint32_t n = 0, last = UINT32_MAX;

    for (; t < end; t++)
        if (has_term(t, term) && t->pos != last && (!title || t->title)) {
            n++;
            last = t->pos;
        }
    return n;
}

static double idf_of_term(const struct collection *c, uint32_t term, bool title)
{
    uint32_t i, df = 0;

    for (i = 0; i < c->ndocs; i++)
        df += count_term(c, &c->doc[i], term, title) > 0;
    return idf(c, df);
}

/* The stem under which every spelling of a word is found: the last one. */
static uint32_t plain_term(const struct tok *t)
{
    return t->nterms == 2 ? t->term[1] : t->term[0];
}

static bool unspaced(const struct tok *t)
{
    return t->kind == TOKEN_BIGRAM || t->kind == TOKEN_UNIGRAM;
}

/* Whether t is or begins with the one character q. */
static bool begins_with(const struct collection *c, const struct tok *t,
                        const struct tok *q)
{
    struct view w = buf_view(&c->word[t->term[0]]);
    struct view one = buf_view(&c->word[q->term[0]]);

    return unspaced(t) && w.n >= one.n && normal_cluster(w) == one.n &&
           memcmp(w.p, one.p, one.n) == 0;
}

static bool same(const struct collection *c, const struct node *n,
                 const struct tok *q, const struct tok *t)
{
    if (q->kind == TOKEN_UNIGRAM)
        return q->term[0] != WORD_NONE && begins_with(c, t, q);
    if (n->leaf == LEAF_EXACT)
        return q->form != WORD_NONE && q->form == t->form;
    return q->folded != WORD_NONE && q->folded == t->folded;
}

/* Where in the leaf a match is: at token i, and all before position `pos` of
 * the leaf matched up to position `at` of the document, where token t and
 * those behind it stand. A joined token of either side covers its span. */
static bool follows(const struct collection *c, const struct node *n,
                    uint32_t pos, const struct tok *t, const struct tok *end,
                    uint32_t at)
{
    const struct tok *q = n->tok, *qend = q + n->ntoks;
    const struct tok *last = qend - 1;
    bool here = false;

    if (pos > last->pos)
        return true;
    while (t < end && t->pos < at)
        t++;
    for (; q < qend && q->pos <= pos; q++) {
        const struct tok *u;

        if (q->pos != pos)
            continue;
        here = true;
        for (u = t; u < end && u->pos == at; u++)
            if (same(c, n, q, u) &&
                follows(c, n, pos + q->span, u + 1, end, at + u->span))
                return true;
    }
    return !here && follows(c, n, pos + 1, t, end, at + 1);
}

/* Positions at which the leaf's words begin. */
static uint32_t count_phrase(const struct collection *c, const struct doc *d,
                             const struct node *n)
{
    const struct tok *t = c->tok + d->first, *end = t + d->n;
    uint32_t count = 0, last = UINT32_MAX;

    for (; t < end; t++)
        if (t->pos != last && follows(c, n, n->tok[0].pos, t, end, t->pos)) {
            count++;
            last = t->pos;
        }
    return count;
}

/* The idf of a word of a phrase. */
static double idf_of_word(const struct collection *c, const struct node *n,
                          const struct tok *q)
{
    uint32_t i, k, df = 0;

    if (q->kind != TOKEN_UNIGRAM)
        return idf_of_term(c, plain_term(q), false);
    for (i = 0; i < c->ndocs; i++) {
        const struct doc *d = &c->doc[i];

        for (k = 0; k < d->n && !same(c, n, q, &c->tok[d->first + k]); k++)
            ;
        df += k < d->n;
    }
    return idf(c, df);
}

static double *lengths(const struct collection *c)
{
    double *norm = must(malloc((c->ndocs + 1) * sizeof *norm));
    double avgdl = (double)c->positions / c->ndocs;
    uint32_t i;

    for (i = 0; i < c->ndocs; i++)
        norm[i] = k1 * (1 - b + b * coded_length(c->doc[i].length) / avgdl);
    return norm;
}

/* A token: each of its stems adds what it scores. */
static void add_token(const struct tok *q, const struct collection *c,
                      bool title, const double *norm, double *score)
{
    uint32_t i, tf;
    unsigned k;
    double w;

    for (k = 0; k < q->nterms; k++) {
        w = idf_of_term(c, q->term[k], title);
        for (i = 0; i < c->ndocs; i++) {
            tf = count_term(c, &c->doc[i], q->term[k], title);
            if (tf)
                score[i] =
                    (score[i] < 0 ? 0 : score[i]) + w * tf / (tf + norm[i]);
        }
    }
}

static bool has_token(const struct collection *c, const struct doc *d,
                      const struct tok *q)
{
    unsigned k;

    for (k = 0; k < q->nterms; k++)
        if (count_term(c, d, q->term[k], false))
            return true;
    return false;
}

/* Whether the document has all parts; a joined token, which stands behind the
 * first part that it covers, may take the place of all it covers. */
static bool has_parts(const struct collection *c, const struct doc *d,
                      const struct node *n)
{
    uint32_t i = 0, joined;

    while (i < n->ntoks) {
        bool all = has_token(c, d, &n->tok[i]);

        joined = ++i;
        if (joined < n->ntoks && n->tok[joined].kind == TOKEN_JOINED) {
            const struct tok *j = &n->tok[joined];

            for (i++; i < n->ntoks && n->tok[i].pos < j->pos + j->span; i++)
                all = has_token(c, d, &n->tok[i]) && all;
            all = all || has_token(c, d, j);
        }
        if (!all)
            return false;
    }
    return true;
}

static void rank_parts(const struct node *n, const struct collection *c,
                       bool strict, const double *norm, double *score)
{
    uint32_t i;

    for (i = 0; i < n->ntoks; i++)
        add_token(&n->tok[i], c, false, norm, score);
    for (i = 0; strict && i < c->ndocs; i++)
        if (!has_parts(c, &c->doc[i], n))
            score[i] = -1;
}

static void rank_phrase(const struct node *n, const struct collection *c,
                        const double *norm, double *score)
{
    double w = 0;
    uint32_t i, tf;

    for (i = 0; i < n->ntoks; i++)
        if (n->ntoks == 1 || n->tok[i].kind != TOKEN_JOINED)
            w += idf_of_word(c, n, &n->tok[i]);
    for (i = 0; i < c->ndocs; i++) {
        tf = count_phrase(c, &c->doc[i], n);
        if (tf)
            score[i] = w * tf / (tf + norm[i]);
    }
}

static void rank_leaf(const struct node *n, const struct collection *c,
                      bool strict, double *score)
{
    double *norm = lengths(c);
    uint32_t i;

    for (i = 0; i < c->ndocs; i++)
        score[i] = -1;
    if (n->leaf == LEAF_WORD || n->leaf == LEAF_TITLE)
        add_token(&n->tok[0], c, n->leaf == LEAF_TITLE, norm, score);
    else if (n->leaf == LEAF_PARTS)
        rank_parts(n, c, strict, norm, score);
    else
        rank_phrase(n, c, norm, score);
    free(norm);
}

static void rank_group(const struct node *n, const struct collection *c,
                       double *score)
{
    double *part = must(malloc((c->ndocs + 1) * sizeof *part));
    bool *out = must(calloc(c->ndocs + 1, sizeof *out));
    bool negative = true; /* nothing but NOT */
    unsigned k, musts = 0;
    uint32_t i;

    for (k = 0; k < n->n; k++) {
        negative = negative && n->occur[k] == MUST_NOT;
        musts += n->occur[k] == MUST;
    }
    for (i = 0; i < c->ndocs; i++)
        score[i] = negative || musts ? 0 : -1;
    for (k = 0; k < n->n; k++) {
        node_rank(n->child[k], c, n->occur[k] != SHOULD, part);
        for (i = 0; i < c->ndocs; i++) {
            if (n->occur[k] == MUST_NOT ? part[i] >= 0
                                        : n->occur[k] == MUST && part[i] < 0)
                out[i] = true;
            else if (n->occur[k] != MUST_NOT && part[i] >= 0)
                score[i] = (score[i] < 0 ? 0 : score[i]) + part[i];
        }
    }
    for (i = 0; i < c->ndocs; i++)
        if (out[i])
            score[i] = -1;
    free(part);
    free(out);
}

void node_rank(const struct node *n, const struct collection *c, bool strict,
               double *score)
{
    if (n->leaf == LEAF_NONE)
        rank_group(n, c, score);
    else
        rank_leaf(n, c, strict, score);
}
