/* Lines of a concordance as text, tab-separated values and JSON. */
#include <stdlib.h>

#include "query/context.h"
#include "query/kwic.h"
#include "query/link.h"
#include "query/out_json.h"
#include "query/shown.h"

#define BOLD "\033[1m"
#define PATH "\033[35m"
#define PLAIN "\033[m"

enum { WRITE_AT = 1 << 16 }; /* bytes gathered before a write */

/* --- text --- */

/* In front of a line of text as it is kept: the place is padded to the widest
 * of them once that is known. */
struct label {
    uint32_t bytes;
    uint32_t columns;
};

static int add_pad(struct buf *out, unsigned n)
{
    int rc = buf_reserve(out, n);

    if (rc == 0) {
        memset(out->p + out->n, ' ', n);
        out->n += n;
    }
    return rc;
}

/* Path and place, as they are shown; in `out`. */
static int make_place(const struct kwic_line *line, struct buf *out)
{
    int rc = shown_safe(out, line->hit->path, false);

    if (rc < 0)
        return rc;
    if (line->hit->stale)
        return buf_adds(out, " (changed)");
    rc = buf_addf(out, ":%u:%u", line->place.line, line->place.col);
    if (rc == 0 && line->hit->paged)
        rc = buf_addf(out, " (p. %u)", line->place.page);
    return rc;
}

/* Appends the label and what follows it: the place, perhaps as a link. */
static int add_place(struct kwic_lines *l, const struct kwic_line *line,
                     struct buf *out)
{
    bool link = l->hyperlink && line->hit->file.n;
    struct buf place = {0};
    struct label label = {0};
    unsigned columns = 0;
    size_t at = out->n;
    int rc = make_place(line, &place);

    if (rc == 0)
        rc = context_width(buf_view(&place), &columns);
    if (rc == 0)
        rc = buf_add(out, view_of(&label, sizeof label));
    if (rc == 0 && link)
        rc = link_begin(out, line->hit->file,
                        line->hit->stale ? 0 : line->place.line);
    if (rc == 0)
        rc = buf_add(out, buf_view(&place));
    if (rc == 0 && link)
        rc = link_end(out);
    buf_release(&place);
    if (rc < 0)
        return rc;
    label.bytes = (uint32_t)(out->n - at - sizeof label);
    label.columns = columns;
    memcpy(out->p + at, &label, sizeof label);
    if (columns > l->label)
        l->label = columns;
    return 0;
}

static int keep_text(struct kwic_lines *l, const struct kwic_line *line,
                     struct buf *out)
{
    int rc = add_place(l, line, out);

    if (rc == 0)
        rc = add_pad(out, l->width - line->left_width);
    if (rc == 0)
        rc = shown_safe(out, line->left, false);
    if (rc == 0)
        rc = buf_adds(out, l->colour ? "[" BOLD : "[");
    if (rc == 0)
        rc = shown_safe(out, line->match, false);
    if (rc == 0)
        rc = buf_adds(out, l->colour ? PLAIN "]" : "]");
    if (rc == 0)
        rc = shown_safe(out, line->right, false);
    return rc;
}

static struct label label_of(struct view kept)
{
    struct label label;

    memcpy(&label, kept.p, sizeof label);
    return label;
}

static int print_text_line(const struct kwic_lines *l, struct view kept,
                           struct buf *out)
{
    struct label label = label_of(kept);
    size_t at = sizeof label + label.bytes;
    int rc = l->colour ? buf_adds(out, PATH) : 0;

    if (rc == 0)
        rc = buf_add(out, view_sub(kept, sizeof label, at));
    if (rc == 0 && l->colour)
        rc = buf_adds(out, PLAIN);
    if (rc == 0)
        rc = add_pad(out, l->label - label.columns + 2);
    if (rc == 0)
        rc = buf_add(out, view_sub(kept, at, kept.n));
    return rc < 0 ? rc : buf_addc(out, '\n');
}

/* --- tab-separated values --- */

static int add_field(const struct kwic_lines *l, struct view v, struct buf *out)
{
    return l->terminal ? shown_safe(out, v, false) : shown_field(out, v);
}

static int keep_tsv(const struct kwic_lines *l, const struct kwic_line *line,
                    struct buf *out)
{
    int rc = add_field(l, line->hit->path, out);

    if (rc == 0)
        rc = line->hit->stale
                 ? buf_adds(out, "\t\t\t\t")
                 : buf_addf(out, "\t%u\t%u\t%u\t", line->place.line,
                            line->place.col, line->place.byte);
    if (rc == 0)
        rc = add_field(l, line->left, out);
    if (rc == 0)
        rc = buf_addc(out, '\t');
    if (rc == 0)
        rc = add_field(l, line->match, out);
    if (rc == 0)
        rc = buf_addc(out, '\t');
    if (rc == 0)
        rc = add_field(l, line->right, out);
    if (rc == 0 && line->index)
        rc = buf_addc(out, '\t');
    if (rc == 0 && line->index)
        rc = add_field(l, view_str(line->index), out);
    return rc < 0 ? rc : buf_addc(out, '\n');
}

/* --- JSON --- */

/* A number that is withheld where the source has changed. */
static void add_number(struct json *j, const char *key,
                       const struct kwic_line *line, uint32_t x)
{
    json_key(j, key);
    if (line->hit->stale)
        json_null(j);
    else
        json_uint(j, x);
}

static int keep_json(const struct kwic_lines *l, const struct kwic_line *line,
                     struct buf *out)
{
    struct json j = {.out = out};
    const struct hit *h = line->hit;

    json_object(&j);
    if (l->format == FORMAT_NDJSON) {
        json_key(&j, "type");
        json_cstr(&j, "line");
    }
    json_key(&j, "id");
    json_uint(&j, h->docid);
    out_json_index(&j, line->index);
    json_key(&j, "path");
    json_path(&j, h->path);
    json_key(&j, "date");
    out_json_date(&j, h->date);
    json_key(&j, "stale");
    json_bool(&j, h->stale);
    add_number(&j, "byte", line, line->place.byte);
    add_number(&j, "len", line, line->place.len);
    add_number(&j, "line", line, line->place.line);
    add_number(&j, "col", line, line->place.col);
    add_number(&j, "par", line, line->place.paragraph);
    add_number(&j, "page", line, line->place.page);
    json_key(&j, "left");
    json_str(&j, line->left);
    json_key(&j, "match");
    json_str(&j, line->match);
    json_key(&j, "right");
    json_str(&j, line->right);
    json_key(&j, "term");
    json_str(&j, line->place.term);
    json_key(&j, "offsets");
    json_cstr(&j, h->in_text ? "text" : "source");
    json_end(&j);
    if (l->format == FORMAT_NDJSON && !j.failed)
        return buf_addc(out, '\n');
    return j.failed ? ERR_NOMEM : 0;
}

int kwic_keep(struct kwic_lines *l, const struct kwic_line *line,
              struct buf *out)
{
    switch (l->format) {
    case FORMAT_JSON:
    case FORMAT_NDJSON:
        return keep_json(l, line, out);
    case FORMAT_TSV:
        return keep_tsv(l, line, out);
    default:
        return keep_text(l, line, out);
    }
}

/* --- around the lines --- */

static void add_count(struct json *j, const char *key, uint64_t n, bool exact)
{
    json_key(j, key);
    json_object(j);
    json_key(j, "value");
    json_uint(j, n);
    json_key(j, "relation");
    json_cstr(j, exact ? "eq" : "ge");
    json_end(j);
}

/* What goes around the lines. */
static void add_envelope(struct json *j, struct answer *a,
                         const struct kwic_count *c)
{
    uint64_t there = a->settings->sample ? c->lines : c->matches;

    out_json_head(j, a);
    add_count(j, "total", c->documents, c->counted);
    add_count(j, "matches", c->matches, c->counted);
    json_key(j, "offset");
    json_uint(j, a->settings->offset);
    json_key(j, "limit");
    json_uint(j, a->settings->limit);
    json_key(j, "truncated");
    json_bool(j, a->settings->limit != 0 &&
                     there > a->settings->offset + a->shown);
    json_key(j, "seconds");
    json_seconds(j, answer_seconds(a));
}

static int frame_json(struct answer *a, struct kwic_lines *l,
                      const struct kwic_count *c)
{
    struct buf *out = &a->session->out;
    struct json j = {.out = out};

    json_object(&j);
    if (buf_add(out, a->head) < 0)
        return ERR_NOMEM;
    add_envelope(&j, a, c);
    json_key(&j, "lines");
    if (j.failed || buf_addc(out, '[') < 0)
        return ERR_NOMEM;
    return buf_adds(a->settings->count ? out : &l->end, "]}\n");
}

static int frame_ndjson(struct answer *a, struct kwic_lines *l,
                        const struct kwic_count *c)
{
    struct json j = {.out = &l->end};

    json_object(&j);
    json_key(&j, "type");
    json_cstr(&j, "end");
    add_envelope(&j, a, c);
    json_end(&j);
    return j.failed ? ERR_NOMEM : buf_addc(&l->end, '\n');
}

static int add_unknown(void *arg, struct view word)
{
    const struct answer *a = arg;
    struct buf *m = &a->session->messages;
    int rc = answer_remark(a, m);

    if (rc == 0)
        rc = buf_adds(m, "not in the index: ");
    if (rc == 0)
        rc = shown_safe(m, word, false);
    return rc < 0 ? rc : buf_addc(m, '\n');
}

/* What stands below the list, on standard error. */
static int frame_text(struct answer *a, const struct kwic_count *c)
{
    struct buf *m = &a->session->messages;
    int rc = answer_unknown(a, add_unknown, a);

    if (rc < 0 || a->settings->file)
        return rc;
    if (!c->counted)
        return buf_addf(m, "%zu match%s\n", a->shown,
                        a->shown == 1 ? "" : "es");
    return buf_addf(m, "%zu of %llu match%s in %llu document%s%s\n", a->shown,
                    (unsigned long long)c->matches, c->matches == 1 ? "" : "es",
                    (unsigned long long)c->documents,
                    c->documents == 1 ? "" : "s",
                    a->settings->sample ? ", drawn at random" : "");
}

int kwic_frame(struct answer *a, struct kwic_lines *l,
               const struct kwic_count *c)
{
    const struct settings *set = a->settings;

    if (set->count && set->mode != MODE_BATCH)
        return buf_addf(&a->session->out, "%llu\n",
                        (unsigned long long)c->matches);
    switch (l->format) {
    case FORMAT_JSON:
        return frame_json(a, l, c);
    case FORMAT_NDJSON:
        return frame_ndjson(a, l, c);
    case FORMAT_TSV:
        return 0;
    default:
        return frame_text(a, c);
    }
}

/* --- printing --- */

/* Passes over the lines that are skipped. 1, or 0 where no other is left. */
static int skip(struct kwic_lines *l, struct view *kept, struct err *err)
{
    uint64_t i;
    int rc = sorter_rewind(&l->sorter, err);

    for (i = 0; i < l->skip && rc >= 0; i++) {
        rc = sorter_next(&l->sorter, kept, err);
        if (rc == 0)
            return 0;
    }
    return rc < 0 ? rc : 1;
}

/* The widest place among the lines that are printed. */
static int measure(struct kwic_lines *l, struct err *err)
{
    struct view kept;
    uint64_t i;
    int rc = skip(l, &kept, err);

    l->label = 0;
    for (i = 0; i < l->limit && rc > 0; i++) {
        rc = sorter_next(&l->sorter, &kept, err);
        if (rc > 0 && label_of(kept).columns > l->label)
            l->label = label_of(kept).columns;
    }
    return rc < 0 ? rc : 0;
}

static int print_line(const struct kwic_lines *l, struct view kept, bool first,
                      struct buf *out)
{
    if (l->format == FORMAT_TEXT)
        return print_text_line(l, kept, out);
    if (l->format == FORMAT_JSON && !first && buf_addc(out, ',') < 0)
        return ERR_NOMEM;
    return buf_add(out, kept);
}

int kwic_write(void *lines, struct buf *out, int fd, struct err *err)
{
    struct kwic_lines *l = lines;
    struct view kept;
    uint64_t i;
    int rc = 0;

    if (l->format == FORMAT_TEXT && (l->skip || l->limit != UINT64_MAX))
        rc = measure(l, err);
    if (rc == 0)
        rc = skip(l, &kept, err);
    for (i = 0; i < l->limit && rc > 0; i++) {
        rc = sorter_next(&l->sorter, &kept, err);
        if (rc <= 0)
            break;
        if (print_line(l, kept, i == 0, out) < 0)
            rc = err_nomem(err);
        if (rc > 0 && fd >= 0 && out->n >= WRITE_AT) {
            rc = write_answer(fd, buf_view(out), err);
            rc = rc < 0 ? rc : 1;
            buf_clear(out);
        }
    }
    if (rc >= 0)
        rc = buf_add(out, buf_view(&l->end)) < 0 ? err_nomem(err) : 0;
    return rc;
}

void kwic_free(void *lines)
{
    struct kwic_lines *l = lines;

    sorter_release(&l->sorter);
    buf_release(&l->end);
    free(l);
}
