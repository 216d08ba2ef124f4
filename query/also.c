#include "query/also.h"

#include "base/bytes.h"
#include "query/shown.h"
#include "text/unicode.h"
#include "text/utf8.h"

struct finder {
    const struct senses_env *env;
    struct acronym_words *words; /* one an index */
    struct buf text;             /* words in a row */
    struct buf folded;
    struct buf head;
    struct also **tail;
    unsigned n;
    struct err *err;
};

static bool letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool plain(const struct node *n)
{
    return n->kind == NODE_WORD && !n->title && n->occur != OCCUR_MUST_NOT;
}

/* Whether b goes on where a is. */
static bool goes_on(const struct node *a, const struct node *b)
{
    return b && plain(b) && a->occur == b->occur && a->boost == b->boost;
}

/* --- one word --- */

/* The word without what stands around it, a possessive s, the plural s of
 * FTAs; *capitals becomes whether it is written as a short form is. */
static struct view bare(struct view v, bool *capitals)
{
    unsigned len, upper = 0, lower = 0;
    size_t i, from = v.n, to = 0;

    for (i = 0; i < v.n; i += len) {
        int32_t c = utf8_decode(v.p + i, v.p + v.n, &len);

        if (!unicode_class(c)->is_word)
            continue;
        if (from == v.n)
            from = i;
        to = i + len;
    }
    v = view_sub(v, from < to ? from : 0, to);
    if (v.n > 2 && v.p[v.n - 1] == 's' && v.p[v.n - 2] == '\'')
        v.n -= 2;
    else if (v.n > 4 && v.p[v.n - 1] == 's' &&
             memcmp(v.p + v.n - 4, "\xE2\x80\x99", 3) == 0)
        v.n -= 4;
    else if (v.n > 2 && v.p[v.n - 1] == 's' && v.p[v.n - 2] >= 'A' &&
             v.p[v.n - 2] <= 'Z')
        v.n--;
    for (i = 0; i < v.n; i++) {
        upper += v.p[i] >= 'A' && v.p[i] <= 'Z';
        lower += v.p[i] >= 'a' && v.p[i] <= 'z';
    }
    *capitals = upper >= 2 || (upper && !lower);
    return v;
}

/* What a folded word is in any index, as acronym_word. */
static int kind_of(struct finder *f, struct view folded)
{
    unsigned i;
    int is = 0, rc = 0;

    for (i = 0; i < f->env->nindexes && rc >= 0; i++) {
        rc = acronym_word(&f->words[i], folded);
        is |= rc;
    }
    if (rc == ERR_NOMEM)
        err_nomem(f->err);
    return rc < 0 ? rc : is;
}

/* The words of n nodes, as they are written. */
static int add_texts(struct finder *f, const struct node *n, unsigned words)
{
    buf_clear(&f->text);
    for (; words > 0; words--, n = n->next)
        if (buf_add(&f->text, n->text) < 0 ||
            (words > 1 && buf_addc(&f->text, ' ') < 0))
            return err_nomem(f->err);
    return 0;
}

/* Adds another word for the `words` nodes from n on. */
static int add(struct finder *f, struct node *n, unsigned words,
               const struct also *of)
{
    struct arena *arena = f->env->maker->arena;
    struct also *a = arena_alloc(arena, sizeof *a), **end = &n->also;

    if (!a || add_texts(f, n, words) < 0)
        return err_nomem(f->err);
    *a = *of;
    a->term = arena_copy(arena, buf_view(&f->text));
    if (!a->term.p)
        return err_nomem(f->err);
    while (*end)
        end = &(*end)->next;
    *end = a;
    n->also_words = words;
    *f->tail = a;
    f->tail = &a->reported;
    f->n++;
    return 0;
}

/* Widens a short form by its long forms. */
static int widen_brief(struct finder *f, struct node *n, struct view brief,
                       bool capitals)
{
    struct acronym_pair pair;
    struct senses ss;
    struct also a = {0};
    unsigned i;
    int rc = capitals ? 0 : senses_common(f->env, brief, f->err);

    if (rc == 0)
        rc = senses_find(&ss, f->env, brief, f->err);
    else if (rc > 0)
        return 0;
    if (rc == 0 && !capitals && ss.n)
        rc = senses_ordinary(&ss, f->env, brief, f->err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    for (i = 0; i < ss.n && rc == 0; i++) {
        if (!senses_usable(&ss, i))
            continue;
        rc = senses_written(f->env, brief, &ss.sense[i], &pair, f->err);
        if (rc <= 0)
            continue;
        a.text = pair.full;
        a.weight = ALSO_WEIGHT * senses_share(&ss, i);
        a.docs = ss.sense[i].docs;
        rc = add(f, n, 1, &a);
    }
    return rc;
}

/* --- words in a row --- */

/* A long form among the words of a query, and the short form it has. */
struct row {
    unsigned words; /* of the query; 0: none */
    struct view brief;
    struct senses senses;
    unsigned sense;
};

/* The words in a row, their stems, and where those of each word end. */
struct stretch {
    unsigned words;
    size_t bound[ALSO_WORDS]; /* byte of the text behind each */
    size_t end[ALSO_WORDS];
    struct view stems;
};

/* The longer row, then the one more documents state. */
static void take(struct row *best, const struct row *r)
{
    uint32_t had = best->words ? best->senses.sense[best->sense].docs : 0;
    uint32_t docs = r->senses.sense[r->sense].docs;

    if (r->words > best->words ||
        (r->words == best->words &&
         (docs > had || (docs == had && view_cmp(r->brief, best->brief) < 0))))
        *best = *r;
}

static bool wordy(uint8_t c)
{
    return letter(c) || c >= 0x80;
}

/* The word of v at or behind byte *at, which moves behind it; empty where there
 * is none. */
static struct view next_word(struct view v, size_t *at)
{
    size_t from;

    while (*at < v.n && !wordy(v.p[*at]))
        ++*at;
    from = *at;
    while (*at < v.n && wordy(v.p[*at]))
        ++*at;
    return view_sub(v, from, *at);
}

/* Whether two words may have the same stem: they begin alike, or in another
 * script. The second letter may be another where it is y or i (dying, died). */
static bool alike(struct view a, struct view b)
{
    if (a.p[0] >= 0x80 || b.p[0] >= 0x80)
        return true;
    if (a.p[0] != b.p[0] || a.n < 2 || b.n < 2 || a.p[1] >= 0x80 ||
        b.p[1] >= 0x80 || a.p[1] == b.p[1])
        return a.p[0] == b.p[0];
    return (a.p[1] == 'y' || a.p[1] == 'i') && (b.p[1] == 'y' || b.p[1] == 'i');
}

/* Whether a long form may be what the asked words begin with, word by word. */
static bool may_be(struct view full, struct view asked)
{
    size_t i = 0, k = 0;
    struct view a, b;

    while ((a = next_word(full, &i)).n) {
        b = next_word(asked, &k);
        if (b.n == 0 || !alike(a, b))
            return false;
    }
    return true;
}

/* Whether the stems are those of the first words of the stretch: of how many, or
 * 0. */
static unsigned begins(const struct stretch *s, struct view stems)
{
    unsigned k;

    if (stems.n == 0 || stems.n > s->stems.n ||
        memcmp(stems.p, s->stems.p, stems.n) != 0)
        return 0;
    for (k = s->words; k > 0 && s->end[k - 1] != stems.n; k--)
        ;
    return k;
}

/* Whether a long form, folded, is in the stretch. 1, 0, negative. */
static int is_in(struct finder *f, struct stretch *s, struct view full)
{
    struct view stems;
    int rc = 0;

    if (!may_be(full, buf_view(&f->folded)))
        return 0;
    if (!s->stems.n) /* the first one to need them */
        rc = senses_stems(f->env, buf_view(&f->text), s->bound, s->end,
                          s->words, &s->stems, f->err);
    if (rc == 0)
        rc = senses_stems(f->env, full, NULL, NULL, 0, &stems, f->err);
    return rc < 0 ? rc : begins(s, stems) > 0;
}

/* Whether any long form of the short one is in the stretch, which is mostly
 * found out by a glance. 1, 0, negative. */
static int glance(struct finder *f, struct stretch *s, struct view brief)
{
    struct buf prefix = {0};
    struct field_walk w;
    unsigned i;
    int rc = 0;

    if (buf_add(&prefix, brief) < 0 || buf_addc(&prefix, ACRONYM_FULL_MARK) < 0)
        rc = err_nomem(f->err);
    for (i = 0; i < f->env->nindexes && rc == 0; i++) {
        rc = acronym_rows(&w, f->env->ix[i].txn, buf_view(&prefix), f->err);
        while (rc == 0 && (rc = fields_next(&w, NULL)) > 0)
            rc = is_in(f, s, w.value);
        fields_walk_end(&w);
    }
    buf_release(&prefix);
    return rc;
}

/* Whether a sense of the short form is more of the stretch than was found. */
static int match_brief(struct finder *f, struct stretch *s, struct view brief,
                       struct row *best)
{
    struct senses ss;
    unsigned i, words;
    int rc = glance(f, s, brief);

    if (rc <= 0)
        return rc;
    brief = arena_copy(f->env->maker->arena, brief);
    if (!brief.p)
        return err_nomem(f->err);
    rc = senses_find(&ss, f->env, brief, f->err);
    for (i = 0; i < ss.n && rc == 0; i++) {
        words = senses_usable(&ss, i) ? begins(s, ss.sense[i].stems) : 0;
        if (words)
            take(best, &(struct row){words, brief, ss, i});
    }
    return rc;
}

/* Looks through the short forms of long ones that begin as f->head says. */
static int match_head(struct finder *f, struct stretch *s, struct row *best)
{
    struct field_walk w;
    unsigned i;
    int rc = 0;

    for (i = 0; i < f->env->nindexes && rc == 0; i++) {
        struct buf last = {0};

        rc = acronym_begins(&f->words[i], buf_view(&f->head));
        if (rc == ERR_NOMEM)
            err_nomem(f->err);
        if (rc <= 0) /* mostly: no walk is opened */
            continue;
        rc = acronym_rows(&w, f->env->ix[i].txn, buf_view(&f->head), f->err);
        while (rc == 0 && (rc = fields_next(&w, NULL)) > 0) {
            rc = 0;
            if (view_eq(w.value, buf_view(&last)))
                continue; /* another page of the same */
            buf_clear(&last);
            rc = buf_add(&last, w.value);
            if (rc == 0)
                rc = match_brief(f, s, w.value, best);
        }
        fields_walk_end(&w);
        buf_release(&last);
        rc = rc > 0 ? 0 : rc;
    }
    return rc;
}

/* Widens words in a row by the short form that was found. */
static int widen_row(struct finder *f, struct node *n, const struct row *r)
{
    const struct senses *ss = &r->senses;
    struct acronym_pair pair;
    struct also a = {0};
    int rc = senses_ordinary(ss, f->env, r->brief, f->err);

    if (rc < 0)
        return rc;
    a.exact = rc > 0;
    rc = senses_written(f->env, r->brief, &ss->sense[r->sense], &pair, f->err);
    if (rc <= 0)
        return rc;
    a.text = pair.brief;
    a.weight = ALSO_WEIGHT * senses_share(ss, r->sense);
    a.docs = ss->sense[r->sense].docs;
    return add(f, n, r->words, &a);
}

/* Tries the words from n on: 1 where they were widened, 0, negative. */
static int try_row(struct finder *f, struct node *n)
{
    struct stretch s = {0};
    struct row best = {0};
    const struct node *m = n;
    int rc;

    buf_clear(&f->text);
    for (; m && s.words < ALSO_WORDS; m = m->next) {
        if (m != n && !goes_on(n, m))
            break;
        if (buf_add(&f->text, m->text) < 0 || buf_addc(&f->text, ' ') < 0)
            return err_nomem(f->err);
        s.bound[s.words++] = f->text.n;
    }
    buf_clear(&f->folded);
    buf_clear(&f->head);
    if (acronym_fold_full(buf_view(&f->text), &f->folded) < 0)
        return err_nomem(f->err);
    if (!acronym_head(buf_view(&f->folded), &f->head))
        return 0;
    rc = match_head(f, &s, &best);
    if (rc == 0 && best.words)
        rc = widen_row(f, n, &best);
    return rc < 0 ? rc : n->also != NULL;
}

/* The bytes of the first word of v, which may be a part of it. */
static size_t first_word(struct view v)
{
    unsigned len;
    size_t i;

    for (i = 0; i < v.n; i += len) {
        const struct unicode_class *c =
            unicode_class(utf8_decode(v.p + i, v.p + v.n, &len));

        if (!c->is_word && !c->is_mark)
            break;
    }
    return i;
}

static int try_word(struct finder *f, struct node *n)
{
    bool capitals;
    struct view v = bare(n->text, &capitals);
    size_t part;
    int is, rc = 0;

    if (v.n == 0)
        return 0;
    buf_clear(&f->folded);
    if (acronym_fold_brief(v, &f->folded) < 0)
        return err_nomem(f->err);
    is = kind_of(f, buf_view(&f->folded));
    part = first_word(buf_view(&f->folded));
    if (is >= 0 && part < f->folded.n) { /* Asia-Pacific */
        rc = kind_of(f, view_sub(buf_view(&f->folded), 0, part));
        is = rc < 0 ? rc : (is & ACRONYM_IS_BRIEF) | (rc & ACRONYM_IS_HEAD);
        rc = 0;
    }
    if (is <= 0)
        return is;
    if (is & ACRONYM_IS_BRIEF) {
        struct view brief =
            arena_copy(f->env->maker->arena, buf_view(&f->folded));

        if (!brief.p)
            return err_nomem(f->err);
        if (is & ACRONYM_IS_HEAD)
            rc = try_row(f, n);
        return rc != 0 ? rc : widen_brief(f, n, brief, capitals);
    }
    return try_row(f, n);
}

/* --- a query --- */

static int walk(struct finder *f, struct node *group)
{
    struct node *list, *n;
    unsigned skip;
    int rc = 0;

    for (list = group->child; list && rc >= 0; list = list->next)
        for (n = list->child; n && rc >= 0 && f->n < ALSO_MAX; n = n->next) {
            if (n->kind == NODE_OR && n->occur != OCCUR_MUST_NOT)
                rc = walk(f, n);
            if (!plain(n) || list->least)
                continue;
            rc = try_word(f, n);
            for (skip = n->also ? n->also_words : 1; skip > 1; skip--)
                n = n->next;
        }
    return rc < 0 ? rc : 0;
}

int also_find(const struct senses_env *env, struct node *query,
              struct also **out, struct err *err)
{
    struct finder f = {.env = env, .tail = out, .err = err};
    bool any = false;
    unsigned i;
    int rc = 0;

    *out = NULL;
    f.words = arena_alloc(env->maker->arena, env->nindexes * sizeof *f.words);
    if (!f.words)
        return err_nomem(err);
    for (i = 0; i < env->nindexes && rc == 0; i++) {
        rc = acronym_words_open(&f.words[i], env->ix[i].txn, err);
        any |= f.words[i].cursor != NULL;
    }
    if (rc == 0 && any)
        rc = walk(&f, query);
    for (i = 0; i < env->nindexes; i++)
        acronym_words_close(&f.words[i]);
    buf_release(&f.text);
    buf_release(&f.folded);
    buf_release(&f.head);
    return rc;
}

int also_text(const struct also *a, struct buf *out)
{
    int rc = shown_safe(out, a->term, false);

    if (rc == 0)
        rc = buf_adds(out, " also matched “");
    if (rc == 0)
        rc = shown_safe(out, a->text, false);
    return rc < 0 ? rc
                  : buf_addf(out, "” (%u document%s so)\n", (unsigned)a->docs,
                             a->docs == 1 ? " says" : "s say");
}
