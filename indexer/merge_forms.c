#include "indexer/merge_forms.h"

#include <stdlib.h>

#include "base/hash.h"

enum { FEW = 16 }; /* entries that insertion sorts faster than qsort */

void form_union_clear(struct form_union *u)
{
    uint32_t i;

    for (i = 0; i < u->nentries; i++)
        u->slot[u->entry[i].slot] = 0;
    u->nentries = u->n = 0;
}

/* --- the table --- */

/* Where the form is in the table, or the free slot where it belongs. */
static uint32_t find(const struct form_union *u, const struct form *f)
{
    uint32_t mask = 2 * u->cap - 1;
    uint32_t i = ((uint32_t)hash64(f->text) + f->span) & mask;

    while (u->slot[i]) {
        const struct form *g = &u->entry[u->slot[i] - 1].form;

        if (g->span == f->span && view_eq(g->text, f->text))
            break;
        i = (i + 1) & mask;
    }
    return i;
}

static void link_entry(struct form_union *u, uint32_t i, uint32_t slot)
{
    u->entry[i].slot = slot;
    u->slot[slot] = i + 1;
}

/* A larger table. */
static int rehash(struct form_union *u, uint32_t cap)
{
    uint32_t *slot = calloc(2 * (size_t)cap, sizeof *slot);
    uint32_t i;

    if (!slot)
        return ERR_NOMEM;
    free(u->slot);
    u->slot = slot;
    u->cap = cap;
    for (i = 0; i < u->nentries; i++)
        link_entry(u, i, find(u, &u->entry[i].form));
    return 0;
}

static int reserve(struct form_union *u, uint32_t more)
{
    uint64_t cap = u->cap ? u->cap : 32;
    void *p;

    if (more <= u->cap - u->nentries)
        return 0;
    while (cap - u->nentries < more)
        cap *= 2;
    if (cap > UINT32_MAX / 4)
        return ERR_NOMEM;
    if (!(p = realloc(u->entry, (size_t)cap * sizeof *u->entry)))
        return ERR_NOMEM;
    u->entry = p;
    if (!(p = realloc(u->form, (size_t)cap * sizeof *u->form)))
        return ERR_NOMEM;
    u->form = p;
    if (!(p = realloc(u->number, (size_t)cap * sizeof *u->number)))
        return ERR_NOMEM;
    u->number = p;
    return rehash(u, (uint32_t)cap);
}

int form_union_add(struct form_union *u, const struct forms *f,
                   const uint32_t *count, uint32_t *place, struct err *err)
{
    uint32_t i, slot;

    if (reserve(u, f->n) < 0)
        return err_nomem(err);
    for (i = 0; i < f->n; i++) {
        slot = find(u, &f->form[i]);
        if (!u->slot[slot]) {
            u->entry[u->nentries].form = f->form[i];
            u->entry[u->nentries].form.count = 0;
            u->entry[u->nentries].place = u->nentries;
            link_entry(u, u->nentries++, slot);
        }
        place[i] = u->slot[slot] - 1;
        u->entry[place[i]].form.count += count[i];
    }
    return 0;
}

/* --- numbers --- */

static int by_count(const void *a, const void *b)
{
    const struct form *x = &((const struct form_entry *)a)->form;
    const struct form *y = &((const struct form_entry *)b)->form;
    int c;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    c = view_cmp(x->text, y->text);
    return c ? c : (x->span > y->span) - (x->span < y->span);
}

static void sort(struct form_entry *e, uint32_t n)
{
    uint32_t i, k;

    if (n > FEW) {
        qsort(e, n, sizeof *e, by_count);
        return;
    }
    for (i = 1; i < n; i++) {
        struct form_entry x = e[i];

        for (k = i; k > 0 && by_count(&e[k - 1], &x) > 0; k--)
            e[k] = e[k - 1];
        e[k] = x;
    }
}

void form_union_number(struct form_union *u)
{
    uint32_t i;

    sort(u->entry, u->nentries);
    for (i = 0; i < u->nentries; i++) {
        const struct form_entry *e = &u->entry[i];
        bool used = e->form.count > 0;

        u->number[e->place] = used ? i : UINT32_MAX;
        u->form[i] = e->form;
        u->n += used; /* the others come last */
    }
}

void form_union_release(struct form_union *u)
{
    free(u->form);
    free(u->number);
    free(u->entry);
    free(u->slot);
    memset(u, 0, sizeof *u);
}
