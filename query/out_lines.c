/* Formats of a line a hit: tab-separated values, TREC runs, paths. */
#include "base/date.h"
#include "base/decimal.h"
#include "query/answer.h"
#include "query/shown.h"

/* A document's text in a field: made harmless where a person sees it. */
static int add_field(const struct answer *a, struct view v, struct buf *out)
{
    return a->settings->terminal ? shown_safe(out, v, false)
                                 : shown_field(out, v);
}

/* Appends a rank and a score, and what goes before, between and behind. */
static int add_rank_score(struct buf *out, const char *before, size_t rank,
                          char mark, double score)
{
    char *p;

    if (buf_adds(out, before) < 0 || buf_reserve(out, 2 * DECIMAL_MAX + 2) < 0)
        return ERR_NOMEM;
    p = decimal_uint((char *)out->p + out->n, rank);
    *p++ = mark;
    p = decimal_short(p, score);
    *p++ = mark;
    out->n = (size_t)((uint8_t *)p - out->p);
    return 0;
}

/* All passages in one field, with an ellipsis between. */
static int tsv_passages(const struct answer *a, const struct hit *h,
                        struct buf *out)
{
    struct buf line = {0};
    bool blank = true;
    size_t i, k;
    int rc = 0;

    for (k = 0; k < h->npassages && rc == 0; k++) {
        const struct hit_passage *p = &h->passage[k];

        if (k)
            rc = buf_adds(&line, blank ? "… " : " … ");
        blank = true;
        for (i = 0; i < p->nparts && rc == 0; i++)
            rc = shown_line(&line, p->part[i].text, &blank);
    }
    if (rc == 0)
        rc = add_field(a, buf_view(&line), out);
    if (rc == 0 && answer_index(a, h->part)) {
        rc = buf_addc(out, '\t');
        if (rc == 0)
            rc = add_field(a, view_str(answer_index(a, h->part)), out);
    }
    buf_release(&line);
    return rc < 0 ? rc : buf_addc(out, '\n');
}

static int tsv_hit(struct answer *a, const struct hit *h, size_t rank,
                   struct buf *out)
{
    char date[11] = "";
    int rc;

    if (h->date != DATE_NONE)
        date_text(h->date, date);
    rc = add_rank_score(out, "", rank, '\t', h->score);
    if (rc == 0)
        rc = buf_addf(out, "%u\t%s\t", h->docid, date);
    if (rc == 0)
        rc = add_field(a, h->path, out);
    if (rc == 0)
        rc = h->placed ? buf_addf(out, "\t%u\t%u", h->place.line, h->place.col)
                       : buf_adds(out, "\t\t");
    if (rc == 0)
        rc = buf_addf(out, "\t%zu\t", h->count);
    if (rc == 0)
        rc = add_field(a, h->title, out);
    if (rc == 0)
        rc = buf_addc(out, '\t');
    return rc < 0 ? rc : tsv_passages(a, h, out);
}

const struct printer print_tsv = {.what = HITS_PASSAGE, .hit = tsv_hit};

static int trec_begin(struct answer *a, struct buf *out)
{
    struct buf *around = &a->around;
    int rc = shown_percent(around, a->qid);

    (void)out;
    if (rc == 0)
        rc = buf_adds(around, " Q0 ");
    a->around_from = around->n;
    if (rc == 0)
        rc = shown_percent(around, view_str(a->settings->run_tag));
    return rc < 0 ? rc : buf_addc(around, '\n');
}

/* Equal scores print alike and stand in the order of documents. */
static int trec_hit(struct answer *a, const struct hit *h, size_t rank,
                    struct buf *out)
{
    struct view around = buf_view(&a->around);
    int rc = buf_add(out, view_sub(around, 0, a->around_from));

    if (rc == 0)
        rc = shown_percent(out, h->path);
    if (rc == 0)
        rc = add_rank_score(out, " ", rank, ' ', h->score);
    if (rc == 0)
        rc = buf_add(out, view_sub(around, a->around_from, around.n));
    return rc;
}

const struct printer print_trec = {
    .what = HITS_PATH,
    .begin = trec_begin,
    .hit = trec_hit,
};

static int paths_hit(struct answer *a, const struct hit *h, size_t rank,
                     struct buf *out)
{
    int rc;

    (void)rank;
    if (a->settings->terminal && !a->settings->nul)
        rc = shown_safe(out, h->path, false);
    else
        rc = buf_add(out, h->path);
    return rc < 0 ? rc : buf_addc(out, a->settings->nul ? 0 : '\n');
}

const struct printer print_paths = {.what = HITS_PATH, .hit = paths_hit};
