#include "query/term_set.h"

#include <stdlib.h>

#include "query/form_set.h"
#include "text/normal.h"

/* Whether `key` is a term that begins with the cluster `term` and not with a
 * longer cluster. */
static bool begins(struct view key, struct view term)
{
    size_t mark = term.p[0] == 1;

    if (key.n < term.n || memcmp(key.p, term.p, term.n) != 0)
        return false;
    return normal_cluster(view_sub(key, mark, key.n)) == term.n - mark;
}

/* Collects the terms into c->term. */
static int list_terms(struct term_set *c, struct view term, struct notes *notes)
{
    struct terms *ts;
    struct term_info info;
    struct view key;
    size_t i, at = 0;
    int rc = terms_open(&ts, c->segment, c->err);

    if (rc < 0)
        return rc;
    for (rc = terms_seek(ts, term, &key, &info); rc > 0;
         rc = terms_next(ts, &key, &info)) {
        if (key.n < term.n || memcmp(key.p, term.p, term.n) != 0)
            break;
        if (!begins(key, term))
            continue;
        if (c->nterms == CLUSTER_TERMS) {
            notes_add(notes,
                      "'%.*s' begins more than %d terms: the rest is "
                      "left out",
                      NOTE_VIEW(view_sub(term, term.p[0] == 1, term.n)),
                      CLUSTER_TERMS);
            break;
        }
        if (buf_addc(&c->bytes, (int)key.n) < 0 ||
            buf_add(&c->bytes, key) < 0) {
            rc = err_nomem(c->err);
            break;
        }
        c->nterms++;
    }
    terms_close(ts);
    if (rc < 0)
        return rc;
    c->term = calloc(c->nterms + 1, sizeof *c->term);
    if (!c->term)
        return err_nomem(c->err);
    for (i = 0; i < c->nterms; i++) { /* a length and the bytes, each */
        c->term[i].term = view_of(c->bytes.p + at + 1, c->bytes.p[at]);
        at += 1 + c->term[i].term.n;
    }
    return 0;
}

/* Occurrences of the posting that are of the set. */
static int count_some(const struct set_term *t, struct postings *p,
                      uint32_t *tf)
{
    const struct occurrence *occ;
    uint32_t n, i;
    int rc = postings_positions(p, &occ, &n);

    *tf = 0;
    for (i = 0; rc >= 0 && i < n; i++)
        *tf += occ[i].form < t->forms && t->cover[occ[i].form];
    return rc;
}

/* Adds the counts of one term to tf, by docid from the segment's first. */
static int add_counts(struct term_set *c, const struct set_term *t,
                      struct postings *p, uint32_t *tf)
{
    const struct segment_info *info = &c->segment->info;
    int rc;

    for (rc = postings_next(p); rc > 0; rc = postings_next(p)) {
        uint32_t *sum = &tf[p->docid - info->doc_lo], n = p->tf;

        if (p->docid < info->doc_lo || p->docid > info->doc_hi)
            return err_set(c->err, ERR_CORRUPT,
                           "index damaged: a document outside its segment");
        if (t->some && (rc = count_some(t, p, &n)) < 0)
            break;
        c->n += *sum == 0 && n > 0;
        *sum += n;
    }
    return rc;
}

static int count_term(struct term_set *c, struct set_term *t, uint32_t *tf)
{
    struct postings *p;
    int rc = postings_open(&p, c->segment, t->term, c->err);

    if (rc <= 0)
        return rc;
    rc = add_counts(c, t, p, tf);
    postings_close(p);
    return rc;
}

static int count_terms(struct term_set *c)
{
    const struct segment_info *info = &c->segment->info;
    size_t ndocs = (size_t)info->doc_hi - info->doc_lo + 1, i, n = 0;
    uint32_t *tf = calloc(ndocs, sizeof *tf);
    int rc = 0;

    if (!tf)
        return err_nomem(c->err);
    for (i = 0; i < c->nterms && rc == 0; i++)
        rc = count_term(c, &c->term[i], tf);
    if (rc == 0) {
        c->docs = malloc((c->n + 1) * sizeof *c->docs);
        c->tfs = malloc((c->n + 1) * sizeof *c->tfs);
        if (!c->docs || !c->tfs)
            rc = err_nomem(c->err);
    }
    for (i = 0; i < ndocs && rc == 0; i++)
        if (tf[i]) {
            c->docs[n] = info->doc_lo + (uint32_t)i;
            c->tfs[n++] = tf[i];
        }
    free(tf);
    return rc;
}

static struct term_set *make(struct segment *s, struct err *err)
{
    struct term_set *c = calloc(1, sizeof *c);

    if (c) {
        c->segment = s;
        c->err = err;
    }
    return c;
}

/* Counts what was listed. */
static int finish(struct term_set **out, struct term_set *c, int rc)
{
    if (rc == 0 && c->nterms)
        rc = count_terms(c);
    if (rc < 0 || c->n == 0) {
        term_set_close(c);
        return rc;
    }
    *out = c;
    return 1;
}

int term_set_cluster(struct term_set **out, struct segment *s, struct view term,
                     struct notes *notes, struct err *err)
{
    struct term_set *c = make(s, err);

    *out = NULL;
    return c ? finish(out, c, list_terms(c, term, notes)) : err_nomem(err);
}

/* Adds a term of an expansion, if this segment has it: which of its forms are
 * meant. */
static int add_expanded(struct term_set *c, struct op_env *env,
                        const struct slot *s, struct view term)
{
    struct set_term *t = &c->term[c->nterms];
    struct form_set fs;
    struct postings *p;
    uint32_t i;
    int rc = postings_open(&p, c->segment, term, c->err);

    if (rc <= 0)
        return rc;
    rc = form_set_of_pattern(&fs, env, s, term, p);
    if (rc == 0 && fs.passed) {
        t->term = term;
        t->forms = fs.n;
        t->cover = fs.pass;
        t->some = fs.passed < fs.n;
        for (i = 0; i < fs.n; i++)
            if (t->cover[i])
                t->cover[i] = fs.forms->form[i].span < UINT8_MAX
                                  ? (uint8_t)fs.forms->form[i].span
                                  : UINT8_MAX;
        c->nterms++;
    }
    postings_close(p);
    return rc;
}

int term_set_expanded(struct term_set **out, struct op_env *env,
                      const struct slot *s)
{
    struct term_set *c = make(env->segment, env->err);
    size_t n = s->expansion->n, i;
    int rc = 0;

    *out = NULL;
    if (!c)
        return err_nomem(env->err);
    c->term = calloc(n + 1, sizeof *c->term);
    if (!c->term)
        rc = err_nomem(env->err);
    for (i = 0; i < n && rc == 0; i++)
        rc = add_expanded(c, env, s, s->expansion->term[i].term);
    return finish(out, c, rc);
}

static int by_position(const void *a, const void *b)
{
    uint32_t x = ((const struct occurrence *)a)->pos;
    uint32_t y = ((const struct occurrence *)b)->pos;

    return x < y ? -1 : x > y;
}

static void close_terms(struct term_set *c)
{
    size_t i;

    for (i = 0; c->term && i < c->nterms; i++) {
        postings_close(c->term[i].open);
        c->term[i].open = NULL;
    }
}

/* Appends those of n occurrences that are of the set. */
static int add_occurrences(struct term_set *c, const struct set_term *t,
                           const struct occurrence *occ, uint32_t n)
{
    struct occurrence *more;
    uint32_t i, cover;
    size_t cap;

    if (c->cap - c->nocc < n) {
        cap = (c->nocc + n) * 2;
        more = realloc(c->occ, cap * sizeof *more);
        if (!more)
            return err_nomem(c->err);
        c->occ = more;
        c->cap = cap;
    }
    for (i = 0; i < n; i++) {
        cover = !t->cover                ? 1
                : occ[i].form < t->forms ? t->cover[occ[i].form]
                                         : 0;
        if (!cover)
            continue;
        c->occ[c->nocc].pos = occ[i].pos;
        c->occ[c->nocc++].form = cover;
    }
    return 0;
}

/* Adds the positions of one term in docid. */
static int add_positions(struct term_set *c, struct set_term *t, uint32_t docid)
{
    const struct occurrence *occ;
    uint32_t n;
    int rc = 1;

    if (!t->open)
        rc = postings_open(&t->open, c->segment, t->term, c->err);
    if (rc > 0 && t->open->docid < docid)
        rc = postings_seek(t->open, docid);
    if (rc <= 0 || t->open->docid != docid)
        return rc < 0 ? rc : 0;
    rc = postings_positions(t->open, &occ, &n);
    return rc < 0 ? rc : add_occurrences(c, t, occ, n);
}

int term_set_positions(struct term_set *c, uint32_t docid,
                       const struct occurrence **out, size_t *n)
{
    size_t i;
    int rc = 0;

    if (docid < c->last)
        close_terms(c);
    c->last = docid;
    c->nocc = 0;
    for (i = 0; i < c->nterms && rc == 0; i++)
        rc = add_positions(c, &c->term[i], docid);
    if (rc < 0)
        return rc;
    if (c->nocc > 1)
        qsort(c->occ, c->nocc, sizeof *c->occ, by_position);
    *out = c->occ;
    *n = c->nocc;
    return 0;
}

void term_set_close(struct term_set *c)
{
    if (!c)
        return;
    close_terms(c);
    free(c->docs);
    free(c->tfs);
    free(c->term);
    free(c->occ);
    buf_release(&c->bytes);
    free(c);
}
