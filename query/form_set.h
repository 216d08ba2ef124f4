/*
 * form_set.h - which forms of a term pass the test of an exact word.
 *
 * The forms of a term in a segment are few, its occurrences many: the test is
 * done once for each form, and an occurrence is then one look-up.
 */
#ifndef QUERY_FORM_SET_H
#define QUERY_FORM_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "query/op.h"

struct form_set {
    uint32_t n;                /* forms of the term */
    uint32_t passed;           /* how many of them pass */
    uint8_t *pass;             /* of form i; in the arena */
    const struct forms *forms; /* borrowed from the postings */
};

/* Tests the forms of p, the postings of slot s. 0 or negative. */
int form_set_make(struct form_set *fs, struct op_env *env, const struct slot *s,
                  struct postings *p);

/* The same of `term`, one of those that slot s was expanded to: forms that
 * match its pattern; of a fuzzy word all forms. Neither counts where another
 * term has it, too, and stands for it: the plain spelling of two. */
int form_set_of_pattern(struct form_set *fs, struct op_env *env,
                        const struct slot *s, struct view term,
                        struct postings *p);

/* Whether an occurrence of form i passes; a form that is none does not. */
static inline bool form_set_has(const struct form_set *fs, uint32_t i)
{
    return i < fs->n && fs->pass[i];
}

#endif
