#include "indexer/intake.h"

#include <string.h>

#include "indexer/intake_work.h"
#include "indexer/merge.h"

#define MB ((uint64_t)1 << 20)

enum {
    MERGE_AT = 40,       /* segments: then a run does not wait for its end */
    BATCH_DOCS = 100000, /* documents and changes of a batch at most */
    BATCH_CHANGES = 20000
};

static uint64_t at_most(uint64_t x, uint64_t limit)
{
    return x < limit ? x : limit;
}

void memory_divide(struct memory *m, uint64_t total)
{
    uint64_t fixed = 16 * MB; /* program, zstd, LMDB's tables */

    m->total = total;
    m->dirty_max = (size_t)at_most(total / 16, 64 * MB);
    m->text_max = (size_t)at_most(total / 32, 64 * MB);
    m->slow_max = (size_t)at_most(total / 8, 256 * MB);
    /* the last parts are for frames on their way, and for a large record while it
     * is parsed */
    m->budget = (size_t)(total - fixed - m->dirty_max - m->text_max / 2 -
                         at_most(total / 16, 64 * MB));
    /* every second byte a token: 7 bytes a byte */
    m->size_max = at_most(m->budget / 8, 256 * MB);
}

int intake_open(struct intake *in, struct err *err)
{
    if (invert_open(&in->invert, in->lexers, in->memory.budget,
                    in->memory.text_max * 3 / 2) < 0)
        return err_nomem(err);
    return worker_open(&in->worker, &in->convert, err);
}

void intake_close(struct intake *in)
{
    invert_free(in->invert);
    detector_free(in->detector);
    worker_close(in->worker);
    extract_release(&in->derived.x);
    buf_release(&in->format);
    batch_release(&in->batch);
    meta_release(&in->meta);
    memset(in, 0, sizeof *in);
}

/* --- committing --- */

/* Merges the segments from `from` on. The batch gives its memory back for it,
 * unless there is a text in it. */
static int merge_from(struct intake *in, uint32_t from, struct err *err)
{
    struct manifest *m = &in->commit->manifest;

    if (in->batch.text.n == 0)
        batch_release(&in->batch);
    invert_clear(in->invert, true);
    return merge_segments(in->commit->store, m, from, m->nsegments,
                          in->memory.dirty_max, err);
}

static int merge_many(struct intake *in, struct err *err)
{
    const struct manifest *m = &in->commit->manifest;
    uint32_t from;

    if (m->nsegments < MERGE_AT)
        return 0;
    return merge_from(in, merge_wanted(m, &from) ? from : 0, err);
}

int intake_merge(struct intake *in, struct err *err)
{
    uint32_t from;

    if (!merge_wanted(&in->commit->manifest, &from))
        return 0;
    return merge_from(in, from, err);
}

/* Commits the batch. After an unusual one its memory is given back, or the next
 * one's would come on top of it. */
static int commit_now(struct intake *in, struct err *err)
{
    int rc = commit_batch(in->commit, &in->batch, in->invert, err);

    in->commits++;
    in->slow = 0;
    if (rc == 0)
        report_committed(in->report);
    if (invert_held(in->invert) > in->memory.budget / 2)
        invert_clear(in->invert, true);
    return rc;
}

int intake_flush(struct intake *in, struct err *err)
{
    int rc;

    if (batch_empty(&in->batch)) {
        commit_end(in->commit);
        return 0;
    }
    rc = commit_now(in, err);
    if (rc < 0)
        return rc;
    if (in->batch.text.cap > in->memory.text_max * 2)
        batch_release(&in->batch);
    return merge_many(in, err);
}

/* Whether the batch has to be committed. */
static bool is_full(const struct intake *in)
{
    const struct batch *b = &in->batch;
    size_t budget = in->memory.budget;

    return b->ndocs >= BATCH_DOCS || b->nchanges >= BATCH_CHANGES ||
           in->slow >= in->memory.slow_max ||
           invert_bytes(in->invert) + batch_bytes(b) >= budget - budget / 64;
}

int intake_flush_if_full(struct intake *in, struct err *err)
{
    struct batch *b = &in->batch;
    int rc;

    if (is_full(in))
        return intake_flush(in, err);
    if (b->text.n < in->memory.text_max)
        return 0;
    rc = commit_texts(in->commit, b, err);
    if (b->text.cap > in->memory.text_max * 2)
        buf_release(&b->text); /* of a large document */
    invert_stored(in->invert);
    return rc;
}

int intake_flush_before(struct intake *in, size_t *text, struct err *err)
{
    struct buf *b = &in->batch.text;
    size_t n = b->n - *text;
    int rc;

    b->n = *text; /* the bytes stay where they are */
    in->batch.tail = true;
    rc = commit_now(in, err);
    in->batch.tail = false;
    if (rc < 0)
        return rc;
    memmove(b->p, b->p + *text, n);
    b->n = n;
    *text = 0;
    return merge_many(in, err);
}
