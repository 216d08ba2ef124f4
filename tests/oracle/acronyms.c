#include "tests/oracle/acronyms.h"

#include <stdlib.h>

#include "text/acronym_pairs.h"

enum { SENSES = 64, WORDS = 15, MOST = 16 };

static char *string(struct view v)
{
    char *s = must(malloc(v.n + 1));

    if (v.n)
        memcpy(s, v.p, v.n);
    s[v.n] = 0;
    return s;
}

/* The stems of a text, each with a blank behind it; *toks gets its tokens. */
static char *stems_of(struct collection *c, struct view text)
{
    struct tok *tok = NULL;
    uint32_t n = 0, cap = 0, length, i;
    struct zone all = {0, (uint32_t)text.n, false};
    struct buf out = {0};
    char *s;

    collection_tokens(c, c->list.lexer[0], text, &all, 1, true, &tok, &n, &cap,
                      &length);
    for (i = 0; i < n; i++)
        if (tok[i].kind != TOKEN_JOINED) {
            buf_add(&out, buf_view(&c->word[tok[i].term[tok[i].nterms - 1]]));
            buf_addc(&out, ' ');
        }
    free(tok);
    s = string(buf_view(&out));
    buf_release(&out);
    return s;
}

static void state(struct acronyms_said *a, struct collection *c, uint32_t doc,
                  const struct acronym_pair *p)
{
    struct buf brief = {0}, full = {0}, head = {0};
    struct statement *s;

    acronym_fold_brief(p->brief, &brief);
    acronym_fold_full(p->full, &full);
    acronym_head(buf_view(&full), &head);
    if (a->n == a->cap) {
        a->cap = a->cap ? 2 * a->cap : 64;
        a->said = must(realloc(a->said, a->cap * sizeof *a->said));
    }
    s = &a->said[a->n++];
    s->brief = string(buf_view(&brief));
    s->head = string(buf_view(&head));
    s->stems = stems_of(c, buf_view(&full));
    s->brief_written = string(p->brief);
    s->full_written = string(p->full);
    s->doc = doc;
    buf_release(&brief);
    buf_release(&full);
    buf_release(&head);
}

void said_open(struct acronyms_said *a, struct collection *c)
{
    struct buf lines = {0};
    uint32_t i;

    memset(a, 0, sizeof *a);
    for (i = 0; i < c->ndocs; i++) {
        struct acronym_pair p;
        struct view rest;

        if (c->doc[i].dead)
            continue;
        buf_clear(&lines);
        acronyms_of(buf_view(&c->doc[i].text), &lines);
        for (rest = buf_view(&lines); acronym_pair(&rest, &p);)
            state(a, c, i, &p);
    }
    buf_release(&lines);
}

void said_close(struct acronyms_said *a)
{
    uint32_t i;

    for (i = 0; i < a->n; i++) {
        free(a->said[i].brief);
        free(a->said[i].stems);
        free(a->said[i].head);
        free(a->said[i].brief_written);
        free(a->said[i].full_written);
    }
    free(a->said);
}

/* --- senses --- */

struct sense {
    const struct statement *first;
    uint32_t docs, last;
};

/* The senses of a short form, most documents first; *total: of all. */
static unsigned senses(const struct acronyms_said *a, const char *brief,
                       struct sense *out, uint32_t *total)
{
    unsigned n = 0, k;
    uint32_t i;

    *total = 0;
    for (i = 0; i < a->n; i++) {
        const struct statement *s = &a->said[i];

        if (strcmp(s->brief, brief) != 0)
            continue;
        for (k = 0; k < n && strcmp(out[k].first->stems, s->stems) != 0; k++)
            ;
        if (k == SENSES)
            die("too many senses");
        if (k == n)
            out[n++] = (struct sense){s, 0, UINT32_MAX};
        if (out[k].last != s->doc) { /* documents come in order */
            out[k].docs++;
            out[k].last = s->doc;
            ++*total;
        }
    }
    for (k = 1; k < n; k++)
        if (out[k].docs > out[k - 1].docs) {
            struct sense x = out[k];

            out[k] = out[k - 1];
            out[k - 1] = x;
            k = 0;
        }
    return n;
}

static bool usable(const struct sense *s, unsigned n, unsigned i,
                   uint32_t total)
{
    return n == 1 || (i < 3 && s[i].docs >= 2 && s[i].docs >= total / 10);
}

/* Whether more than ten times as many documents have the word. */
static bool ordinary(struct collection *c, const char *brief, uint32_t total)
{
    struct node *n = node_leaf(c, LEAF_STEMS, view_str(brief));
    bool is = n->ntoks != 1 || rank_df(c, &n->tok[0]) > 10 * total;

    node_free(n);
    return is;
}

/* --- questions --- */

static bool plain(const struct node *n)
{
    return n->leaf == LEAF_WORD || n->leaf == LEAF_RUN || n->leaf == LEAF_PARTS;
}

/* A word without what stands around it; only what the questions have. */
static char *bare(const struct node *n, bool *capitals)
{
    struct view v = buf_view(&n->text);
    unsigned upper = 0, lower = 0;
    struct buf out = {0};
    char *s;
    size_t i;

    if (n->ntoks) /* from its first token to its last */
        v = view_sub(v, n->tok[0].start, n->tok[n->ntoks - 1].end);
    if (v.n > 2 && v.p[v.n - 1] == 's' && v.p[v.n - 2] == '\'')
        v.n -= 2;
    else if (v.n > 4 && memcmp(v.p + v.n - 4, "\xE2\x80\x99s", 4) == 0)
        v.n -= 4;
    else if (v.n > 2 && v.p[v.n - 1] == 's' && v.p[v.n - 2] >= 'A' &&
             v.p[v.n - 2] <= 'Z')
        v.n--;
    for (i = 0; i < v.n; i++) {
        upper += v.p[i] >= 'A' && v.p[i] <= 'Z';
        lower += v.p[i] >= 'a' && v.p[i] <= 'z';
    }
    *capitals = upper >= 2 || (upper && !lower);
    acronym_fold_brief(v, &out);
    s = string(buf_view(&out));
    buf_release(&out);
    return s;
}

/* What stands for the words at g->child[i ..]. */
struct other {
    const char *text;
    double weight;
    unsigned words;
    enum leaf leaf;
};

/* The longest row of words from clause i on that is a long form. */
static unsigned find_row(const struct acronyms_said *a, struct collection *c,
                         const struct node *g, unsigned i, struct other *out)
{
    struct buf text = {0}, folded = {0}, head = {0};
    const char *best = NULL;
    char *stems, *asked;
    struct sense s[SENSES];
    uint32_t total, docs = 0, k;
    unsigned words, n, m;

    for (words = 0; words < WORDS && i + words < g->n; words++) {
        const struct node *w = g->child[i + words];

        if (!plain(w) || g->occur[i + words] != g->occur[i] ||
            w->boost != g->child[i]->boost)
            break;
        buf_add(&text, buf_view(&w->text));
        buf_addc(&text, ' ');
    }
    acronym_fold_full(buf_view(&text), &folded);
    acronym_head(buf_view(&folded), &head);
    asked = string(buf_view(&head));
    out->words = 0;
    for (; words > 0; words--) {
        stems = stems_of(c, buf_view(&text));
        for (k = 0; k < a->n && *asked; k++) {
            if (strcmp(a->said[k].head, asked) != 0)
                continue;
            n = senses(a, a->said[k].brief, s, &total);
            for (m = 0; m < n; m++)
                if (strcmp(s[m].first->stems, stems) == 0 &&
                    usable(s, n, m, total) &&
                    (!best || s[m].docs > docs ||
                     (s[m].docs == docs &&
                      strcmp(a->said[k].brief, best) < 0))) {
                    best = a->said[k].brief;
                    docs = s[m].docs;
                    *out = (struct other){
                        s[m].first->brief_written, 0.5 * docs / total, words,
                        ordinary(c, best, total) ? LEAF_EXACT : LEAF_STEMS};
                }
        }
        free(stems);
        if (best)
            break;
        text.n -= g->child[i + words - 1]->text.n + 1;
    }
    buf_release(&text);
    buf_release(&folded);
    buf_release(&head);
    free(asked);
    return out->words > 0;
}

/* What a word stands for by itself. */
static unsigned find_word(const struct acronyms_said *a, struct collection *c,
                          const struct node *w, struct other *out)
{
    bool capitals;
    char *brief = bare(w, &capitals);
    struct sense s[SENSES];
    uint32_t total;
    unsigned n = senses(a, brief, s, &total), i, found = 0;

    if (n && (capitals || !ordinary(c, brief, total)))
        for (i = 0; i < n; i++)
            if (usable(s, n, i, total))
                out[found++] =
                    (struct other){s[i].first->full_written,
                                   0.5 * s[i].docs / total, 1, LEAF_STEMS};
    free(brief);
    return found;
}

/* A node of the words and of what stands for them, in the place of the words. */
static void put(struct collection *c, struct node *g, unsigned i,
                const struct other *o, unsigned n)
{
    struct node *max = node_new(LEAF_MAX), *words = node_group();
    double weight = 0, boost = g->child[i]->boost;
    unsigned k;

    for (k = 0; k < o->words; k++) {
        node_add(words, g->child[i + k], g->occur[i]);
        weight += rank_weight(g->child[i + k], c);
    }
    node_add(max, words, SHOULD);
    for (k = 0; k < n; k++) {
        struct node *x = node_leaf(c, o[k].leaf, view_str(o[k].text));

        x->weight = weight;
        x->boost = (boost > 0 ? boost : 1) * o[k].weight;
        node_add(max, x, SHOULD);
    }
    g->child[i] = max;
    for (k = i + 1; k + o->words - 1 < g->n; k++) {
        g->child[k] = g->child[k + o->words - 1];
        g->occur[k] = g->occur[k + o->words - 1];
    }
    g->n -= o->words - 1;
}

static void widen(const struct acronyms_said *a, struct collection *c,
                  struct node *g, unsigned *count)
{
    struct other o[SENSES];
    unsigned i, n;

    for (i = 0; i < g->n && *count < MOST; i++) {
        if (g->occur[i] == MUST_NOT)
            continue;
        if (g->child[i]->leaf == LEAF_NONE)
            widen(a, c, g->child[i], count);
        if (!plain(g->child[i]))
            continue;
        n = find_row(a, c, g, i, o);
        if (n == 0)
            n = find_word(a, c, g->child[i], o);
        if (n)
            put(c, g, i, o, n);
        *count += n;
    }
}

void said_widen(const struct acronyms_said *a, struct collection *c,
                struct node *question)
{
    unsigned count = 0;

    widen(a, c, question, &count);
}
