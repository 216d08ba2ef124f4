/* Leaves of runs of scripts without spaces: phrases of bigrams, and bigrams. */
#include "query/dictionary.h"
#include "query/leaf_make.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* What a bigram weighs beside the words of its run, by measurement
 * (ARCHITECTURE.md, "Words without spaces"). */
static const double BIGRAM_BOOST = 0.3;

/* Words are looked for in runs of so many clusters: more is text pasted in. */
enum { RUN_MAX = 256 };

/* Bigrams p[0..n) as a phrase. */
static struct leaf *phrase(struct leaf_maker *m, const struct node *n,
                           const struct piece *p, unsigned nbigrams,
                           struct err *err)
{
    struct leaf *l = leaf_make(m, n, LEAF_EXACT, nbigrams, err);
    unsigned i;

    for (i = 0; l && i < nbigrams; i++) {
        if (leaf_fill_slot(m, &l->slot[i], &p[i], p[i].plain[0], TEST_NONE,
                           n->title) < 0) {
            err_nomem(err);
            return NULL;
        }
        l->slot[i].pos -= p[0].pos;
    }
    if (l) {
        l->length = nbigrams;
        l->text = view_sub(n->text, p[0].start, p[nbigrams - 1].end);
    }
    return l;
}

/* Marks which of the clusters p[0..n) of a run begin a word, as a dictionary
 * and the zero width spaces of whoever wrote it have it: 1, 0 where there is
 * none, ERR_NOMEM. */
static int find_words(struct view text, const struct piece *p, unsigned n,
                      bool *word)
{
    int32_t c, letter[DICTIONARY_MAX];
    uint16_t cluster[DICTIONARY_MAX]; /* of each letter */
    bool begins[DICTIONARY_MAX], first, forced = false;
    const uint8_t *at, *end;
    unsigned i, len, script;
    size_t k, nletters = 0;
    int rc;

    c = utf8_decode(text.p + p->start, text.p + text.n, &len);
    script = unicode_class(c)->script;
    for (i = 0; i < n; i++) {
        word[i] = forced;
        forced = false;
        first = true;
        at = text.p + p[i].start;
        end = text.p + (i + 1 < n ? p[i + 1].start : p[i].end);
        for (; at < end; at += len) {
            c = utf8_decode(at, end, &len);
            forced |= c == 0x200B;
            if (unicode_class(c)->word_break == WB_FORMAT ||
                unicode_class(c)->word_break == WB_ZWJ)
                continue;
            if (nletters == DICTIONARY_MAX)
                return 0;
            cluster[nletters] = (uint16_t)(first ? i : n);
            letter[nletters++] = c;
            first = false;
        }
    }
    rc = dictionary_words(script, letter, nletters, begins);
    if (rc <= 0)
        return rc;
    for (k = 0; k < nletters; k++)
        if (begins[k] && cluster[k] < n)
            word[cluster[k]] = true;
    word[0] = true;
    return 1;
}

/* Clusters of the word that begins at word[0], of n at most. */
static unsigned word_length(const bool *word, unsigned n)
{
    unsigned len = 1;

    while (len < n && !word[len])
        len++;
    return len;
}

/* Makes leaves for the words of two and more clusters among word[0..n), as many
 * as *nleaves gets. A word of one cluster is nearly always one like "that" or
 * "to", and is in the bigrams all the same. */
static int word_leaves(struct leaf_maker *m, const struct node *node,
                       const struct piece *p, const bool *word, unsigned n,
                       struct leaf **leaf, unsigned *nleaves, struct err *err)
{
    unsigned i, len;

    for (i = *nleaves = 0; i < n; i += len) {
        len = word_length(word + i, n - i);
        if (len == 1)
            continue;
        leaf[*nleaves] = len > 2
                             ? phrase(m, node, p + i, len - 1, err)
                             : leaf_term(m, node, p + i, p[i].plain[0], err);
        if (!leaf[*nleaves])
            return err->code;
        leaf[(*nleaves)++]->found = true;
    }
    return 0;
}

/* The bigrams p[0..n) one by one, behind the words there are. */
static int bigram_leaves(struct leaf_maker *m, const struct node *node,
                         const struct piece *p, unsigned n, struct unit *u,
                         struct err *err)
{
    bool faint = u->nleaves > 0;
    struct leaf *l;
    unsigned i;

    for (i = 0; i < n; i++) {
        l = leaf_term(m, node, &p[i], p[i].plain[0], err);
        if (!l)
            return err->code;
        l->run = i + 1 < n;
        l->faint = faint;
        if (faint)
            l->boost *= BIGRAM_BOOST;
        u->leaf[u->nleaves++] = l;
    }
    return 0;
}

int leaf_run(struct leaf_maker *m, const struct node *node,
             const struct piece *p, unsigned n, struct unit *u, struct err *err)
{
    unsigned nbigrams = n - (p[n - 1].kind == TOKEN_UNIGRAM);
    bool word[RUN_MAX];
    int rc;

    u->all = true;
    u->leaf = arena_alloc(m->arena, 2 * n * sizeof *u->leaf);
    if (!u->leaf)
        return err_nomem(err);
    if (nbigrams < LEAF_RUN) {
        u->leaf[0] = nbigrams > 1 ? phrase(m, node, p, nbigrams, err)
                                  : leaf_term(m, node, p, p->plain[0], err);
        u->nleaves = u->nneeded = 1;
        return u->leaf[0] ? 0 : err->code;
    }
    /* Words cost slots: half of them stay for the bigrams. */
    if (n <= RUN_MAX && m->nslots + n <= LEAF_SLOTS / 2) {
        rc = find_words(node->text, p, n, word);
        if (rc < 0)
            return err_nomem(err);
        if (rc > 0)
            rc = word_leaves(m, node, p, word, n, u->leaf, &u->nleaves, err);
        if (rc < 0)
            return rc;
    }
    u->nneeded = u->nleaves ? u->nleaves : nbigrams;
    return bigram_leaves(m, node, p, nbigrams, u, err);
}
