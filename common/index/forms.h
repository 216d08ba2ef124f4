/*
 * forms.h - how a term was written: its surface forms and their spans.
 *
 * The postings of a segment are those of the stem; each occurrence carries
 * the number of the form it had, 0 for the most frequent one. Exact words and
 * phrases read them, ranked ones never do. A form is stored as what it shares
 * with the term, and the rest; the commonest case, the term itself as its own
 * first form, costs no byte but the count.
 */
#ifndef INDEX_FORMS_H
#define INDEX_FORMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct form {
    struct view text; /* as written, after NFC; not empty */
    uint32_t span;    /* positions covered, at least 1 */
    uint32_t count;   /* occurrences; 0 where it was not stored */
};

struct forms {
    struct form *form;
    uint32_t n;
    struct buf bytes; /* holds the texts */
    uint32_t cap;
};

/* Appends the encoding of FORMAT.md: 0 or ERR_NOMEM. `term` without its title
 * mark. `counts`: with the number of occurrences behind each. */
int forms_encode(struct buf *out, struct view term, const struct form *form,
                 uint32_t n, bool counts);

/* Decodes from r, replacing what f held. ERR_CORRUPT, ERR_NOMEM. */
int forms_decode(struct forms *f, struct view term, struct rd *r, bool counts,
                 struct err *err);

/* Passes over them; returns how many, 0 (and r->bad) where they are damaged. */
uint32_t forms_skip(struct rd *r, bool counts);

void forms_release(struct forms *f);

#endif
