#include "indexer/csv_row.h"

#include "base/err.h"
#include "indexer/vec.h"
#include "text/utf8.h"

int csv_row_end(struct csv_scan *scan, struct view v)
{
    while (scan->at < v.n) {
        uint8_t c = v.p[scan->at];

        if (scan->state == CSV_QUOTED) {
            const uint8_t *q = memchr(v.p + scan->at, '"', v.n - scan->at);

            scan->at = q ? (size_t)(q - v.p) + 1 : v.n;
            scan->state = q ? CSV_QUOTE : CSV_QUOTED;
            continue;
        }
        if (c == '\n') {
            scan->end = scan->at++;
            if (scan->end > 0 && v.p[scan->end - 1] == '\r')
                scan->end--;
            return 1;
        }
        if (c == '"' && scan->state != CSV_PLAIN)
            scan->state = CSV_QUOTED;
        else if (c == scan->delimiter)
            scan->state = CSV_START;
        else if (scan->state != CSV_QUOTE)
            scan->state = CSV_PLAIN;
        else if (c == '\r' && scan->at + 1 == v.n)
            return 0;
        else if (c != '\r' || v.p[scan->at + 1] != '\n')
            return -1;
        scan->at++;
    }
    return 0;
}

bool csv_row_whole(struct csv_scan *scan, struct view v)
{
    scan->end = v.n;
    if (v.n > 0 && v.p[v.n - 1] == '\r')
        scan->end--;
    return scan->state != CSV_QUOTED &&
           (scan->state != CSV_QUOTE || scan->at >= scan->end);
}

/* Where the cell ends that v begins with. */
static size_t cell_end(struct view v, uint8_t delimiter)
{
    const uint8_t *p;
    size_t i = 0;

    if (v.n && v.p[0] == '"')
        for (i = 1; i < v.n; i++)
            if (v.p[i] == '"' && (++i == v.n || v.p[i] != '"'))
                break;
    p = i < v.n ? memchr(v.p + i, delimiter, v.n - i) : NULL;
    return p ? (size_t)(p - v.p) : v.n;
}

/* Appends a cell without its quotes. */
static int add_cell(struct csv_row *row, struct view v)
{
    if (v.n < 2 || v.p[0] != '"')
        return utf8_add(&row->text, v, &row->replaced);
    v = view_sub(v, 1, v.n - 1);
    for (;;) {
        const uint8_t *q = v.n ? memchr(v.p, '"', v.n) : NULL;
        size_t n = q ? (size_t)(q - v.p) + 1 : v.n;

        if (utf8_add(&row->text, view_sub(v, 0, n), &row->replaced) < 0)
            return ERR_NOMEM;
        if (!q || n == v.n)
            return 0;
        v = view_sub(v, n + 1, v.n);
    }
}

/* Whether there is anything else in v than delimiters. */
static bool any_cell(struct view v, uint8_t delimiter)
{
    size_t i;

    for (i = 0; i < v.n; i++)
        if (v.p[i] != delimiter)
            return true;
    return false;
}

int csv_row_cells(struct view v, uint8_t delimiter, size_t most,
                  struct csv_row *row)
{
    size_t at = 0, i;

    buf_clear(&row->text);
    row->ncells = row->replaced = 0;
    row->more = false;
    for (;;) {
        size_t n = cell_end(view_sub(v, at, v.n), delimiter), from;
        struct view *more =
            vec_grow(row->cell, &row->cap, row->ncells + 1, sizeof *more);

        if (!more)
            return ERR_NOMEM;
        row->cell = more;
        from = row->text.n;
        if (add_cell(row, view_sub(v, at, at + n)) < 0)
            return ERR_NOMEM;
        more[row->ncells++].n = row->text.n - from;
        at += n;
        if (at == v.n)
            break;
        if (row->ncells == most) {
            row->more = any_cell(view_sub(v, at, v.n), delimiter);
            break;
        }
        at++;
    }
    for (i = at = 0; i < row->ncells; at += row->cell[i++].n)
        row->cell[i] = view_sub(buf_view(&row->text), at, at + row->cell[i].n);
    return 0;
}

void csv_row_release(struct csv_row *row)
{
    buf_release(&row->text);
    free(row->cell);
    memset(row, 0, sizeof *row);
}
