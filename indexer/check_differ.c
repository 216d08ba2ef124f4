#include "indexer/check_differ.h"

#include <inttypes.h>
#include <stdio.h>

struct differ {
    struct check *c;
    struct retake *r;
    bool told[DIFFER_MAX]; /* by place in r->docid */
    size_t left;           /* not told yet */
};

static void tell(struct differ *f, size_t place, struct view term,
                 const char *what)
{
    bool title = term.n > 0 && term.p[0] == 1;
    uint32_t docid = f->r->docid[place];

    if (f->told[place])
        return;
    f->told[place] = true;
    f->left--;
    term = view_sub(term, title, term.n);
    check_say(f->c, "document %" PRIu32 ": %sterm \"%.*s\" %s", docid,
              title ? "title " : "", (int)term.n, (const char *)term.p, what);
}

/* Whether the occurrences of a document are the same; NULL, or what differs. */
static const char *occurrences_differ(const struct inverted_term *t,
                                      const struct occurrence *a, uint32_t n,
                                      const struct forms *forms,
                                      const struct occurrence *b)
{
    uint32_t i;

    for (i = 0; i < n; i++) {
        const struct form *x = &t->form[a[i].form];
        const struct form *y = &forms->form[b[i].form];

        if (a[i].pos != b[i].pos)
            return "is at other positions in its text";
        if (x->span != y->span || !view_eq(x->text, y->text))
            return "is written in another way in its text";
    }
    return NULL;
}

/* A posting of the text, `occ` its occurrences, against the same document's in
 * the index, where p stands. */
static int compare_posting(struct differ *f, struct view term,
                           const struct inverted_term *t,
                           const struct inverted_posting *in_text,
                           const struct occurrence *occ, struct postings *p)
{
    const struct occurrence *here;
    const struct forms *forms;
    const char *what;
    char counts[80];
    uint32_t n;
    int rc = postings_forms(p, &forms);

    if (rc == 0 && p->tf != in_text->tf) {
        snprintf(counts, sizeof counts,
                 "has count %" PRIu32 " in its text, %" PRIu32 " in the index",
                 in_text->tf, p->tf);
        tell(f, in_text->doc, term, counts);
        return 0;
    }
    if (rc == 0)
        rc = postings_positions(p, &here, &n);
    if (rc < 0)
        return rc;
    what = occurrences_differ(t, occ, n, forms, here);
    if (what)
        tell(f, in_text->doc, term, what);
    return 0;
}

/* A term of the text (t), of the index (p), or of both. */
static int compare_term(struct differ *f, struct view term,
                        const struct inverted_term *t, struct postings *p)
{
    const struct occurrence *occ = t ? t->occurrence : NULL;
    uint32_t next = 0;
    size_t i;
    int rc = 0;

    for (i = 0; rc >= 0 && i < f->r->ndocs; i++) {
        bool in_text = t && next < t->info.df && t->posting[next].doc == i;
        bool in_index = p && postings_seek(p, f->r->docid[i]) > 0 &&
                        p->docid == f->r->docid[i];

        if (in_text && in_index)
            rc = compare_posting(f, term, t, &t->posting[next], occ, p);
        else if (in_text)
            tell(f, i, term, "is in its text but not in the index");
        else if (in_index)
            tell(f, i, term, "is in the index but not in its text");
        if (in_text)
            occ += t->posting[next++].tf;
    }
    return rc;
}

static int compare_at(struct differ *f, struct terms *ts, struct view term,
                      const struct inverted_term *t)
{
    struct postings *p;
    int rc = terms_postings(ts, &p);

    if (rc > 0)
        rc = compare_term(f, term, t, p);
    postings_close(p);
    return rc;
}

/* Both lists of terms, side by side. */
static int compare_terms(struct differ *f, struct terms *ts)
{
    struct inverted_term t;
    struct term_info info;
    struct view term;
    int a = invert_next(f->r->invert, &t), b = terms_next(ts, &term, &info);
    int rc = 0;

    while (rc >= 0 && f->left > 0 && (a > 0 || b > 0)) {
        int order = a <= 0 ? 1 : b <= 0 ? -1 : view_cmp(t.term, term);

        if (a < 0 || b < 0)
            return a < 0 ? err_nomem(&f->c->err) : b;
        if (order < 0)
            rc = compare_term(f, t.term, &t, NULL);
        else
            rc = compare_at(f, ts, term, order == 0 ? &t : NULL);
        if (order <= 0)
            a = invert_next(f->r->invert, &t);
        if (order >= 0)
            b = terms_next(ts, &term, &info);
    }
    return rc < 0 ? rc : 0;
}

int check_differ(struct check *c, struct segment *s, struct retake *r,
                 const uint32_t *docid, size_t n)
{
    struct differ f = {.c = c, .r = r};
    struct inverted found;
    struct document d;
    struct terms *ts;
    size_t i;
    int rc = 1;

    retake_clear(r);
    for (i = 0; rc > 0 && i < n; i++)
        rc = retake_add(r, docid[i], &d, &found, &c->err);
    if (rc < 0 && rc != ERR_FULL) /* then those that fit */
        return rc;
    f.left = r->ndocs;
    rc = retake_sort(r, &c->err);
    if (rc == 0)
        rc = terms_open(&ts, s, &c->err);
    if (rc == 0) {
        rc = compare_terms(&f, ts);
        terms_close(ts);
    }
    for (i = 0; rc == 0 && i < n; i++)
        if (i >= r->ndocs || !f.told[i])
            check_say(c,
                      "document %" PRIu32 ": its postings are not those of "
                      "its text",
                      docid[i]);
    retake_clear(r);
    return rc;
}
