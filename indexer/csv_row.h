/*
 * csv_row.h - where a row of CSV (RFC 4180) ends, and its cells.
 *
 * Cells stand between delimiters, rows end in LF or CR LF. A cell that begins
 * with a quote goes on to the next quote that is not doubled, whatever is
 * between them. A quote within another cell is a character like others, which
 * is more than the RFC allows and what is often written.
 *
 *     struct csv_scan scan = {.delimiter = ','};
 *     while ((rc = csv_row_end(&scan, bytes_so_far)) == 0)
 *         ...                             // read on; the same bytes and more
 *     if (rc > 0)
 *         csv_row_cells(view_sub(bytes, 0, scan.end), ',', 6, &row);
 */
#ifndef INDEXER_CSV_ROW_H
#define INDEXER_CSV_ROW_H

#include "base/buf.h"

enum csv_state { CSV_START, CSV_PLAIN, CSV_QUOTED, CSV_QUOTE };

struct csv_scan {
    uint8_t delimiter;
    enum csv_state state; /* at the start of a cell, in one, in quotes, behind
                           * a quote within quotes */
    size_t at;            /* bytes scanned */
    size_t end;           /* of the row, without its line end */
};

/* Goes on at scan->at: 1 behind the line end of a row; 0 at the end of v; -1
 * where something follows a closing quote. */
int csv_row_end(struct csv_scan *scan, struct view v);

/* Whether v, all of it, is a row that only misses its line end. */
bool csv_row_whole(struct csv_scan *scan, struct view v);

struct csv_row {
    struct buf text;   /* all cells without their quotes, well-formed UTF-8 */
    struct view *cell; /* in `text` */
    size_t ncells, cap;
    bool more;       /* there are more cells, and not all of them empty */
    size_t replaced; /* ill-formed sequences that became U+FFFD */
};

/* The first `most` cells of a row that csv_row_end has found. 0 or
 * ERR_NOMEM. */
int csv_row_cells(struct view v, uint8_t delimiter, size_t most,
                  struct csv_row *row);

void csv_row_release(struct csv_row *row);

#endif
