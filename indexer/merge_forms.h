/*
 * merge_forms.h - the forms a term has in several segments, as one list by
 * falling count, and for each segment what number each of its forms gets.
 *
 *     form_union_clear(&u);
 *     for each segment
 *         form_union_add(&u, forms, count, place, &err);
 *     form_union_number(&u);       // fills u.form, u.n and u.number
 *     for each form i of a segment
 *         its number is u.number[place[i]]
 *
 * Forms that were added before are found in a hash table.
 */
#ifndef INDEXER_MERGE_FORMS_H
#define INDEXER_MERGE_FORMS_H

#include "index/forms.h"

/* A form that some segment has. */
struct form_entry {
    struct form form;
    uint32_t place; /* how many came before it */
    uint32_t slot;  /* where in the table it is */
};

struct form_union {
    struct form *form; /* the union; texts are borrowed from what was added */
    uint32_t n;
    uint32_t *number; /* by place; UINT32_MAX for one that was left out */

    struct form_entry *entry;
    uint32_t nentries;
    uint32_t cap;   /* of form, number and entry */
    uint32_t *slot; /* the table, 2 * cap: 1 + index in entry, 0 where free */
};

void form_union_clear(struct form_union *u);

/* Adds forms with count[i] occurrences each and gives their places. Texts are
 * borrowed until the next clear. 0 or ERR_NOMEM. */
int form_union_add(struct form_union *u, const struct forms *f,
                   const uint32_t *count, uint32_t *place, struct err *err);

/* Numbers them; equal counts go by text, then span. Forms without occurrences
 * are left out. Nothing can be added then. */
void form_union_number(struct form_union *u);

void form_union_release(struct form_union *u);

#endif
