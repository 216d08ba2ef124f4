#include "indexer/log.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "indexer/vec.h"

static int push(struct log *l, uint32_t entry)
{
    if (l->n == l->cap) {
        uint32_t *more = vec_grow(l->entry, &l->cap, l->n + 1, sizeof *more);

        if (!more)
            return ERR_NOMEM;
        l->entry = more;
    }
    l->entry[l->n++] = entry;
    return 0;
}

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
    l->any = false;
    l->before = l->postings;
    return 0;
}

int log_add(struct log *l, uint32_t surface, uint32_t pos, bool title)
{
    struct log_doc *doc = &l->doc[l->ndocs];
    uint32_t step = pos - l->pos, entry = surface;

    if (step == 0) {
        entry |= LOG_SAME;
    } else if (step > 1) {
        if (step - 1 > LOG_REST || push(l, LOG_LEAP | (step - 1)) < 0)
            return ERR_NOMEM;
    }
    if (title) {
        if (doc->title_from == doc->title_to)
            doc->title_from = (uint32_t)l->n;
        doc->title_to = (uint32_t)l->n + 1;
    }
    l->pos = pos;
    l->any = true;
    return push(l, entry);
}

int log_end(struct log *l, uint8_t code)
{
    struct log_doc *doc = &l->doc[l->ndocs++];

    doc->code = code;
    doc[1].from = (uint32_t)l->n;
    doc[1].base = doc->base + (l->any ? l->pos + 1 : 0);
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
