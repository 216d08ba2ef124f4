/* Formats of a line a hit: tab-separated values, TREC runs, paths. */
#include "base/date.h"
#include "query/answer.h"
#include "query/shown.h"

/* A document's text in a field: made harmless where a person sees it. */
static int add_field(const struct answer *a, struct view v, struct buf *out)
{
    return a->settings->terminal ? shown_safe(out, v, false)
                                 : shown_field(out, v);
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
    rc = buf_addf(out, "%zu\t%.9g\t%u\t%s\t", rank, h->score, h->docid, date);
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

/* Equal scores print alike and stand in the order of documents. */
static int trec_hit(struct answer *a, const struct hit *h, size_t rank,
                    struct buf *out)
{
    int rc = shown_percent(out, a->qid);

    if (rc == 0)
        rc = buf_adds(out, " Q0 ");
    if (rc == 0)
        rc = shown_percent(out, h->path);
    if (rc == 0)
        rc = buf_addf(out, " %zu %.9g ", rank, h->score);
    if (rc == 0)
        rc = shown_percent(out, view_str(a->settings->run_tag));
    return rc < 0 ? rc : buf_addc(out, '\n');
}

const struct printer print_trec = {.what = HITS_PATH, .hit = trec_hit};

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
