#include "tests/oracle/random.h"

#include <stdlib.h>

#include "text/normal.h"
#include "text/unicode.h"
#include "text/utf8.h"

void random_init(struct random *r, struct collection *c, uint64_t seed)
{
    r->c = c;
    collection_languages(c);
    r->state = seed * 0x9e3779b97f4a7c15u + 1;
    said_open(&r->said, c);
}

void random_end(struct random *r)
{
    said_close(&r->said);
}

/* A number below n (xorshift64*, Vigna 2016). */
static uint32_t below(struct random *r, uint32_t n)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return (uint32_t)((r->state * 0x2545f4914f6cdd1du) >> 32) % n;
}

static bool chance(struct random *r, unsigned percent)
{
    return below(r, 100) < percent;
}

static const struct tok *any_token(struct random *r, const struct doc **d)
{
    const struct doc *doc;

    do {
        doc = &r->c->doc[below(r, r->c->ndocs)];
    } while (doc->n == 0);
    *d = doc;
    return &r->c->tok[doc->first + below(r, doc->n)];
}

/* The token's bytes, as they stand in its document. */
static struct view written(const struct doc *d, const struct tok *t)
{
    return view_sub(buf_view(&d->text), t->start, t->end);
}

static bool is_operator(struct view v)
{
    return view_eq(v, view_str("AND")) || view_eq(v, view_str("OR")) ||
           view_eq(v, view_str("NOT")) || view_eq(v, view_str("NEAR"));
}

static bool has_any(struct view v, const char *bytes)
{
    size_t i;

    for (i = 0; i < v.n; i++)
        if (v.p[i] < 0x20 || strchr(bytes, v.p[i]))
            return true;
    return false;
}

static bool same_token(const struct tok *a, const struct tok *b)
{
    return a->folded == b->folded && a->form == b->form && a->kind == b->kind;
}

/* A word whose bytes by themselves are the one token they are in their
 * document. */
static struct node *one_word(struct random *r, enum leaf leaf)
{
    for (;;) {
        const struct doc *d;
        const struct tok *t = any_token(r, &d);
        struct view v = written(d, t);
        struct node *n;

        if (t->kind != TOKEN_WORD || has_any(v, "\"*?~^:()=") ||
            is_operator(v) ||
            (leaf == LEAF_TITLE && !t->title && chance(r, 70)))
            continue;
        n = node_leaf(r->c, leaf, v);
        if (n->ntoks == 1 && same_token(&n->tok[0], t))
            return n;
        node_free(n);
    }
}

/* A few words that follow each other somewhere; now and then one of them is
 * put in another's place. */
static struct node *phrase(struct random *r)
{
    for (;;) {
        const struct doc *d;
        const struct tok *t = any_token(r, &d), *last = t, *end;
        uint32_t n = 1 + below(r, 4), i;
        struct buf text = {0};
        struct node *node;

        end = r->c->tok + d->first + d->n;
        for (; n > 1 && last + 1 < end; n--)
            last++;
        if (last->title != t->title || last->pos > t->pos + 8)
            continue;
        buf_add(&text, view_sub(buf_view(&d->text), t->start,
                                last->end > t->end ? last->end : t->end));
        for (i = 0; i < text.n; i++)
            if (text.p[i] == '\n' || text.p[i] == '\r' || text.p[i] == '\t')
                text.p[i] = ' ';
        if (chance(r, 10)) {
            const struct doc *e;
            const struct tok *u = any_token(r, &e);

            buf_addc(&text, ' ');
            buf_add(&text, written(e, u));
        }
        /* Curly quotes would end the phrase as straight ones do. */
        if (!has_any(buf_view(&text), "\"\xe2")) {
            node = node_leaf(r->c, LEAF_PHRASE, buf_view(&text));
            buf_release(&text);
            if (node->ntoks > 0)
                return node;
            node_free(node);
        } else {
            buf_release(&text);
        }
    }
}

/* Whether a dictionary cuts longer runs of the script, which the oracle has
 * none of. */
static bool has_dictionary(struct view v)
{
    unsigned len;
    int32_t c = utf8_decode(v.p, v.p + v.n, &len);

    return unicode_class(c)->script > SCRIPT_CJK;
}

/* A few characters of a script without spaces; NULL if luck has found none. */
static struct node *run(struct random *r)
{
    int tries;

    for (tries = 0; tries < 200; tries++) {
        const struct doc *d;
        const struct tok *t = any_token(r, &d);
        const struct tok *last = t, *end = r->c->tok + d->first + d->n;
        unsigned clusters = 2 + below(r, 5), k;

        if (t->kind != TOKEN_BIGRAM)
            continue;
        if (has_dictionary(written(d, t)) && clusters > 4)
            clusters = 4;
        for (k = 2; k < clusters && last + 1 < end &&
                    last[1].kind == TOKEN_BIGRAM && last[1].start < last->end;
             k++)
            last++;
        return node_leaf(r->c, k <= 4 ? LEAF_RUN : LEAF_PARTS,
                         view_sub(buf_view(&d->text), t->start, last->end));
    }
    return NULL;
}

/* A hyphenated compound, on one line; NULL if luck has found none. */
static struct node *compound(struct random *r)
{
    int tries;

    for (tries = 0; tries < 200; tries++) {
        const struct doc *d;
        const struct tok *t = any_token(r, &d);
        struct view v = written(d, t);

        if (t->kind == TOKEN_JOINED && !has_any(v, "\"*?~^:()= "))
            return node_leaf(r->c, LEAF_PARTS, v);
    }
    return NULL;
}

/* A piece of a document's path, or all of it with pieces left open. */
static struct node *path(struct random *r)
{
    const char *id = r->c->doc[below(r, r->c->ndocs)].id;
    uint32_t n = (uint32_t)strlen(id), from = below(r, n);
    uint32_t to = from + 1 + below(r, n - from);
    struct buf text = {0};
    struct node *node;

    if (chance(r, 60)) {
        buf_add(&text, view_of(id + from, to - from));
    } else {
        buf_add(&text, view_of(id, from));
        buf_addc(&text, '*');
        buf_add(&text, view_of(id + to, n - to));
        if (chance(r, 50))
            text.p[below(r, (uint32_t)text.n)] = '?';
        if (chance(r, 50))
            text.p[below(r, (uint32_t)text.n)] = '*';
    }
    node = node_path(buf_view(&text));
    buf_release(&text);
    return node;
}

static bool is_letters(struct view v, size_t least)
{
    size_t i;

    for (i = 0; i < v.n && ((v.p[i] | 0x20) >= 'a' && (v.p[i] | 0x20) <= 'z');
         i++)
        ;
    return i == v.n && v.n >= least && v.n < 40;
}

/* The bytes of a word of ASCII letters, at least n of them. */
static struct view letters(struct random *r, size_t n)
{
    for (;;) {
        const struct doc *d;
        const struct tok *t = any_token(r, &d);
        struct view v = written(d, t);

        if (t->kind == TOKEN_WORD && is_letters(v, n) && !is_operator(v))
            return v;
    }
}

/* A word with a * at its end, or a ? or * in its middle. */
static struct node *pattern_of(struct random *r, struct view v)
{
    struct node *n = node_new(LEAF_PATTERN);
    uint32_t from = 3 + below(r, (uint32_t)v.n - 3), to;

    if (chance(r, 50)) {
        buf_add(&n->text, view_sub(v, 0, from + chance(r, 50)));
        buf_addc(&n->text, '*');
        return n;
    }
    from = 1 + below(r, (uint32_t)v.n - 2);
    to = from + below(r, (uint32_t)v.n - from);
    if (from + (v.n - to) < 3)
        to = from;
    buf_add(&n->text, view_sub(v, 0, from));
    buf_addc(&n->text, to > from && chance(r, 50) ? '?' : '*');
    buf_add(&n->text, view_sub(v, to, v.n));
    return n;
}

static struct node *pattern(struct random *r)
{
    return pattern_of(r, letters(r, 4));
}

/* A word with a letter or two changed, doubled or left out. */
static struct node *fuzzy(struct random *r)
{
    struct node *n = node_new(LEAF_FUZZY);
    struct lexeme lx;
    struct view v = letters(r, 6);
    uint32_t edits;

    n->number = 1 + below(r, 2);
    buf_add(&n->text, v);
    for (edits = below(r, n->number + 1); edits > 0; edits--) {
        uint32_t at = below(r, (uint32_t)n->text.n - 1);

        if (chance(r, 50)) {
            n->text.p[at] = (uint8_t)('a' + below(r, 26));
        } else {
            memmove(n->text.p + at, n->text.p + at + 1, n->text.n - at - 1);
            n->text.n--;
        }
    }
    if (lexer_lexeme(r->c->list.lexer[0], buf_view(&n->text), TOKEN_WORD, &lx) <
            0 ||
        lx.nterms != 1)
        die("no stem");
    buf_add(&n->stem, lx.term[0]);
    return n;
}

/* Two or three words from somewhere in a row, mostly with others between. */
static struct node *near(struct random *r, enum leaf leaf)
{
    struct node *n = node_new(leaf);
    unsigned words = 2 + below(r, 2), tries = 0;

    n->number = below(r, 8);
    while (n->n < words && tries++ < 200) {
        const struct doc *d;
        const struct tok *t = any_token(r, &d);
        unsigned k;

        while (n->n > 0) /* a new start */
            node_free(n->child[--n->n]);
        for (k = 0; k < words && t < r->c->tok + d->first + d->n;
             k++, t += leaf == LEAF_ROW ? 1 : 1 + below(r, 3)) {
            struct view v = written(d, t);
            struct node *word;

            if (t->kind != TOKEN_WORD || has_any(v, "\"*?~^:()=") ||
                is_operator(v))
                break;
            word =
                node_leaf(r->c, leaf == LEAF_NEAR ? LEAF_WORD : LEAF_PHRASE, v);
            if (word->ntoks != 1 || !same_token(&word->tok[0], t)) {
                node_free(word);
                break;
            }
            word->number = 1 + below(r, 6);
            node_add(n, word, SHOULD);
        }
    }
    if (n->n < words) {
        node_free(n);
        return NULL;
    }
    return n;
}

/* A slot of a row that has the word: itself, a pattern, or a group with it. */
static struct node *slot(struct random *r, struct node *word)
{
    struct view v = buf_view(&word->text);
    struct node *n, *group;
    unsigned k, at;

    if (chance(r, 40))
        return word;
    if (is_letters(v, 4) && chance(r, 60)) {
        n = pattern_of(r, v);
        node_free(word);
        if (chance(r, 70))
            return n;
        word = n;
    }
    group = node_group();
    at = below(r, 3);
    for (k = 0; k < 3; k++)
        if (k == at)
            node_add(group, word, SHOULD);
        else if (chance(r, 60) || k + (at == 2) == 1)
            node_add(group, one_word(r, LEAF_PHRASE), SHOULD);
    if (group->n == 1)
        node_add(group, one_word(r, LEAF_PHRASE), SHOULD);
    return group;
}

/* Two to four words in a row, patterns and groups in place of some. */
static struct node *row(struct random *r)
{
    struct node *n = near(r, LEAF_ROW);
    bool plain = true;
    unsigned k;

    for (k = 0; n && k < n->n; k++) {
        n->child[k] = slot(r, n->child[k]);
        plain = plain && n->child[k]->leaf == LEAF_PHRASE;
    }
    if (n && plain) {
        node_free(n);
        return NULL;
    }
    return n;
}

static struct node *leaf(struct random *r)
{
    unsigned k = below(r, 100);
    struct node *n = NULL;

    if (chance(r, 6))
        return pattern(r);
    if (chance(r, 5))
        return fuzzy(r);
    if (chance(r, 8) &&
        (n = near(r, chance(r, 50) ? LEAF_NEAR : LEAF_WITHIN)) != NULL)
        return n;
    if (chance(r, 6) && (n = row(r)) != NULL)
        return n;
    if (chance(r, 4))
        return path(r);
    if (chance(r, 2))
        return node_id(below(r, r->c->ndocs + 2));
    if (k >= 95)
        n = run(r);
    else if (k >= 92)
        n = compound(r);
    if (n)
        return n;
    if (k < 60)
        return one_word(r, LEAF_WORD);
    if (k < 75)
        return phrase(r);
    return one_word(r, k < 83 ? LEAF_EXACT : k < 90 ? LEAF_TITLE : LEAF_WORD);
}

static void write_near(const struct node *n, struct buf *out)
{
    unsigned k;

    if (n->leaf == LEAF_NONE)
        buf_addc(out, '(');
    else if (n->leaf != LEAF_NEAR)
        buf_addc(out, '"');
    for (k = 0; k < n->n; k++) {
        if (k && n->leaf == LEAF_NEAR)
            buf_addf(out, " NEAR/%u ", (unsigned)n->child[k]->number);
        else if (k)
            buf_adds(out, n->leaf == LEAF_NONE ? " OR " : " ");
        if (n->child[k]->leaf == LEAF_NONE)
            write_near(n->child[k], out);
        else
            buf_add(out, buf_view(&n->child[k]->text));
    }
    if (n->leaf == LEAF_NONE)
        buf_addc(out, ')');
    else if (n->leaf == LEAF_ROW)
        buf_addc(out, '"');
    if (n->leaf == LEAF_WITHIN)
        buf_addf(out, "\"~%u", (unsigned)n->number);
}

static void write_leaf(const struct node *n, struct buf *out)
{
    static const char *const open[] = {"", "\"", "=",     "title:", "", "",
                                       "", "",   "path:", "id:",    "", ""};
    bool quoted;

    if (n->leaf == LEAF_NEAR || n->leaf == LEAF_WITHIN || n->leaf == LEAF_ROW) {
        write_near(n, out);
        return;
    }
    quoted = n->leaf == LEAF_PATH && has_any(buf_view(&n->text), " \t()");

    buf_adds(out, open[n->leaf]);
    buf_adds(out, quoted ? "\"" : "");
    buf_add(out, buf_view(&n->text));
    if (quoted || n->leaf == LEAF_PHRASE)
        buf_adds(out, "\"");
    if (n->leaf == LEAF_FUZZY)
        buf_addf(out, "~%u", (unsigned)n->number);
}

/* Now and then makes it count more, or less. */
static void boost(struct random *r, struct node *n, struct buf *out)
{
    static const double factors[] = {0.25, 0.5, 2, 3};

    if (node_names(n) || n->leaf == LEAF_NEAR || !chance(r, 10))
        return;
    n->boost = factors[below(r, 4)];
    buf_addf(out, "^%g", n->boost);
}

static struct node *any_of(struct random *r, unsigned depth, struct buf *out);

static struct node *operand(struct random *r, unsigned depth, struct buf *out)
{
    struct node *n;

    if (depth < 3 && chance(r, 20)) {
        buf_adds(out, "(");
        n = any_of(r, depth + 1, out);
        buf_adds(out, ")");
    } else {
        n = leaf(r);
        write_leaf(n, out);
    }
    boost(r, n, out);
    return n;
}

/* The words of a long form that a document states, or its short form, as
 * clauses of g: false where there is none to be had. */
static bool stated(struct random *r, struct node *g, struct buf *out)
{
    const char *p, *end;
    bool first = g->n == 0;

    if (r->said.n == 0)
        return false;
    p = chance(r, 70)   ? r->said.said[below(r, r->said.n)].full_written
        : chance(r, 50) ? r->said.said[below(r, r->said.n)].brief
                        : r->said.said[below(r, r->said.n)].brief_written;
    if (has_any(view_str(p), "\"*?~^:()=,'-.&/") || strlen(p) < 2)
        return false;
    for (; *p; p = *end ? end + 1 : end) {
        struct node *n;

        for (end = p; *end && *end != ' '; end++)
            ;
        n = node_leaf(r->c, LEAF_WORD, view_of(p, (size_t)(end - p)));
        if (n->ntoks != 1 || is_operator(buf_view(&n->text))) {
            node_free(n);
            continue;
        }
        if (!first)
            buf_addc(out, ' ');
        first = false;
        write_leaf(n, out);
        node_add(g, n, r->all ? MUST : SHOULD);
    }
    return g->n > 0;
}

/* Clauses side by side, with +, - and AND: at least one is not negated. A
 * question by itself may be negative altogether. */
static struct node *clauses(struct random *r, unsigned depth, struct buf *out)
{
    struct node *g = node_group();
    unsigned i, n = 1 + below(r, depth ? 3 : 5);
    bool plain = chance(r, 50); /* words side by side, nothing else */
    bool negative = depth == 0 && chance(r, 2), and = false;

    if (plain && !negative && chance(r, 30) && stated(r, g, out)) {
        if (chance(r, 50))
            return g;
        buf_addc(out, ' ');
    }
    for (i = 0; i < n; i++) {
        enum occur occur = and? MUST : SHOULD;

        if (i)
            buf_adds(out, and? " AND " : " ");
        if (negative || (!plain && i && chance(r, 15))) {
            occur = MUST_NOT;
            buf_adds(out, and || chance(r, 50) ? "NOT " : "-");
        } else if (!plain && !and&&chance(r, 15)) {
            occur = MUST;
            buf_adds(out, "+");
        }
        /* - is a sign before a letter, a quote or a ( only. */
        if (out->n && out->p[out->n - 1] == '-') {
            struct node *word;

            do {
                word = one_word(r, LEAF_WORD);
            } while ((word->text.p[0] < 'A' || word->text.p[0] >= 0x80) &&
                     (node_free(word), true));
            write_leaf(word, out);
            node_add(g, word, occur);
        } else {
            struct node *any = operand(r, depth, out);

            if (occur == SHOULD && r->all && !node_names(any))
                occur = MUST;
            node_add(g, any, occur);
        }
        and = !plain && !negative && i + 1 < n && chance(r, 25);
        if (and&&occur == SHOULD)
            g->occur[g->n - 1] = MUST;
    }
    return g;
}

/* Clauses, or several of them with OR between. */
static struct node *any_of(struct random *r, unsigned depth, struct buf *out)
{
    struct node *g = NULL, *one = NULL;

    for (;;) {
        if (one && !g) {
            g = node_group();
            node_add(g, one, SHOULD);
        }
        one = clauses(r, depth + (g != NULL), out);
        if (g)
            node_add(g, one, SHOULD);
        if (!chance(r, depth ? 30 : 15) || (!g && one->occur[0] == MUST_NOT))
            return g ? g : one;
        buf_adds(out, " OR ");
    }
}

struct node *random_query(struct random *r, bool all, struct buf *text)
{
    struct node *n;

    r->all = all;
    buf_clear(text);
    n = any_of(r, 0, text);
    said_widen(&r->said, r->c, n);
    return n;
}
