/* The first pass over a term: what its head must say, and its forms. */
#include "indexer/merge_term.h"

#include <stdlib.h>

static int source_reserve(struct source *s, uint32_t n, struct err *err)
{
    if (n <= s->cap)
        return 0;
    free(s->count);
    free(s->to);
    s->count = malloc(n * sizeof *s->count);
    s->to = malloc(n * sizeof *s->to);
    s->cap = s->count && s->to ? n : 0;
    return s->cap ? 0 : err_nomem(err);
}

static void count_forms(const struct occurrence *occ, uint32_t n,
                        uint32_t *count)
{
    uint32_t i;

    for (i = 0; i < n; i++)
        count[occ[i].form]++;
}

/* Adds a document; false if it is dead. */
static bool add_doc(struct merge *m, uint32_t docid, uint32_t tf,
                    struct term_info *sum)
{
    uint8_t code = norms_code(&m->norms, docid);
    uint8_t tf8 = tf < UINT8_MAX ? (uint8_t)tf : UINT8_MAX;

    if (code == 0)
        return false;
    sum->df++;
    sum->cf += tf;
    sum->max_tf = tf8 > sum->max_tf ? tf8 : sum->max_tf;
    sum->min_len = code < sum->min_len ? code : sum->min_len;
    return true;
}

int source_block(struct postings *p, uint32_t d)
{
    int rc = postings_shallow(p, d);

    if (rc > 0)
        rc = postings_load(p) < 0 || postings_tfs(p) < 0 ? ERR_CORRUPT : 1;
    return rc;
}

int source_bad(struct merge *m, const struct source *s)
{
    struct view word = term_word(s->term);

    return err_set(m->err, ERR_CORRUPT,
                   "index damaged: segment %08x, term \"%s%.*s\": its counts",
                   (unsigned)s->segment.info.number,
                   word.n < s->term.n ? "title:" : "", (int)word.n,
                   (const char *)word.p);
}

/* Takes occurrences [at, at + n) out of the counts of their forms. */
static int discount(struct merge *m, struct source *s, struct postings *p,
                    uint32_t at, uint32_t n)
{
    const uint32_t *delta, *form;
    uint32_t some, i;
    int rc;

    if (s->nforms == 1) {
        s->count[0] -= n;
        return 0;
    }
    for (; n > 0; n -= some, at += some) {
        rc = postings_occurrences(p, at, &delta, &form, &some);
        if (rc < 0)
            return rc;
        some = some < n ? some : n;
        for (i = 0; i < some; i++)
            if (s->count[form[i]]-- == 0)
                return source_bad(m, s);
    }
    return 0;
}

/* Adds a block, whose first occurrence is number *at. */
static int walk_block(struct merge *m, struct source *s, struct postings *p,
                      uint32_t *at, struct term_info *sum)
{
    uint32_t i;
    int rc = 0;

    for (i = 0; rc == 0 && i < p->block_n; i++) {
        if (p->tfs[i] > s->info.cf - *at)
            return source_bad(m, s);
        if (!add_doc(m, p->docs[i], p->tfs[i], sum))
            rc = discount(m, s, p, *at, p->tfs[i]);
        *at += p->tfs[i];
    }
    return rc;
}

/* Adds what living documents of a term with chunks have. The counts of its
 * forms are those of all: positions are read of the dead alone. */
static int walk(struct merge *m, struct source *s, struct term_info *sum)
{
    uint32_t d = 1, at = 0;
    struct postings *p;
    int rc = terms_postings(s->terms, &p);

    while (rc > 0 && (rc = source_block(p, d)) > 0) {
        d = p->block_last + 1;
        rc = walk_block(m, s, p, &at, sum);
        if (rc < 0)
            break;
        rc = 1;
    }
    postings_close(p);
    return rc;
}

/* The same of an inline one. */
static void walk_inline(struct merge *m, struct source *s,
                        struct term_info *sum)
{
    const struct term_record *t = terms_record(s->terms);
    const struct occurrence *occ = s->in.occ;
    uint32_t i;

    for (i = 0; i < s->info.df; i++) {
        if (add_doc(m, t->docs[i], t->tfs[i], sum))
            count_forms(occ, t->tfs[i], s->count);
        occ += t->tfs[i];
    }
}

/* Opens the term of a source and gives its forms. */
static int source_forms(struct source *s, const struct forms **f)
{
    int rc;

    *f = &s->in.forms;
    if (!source_chunked(s))
        return terms_inline(s->terms, &s->in);
    rc = terms_postings(s->terms, &s->p);
    return rc < 0 ? rc : postings_forms(s->p, f);
}

static void add_info(const struct term_info *i, struct term_info *sum)
{
    sum->df += i->df;
    sum->cf += i->cf;
    sum->max_tf = i->max_tf > sum->max_tf ? i->max_tf : sum->max_tf;
    sum->min_len = i->min_len < sum->min_len ? i->min_len : sum->min_len;
}

/* Adds what one source has of the term. A source without dead documents says
 * all in its head, but the counts of forms of an inline term. */
static int gather_source(struct merge *m, struct source *s,
                         struct term_info *sum)
{
    const struct term_info *i = &s->info;
    const struct forms *f;
    uint32_t k;
    int rc = source_forms(s, &f);

    if (rc == 0)
        rc = source_reserve(s, f->n, m->err);
    if (rc < 0)
        return rc;
    s->nforms = f->n;
    for (k = 0; k < f->n; k++)
        s->count[k] = f->form[k].count; /* 0 where it is inline */
    if (f->n == 1 && (source_chunked(s) || !s->dead))
        s->count[0] = (uint32_t)i->cf;
    else if (!source_chunked(s) && !s->dead)
        count_forms(s->in.occ, (uint32_t)i->cf, s->count);
    if (!s->dead)
        add_info(i, sum);
    else if (source_chunked(s))
        rc = walk(m, s, sum);
    else
        walk_inline(m, s, sum);
    return rc < 0 ? rc : form_union_add(&m->forms, f, s->count, s->to, m->err);
}

int merge_gather(struct merge *m, struct term_info *sum)
{
    uint32_t i, k;
    int rc = 0;

    *sum = (struct term_info){.min_len = UINT8_MAX};
    form_union_clear(&m->forms);
    for (i = 0; rc == 0 && i < m->n; i++)
        if (m->source[i].has)
            rc = gather_source(m, &m->source[i], sum);
    if (rc < 0)
        return rc;
    form_union_number(&m->forms);
    for (i = 0; i < m->n; i++) {
        struct source *s = &m->source[i];

        s->same = true;
        for (k = 0; s->has && k < s->nforms; k++) {
            s->to[k] = m->forms.number[s->to[k]];
            s->same &= s->to[k] == k;
        }
    }
    return 0;
}
