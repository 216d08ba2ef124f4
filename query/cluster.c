#include "query/cluster.h"

#include <stdlib.h>

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
static int list_terms(struct cluster *c, struct view term, struct notes *notes)
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
    c->open = calloc(c->nterms + 1, sizeof *c->open);
    if (!c->term || !c->open)
        return err_nomem(c->err);
    for (i = 0; i < c->nterms; i++) { /* a length and the bytes, each */
        c->term[i] = view_of(c->bytes.p + at + 1, c->bytes.p[at]);
        at += 1 + c->term[i].n;
    }
    return 0;
}

/* Adds the counts of one term to tf, by docid from the segment's first. */
static int count_term(struct cluster *c, struct view term, uint32_t *tf)
{
    const struct segment_info *info = &c->segment->info;
    struct postings *p;
    int rc = postings_open(&p, c->segment, term, c->err);

    if (rc <= 0)
        return rc;
    for (rc = postings_next(p); rc > 0; rc = postings_next(p)) {
        uint32_t *sum = &tf[p->docid - info->doc_lo];

        if (p->docid < info->doc_lo || p->docid > info->doc_hi) {
            rc = err_set(c->err, ERR_CORRUPT,
                         "index damaged: a document "
                         "outside its segment");
            break;
        }
        c->n += *sum == 0;
        *sum += p->tf;
    }
    postings_close(p);
    return rc;
}

static int count_terms(struct cluster *c)
{
    const struct segment_info *info = &c->segment->info;
    size_t ndocs = (size_t)info->doc_hi - info->doc_lo + 1, i, n = 0;
    uint32_t *tf = calloc(ndocs, sizeof *tf);
    int rc = 0;

    if (!tf)
        return err_nomem(c->err);
    for (i = 0; i < c->nterms && rc == 0; i++)
        rc = count_term(c, c->term[i], tf);
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

int cluster_open(struct cluster **out, struct segment *s, struct view term,
                 struct notes *notes, struct err *err)
{
    struct cluster *c = calloc(1, sizeof *c);
    int rc;

    *out = NULL;
    if (!c)
        return err_nomem(err);
    c->segment = s;
    c->err = err;
    rc = list_terms(c, term, notes);
    if (rc == 0 && c->nterms)
        rc = count_terms(c);
    if (rc < 0 || c->n == 0) {
        cluster_close(c);
        return rc;
    }
    *out = c;
    return 1;
}

static int by_position(const void *a, const void *b)
{
    uint32_t x = ((const struct occurrence *)a)->pos;
    uint32_t y = ((const struct occurrence *)b)->pos;

    return x < y ? -1 : x > y;
}

static void close_terms(struct cluster *c)
{
    size_t i;

    for (i = 0; c->open && i < c->nterms; i++) {
        postings_close(c->open[i]);
        c->open[i] = NULL;
    }
}

/* Adds the positions of one term in docid. */
static int add_positions(struct cluster *c, size_t i, uint32_t docid)
{
    const struct occurrence *occ;
    struct occurrence *more;
    uint32_t n;
    size_t cap;
    int rc = 1;

    if (!c->open[i])
        rc = postings_open(&c->open[i], c->segment, c->term[i], c->err);
    if (rc > 0 && c->open[i]->docid < docid)
        rc = postings_seek(c->open[i], docid);
    if (rc <= 0 || c->open[i]->docid != docid)
        return rc < 0 ? rc : 0;
    rc = postings_positions(c->open[i], &occ, &n);
    if (rc < 0)
        return rc;
    if (c->cap - c->nocc < n) {
        cap = (c->nocc + n) * 2;
        more = realloc(c->occ, cap * sizeof *more);
        if (!more)
            return err_nomem(c->err);
        c->occ = more;
        c->cap = cap;
    }
    if (n)
        memcpy(c->occ + c->nocc, occ, n * sizeof *occ);
    c->nocc += n;
    return 0;
}

int cluster_positions(struct cluster *c, uint32_t docid,
                      const struct occurrence **out, size_t *n)
{
    size_t i;
    int rc = 0;

    if (docid < c->last)
        close_terms(c);
    c->last = docid;
    c->nocc = 0;
    for (i = 0; i < c->nterms && rc == 0; i++)
        rc = add_positions(c, i, docid);
    if (rc < 0)
        return rc;
    if (c->nocc > 1)
        qsort(c->occ, c->nocc, sizeof *c->occ, by_position);
    for (i = 0; i < c->nocc; i++)
        c->occ[i].form = 0;
    *out = c->occ;
    *n = c->nocc;
    return 0;
}

void cluster_close(struct cluster *c)
{
    if (!c)
        return;
    close_terms(c);
    free(c->docs);
    free(c->tfs);
    free(c->term);
    free(c->open);
    free(c->occ);
    buf_release(&c->bytes);
    free(c);
}
