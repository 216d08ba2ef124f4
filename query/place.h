/*
 * place.h - a slot of a phrase in one segment: its postings, the forms of them
 * that pass, and where it may stand behind the phrase's start.
 */
#ifndef QUERY_PLACE_H
#define QUERY_PLACE_H

#include "query/form_set.h"
#include "query/op.h"
#include "query/term_set.h"

struct place {
    struct slot *slot;
    struct postings *p;   /* or, for a cluster, … */
    struct term_set *set; /* … this; both NULL where there are none */
    struct place *same;   /* an earlier place whose word this one repeats, and
                          * whose postings it borrows */
    size_t at;            /* in the set */
    uint32_t docid;       /* OP_END behind the last */
    struct form_set forms;
    uint32_t least, most; /* positions that an occurrence which passes covers */
    bool wide;            /* they differ */
    bool picky;           /* most occurrences have a form that does not pass */
    const struct occurrence *occ; /* of docid, after place_load */
    size_t nocc;
    int64_t lo, hi; /* positions from the start of a match to this slot: so
                     * many at least and at most, for a token may cover several
                     * in a document */
};

/* Opens the place of slot s; `earlier`, the n places before it. 0 or
 * negative. */
int place_open(struct op_env *env, struct place *pl, struct slot *s,
               struct place *earlier, unsigned n);
void place_close(struct place *pl);

/* Its first document >= d; OP_END, also on failure. */
uint32_t place_seek(struct op_env *env, struct place *pl, uint32_t d);

/* Documents it may visit. */
uint64_t place_cost(const struct place *pl);

/* How often it is in document d; 0 if it stands elsewhere. */
uint32_t place_tf(const struct place *pl, uint32_t d);

/* Reads occ and nocc of its document. 0 or negative. */
int place_load(struct place *pl);

/* Positions that an occurrence of a form covers; 0 where it does not pass. */
static inline uint32_t place_span(const struct place *pl, uint32_t form)
{
    if (pl->set)
        return 1;
    return form_set_has(&pl->forms, form) ? pl->forms.forms->form[form].span
                                          : 0;
}

#endif
