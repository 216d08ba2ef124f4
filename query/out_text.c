/* The listing that people read. */
#include <unistd.h>

#include "base/date.h"
#include "index/layout.h"
#include "query/answer.h"
#include "query/link.h"
#include "query/shown.h"

#define BOLD "\033[1m"
#define PATH "\033[35m"
#define PLAIN "\033[m"

enum { DUPS_NAMED = 5 }; /* near-duplicates of a hit */

static int coloured(const struct answer *a, struct buf *out, const char *colour,
                    struct view v)
{
    int rc = 0;

    if (a->settings->colour)
        rc = buf_adds(out, colour);
    if (rc == 0)
        rc = shown_safe(out, v, false);
    if (rc == 0 && a->settings->colour)
        rc = buf_adds(out, PLAIN);
    return rc;
}

/* The title on one line, or the file's name where there is none. */
static int add_title(const struct answer *a, const struct hit *h,
                     struct buf *out)
{
    struct view v = h->title, path = h->path;
    struct buf line = {0};
    bool blank = true;
    int rc;

    if (v.n == 0) {
        const uint8_t *slash = memrchr(path.p, '/', path.n);

        v = slash ? view_sub(path, (size_t)(slash + 1 - path.p), path.n) : path;
    }
    rc = shown_line(&line, v, &blank);
    if (rc == 0)
        rc = coloured(a, out, BOLD, buf_view(&line));
    buf_release(&line);
    return rc;
}

/* The parts of a stretch of text, made harmless; as they are but for white
 * space where it is to be one line. */
static int add_parts(const struct answer *a, const struct hit_passage *p,
                     bool one_line, struct buf *out)
{
    struct buf line = {0};
    bool blank = true;
    size_t i;
    int rc = 0;

    for (i = 0; i < p->nparts && rc == 0; i++) {
        buf_clear(&line);
        rc = one_line ? shown_line(&line, p->part[i].text, &blank)
                      : buf_add(&line, p->part[i].text);
        if (rc == 0)
            rc = p->part[i].match ? coloured(a, out, BOLD, buf_view(&line))
                                  : shown_safe(out, buf_view(&line), !one_line);
    }
    buf_release(&line);
    return rc;
}

/* Lines as grep prints them: a colon where there is a match, a dash where
 * there is none, two dashes where some are left out. */
static int add_lines(const struct answer *a, const struct hit *h,
                     struct buf *out)
{
    size_t i;
    int rc = 0;

    for (i = 0; i < h->nlines && rc == 0; i++) {
        const struct hit_line *l = &h->line[i];

        if (i && l->text.line > l[-1].text.line + 1)
            rc = buf_adds(out, "    --\n");
        if (rc == 0)
            rc = buf_adds(out, "    ");
        if (rc == 0 && !h->stale)
            rc = buf_addf(out, "%u%c", l->text.line, l->match ? ':' : '-');
        if (rc == 0 && l->text.cut_start)
            rc = buf_adds(out, "… ");
        if (rc == 0)
            rc = add_parts(a, &l->text, false, out);
        if (rc == 0)
            rc = buf_adds(out, l->text.cut_end ? " …\n" : "\n");
    }
    return rc;
}

static int add_passage(const struct answer *a, const struct hit_passage *p,
                       struct buf *out)
{
    int rc = buf_adds(out, p->cut_start ? "    … " : "    ");

    if (rc == 0)
        rc = add_parts(a, p, true, out);
    return rc < 0 ? rc : buf_adds(out, p->cut_end ? " …\n" : "\n");
}

/* The terms that a pattern stands for, below it. */
static int add_expansion(const struct leaf *l, struct buf *out)
{
    const struct expansion *x = explain_expansion(l);
    size_t i, n;
    int rc = 0;

    if (!x)
        return 0;
    n = x->n < EXPLAIN_TERMS ? x->n : EXPLAIN_TERMS;
    for (i = 0; i < n && rc == 0; i++) {
        rc = buf_addf(out, "%20s %7llu %9s", "",
                      (unsigned long long)x->term[i].df, "");
        if (rc == 0)
            rc = shown_safe(out, term_word(x->term[i].term), false);
        if (rc == 0)
            rc = buf_addc(out, '\n');
    }
    if (rc == 0 && n < x->found)
        rc = buf_addf(out, "%38sand %zu more\n", "", x->found - n);
    return rc;
}

/* What each word added to the score. */
static int add_explain(const struct explain *x, struct buf *out)
{
    struct buf term = {0};
    uint64_t df;
    unsigned i;
    int rc = buf_addf(out, "    length %u of %.1f on average, k1 %g, b %g\n",
                      x->length, x->m->score->avgdl, x->m->score->k1,
                      x->m->score->b);

    if (rc == 0 && x->n)
        rc = buf_adds(out, "       score     idf      df    tf  term\n");
    for (i = 0; i < x->n && rc == 0; i++) {
        const struct explain_term *t = &x->term[i];

        buf_clear(&term);
        rc = buf_addf(out, "    %8.4f %7.4f ", t->score, t->leaf->idf);
        if (rc == 0)
            rc = explain_df(t->leaf, &df)
                     ? buf_addf(out, "%7llu", (unsigned long long)df)
                     : buf_addf(out, "%7s", "-");
        if (rc == 0)
            rc = buf_addf(out, " %5u  ", t->tf);
        if (rc == 0 && leaf_print(t->leaf, &term) != 0)
            rc = ERR_NOMEM;
        if (rc == 0)
            rc = shown_safe(out, buf_view(&term), false);
        if (rc == 0 && t->leaf->times > 1)
            rc = buf_addf(out, " (%u times)", t->leaf->times);
        if (rc == 0)
            rc = buf_addc(out, '\n');
        if (rc == 0)
            rc = add_expansion(t->leaf, out);
    }
    buf_release(&term);
    return rc;
}

/* Path and place, a link to where it is. */
static int add_place(const struct answer *a, const struct hit *h,
                     struct buf *out)
{
    bool link = a->settings->hyperlink && h->file.n;
    int rc = link ? link_begin(out, h->file, h->placed ? h->place.line : 0) : 0;

    if (rc == 0)
        rc = coloured(a, out, PATH, h->path);
    if (rc == 0 && h->placed)
        rc = buf_addf(out, ":%u:%u", h->place.line, h->place.col);
    if (rc == 0 && h->placed && h->paged)
        rc = buf_addf(out, " (p. %u)", h->place.page);
    return rc < 0 || !link ? rc : link_end(out);
}

/* Which of several indexes it is in. */
static int add_index(const struct answer *a, uint32_t part, struct buf *out)
{
    int rc = buf_adds(out, " in ");

    return rc < 0 ? rc
                  : shown_safe(out, view_str(answer_index(a, part)), false);
}

static int add_duplicates(const struct answer *a, const struct hit *h,
                          struct buf *out)
{
    size_t i;
    int rc = buf_addf(out, "    +%zu near-duplicate%s: ", h->ndups,
                      h->ndups == 1 ? "" : "s");

    for (i = 0; i < h->nnamed && rc == 0; i++) {
        if (i)
            rc = buf_adds(out, ", ");
        if (rc == 0)
            rc = coloured(a, out, PATH, h->dup[i].path);
        if (rc == 0 && answer_index(a, h->dup[i].part) &&
            h->dup[i].part != h->part)
            rc = add_index(a, h->dup[i].part, out);
    }
    if (rc == 0 && h->nnamed < h->ndups)
        rc = buf_addf(out, " and %zu more", h->ndups - h->nnamed);
    return rc < 0 ? rc : buf_addc(out, '\n');
}

static int text_hit(struct answer *a, const struct hit *h, size_t rank,
                    struct buf *out)
{
    char date[11] = "          ";
    size_t i;
    int rc;

    if (h->date != DATE_NONE)
        date_text(h->date, date);
    rc =
        buf_addf(out, "%*zu  %5.2f  %s  ", a->rank_width, rank, h->score, date);
    if (rc == 0)
        rc = add_title(a, h, out);
    if (rc == 0)
        rc = buf_adds(out, "\n    ");
    if (rc == 0)
        rc = add_place(a, h, out);
    if (rc == 0 && h->count)
        rc = buf_addf(out, "   %zu %s", h->count,
                      h->count == 1 ? "match" : "matches");
    if (rc == 0 && answer_index(a, h->part))
        rc = buf_adds(out, "  ");
    if (rc == 0 && answer_index(a, h->part))
        rc = add_index(a, h->part, out);
    if (rc == 0 && h->stale)
        rc = buf_adds(out, "   (changed since it was indexed)");
    if (rc == 0)
        rc = buf_addc(out, '\n');
    if (rc == 0 && h->nlines)
        rc = add_lines(a, h, out);
    for (i = 0; i < h->npassages && rc == 0 && !h->nlines; i++)
        rc = add_passage(a, &h->passage[i], out);
    if (rc == 0 && h->ndups)
        rc = add_duplicates(a, h, out);
    return rc < 0 || !a->settings->explain ? rc : add_explain(a->explain, out);
}

struct unknown {
    const struct answer *a;
    struct buf *out;
    unsigned n;
};

static int add_unknown(void *arg, struct view word)
{
    struct unknown *u = arg;
    int rc = u->n ? 0 : answer_remark(u->a, u->out);

    if (rc == 0)
        rc = buf_adds(u->out, u->n++ ? ", " : "not in the index: ");
    return rc < 0 ? rc : shown_safe(u->out, word, false);
}

static int add_suggestion(const struct answer *a, struct buf *m)
{
    int rc = buf_adds(m, "query: nothing found; did you mean: ");

    if (rc == 0)
        rc = shown_safe(m, buf_view(&a->suggestion), false);
    return rc < 0 ? rc : buf_addc(m, '\n');
}

/* What stands below the list, on standard error. */
static int text_end(struct answer *a, struct buf *out)
{
    struct buf *m = &a->session->messages;
    struct unknown u = {a, m, 0};
    unsigned long long total = a->count.total, every = a->count.every;
    int rc = facets_text(&a->facets, out);

    if (rc == 0)
        rc = answer_unknown(a, add_unknown, &u);
    if (rc == 0 && u.n)
        rc = buf_addc(m, '\n');
    if (rc < 0 || a->session->settings->file)
        return rc; /* many queries: their answers only */
    if (a->shown && isatty(STDERR_FILENO))
        rc = buf_addc(m, '\n');
    if (rc < 0)
        return rc;
    if (a->suggestion.n)
        return add_suggestion(a, m);
    if (!a->counted)
        return buf_addf(m, "%zu document%s\n", a->shown,
                        a->shown == 1 ? "" : "s");
    if (total == 0)
        return buf_adds(m, "no document matches\n");
    rc = buf_addf(m, "%zu of %llu document%s", a->shown, total,
                  total == 1 ? "" : "s");
    if (rc == 0 && !a->settings->all && a->count.counted && a->plan.plain &&
        a->plan.nwords > 1 && every < total)
        rc = every ? buf_addf(m,
                              " (%llu contain%s every word; -a to require "
                              "them)",
                              every, every == 1 ? "s" : "")
                   : buf_adds(m, " (none contains every word)");
    return rc < 0 ? rc : buf_addc(m, '\n');
}

const struct printer print_text = {
    .what = HITS_PASSAGE,
    .dups = DUPS_NAMED,
    .hit = text_hit,
    .end = text_end,
};
