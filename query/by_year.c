#include "query/by_year.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/date.h"
#include "index/column.h"
#include "index/document.h"
#include "query/matching.h"
#include "query/out_json.h"

enum { UNDATED = 0, YEARS = 10000, BAR = 40 /* columns of the longest bar */ };

/* Documents of a year. */
struct year {
    uint32_t matching;
    uint32_t all;
};

static int year_of(struct column *dates, uint32_t docid, int *year)
{
    const uint8_t *p = column_get(dates, docid);
    int month, day;
    int32_t value, days;

    *year = UNDATED;
    if (!p)
        return dates->err->code;
    value = (int32_t)get_u32(p);
    days = column_date_days(value);
    if (days != DATE_NONE && column_date_source(value) != DATE_FROM_MTIME)
        date_civil(days, year, &month, &day);
    if (*year < 0 || *year >= YEARS)
        *year = UNDATED;
    return 0;
}

static int count_matching(struct answer *a, struct match *match,
                          struct column *dates, struct year *years)
{
    struct err *err = a->session->err;
    struct matching m;
    uint32_t docid;
    int year, rc = 0;

    matching_begin(&m, match);
    while (rc >= 0 && (rc = matching_next(&m, &docid, err)) > 0) {
        rc = year_of(dates, docid, &year);
        if (rc == 0) {
            years[year].matching++;
            a->count.total++;
        }
    }
    matching_end(&m);
    return rc;
}

static int count_all(struct answer *a, struct index *ix, struct column *dates,
                     struct year *years)
{
    uint32_t docid;
    int year, rc = 0;

    for (docid = 1; docid < ix->manifest.next_docid && rc == 0; docid++) {
        if (norms_code(&ix->norms, docid) == 0)
            continue;
        rc = year_of(dates, docid, &year);
        if (rc == 0)
            years[year].all++;
    }
    if (rc == 0 && ix->norms.err.code != 0) {
        *a->session->err = ix->norms.err;
        rc = ix->norms.err.code;
    }
    return rc;
}

/* Adds what one of the indexes has. */
static int count(struct answer *a, struct match *match, struct year *years)
{
    struct column dates;
    int rc = column_open(&dates, match->ix->txn, COLUMN_DATE, a->session->err);

    if (rc >= 0)
        rc = count_matching(a, match, &dates, years);
    return rc < 0 ? rc : count_all(a, match->ix, &dates, years);
}

static double share(const struct year *y)
{
    return (double)y->matching / (double)y->all;
}

/* --- printing --- */

/* A bar of n eighths of a column. */
static int add_bar(struct buf *out, unsigned n)
{
    int rc = 0;

    for (; n >= 8 && rc == 0; n -= 8)
        rc = buf_adds(out, "\xe2\x96\x88");
    if (n && rc == 0) /* U+258F is an eighth, U+2589 seven of them */
        rc = buf_addf(out, "\xe2\x96%c", 0x90 - (int)n);
    return rc;
}

static int text_line(const struct year *y, int year, uint32_t most,
                     struct buf *out)
{
    double eighths = most ? 8.0 * BAR * y->matching / most : 0;
    int rc =
        year == UNDATED ? buf_adds(out, "undated") : buf_addf(out, "%7d", year);

    if (rc == 0)
        rc = buf_addf(out, " %10u %10u %6.2f %%", y->matching, y->all,
                      100 * share(y));
    if (rc == 0 && y->matching)
        rc = buf_adds(out, "  ");
    if (rc == 0 && y->matching) /* something at least */
        rc = add_bar(out, eighths < 1 ? 1 : (unsigned)(eighths + 0.5));
    return rc < 0 ? rc : buf_addc(out, '\n');
}

static int tsv_line(const struct year *y, int year, struct buf *out)
{
    int rc = year == UNDATED ? 0 : buf_addf(out, "%d", year);

    return rc < 0 ? rc
                  : buf_addf(out, "\t%u\t%u\t%.9g\n", y->matching, y->all,
                             share(y));
}

static void json_line(struct json *j, const struct year *y, int year,
                      bool typed)
{
    json_object(j);
    if (typed) {
        json_key(j, "type");
        json_cstr(j, "year");
    }
    json_key(j, "year");
    if (year == UNDATED)
        json_null(j);
    else
        json_int(j, year);
    json_key(j, "count");
    json_uint(j, y->matching);
    json_key(j, "docs");
    json_uint(j, y->all);
    json_key(j, "share");
    json_score(j, share(y));
    json_end(j);
}

static void add_envelope(struct json *j, struct answer *a)
{
    out_json_head(j, a);
    json_key(j, "total");
    json_object(j);
    json_key(j, "value");
    json_uint(j, a->count.total);
    json_key(j, "relation");
    json_cstr(j, "eq");
    json_end(j);
    json_key(j, "seconds");
    json_seconds(j, answer_seconds(a));
}

static int as_json(struct answer *a, const struct year *years)
{
    struct buf *out = &a->session->out;
    struct json j = {.out = out};
    int i;

    json_object(&j);
    if (buf_add(out, a->head) < 0)
        return ERR_NOMEM;
    add_envelope(&j, a);
    json_key(&j, "years");
    json_array(&j);
    for (i = 1; i <= YEARS; i++)
        if (years[i % YEARS].all)
            json_line(&j, &years[i % YEARS], i % YEARS, false);
    json_end(&j);
    json_end(&j);
    return j.failed ? ERR_NOMEM : buf_addc(out, '\n');
}

static int as_ndjson(struct answer *a, const struct year *years)
{
    struct buf *out = &a->session->out;
    struct json end = {.out = out};
    int i, rc = 0;

    for (i = 1; i <= YEARS && rc == 0; i++) {
        struct json j = {.out = out};

        if (!years[i % YEARS].all)
            continue;
        json_line(&j, &years[i % YEARS], i % YEARS, true);
        rc = j.failed ? ERR_NOMEM : buf_addc(out, '\n');
    }
    json_object(&end);
    json_key(&end, "type");
    json_cstr(&end, "end");
    add_envelope(&end, a);
    json_end(&end);
    return rc < 0 || end.failed ? ERR_NOMEM : buf_addc(out, '\n');
}

static int as_lines(struct answer *a, const struct year *years)
{
    struct buf *out = &a->session->out;
    bool text = a->settings->format == FORMAT_TEXT;
    uint32_t most = 0;
    int i, rc = 0;

    for (i = 0; i < YEARS; i++)
        most = years[i].matching > most ? years[i].matching : most;
    if (text)
        rc = buf_adds(out, "   year   matching         of    share\n");
    for (i = 1; i <= YEARS && rc == 0; i++) { /* the undated last */
        const struct year *y = &years[i % YEARS];

        if (y->all)
            rc = text ? text_line(y, i % YEARS, most, out)
                      : tsv_line(y, i % YEARS, out);
    }
    return rc;
}

int by_year(struct answer *a)
{
    struct session *s = a->session;
    struct year *years = calloc(YEARS, sizeof *years);
    struct match *m;
    int rc = years ? 0 : err_nomem(s->err);

    for (m = &a->match; m && rc == 0; m = m->next)
        rc = count(a, m, years);
    if (rc == 0)
        rc = answer_undated(a, true);
    if (rc == 0) {
        rc = a->settings->format == FORMAT_JSON     ? as_json(a, years)
             : a->settings->format == FORMAT_NDJSON ? as_ndjson(a, years)
                                                    : as_lines(a, years);
        if (rc < 0)
            err_nomem(s->err);
    }
    free(years);
    return rc;
}
