#include "tests/oracle/rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/normal.h"

static const double k1 = 1.2, b = 0.75;

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
    double n = c->counted;

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

/* The occurrences in each document; the caller frees them. *df gets how many
 * documents have one. */
static uint32_t *counts(const struct collection *c, uint32_t term, bool title,
                        uint32_t *df)
{
    uint32_t *tf = must(malloc((c->ndocs + 1) * sizeof *tf)), i;

    *df = 0;
    for (i = 0; i < c->ndocs; i++) {
        tf[i] = count_term(c, &c->doc[i], term, title);
        *df += tf[i] > 0;
    }
    return tf;
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
    if (!has_term(t, plain_term(q)))
        return false;
    if (n->leaf == LEAF_EXACT)
        return q->form != WORD_NONE && q->form == t->form;
    if (n->leaf == LEAF_STEMS)
        return !unspaced(t) && has_term(t, plain_term(q));
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

/* Adds a stem to those of a word, unless it is there. */
static void add_stem(uint32_t term, uint32_t *stem, unsigned *n)
{
    unsigned i;

    for (i = 0; i < *n && stem[i] != term; i++)
        ;
    if (i == *n)
        stem[(*n)++] = term;
}

/* The stems of token i in the first `ways` languages, each once; returns how
 * many. */
static unsigned first_stems(const struct node *n, uint32_t i, unsigned ways,
                            uint32_t stem[2 * STEMMERS])
{
    unsigned w, k, count = 0;

    for (w = 0; w < ways; w++)
        for (k = 0; k < n->way[w][i].nterms; k++)
            add_stem(n->way[w][i].term[k], stem, &count);
    return count;
}

/* In how many documents the stems of a word are, added up. */
static uint32_t joint_df(const struct collection *c, const uint32_t *stem,
                         unsigned n, bool title)
{
    uint64_t sum = 0;
    uint32_t df;
    unsigned i;

    for (i = 0; i < n; i++) {
        if (stem[i] >= c->ndf)
            continue; /* only questions have it */
        df = c->df[title][stem[i]];
        if (df == UINT32_MAX)
            free(counts(c, stem[i], title, &df));
        c->df[title][stem[i]] = df;
        sum += df;
    }
    return sum < c->counted ? (uint32_t)sum : c->counted;
}

/* The stems of token i in common languages, or, where no document has one of
 * these, in all. */
static unsigned stems_of(const struct collection *c, const struct node *n,
                         uint32_t i, bool title, uint32_t stem[2 * STEMMERS])
{
    unsigned count = first_stems(n, i, c->list.ncommon, stem);

    return joint_df(c, stem, count, title) ? count
                                           : first_stems(n, i, n->nways, stem);
}

/* The idf of a word of a phrase. */
static double idf_of_word(const struct collection *c, const struct node *n,
                          uint32_t token)
{
    const struct tok *q = &n->tok[token];
    uint32_t i, k, df = 0, stem[2 * STEMMERS];

    if (q->kind != TOKEN_UNIGRAM) {
        if (c->list.n > 1)
            return idf(c, joint_df(c, stem, stems_of(c, n, token, false, stem),
                                   false));
        free(counts(c, plain_term(q), false, &df));
        return idf(c, df);
    }
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
    double avgdl = (double)c->positions / c->counted;
    uint32_t i;

    for (i = 0; i < c->ndocs; i++)
        norm[i] = k1 * (1 - b + b * coded_length(c->doc[i].length) / avgdl);
    return norm;
}

/* Token t: each of its stems adds what it scores. What a word is in several
 * languages weighs alike. */
static void add_token(const struct node *n, uint32_t t,
                      const struct collection *c, bool title,
                      const double *norm, double *score)
{
    uint32_t i, df, *tf, stem[2 * STEMMERS];
    unsigned k, nstems = stems_of(c, n, t, title, stem);
    uint32_t joint = c->list.n > 1 ? joint_df(c, stem, nstems, title) : 0;
    double w;

    for (k = 0; k < nstems; k++) {
        tf = counts(c, stem[k], title, &df);
        w = idf(c, joint ? joint : df);
        for (i = 0; i < c->ndocs; i++)
            if (tf[i])
                score[i] = (score[i] < 0 ? 0 : score[i]) +
                           w * tf[i] / (tf[i] + norm[i]);
        free(tf);
    }
}

static bool has_token(const struct collection *c, const struct doc *d,
                      const struct node *n, uint32_t t)
{
    uint32_t stem[2 * STEMMERS];
    unsigned k, nstems = stems_of(c, n, t, n->leaf == LEAF_TITLE, stem);

    for (k = 0; k < nstems; k++)
        if (count_term(c, d, stem[k], false))
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
        bool all = has_token(c, d, n, i);

        joined = ++i;
        if (joined < n->ntoks && n->tok[joined].kind == TOKEN_JOINED) {
            const struct tok *j = &n->tok[joined];

            for (i++; i < n->ntoks && n->tok[i].pos < j->pos + j->span; i++)
                all = has_token(c, d, n, i) && all;
            all = all || has_token(c, d, n, joined);
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
        add_token(n, i, c, false, norm, score);
    for (i = 0; strict && i < c->ndocs; i++)
        if (!has_parts(c, &c->doc[i], n))
            score[i] = -1;
}

/* Whether a language before way w stems all words alike. */
static bool was_before(const struct node *n, unsigned w)
{
    unsigned before;
    uint32_t i;

    for (before = 0; before < w; before++) {
        for (i = 0; i < n->ntoks; i++)
            if (plain_term(&n->way[before][i]) != plain_term(&n->way[w][i]))
                break;
        if (i == n->ntoks)
            return true;
    }
    return false;
}

/* Whether the collection has all stems of the words in language w. */
static bool is_known(const struct node *n, const struct collection *c,
                     unsigned w)
{
    uint32_t i, df, stem[2 * STEMMERS];

    for (i = 0; i < n->ntoks; i++) {
        const struct tok *t = &n->way[w][i];

        free(counts(c, plain_term(t), false, &df));
        if (df == 0 && t->kind != TOKEN_UNIGRAM &&
            first_stems(n, i, n->nways, stem) > 1 &&
            (plain_term(t) != stem[0] ||
             joint_df(c, stem, first_stems(n, i, n->nways, stem), false) > 0))
            return false;
    }
    return true;
}

/* Each way in which the languages stem the words adds what it scores. */
static void rank_phrase(const struct node *n, const struct collection *c,
                        const double *norm, double *score)
{
    struct node way = *n;
    double w = 0;
    uint32_t i, tf;
    unsigned k, ways = 0;

    for (i = 0; i < n->ntoks; i++)
        if (n->ntoks == 1 || n->tok[i].kind != TOKEN_JOINED)
            w += idf_of_word(c, n, i);
    if (n->weight > 0)
        w = n->weight;
    for (k = 0; k < n->nways; k++)
        ways += is_known(n, c, k);
    for (k = 0; k < n->nways; k++) {
        if (ways > 0 ? was_before(n, k) || !is_known(n, c, k) : k > 0)
            continue;
        way.tok = n->way[k];
        for (i = 0; i < c->ndocs; i++) {
            tf = count_phrase(c, &c->doc[i], &way);
            if (tf)
                score[i] =
                    (score[i] < 0 ? 0 : score[i]) + w * tf / (tf + norm[i]);
        }
    }
}

/* The idf of a leaf that stands for many words. */
static double idf_of_slot(const struct collection *c, const struct node *n)
{
    uint32_t *tf = rank_counts(n, c), i, df = 0;

    for (i = 0; i < c->ndocs; i++)
        df += tf[i] > 0;
    free(tf);
    return idf(c, df);
}

/* The idf of a child of words near each other: of alternatives the least. */
static double idf_of_child(const struct collection *c, const struct node *n)
{
    double w = INFINITY;
    unsigned k;

    for (k = 0; n->leaf == LEAF_NONE && k < n->n; k++)
        w = fmin(w, idf_of_child(c, n->child[k]));
    return n->leaf == LEAF_NONE      ? w
           : n->leaf == LEAF_PATTERN ? idf_of_slot(c, n)
                                     : idf_of_word(c, n, 0);
}

/* Leaves of many words, and words near each other. */
static void rank_many(const struct node *n, const struct collection *c,
                      const double *norm, double *score)
{
    uint32_t *tf = rank_counts(n, c), i;
    double w = 0;
    unsigned k;

    for (k = 0; k < n->n; k++)
        w += idf_of_child(c, n->child[k]);
    if (n->n == 0)
        w = idf_of_slot(c, n);
    for (i = 0; i < c->ndocs; i++)
        if (tf[i])
            score[i] = w * tf[i] / (tf[i] + norm[i]);
    free(tf);
}

/* Whether s has the form of pattern p: * is any bytes, ? a character. */
static bool has_form(const char *p, const char *s)
{
    if (*p == 0)
        return *s == 0;
    if (*p == '*')
        return has_form(p + 1, s) || (*s && has_form(p, s + 1));
    if (*s == 0 || (*p != '?' && *p != *s))
        return false;
    for (s++; *p == '?' && (*s & 0xc0) == 0x80; s++)
        ;
    return has_form(p + 1, s);
}

static bool is_named(const struct node *n, const struct collection *c,
                     uint32_t i)
{
    char text[256];

    if (n->leaf == LEAF_ID)
        return n->id == i + 1;
    snprintf(text, sizeof text, "%.*s", (int)n->text.n,
             (const char *)n->text.p);
    return strpbrk(text, "*?") ? has_form(text, c->doc[i].id)
                               : strstr(c->doc[i].id, text) != NULL;
}

static void rank_leaf(const struct node *n, const struct collection *c,
                      bool strict, double *score)
{
    double *norm = lengths(c);
    uint32_t i;

    for (i = 0; i < c->ndocs; i++)
        score[i] = node_names(n) && is_named(n, c, i) ? 0 : -1;
    if (node_names(n)) {
        free(norm);
        return;
    }
    if (n->leaf == LEAF_WORD || n->leaf == LEAF_TITLE)
        add_token(n, 0, c, n->leaf == LEAF_TITLE, norm, score);
    else if (n->leaf == LEAF_PARTS)
        rank_parts(n, c, strict, norm, score);
    else if (n->leaf >= LEAF_PATTERN)
        rank_many(n, c, norm, score);
    else
        rank_phrase(n, c, norm, score);
    free(norm);
}

/* Marks what a group's unsigned names of one kind leave out, if there are
 * any. */
static void restrict_to(const struct node *n, const struct collection *c,
                        enum leaf kind, bool *out)
{
    uint32_t i;
    unsigned k, names, named;

    for (i = 0; i < c->ndocs; i++) {
        names = named = 0;
        for (k = 0; k < n->n; k++)
            if (n->occur[k] == SHOULD && n->child[k]->leaf == kind) {
                names++;
                named += is_named(n->child[k], c, i);
            }
        out[i] = out[i] || (names && !named);
    }
}

/* Adds one clause of a group, or marks the documents that it excludes. */
static void rank_clause(const struct node *n, enum occur occur,
                        const struct collection *c, double *score, bool *out)
{
    double *part = must(malloc((c->ndocs + 1) * sizeof *part));
    uint32_t i;

    node_rank(n, c, occur != SHOULD, part);
    for (i = 0; i < c->ndocs; i++) {
        if (occur == MUST_NOT ? part[i] >= 0 : occur == MUST && part[i] < 0)
            out[i] = true;
        else if (occur != MUST_NOT && part[i] >= 0)
            score[i] = (score[i] < 0 ? 0 : score[i]) + part[i];
    }
    free(part);
}

static void rank_group(const struct node *n, const struct collection *c,
                       double *score)
{
    bool *out = must(calloc(c->ndocs + 1, sizeof *out));
    unsigned k, musts = 0, options = 0;
    uint32_t i;

    for (k = 0; k < n->n; k++) {
        musts += n->occur[k] == MUST;
        options += n->occur[k] == SHOULD && !node_names(n->child[k]);
    }
    for (i = 0; i < c->ndocs; i++)
        score[i] = options && !musts ? -1 : 0; /* one of them must match */
    restrict_to(n, c, LEAF_PATH, out);
    restrict_to(n, c, LEAF_ID, out);
    for (k = 0; k < n->n; k++)
        if (n->occur[k] != SHOULD || !node_names(n->child[k]))
            rank_clause(n->child[k], n->occur[k], c, score, out);
    for (i = 0; i < c->ndocs; i++)
        if (out[i])
            score[i] = -1;
    free(out);
}

uint32_t rank_df(const struct collection *c, const struct tok *t)
{
    uint32_t df;

    free(counts(c, plain_term(t), false, &df));
    return df;
}

double rank_weight(const struct node *n, const struct collection *c)
{
    double w = 0;
    uint32_t i, df;
    unsigned k;

    for (i = 0; i < n->ntoks; i++)
        if (n->leaf == LEAF_RUN || c->list.n > 1)
            w += idf_of_word(c, n, i);
        else
            for (k = 0; k < n->tok[i].nterms; k++) {
                free(counts(c, n->tok[i].term[k], false, &df));
                w += idf(c, df);
            }
    return w;
}

/* The best of the children. */
static void rank_max(const struct node *n, const struct collection *c,
                     double *score)
{
    double *part = must(malloc((c->ndocs + 1) * sizeof *part));
    uint32_t i;
    unsigned k;

    for (i = 0; i < c->ndocs; i++)
        score[i] = -1;
    for (k = 0; k < n->n; k++) {
        node_rank(n->child[k], c, false, part);
        for (i = 0; i < c->ndocs; i++)
            score[i] = fmax(score[i], part[i]);
    }
    free(part);
}

void node_rank(const struct node *n, const struct collection *c, bool strict,
               double *score)
{
    uint32_t i;

    if (n->leaf == LEAF_NONE)
        rank_group(n, c, score);
    else if (n->leaf == LEAF_MAX)
        rank_max(n, c, score);
    else
        rank_leaf(n, c, strict, score);
    for (i = 0; n->boost > 0 && i < c->ndocs; i++)
        if (score[i] > 0)
            score[i] *= n->boost;
}

void rank(const struct node *n, const struct collection *c, double *score)
{
    uint32_t i;

    node_rank(n, c, false, score);
    for (i = 0; i < c->ndocs; i++)
        if (c->doc[i].dead)
            score[i] = -1;
}
