/*
 * near.h - which occurrences of several words stand near each other.
 *
 * A word of a query is given by the places where it stands in a document:
 * stretches of positions, ascending, mostly of one. What takes part in a match
 * is marked; a match counts as often as the word that takes part least.
 *
 *   near_chain   each word is at most `beside` positions from the one before
 *                it in the list, on either side, and does not overlap it: 1 is
 *                next to it
 *   near_row     each word begins where the one before it in the list ends
 *   near_window  all words lie in a stretch of reach + 1 positions; a word
 *                that is wanted `times` times has to be there so often
 *
 * Cost: n log n for n occurrences.
 */
#ifndef QUERY_NEAR_H
#define QUERY_NEAR_H

#include "query/op.h"

struct near_word {
    struct spans spans; /* by `from`; sorted and made unique by near_sort */
    uint8_t *in;        /* of each: whether it takes part */
    size_t in_cap;
    uint32_t beside;
    uint32_t times;
    size_t part; /* how many take part */
};

/* Memory that is used over and over; zeroed at first. */
struct near_room {
    uint32_t *from;
    uint32_t *to;
    size_t cap;
};

void near_sort(struct spans *s);

/* Marks in `in` and counts in `part`. 0 or ERR_NOMEM. Spans must be sorted. */
int near_chain(struct near_word *w, unsigned n, struct near_room *room);
int near_row(struct near_word *w, unsigned n, struct near_room *room);
int near_window(struct near_word *w, unsigned n, uint32_t reach,
                struct near_room *room);

/* Adds the stretches that matches of near_row cover, once it has marked. 0 or
 * ERR_NOMEM. */
int near_row_spans(const struct near_word *w, unsigned n, struct leaf *leaf,
                   struct spans *out);

/* How often there is a match, from `part`. */
uint32_t near_count(const struct near_word *w, unsigned n);

void near_word_release(struct near_word *w);
void near_room_release(struct near_room *room);

#endif
