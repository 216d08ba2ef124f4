/*
 * passage.h - the stretches of a text to show for a hit.
 *
 * First, by positions alone, windows: one after the other, each where it adds
 * most. What counts is the weight of the words of the query in it that no
 * window before it has; then that of all its words; then how near different
 * words stand to each other; then the number of matches; then standing first.
 * One pass over the matches a window.
 *
 * Then, by bytes, a passage around the matches of each window that begins and
 * ends at a blank where there is one near, and never within a grapheme
 * cluster. Its width is measured in columns, so that passages in any script
 * take the same room: a wide character counts two, a mark none.
 */
#ifndef QUERY_PASSAGE_H
#define QUERY_PASSAGE_H

#include "query/op.h"

enum {
    PASSAGE_WIDTH = 240, /* columns of a passage, about, unless asked for */
    PASSAGE_WIDTH_MIN = 20,
    PASSAGE_WIDTH_MAX = 10000,
    PASSAGE_MAX = 100, /* passages of a document */
    PASSAGE_SYNC = 128 /* bytes that passage_boundary looks back */
};

/* A window: spans [from, to). */
struct extract {
    size_t from;
    size_t to;
};

/* Puts spans in order and keeps, of those that lie within others, only the
 * outer ones; of equal ones the first. Bigrams of one run that overlap become
 * one span. Both ends of the spans then ascend. */
void passage_merge(struct spans *s);

/* Positions that a window takes to fill a passage of `width` columns. */
uint32_t passage_reach(const struct span *span, size_t n, unsigned width);

/* Chooses up to `max` (at most PASSAGE_MAX) windows of at most `reach`
 * positions, half of that apart, among n spans in order. Gives their number,
 * with the windows in order of the document, and in *best which of them was
 * the first choice. */
size_t passage_choose(const struct span *span, size_t n, uint32_t reach,
                      unsigned max, struct extract *out, size_t *best);

enum passage_limit { PASSAGE_LIMIT_START = 1, PASSAGE_LIMIT_END = 2 };

/* Where to cut `text`, of which [lo, hi) may be shown and [from, to) should
 * be: *start and *end. What of [from, to) is wider than `width` is left out.
 * Gives the ends (enum passage_limit) that lo or hi kept from being further
 * out. */
int passage_cut(struct view text, uint32_t lo, uint32_t hi, uint32_t from,
                uint32_t to, unsigned width, uint32_t *start, uint32_t *end);

/* The boundary of a grapheme cluster at `at`, or the next one, or (with
 * `down`) the one before, in [lo, hi) of `text`. */
uint32_t passage_boundary(struct view text, uint32_t lo, uint32_t hi,
                          uint32_t at, bool down);

#endif
