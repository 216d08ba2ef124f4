#include "indexer/merge_forms.h"

#include <stdlib.h>

void form_union_clear(struct form_union *u)
{
    u->nentries = u->n = 0;
}

static int reserve(struct form_union *u, uint32_t more)
{
    uint64_t cap = u->cap ? u->cap : 32;
    struct form_entry *entry;
    struct form *form;

    if (more <= u->cap - u->nentries)
        return 0;
    while (cap - u->nentries < more)
        cap *= 2;
    if (cap > UINT32_MAX)
        return ERR_NOMEM;
    entry = realloc(u->entry, (size_t)cap * sizeof *entry);
    if (!entry)
        return ERR_NOMEM;
    u->entry = entry;
    form = realloc(u->form, (size_t)cap * sizeof *form);
    if (!form)
        return ERR_NOMEM;
    u->form = form;
    u->cap = (uint32_t)cap;
    return 0;
}

int form_union_add(struct form_union *u, const struct forms *f,
                   const uint32_t *count, uint32_t *to, struct err *err)
{
    uint32_t i;

    if (reserve(u, f->n) < 0)
        return err_nomem(err);
    for (i = 0; i < f->n; i++) {
        struct form_entry *e = &u->entry[u->nentries++];

        e->form = f->form[i];
        e->form.count = count[i];
        e->to = &to[i];
    }
    return 0;
}

static int by_text(const struct form *a, const struct form *b)
{
    int c = view_cmp(a->text, b->text);

    return c ? c : (a->span > b->span) - (a->span < b->span);
}

static int entry_by_text(const void *a, const void *b)
{
    const struct form_entry *x = a, *y = b;

    return by_text(&x->form, &y->form);
}

static int form_by_count(const void *a, const void *b)
{
    const struct form *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return by_text(x, y);
}

/* Numbers entries by bisection in the union sorted by count; cheaper for the
 * usual few than a table. */
static uint32_t number_of(const struct form_union *u, const struct form *f)
{
    uint32_t lo = 0, hi = u->n;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int c = form_by_count(&u->form[mid], f);

        if (c == 0)
            return mid;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return UINT32_MAX; /* no occurrence is left of it */
}

void form_union_number(struct form_union *u)
{
    uint32_t i, k, n = 0;

    if (u->nentries > 1)
        qsort(u->entry, u->nentries, sizeof *u->entry, entry_by_text);
    /* every entry of a form gets the sum of all of them */
    for (i = 0; i < u->nentries; i = k) {
        struct form sum = u->entry[i].form;

        for (k = i + 1;
             k < u->nentries && by_text(&u->entry[k].form, &sum) == 0; k++)
            sum.count += u->entry[k].form.count;
        if (sum.count > 0)
            u->form[n++] = sum;
        for (uint32_t j = i; j < k; j++)
            u->entry[j].form.count = sum.count;
    }
    u->n = n;
    if (n > 1)
        qsort(u->form, n, sizeof *u->form, form_by_count);
    for (i = 0; i < u->nentries; i++)
        *u->entry[i].to = number_of(u, &u->entry[i].form);
}

void form_union_release(struct form_union *u)
{
    free(u->entry);
    free(u->form);
    memset(u, 0, sizeof *u);
}
