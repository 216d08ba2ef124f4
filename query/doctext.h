/*
 * doctext.h - the stored text of one document, as much of it as is needed.
 *
 * Text is stored in frames; each says what byte, line and position it starts
 * at. So finding where some positions lie means reading the frames that hold
 * them and cutting these into words, nothing else. Bytes keep their place in
 * the text: frame after frame is read to where it belongs.
 */
#ifndef QUERY_DOCTEXT_H
#define QUERY_DOCTEXT_H

#include "index/document.h"

struct doctext {
    struct documents *documents; /* borrowed */
    const struct document *doc;  /* borrowed */
    struct buf text; /* room for all of it; valid where frames are read */
    uint8_t *have;   /* of each frame, whether it was read */
    size_t cap;      /* of have */
};

/* A position of the document and where its token lies in the text. */
struct place_of {
    uint32_t pos;
    uint32_t start; /* bytes [start, end); both 0 where it was not found */
    uint32_t end;
};

/* Begins another document; what was read of the one before is void. 0 or
 * ERR_NOMEM. */
int doctext_begin(struct doctext *t, struct documents *ds,
                  const struct document *d);

/* Reads the frames that hold bytes [from, to). */
int doctext_read(struct doctext *t, uint32_t from, uint32_t to,
                 struct err *err);

/* The bytes [from, to), which were read. */
static inline struct view doctext_view(const struct doctext *t, uint32_t from,
                                       uint32_t to)
{
    return view_of(t->text.p + from, to - from);
}

/* Finds the tokens at n positions in ascending order. */
int doctext_find(struct doctext *t, struct place_of *place, size_t n,
                 struct err *err);

/* Line and column (in bytes) of a byte, both from 1. */
int doctext_line(struct doctext *t, uint32_t byte, uint32_t *line,
                 uint32_t *col, struct err *err);

/* The number of the first zone behind the title; nzones where there is none,
 * 0 where there is no title. */
size_t doctext_body(const struct document *d);

/* The position due behind the title; 0 where there is none. */
int doctext_body_position(struct doctext *t, uint32_t *pos, struct err *err);

void doctext_release(struct doctext *t);

#endif
