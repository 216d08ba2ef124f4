/*
 * front.h - front matter: `key: value` lines between lines of `---`.
 */
#ifndef INDEXER_FRONT_H
#define INDEXER_FRONT_H

#include "base/buf.h"

/* A line of it. */
struct front_line {
    struct view key;   /* empty: the line goes on with the key above */
    struct view value; /* without quotes and blanks around; may be empty */
};

/* Where front matter that begins at byte `at` ends (the byte behind its last
 * line), or `at` where there is none. *body gets its first byte behind the
 * opening line. */
size_t front_end(struct view text, size_t at, size_t max, size_t *body);

/* The line at *at: true and *at behind it, false where the closing line or
 * byte `end` is. Lines that hold nothing are passed over. */
bool front_next(struct view text, size_t *at, size_t end,
                struct front_line *out);

/* A line of text: bytes [at, *next), of which the view has those before its
 * line end. */
struct view line_at(struct view text, size_t at, size_t *next);

/* Without ASCII blanks and line ends at its ends. */
struct view trim(struct view v);

#endif
