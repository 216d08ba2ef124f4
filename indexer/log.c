#include "indexer/log.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "indexer/vec.h"

int log_begin(struct log *l)
{
    struct log_doc *doc;

    doc = vec_grow(l->doc, &l->doc_cap, l->ndocs + 2, sizeof *doc);
    if (!doc)
        return ERR_NOMEM;
    l->doc = doc;
    doc += l->ndocs;
    if (l->ndocs == 0)
        doc->base = 0;
    if (l->n > UINT32_MAX / 4 || doc->base > UINT32_MAX / 4)
        return ERR_FULL;
    doc->from = doc->title_from = doc->title_to = (uint32_t)l->n;
    l->pos = UINT32_MAX; /* one before 0 */
    l->before = l->postings;
    return 0;
}

int log_reserve(struct log *l, size_t n)
{
    uint32_t *more;

    /* a token may take a leap and itself */
    more = vec_grow(l->entry, &l->cap, l->n + 2 * n, sizeof *more);
    if (!more)
        return ERR_NOMEM;
    l->entry = more;
    return 0;
}

uint32_t log_step(struct log *l, uint32_t steps)
{
    if (steps == 0)
        return LOG_SAME;
    l->entry[l->n++] = LOG_LEAP | ((steps - 1) & LOG_REST);
    return 0;
}

int log_end(struct log *l, uint8_t code)
{
    struct log_doc *doc = &l->doc[l->ndocs++];

    doc->code = code;
    doc[1].from = (uint32_t)l->n;
    doc[1].base = doc->base + l->pos + 1;
    return 0;
}

void log_undo(struct log *l)
{
    l->n = l->doc[l->ndocs].from;
    l->postings = l->before;
}

size_t log_bytes(const struct log *l)
{
    return l->n * sizeof *l->entry + l->ndocs * sizeof *l->doc;
}

void log_clear(struct log *l)
{
    l->n = l->ndocs = 0;
    l->postings = 0;
}

void log_release(struct log *l)
{
    free(l->entry);
    free(l->doc);
    memset(l, 0, sizeof *l);
}
