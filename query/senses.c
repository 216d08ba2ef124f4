#include "query/senses.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "index/postings.h"
#include "query/leaf_make.h"

/* Documents of one page of one index that state a sense. */
struct sense_row {
    struct sense_row *next;
    unsigned part;
    uint32_t page;
    uint8_t bits[FIELDS_BITS];
};

/* A long form as it is written. */
struct sense_form {
    struct sense_form *next;
    struct view folded;
    uint32_t docs;
    unsigned part;
    uint32_t docid;
};

int senses_stems(const struct senses_env *env, struct view text,
                 const size_t *bounds, size_t *ends, unsigned n,
                 struct view *out, struct err *err)
{
    struct leaf_maker m = *env->maker;
    const struct node node = {.text = text};
    struct buf stems = {0};
    struct pieces ps;
    unsigned i, k = 0;
    int rc;

    m.nindexes = 0; /* which terms there are does not matter */
    rc = leaf_analyse(&m, &node, false, &ps, err);

    *out = view_of(NULL, 0);
    for (i = 0; i < ps.n && rc == 0; i++) {
        const struct piece *p = &ps.piece[i];

        while (k < n && bounds[k] <= p->start)
            ends[k++] = stems.n;
        if (p->kind == TOKEN_JOINED)
            continue;
        if (buf_add(&stems, p->term[p->plain[0]].term) < 0 ||
            buf_addc(&stems, ' ') < 0)
            rc = err_nomem(err);
    }
    while (k < n)
        ends[k++] = stems.n;
    if (rc == 0 && stems.n) {
        *out = arena_copy(m.arena, buf_view(&stems));
        if (!out->p)
            rc = err_nomem(err);
    }
    buf_release(&stems);
    return rc;
}

/* The sense of those stems, made if need be; NULL without memory. */
static struct sense *sense_of(struct senses *ss, struct arena *arena,
                              struct view stems)
{
    struct sense *more;
    unsigned i;

    for (i = 0; i < ss->n; i++)
        if (view_eq(ss->sense[i].stems, stems))
            return &ss->sense[i];
    if (ss->n == ss->cap) {
        more = arena_alloc(arena, (ss->cap * 2 + 8) * sizeof *more);
        if (!more)
            return NULL;
        if (ss->n)
            memcpy(more, ss->sense, ss->n * sizeof *more);
        ss->sense = more;
        ss->cap = ss->cap * 2 + 8;
    }
    ss->sense[ss->n] = (struct sense){.stems = stems};
    return &ss->sense[ss->n++];
}

/* The form of that spelling, of whichever sense it is. */
static int form_of(struct senses *ss, const struct senses_env *env,
                   struct view folded, struct sense **sense,
                   struct sense_form **out, struct err *err)
{
    struct arena *arena = env->maker->arena;
    struct sense_form *f;
    struct view stems;
    size_t none = 0, end; /* no bounds */
    unsigned i;
    int rc;

    for (i = 0; i < ss->n; i++)
        for (f = ss->sense[i].form; f; f = f->next)
            if (view_eq(f->folded, folded)) {
                *sense = &ss->sense[i];
                *out = f;
                return 1;
            }
    folded = arena_copy(arena, folded);
    f = arena_alloc(arena, sizeof *f);
    if (!f || !folded.p)
        return err_nomem(err);
    rc = senses_stems(env, folded, &none, &end, 0, &stems, err);
    if (rc < 0 || stems.n == 0)
        return rc;
    *sense = sense_of(ss, arena, stems);
    if (!*sense)
        return err_nomem(err);
    f->folded = folded;
    f->next = (*sense)->form;
    *out = (*sense)->form = f;
    return 1;
}

static uint32_t first(const uint8_t *bits)
{
    uint32_t i = 0;

    while (!fields_bit(bits, i))
        i++;
    return i;
}

/* Adds the documents of a row to a sense and to the form it is of. */
static int add_row(struct sense *s, struct sense_form *f, unsigned part,
                   uint32_t page, const uint8_t *bits, struct arena *arena)
{
    struct sense_row *r;
    unsigned i;

    if (f->docs == 0) {
        f->part = part;
        f->docid = page * NORM_DOCS + first(bits);
    }
    f->docs += fields_count(bits);
    for (r = s->row; r && !(r->part == part && r->page == page); r = r->next)
        ;
    if (!r) {
        r = arena_alloc(arena, sizeof *r);
        if (!r)
            return ERR_NOMEM;
        r->part = part;
        r->page = page;
        r->next = s->row;
        s->row = r;
    }
    for (i = 0; i < FIELDS_BITS; i += 8) {
        uint64_t w = get_u64(bits + i);

        if (w)
            put_u64(r->bits + i, get_u64(r->bits + i) | w);
    }
    return 0;
}

static int read_rows(struct senses *ss, const struct senses_env *env,
                     unsigned part, struct view prefix, struct err *err)
{
    uint8_t bits[FIELDS_BITS];
    struct field_walk w;
    struct sense *sense = NULL;
    struct sense_form *form = NULL;
    unsigned n = 0;
    int rc = acronym_rows(&w, env->ix[part].txn, prefix, err);

    while (rc == 0 && n++ < SENSES_ROWS && (rc = fields_next(&w, bits)) > 0) {
        rc = form_of(ss, env, w.value, &sense, &form, err);
        if (rc > 0)
            rc = add_row(sense, form, part, w.page, bits, env->maker->arena);
        if (rc == ERR_NOMEM)
            err_nomem(err);
    }
    fields_walk_end(&w);
    return rc < 0 ? rc : 0;
}

/* More documents first; then as the forms are ordered, so that it is settled. */
static int by_docs(const void *a, const void *b)
{
    const struct sense *x = a, *y = b;

    if (x->docs != y->docs)
        return x->docs > y->docs ? -1 : 1;
    return view_cmp(x->folded, y->folded);
}

/* Counts what was read. */
static void sum(struct sense *s)
{
    const struct sense_form *f, *best = s->form;
    const struct sense_row *r;

    for (r = s->row; r; r = r->next)
        s->docs += fields_count(r->bits);
    for (f = s->form; f; f = f->next)
        if (f->docs > best->docs ||
            (f->docs == best->docs && view_cmp(f->folded, best->folded) < 0))
            best = f;
    s->folded = best->folded;
    s->part = best->part;
    s->docid = best->docid;
}

int senses_find(struct senses *ss, const struct senses_env *env,
                struct view brief, struct err *err)
{
    struct buf prefix = {0};
    unsigned i;
    int rc = 0;

    memset(ss, 0, sizeof *ss);
    if (buf_add(&prefix, brief) < 0 || buf_addc(&prefix, ACRONYM_FULL_MARK) < 0)
        rc = err_nomem(err);
    for (i = 0; i < env->nindexes && rc == 0; i++)
        rc = read_rows(ss, env, i, buf_view(&prefix), err);
    buf_release(&prefix);
    for (i = 0; i < ss->n && rc == 0; i++) {
        sum(&ss->sense[i]);
        ss->total += ss->sense[i].docs;
    }
    if (ss->n > 1)
        qsort(ss->sense, ss->n, sizeof *ss->sense, by_docs);
    return rc;
}

bool senses_usable(const struct senses *ss, unsigned i)
{
    return ss->n == 1 || (i < SENSES_USED && ss->sense[i].docs >= SENSES_DOCS &&
                          ss->sense[i].docs >= ss->total / SENSES_SHARE);
}

double senses_share(const struct senses *ss, unsigned i)
{
    return (double)ss->sense[i].docs / (double)ss->total;
}

int senses_written(const struct senses_env *env, struct view brief,
                   const struct sense *s, struct acronym_pair *out,
                   struct err *err)
{
    struct arena *arena = env->maker->arena;
    struct documents *docs = NULL;
    struct buf folded = {0};
    struct acronym_pair pair;
    struct document d;
    size_t i, n;
    int rc = documents_open(&docs, env->ix[s->part].txn, err);

    if (rc == 0)
        rc = documents_get(docs, s->docid, &d, err);
    if (rc <= 0) {
        documents_close(docs);
        return rc;
    }
    rc = 0;
    for (i = 0; i < d.nfields && rc == 0; i++) {
        struct view rest = d.field[i].value;

        if (!view_eq(d.field[i].name, view_str(ACRONYMS_FIELD)))
            continue;
        while (rc == 0 && acronym_pair(&rest, &pair)) {
            buf_clear(&folded);
            if (acronym_fold_brief(pair.brief, &folded) < 0) {
                rc = err_nomem(err);
                break;
            }
            n = folded.n;
            if (acronym_fold_full(pair.full, &folded) < 0)
                rc = err_nomem(err);
            else if (view_eq(view_sub(buf_view(&folded), 0, n), brief) &&
                     view_eq(view_sub(buf_view(&folded), n, folded.n),
                             s->folded))
                rc = 1;
        }
    }
    if (rc > 0) {
        out->brief = arena_copy(arena, pair.brief);
        out->full = arena_copy(arena, pair.full);
        if (!out->brief.p || !out->full.p)
            rc = err_nomem(err);
    }
    buf_release(&folded);
    documents_close(docs);
    return rc;
}

/* Documents of all indexes that have the stem of a short form; UINT64_MAX where
 * it is not one word: R&D. */
static int count_documents(const struct senses_env *env, struct view brief,
                           uint64_t *df, struct err *err)
{
    struct leaf_maker m = *env->maker;
    const struct node node = {.text = brief};
    struct postings *p;
    struct pieces ps;
    unsigned i, k;
    int rc;

    m.nindexes = 0;
    rc = leaf_analyse(&m, &node, false, &ps, err);

    *df = ps.n == 1 ? 0 : UINT64_MAX;
    if (rc < 0 || ps.n != 1)
        return rc;
    for (i = 0; i < env->nindexes; i++)
        for (k = 0; k < env->ix[i].manifest.nsegments; k++) {
            rc = postings_open(&p, &env->ix[i].segment[k],
                               ps.piece->term[ps.piece->plain[0]].term, err);
            if (rc < 0)
                return rc;
            if (rc > 0)
                *df += p->info.df;
            postings_close(p);
        }
    return 0;
}

int senses_ordinary(const struct senses *ss, const struct senses_env *env,
                    struct view brief, struct err *err)
{
    uint64_t df;
    int rc = count_documents(env, brief, &df, err);

    return rc < 0 ? rc : df > ss->total * SENSES_ORDINARY;
}

int senses_common(const struct senses_env *env, struct view brief,
                  struct err *err)
{
    uint8_t bits[FIELDS_BITS];
    struct buf prefix = {0};
    struct field_walk w;
    uint64_t df, most = 0; /* statements: a document may be in several rows */
    unsigned i;
    int rc = count_documents(env, brief, &df, err);

    if (rc == 0 && (buf_add(&prefix, brief) < 0 ||
                    buf_addc(&prefix, ACRONYM_FULL_MARK) < 0))
        rc = err_nomem(err);
    for (i = 0; i < env->nindexes && rc == 0; i++) {
        rc = acronym_rows(&w, env->ix[i].txn, buf_view(&prefix), err);
        while (rc == 0 && df > most * SENSES_ORDINARY &&
               (rc = fields_next(&w, bits)) > 0) {
            most += fields_count(bits);
            rc = 0;
        }
        fields_walk_end(&w);
    }
    buf_release(&prefix);
    return rc < 0 ? rc : df > most * SENSES_ORDINARY;
}
