/*
 * merge_forms.h - the forms a term has in several segments, as one list by
 * falling count, and for each segment what number each of its forms gets.
 *
 *     form_union_clear(&u);
 *     for each segment
 *         form_union_add(&u, forms, count, to, &err);
 *     form_union_number(&u, &err);     // fills u.form, u.n and every to[]
 */
#ifndef INDEXER_MERGE_FORMS_H
#define INDEXER_MERGE_FORMS_H

#include "index/forms.h"

/* A form in one segment. */
struct form_entry {
    struct form form;
    uint32_t *to; /* gets its number in the union */
};

struct form_union {
    struct form_entry *entry;
    uint32_t nentries;
    uint32_t cap;      /* of entry and of form */
    struct form *form; /* the union; texts are borrowed from what was added */
    uint32_t n;
};

void form_union_clear(struct form_union *u);

/* Adds forms with count[i] occurrences each; to[i], which must live until
 * form_union_number, gets their numbers. Texts are borrowed. */
int form_union_add(struct form_union *u, const struct forms *f,
                   const uint32_t *count, uint32_t *to, struct err *err);

/* Numbers them; equal counts go by text, then span. Forms without occurrences
 * are left out. */
void form_union_number(struct form_union *u);

void form_union_release(struct form_union *u);

#endif
