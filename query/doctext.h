/*
 * doctext.h - the stored text of one document, as much of it as is needed.
 *
 * Text is stored in frames; each says what byte, line and position it starts
 * at. So finding where some positions lie means reading the frames that hold
 * them and cutting these into words, nothing else, however long the text. Bytes keep their place in
 * the text: frame after frame is read to where it belongs.
 */
#ifndef QUERY_DOCTEXT_H
#define QUERY_DOCTEXT_H

#include "index/document.h"

struct doctext {
    struct documents *documents; /* borrowed */
    const struct document *doc;  /* borrowed */
    struct buf text;     /* room for all of it; valid where frames are read */
    uint8_t *have;       /* of each frame, whether it was read */
    size_t cap;          /* of have */
    size_t loaded;       /* frames read since doctext_begin */
    struct words *words; /* cuts; NULL until needed */
    struct {
        uint32_t byte; /* UINT32_MAX: none */
        uint32_t line;
        uint32_t begin; /* byte its line begins at; UINT32_MAX: not known */
    } at;               /* what doctext_line found last */
    struct {
        uint32_t byte; /* UINT32_MAX: none */
        uint32_t page;
    } paged; /* what doctext_page found last */
    struct {
        uint32_t byte; /* counted up to here; UINT32_MAX: nowhere */
        struct paragraphs paragraphs;
    } counted; /* what doctext_paragraph found last */
};

/* A position of the document and where its token lies in the text. */
struct place_of {
    uint32_t pos;
    uint32_t start; /* bytes [start, end); both 0 where it was not found */
    uint32_t end;
    bool needed; /* else it is found only where one that is needed is near */
    bool seen;   /* it was looked for */
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

/* Finds the tokens at n positions in ascending order. Frames that hold none
 * that is needed are not read. One that is not needed is found where it lies
 * in the same frame as one that is, in front of it or at most `reach` bytes
 * behind. */
int doctext_find(struct doctext *t, struct place_of *place, size_t n,
                 uint32_t reach, struct err *err);

/* Calls fn with the tokens in all parts of the text between places where
 * cutting may begin, of whose positions [from, to) `want` says so; in order.
 * Ends where fn gives something negative. */
int doctext_tokens(struct doctext *t,
                   bool (*want)(void *arg, uint32_t from, uint32_t to),
                   int (*fn)(void *arg, const struct token *tok), void *arg,
                   struct err *err);

/* Line and column (in bytes) of a byte, both from 1; col may be NULL. Reads
 * the frame of the byte and the one that its line begins in. Cheap for a byte
 * behind the one asked for before. */
int doctext_line(struct doctext *t, uint32_t byte, uint32_t *line,
                 uint32_t *col, struct err *err);

/* Whether a position may lie in one of the frames that hold [from, to). */
bool doctext_near(const struct doctext *t, uint32_t pos, uint32_t from,
                  uint32_t to);

/* The page of a byte, counted by form feeds, and its paragraph: lines with
 * something in them and no empty line between; both from 1. A byte between two
 * paragraphs counts to the one before it. Both read the frame of the byte, and
 * are cheap for a byte behind the one asked for before. */
int doctext_page(struct doctext *t, uint32_t byte, uint32_t *page,
                 struct err *err);
int doctext_paragraph(struct doctext *t, uint32_t byte, uint32_t *paragraph,
                      struct err *err);

/* The byte at which the line begins that is n lines before that of `byte`, or
 * the first; the byte behind the text of the line that is n lines behind it, or
 * the last, its line end not included. No frame is read that holds none of
 * these lines. */
int doctext_line_start(struct doctext *t, uint32_t byte, uint64_t n,
                       uint32_t *start, struct err *err);
int doctext_line_end(struct doctext *t, uint32_t byte, uint64_t n,
                     uint32_t *end, struct err *err);

/* The zone that a byte lies in; the whole text if none does. */
struct zone doctext_zone(const struct document *d, uint32_t byte);

/* The number of the first zone behind the title; nzones where there is none,
 * 0 where there is no title. */
size_t doctext_body(const struct document *d);

/* The position due behind the title; 0 where there is none. */
int doctext_body_position(struct doctext *t, uint32_t *pos, struct err *err);

void doctext_release(struct doctext *t);

#endif
