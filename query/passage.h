/*
 * passage.h - the stretch of a text to show for a hit.
 *
 * First, by positions alone, the window with the most different leaves, then
 * the most matches; then, by bytes, a passage around the matches in it that
 * begins and ends at a blank where there is one near, and never within a
 * character.
 */
#ifndef QUERY_PASSAGE_H
#define QUERY_PASSAGE_H

#include "query/op.h"

enum {
    PASSAGE_POSITIONS = 30, /* width of the window */
    PASSAGE_BYTES = 240     /* length of a passage, about */
};

/* The best window [*from, *to) of n spans in ascending order; the first of
 * equals. n is at least 1. */
void passage_window(const struct span *span, size_t n, size_t *from,
                    size_t *to);

/* Puts spans in order and keeps, of those that lie within others, only the
 * outer ones; of equal ones the first. Bigrams of one run that overlap become
 * one span. */
void passage_merge(struct spans *s);

/* Where to cut `text`, of which [lo, hi) may be shown and [from, to) should
 * be: *start and *end, within PASSAGE_BYTES of each other unless a match is
 * longer than that. */
void passage_cut(struct view text, uint32_t lo, uint32_t hi, uint32_t from,
                 uint32_t to, uint32_t *start, uint32_t *end);

#endif
