#include "indexer/csv.h"

#include <stdlib.h>
#include <strings.h>

#include "base/hash.h"
#include "indexer/csv_row.h"
#include "indexer/stream.h"
#include "indexer/vec.h"

enum {
    COLUMNS = 10000,    /* more are refused */
    AGAIN_MAX = 1 << 20 /* bytes that may always be read again */
};

enum column { FIELD, ID, TITLE, TEXT, DATE, LANGUAGE, NAMELESS };

struct csv {
    struct stream in;
    size_t max;
    bool tabs; /* by the name of the file */
    bool begun;
    bool over; /* the header cannot be read */
    bool skip; /* in a line whose first part was passed over */
    uint8_t delimiter;
    uint64_t line;   /* line ends passed over */
    uint64_t passed; /* bytes */
    uint64_t again;  /* bytes looked at that are looked at again */
    uint64_t context;
    struct csv_row header, row;
    enum column *column;
    struct field *field;
};

static bool tabs_by_name(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot &&
           (strcasecmp(dot, ".tsv") == 0 || strcasecmp(dot, ".tab") == 0);
}

int csv_open(struct csv **out, const char *path, size_t max, struct err *err)
{
    struct csv *c = calloc(1, sizeof *c);
    int rc;

    *out = NULL;
    if (!c)
        return err_nomem(err);
    c->max = max;
    c->tabs = tabs_by_name(path);
    rc = stream_open(&c->in, path, err);
    if (rc < 0)
        free(c);
    else
        *out = c;
    return rc;
}

void csv_close(struct csv *c)
{
    if (!c)
        return;
    stream_close(&c->in);
    csv_row_release(&c->header);
    csv_row_release(&c->row);
    free(c->column);
    free(c->field);
    free(c);
}

struct stream *csv_stream(struct csv *c)
{
    return &c->in;
}

static void pass(struct csv *c, size_t n)
{
    struct view v = stream_rest(&c->in);
    const uint8_t *p = v.p, *end = p + n;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        c->line++;
        p++;
    }
    c->passed += n;
    stream_pass(&c->in, n);
}

/* Passes over what is no row, of which n bytes were looked at: its first line,
 * or all of it where that would be too much to be read again. */
static void pass_bad(struct csv *c, size_t n)
{
    struct view v = stream_rest(&c->in);
    const uint8_t *nl = n ? memchr(v.p, '\n', n) : NULL;
    size_t first = nl ? (size_t)(nl - v.p) + 1 : n;

    if (c->again + (n - first) > c->passed + 2 * (uint64_t)c->max + AGAIN_MAX)
        first = n;
    c->again += n - first;
    c->skip = first > 0 && v.p[first - 1] != '\n';
    pass(c, first);
}

/* Goes to the end of the line: 1; 0 at the end or when stopped; ERR_IO,
 * ERR_NOMEM. */
static int end_line(struct csv *c, const volatile sig_atomic_t *stop,
                    struct err *err)
{
    int rc = 1;

    while (c->skip && rc > 0 && !*stop) {
        struct view v = stream_rest(&c->in);
        const uint8_t *nl = v.n ? memchr(v.p, '\n', v.n) : NULL;

        c->skip = !nl;
        pass(c, nl ? (size_t)(nl - v.p) + 1 : v.n);
        if (!nl)
            rc = stream_fill(&c->in, stop, err);
    }
    return *stop && rc > 0 ? 0 : rc;
}

/* The next row without its line end: 1; 0 at the end or when stopped;
 * ERR_USAGE, ERR_IO, ERR_NOMEM. */
static int next_row(struct csv *c, struct view *row,
                    const volatile sig_atomic_t *stop, struct err *err)
{
    struct csv_scan scan = {.delimiter = c->delimiter};
    struct view v;
    int found, rc;

    for (;;) {
        v = stream_rest(&c->in);
        found = csv_row_end(&scan, v);
        if (found || scan.at > c->max)
            break;
        rc = stream_fill(&c->in, stop, err);
        if (rc < 0 || *stop)
            return rc < 0 ? rc : 0;
        if (rc == 0) {
            v = stream_rest(&c->in);
            if (v.n == 0)
                return 0;
            found = csv_row_whole(&scan, v) ? 1 : 0;
            scan.at = v.n;
            break;
        }
    }
    if (found > 0 && scan.end <= c->max) {
        *row = view_sub(v, 0, scan.end);
        pass(c, scan.at);
        return 1;
    }
    pass_bad(c, scan.at);
    if (found < 0)
        return err_set(err, ERR_USAGE,
                       "something follows the quote that ends a cell");
    if (scan.at > c->max)
        return err_set(err, ERR_USAGE, "longer than %zu bytes (--max-size)",
                       c->max);
    return err_set(err, ERR_USAGE, "a quote is not closed");
}

/* --- the header --- */

/* The delimiter of which there is most outside of quotes. */
static uint8_t delimiter_of(struct view line)
{
    static const uint8_t known[] = {',', ';', '\t'};
    size_t count[3] = {0}, i, k, best = 0;
    bool quoted = false;

    for (i = 0; i < line.n; i++) {
        quoted ^= line.p[i] == '"';
        for (k = 0; k < 3 && !quoted; k++)
            count[k] += line.p[i] == known[k];
    }
    for (k = 1; k < 3; k++)
        if (count[k] > count[best])
            best = k;
    return known[best];
}

static struct view trim(struct view v)
{
    while (v.n && (v.p[0] == ' ' || v.p[0] == '\t'))
        v = view_sub(v, 1, v.n);
    while (v.n && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\t'))
        v.n--;
    return v;
}

static enum column column_of(struct view name)
{
    static const struct {
        const char *name;
        enum column column;
    } known[] = {{"id", ID},     {"title", TITLE},   {"text", TEXT},
                 {"date", DATE}, {"lang", LANGUAGE}, {"language", LANGUAGE}};
    size_t i;

    for (i = 0; i < sizeof known / sizeof *known; i++)
        if (name.n == strlen(known[i].name) &&
            strncasecmp((const char *)name.p, known[i].name, name.n) == 0)
            return known[i].column;
    return name.n ? FIELD : NAMELESS;
}

static int take_header(struct csv *c, struct view line, struct err *err)
{
    unsigned seen = 0;
    size_t i;

    c->context = hash64(line);
    if (csv_row_cells(line, c->delimiter, COLUMNS, &c->header) < 0)
        return err_nomem(err);
    if (c->header.more)
        return err_set(err, ERR_USAGE, "more than %d columns", COLUMNS);
    c->column = calloc(c->header.ncells, sizeof *c->column);
    c->field = calloc(c->header.ncells, sizeof *c->field);
    if (!c->column || !c->field)
        return err_nomem(err);
    for (i = 0; i < c->header.ncells; i++) {
        struct view *name = &c->header.cell[i];

        *name = trim(*name);
        c->column[i] = column_of(*name);
        if (c->column[i] == FIELD || c->column[i] == NAMELESS)
            continue;
        if (seen & 1u << c->column[i])
            return err_set(err, ERR_USAGE, "two columns are named \"%.*s\"",
                           (int)name->n, (const char *)name->p);
        seen |= 1u << c->column[i];
    }
    if (!(seen & 1u << ID))
        return err_set(err, ERR_USAGE, "no column is named \"id\"");
    return 1;
}

/* Reads the header: 1; 0 where there is none; ERR_USAGE, ERR_IO, ERR_NOMEM. */
static int begin(struct csv *c, const volatile sig_atomic_t *stop,
                 struct err *err)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    struct view v = stream_rest(&c->in);
    const uint8_t *nl = NULL;
    int rc = 1;

    while (rc > 0 && !nl && v.n <= c->max) {
        rc = stream_fill(&c->in, stop, err);
        v = stream_rest(&c->in);
        nl = v.n ? memchr(v.p, '\n', v.n) : NULL;
    }
    if (rc < 0 || *stop)
        return rc < 0 ? rc : 0;
    if (v.n >= 2 && (v.p[0] ^ v.p[1]) == 1 && v.p[0] >= 0xFE)
        return err_set(err, ERR_USAGE,
                       "UTF-16, which has to be said: --encoding NAME=utf-16");
    if (v.n >= 3 && memcmp(v.p, mark, 3) == 0) {
        pass(c, 3);
        v = stream_rest(&c->in);
    }
    if (nl)
        v.n = (size_t)(nl - v.p);
    c->delimiter = c->tabs ? '\t' : delimiter_of(v);
    rc = next_row(c, &v, stop, err);
    return rc > 0 ? take_header(c, v, err) : rc;
}

/* --- records --- */

static bool empty(const struct csv_row *row)
{
    size_t i;

    for (i = 0; i < row->ncells; i++)
        if (row->cell[i].n)
            return false;
    return !row->more;
}

/* What the cells of c->row say, into *out. */
static int take(struct csv *c, struct record *out, struct err *err)
{
    struct view *to[] = {
        [ID] = &out->id,     [TITLE] = &out->title,       [TEXT] = &out->text,
        [DATE] = &out->date, [LANGUAGE] = &out->language,
    };
    const struct csv_row *row = &c->row;
    size_t i;

    out->field = c->field;
    out->replaced = row->replaced;
    out->context = c->context;
    if (row->more || row->ncells < c->header.ncells)
        return err_set(err, ERR_USAGE, "%s cells than the header has columns",
                       row->more ? "more" : "fewer");
    for (i = 0; i < row->ncells; i++)
        if (c->column[i] == FIELD && row->cell[i].n) {
            out->field[out->nfields].name = c->header.cell[i];
            out->field[out->nfields++].value = row->cell[i];
        } else if (c->column[i] != FIELD && c->column[i] != NAMELESS) {
            *to[c->column[i]] = row->cell[i];
        }
    if (out->id.n == 0)
        return err_set(err, ERR_USAGE, "no \"id\"");
    return 1;
}

int csv_next(struct csv *c, struct record *out,
             const volatile sig_atomic_t *stop, struct err *err)
{
    int rc = 1;

    memset(out, 0, sizeof *out);
    if (!c->begun && !c->over) {
        out->line = 1;
        rc = begin(c, stop, err);
        c->begun = rc > 0;
        c->over = rc <= 0;
    }
    if (rc <= 0 || c->over)
        return rc <= 0 ? rc : 0;
    do {
        rc = end_line(c, stop, err);
        out->line = c->line + 1;
        if (rc > 0)
            rc = next_row(c, &out->raw, stop, err);
        if (rc > 0 && csv_row_cells(out->raw, c->delimiter, c->header.ncells,
                                    &c->row) < 0)
            return err_nomem(err);
    } while (rc > 0 && empty(&c->row));
    return rc > 0 ? take(c, out, err) : rc;
}
