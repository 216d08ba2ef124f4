#include "indexer/batch.h"

#include <stdlib.h>

#include "base/hash.h"
#include "index/acronyms.h"
#include "indexer/vec.h"

enum { FIRST_SLOTS = 1024 };

static int keep(struct batch *b, struct view v, struct span *out)
{
    out->at = b->bytes.n;
    out->n = v.n;
    return buf_add(&b->bytes, v);
}

/* --- finding documents by id --- */

static size_t slot_of(const struct batch *b, struct view id)
{
    return hash64(id) & (b->nslots - 1);
}

static void fill_slot(struct batch *b, size_t place)
{
    size_t at = slot_of(b, span_view(&b->bytes, b->doc[place].id));

    while (b->slot[at])
        at = (at + 1) & (b->nslots - 1);
    b->slot[at] = (uint32_t)place + 1;
}

/* Doubles the slots and fills in the first n documents. */
static int grow_slots(struct batch *b, size_t n)
{
    size_t size = b->nslots ? b->nslots * 2 : FIRST_SLOTS, i;
    uint32_t *slot = calloc(size, sizeof *slot);

    if (!slot)
        return ERR_NOMEM;
    free(b->slot);
    b->slot = slot;
    b->nslots = size;
    for (i = 0; i < n; i++)
        if (!b->doc[i].replaced_by)
            fill_slot(b, i);
    return 0;
}

/* The slot of `id`, or NULL. */
static uint32_t *find_slot(const struct batch *b, struct view id)
{
    size_t at;

    if (b->nslots == 0)
        return NULL;
    for (at = slot_of(b, id); b->slot[at]; at = (at + 1) & (b->nslots - 1)) {
        const struct batch_doc *d = &b->doc[b->slot[at] - 1];

        if (view_eq(span_view(&b->bytes, d->id), id))
            return &b->slot[at];
    }
    return NULL;
}

struct batch_doc *batch_find(struct batch *b, struct view id)
{
    uint32_t *slot = find_slot(b, id);

    return slot ? &b->doc[*slot - 1] : NULL;
}

/* Makes the last document the one of its id: it takes over from one that has
 * the same in this batch. */
static int register_last(struct batch *b)
{
    struct batch_doc *d = &b->doc[b->ndocs - 1], *old;
    uint32_t *slot;

    if (b->ndocs * 2 > b->nslots && grow_slots(b, b->ndocs - 1) < 0)
        return ERR_NOMEM;
    slot = find_slot(b, span_view(&b->bytes, d->id));
    if (!slot) {
        fill_slot(b, b->ndocs - 1);
        return 0;
    }
    old = &b->doc[*slot - 1];
    old->replaced_by = (uint32_t)b->ndocs;
    d->replaces = old->replaces;
    old->replaces = 0;
    *slot = (uint32_t)b->ndocs;
    return 0;
}

/* --- adding --- */

static int add_zones(struct batch *b, struct batch_doc *d,
                     const struct meta *meta)
{
    struct zone *z;

    z = vec_grow(b->zone, &b->zone_cap, b->nzones + meta->nzones, sizeof *z);
    if (!z)
        return ERR_NOMEM;
    b->zone = z;
    if (meta->nzones)
        memcpy(z + b->nzones, meta->zone, meta->nzones * sizeof *z);
    d->zone = b->nzones;
    d->nzones = meta->nzones;
    b->nzones += meta->nzones;
    return 0;
}

/* A hidden field, unless it is empty. There is room for it. */
static int add_fact(struct batch *b, struct batch_doc *d, const char *name,
                    const struct buf *value)
{
    struct batch_field *f = &b->field[b->nfields];

    if (value->n == 0)
        return 0;
    if (keep(b, view_str(name), &f->name) < 0 ||
        keep(b, buf_view(value), &f->value) < 0)
        return ERR_NOMEM;
    b->nfields++;
    d->nfields++;
    return 0;
}

static int add_fields(struct batch *b, struct batch_doc *d,
                      const struct meta *meta)
{
    struct batch_field *f;
    size_t i;

    f = vec_grow(b->field, &b->field_cap, b->nfields + meta->nfields + 2,
                 sizeof *f);
    if (!f)
        return ERR_NOMEM;
    b->field = f;
    d->field = b->nfields;
    d->nfields = meta->nfields;
    for (i = 0; i < meta->nfields; i++, b->nfields++)
        if (keep(b, meta->field[i].name, &f[b->nfields].name) < 0 ||
            keep(b, meta->field[i].value, &f[b->nfields].value) < 0)
            return ERR_NOMEM;
    if (add_fact(b, d, ACRONYMS_FIELD, &meta->acronyms) < 0)
        return ERR_NOMEM;
    return add_fact(b, d, FURNITURE_FIELD, &meta->furniture);
}

int batch_add(struct batch *b, struct view id, const struct source *row,
              uint32_t replaces, size_t text, size_t check,
              const struct meta *meta, const struct inverted *inverted)
{
    struct batch_doc *d;

    d = vec_grow(b->doc, &b->doc_cap, b->ndocs + 1, sizeof *d);
    if (!d)
        return ERR_NOMEM;
    b->doc = d;
    d += b->ndocs;
    memset(d, 0, sizeof *d);
    if (keep(b, id, &d->id) < 0 || add_zones(b, d, meta) < 0 ||
        add_fields(b, d, meta) < 0 ||
        keep(b, view_str(meta->language), &d->language) < 0)
        return ERR_NOMEM;
    d->row = *row;
    d->replaces = replaces;
    d->text.at = text;
    d->text.n = b->text.n - text;
    d->check = check;
    d->nchecks = b->checks.n - check;
    d->inverted = *inverted;
    d->title_start = meta->title_start;
    d->detected = meta->detected;
    d->title_len = meta->title_len;
    d->date = meta->date;
    d->date_source = meta->date_source;
    b->ndocs++;
    return register_last(b);
}

int batch_change(struct batch *b, enum batch_op op, struct view id,
                 uint32_t kills, const struct source *row)
{
    struct batch_change *c;

    c = vec_grow(b->change, &b->change_cap, b->nchanges + 1, sizeof *c);
    if (!c)
        return ERR_NOMEM;
    b->change = c;
    c += b->nchanges;
    memset(c, 0, sizeof *c);
    c->op = op;
    c->kills = kills;
    if (row)
        c->row = *row;
    if (keep(b, id, &c->id) < 0)
        return ERR_NOMEM;
    b->nchanges++;
    return 0;
}

int batch_move(struct batch *b, struct view id, const struct source *row,
               const struct meta *meta)
{
    struct batch_change *c;
    int rc = batch_change(b, BATCH_MOVE, id, 0, row);

    if (rc < 0)
        return rc;
    c = &b->change[b->nchanges - 1];
    c->date = meta->date;
    c->date_source = meta->date_source;
    return 0;
}

bool batch_empty(const struct batch *b)
{
    return b->ndocs == 0 && b->nchanges == 0;
}

size_t batch_bytes(const struct batch *b)
{
    return b->bytes.n + b->ndocs * sizeof *b->doc +
           b->nchanges * sizeof *b->change + b->nzones * sizeof *b->zone +
           b->nfields * sizeof *b->field + b->nslots * sizeof *b->slot;
}

void batch_stored(struct batch *b)
{
    b->nstored = b->ndocs;
    b->checks.n = 0;
    buf_clear(&b->text);
}

void batch_clear(struct batch *b)
{
    buf_clear(&b->bytes);
    b->ndocs = b->nchanges = b->nzones = b->nfields = 0;
    batch_stored(b);
    if (b->nslots)
        memset(b->slot, 0, b->nslots * sizeof *b->slot);
}

void batch_release(struct batch *b)
{
    buf_release(&b->text);
    buf_release(&b->bytes);
    free(b->doc);
    free(b->change);
    free(b->zone);
    free(b->field);
    free(b->checks.at);
    free(b->slot);
    memset(b, 0, sizeof *b);
}
