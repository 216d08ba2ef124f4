#include "indexer/log.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "indexer/vec.h"

enum {
    ENOUGH = 1 << 19, /* entries that are packed at once, or more: a term has
                       * ten on average then */
    KEPT = 1 << 15    /* entries whose room is kept for the next batch */
};

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
    if (l->ndocs == 0)
        l->packed = UINT32_MAX; /* one before 0 */
    if (doc->base > UINT32_MAX / 4 || chains_full(&l->chains))
        return ERR_FULL;
    l->pos = UINT32_MAX; /* one before 0 */
    l->postings = 0;
    l->before.n = l->n;
    l->before.ntitles = l->ntitles;
    return 0;
}

int log_reserve(struct log *l, size_t n)
{
    struct log_title *titles;
    uint32_t *more;

    /* a token may take a leap and itself */
    more = vec_grow(l->entry, &l->cap, l->n + 2 * n, sizeof *more);
    if (more)
        l->entry = more;
    titles = vec_grow(l->title, &l->title_cap, l->ntitles + n, sizeof *titles);
    if (titles)
        l->title = titles;
    return more && titles ? 0 : ERR_NOMEM;
}

uint32_t log_step(struct log *l, uint32_t steps)
{
    if (steps == 0)
        return LOG_SAME;
    l->entry[l->n++] = LOG_LEAP | ((steps - 1) & LOG_REST);
    return 0;
}

/* Gives memory back that was for more than is usual. */
static void shrink(struct log *l, size_t keep)
{
    if (l->cap > keep) {
        free(l->entry);
        l->entry = NULL;
        l->cap = 0;
    }
    chains_shrink(&l->chains, keep);
}

static int pack(struct log *l, const struct lexicon *lx)
{
    int rc = chains_add(&l->chains, lx, l->entry, l->n, l->packed, l->waiting);

    if (rc < 0)
        return rc;
    l->packed = l->doc[l->ndocs].base - 1;
    l->waiting = 0;
    l->n = 0;
    shrink(l, 4 * ENOUGH);
    return 0;
}

int log_pack(struct log *l, const struct lexicon *lx)
{
    int rc = l->n ? pack(l, lx) : 0;

    shrink(l, KEPT);
    return rc;
}

int log_end(struct log *l, const struct lexicon *lx, uint8_t code)
{
    struct log_doc *doc = &l->doc[l->ndocs++];

    doc->code = code;
    doc[1].base = doc->base + l->pos + 1;
    l->waiting += l->postings;
    return l->n < ENOUGH ? 0 : pack(l, lx);
}

void log_undo(struct log *l)
{
    l->n = l->before.n;
    l->ntitles = l->before.ntitles;
}

size_t log_bytes(const struct log *l)
{
    return chains_bytes(&l->chains) + l->ndocs * sizeof *l->doc +
           l->ntitles * sizeof *l->title;
}

size_t log_waiting(const struct log *l)
{
    return l->n * sizeof *l->entry +
           chains_more(&l->chains, l->waiting + l->postings);
}

void log_clear(struct log *l)
{
    chains_clear(&l->chains);
    l->n = l->ntitles = l->ndocs = 0;
    l->postings = l->waiting = 0;
}

void log_release(struct log *l)
{
    chains_release(&l->chains);
    free(l->entry);
    free(l->title);
    free(l->doc);
    memset(l, 0, sizeof *l);
}
