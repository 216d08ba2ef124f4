#include <stdio.h>
#include <string.h>

#include "index/acronyms.h"
#include "indexer/intake_work.h"
#include "text/furniture.h"

/* --- the source as it is known --- */

int intake_known(struct intake *in, struct view id, struct source *row,
                 struct batch_doc **in_batch, struct err *err)
{
    struct batch_doc *d = batch_find(&in->batch, id);
    int rc;

    *in_batch = d;
    if (d) {
        *row = d->row;
        return 1;
    }
    memset(row, 0, sizeof *row);
    rc = commit_source(in->commit, id, row, err);
    return rc < 0 ? rc : 0;
}

static bool same_row(const struct source *a, const struct source *b)
{
    return a->verdict == b->verdict && a->reason == b->reason &&
           a->flags == b->flags && a->mtime_ns == b->mtime_ns &&
           a->size == b->size && a->hash == b->hash && a->inode == b->inode &&
           a->device == b->device;
}

int intake_put(struct intake *in, struct view id, const struct source *old,
               struct source *row, struct err *err)
{
    if (in->dry || (old->docid == row->docid && same_row(old, row)))
        return 0;
    if (batch_change(&in->batch, BATCH_PUT, id, row->docid ? 0 : old->docid,
                     row) < 0)
        return err_nomem(err);
    return intake_flush_if_full(in, err);
}

/* --- verdicts without a document --- */

int intake_skip(struct intake *in, struct view id, struct source *old,
                struct source *row, const char *why, struct err *err)
{
    struct event e = {.id = id,
                      .verdict = VERDICT_SKIPPED,
                      .why = why ? why : source_reason_text(row->reason)};
    int rc = 0;

    if (batch_find(&in->batch, id)) { /* of a record: a document of the batch */
        rc = intake_flush(in, err);
        if (rc == 0)
            rc = commit_source(in->commit, id, old, err);
    }
    if (rc < 0)
        return rc;
    row->docid = 0;
    row->verdict = SOURCE_SKIPPED;
    in->report->removed += old->docid != 0;
    e.again = old->verdict == SOURCE_SKIPPED && old->reason == row->reason &&
              old->hash == row->hash && old->size == row->size;
    e.bytes = row->size;
    report_event(in->report, &e);
    return intake_put(in, id, old, row, err);
}

int intake_fail(struct intake *in, struct view id, const struct source *old,
                struct source *row, const char *why, struct err *err)
{
    report_verdict(in->report, id, VERDICT_FAILED, why);
    if (old->docid || row->mtime_ns == 0) /* or the file is not there at all */
        return 0;
    row->verdict = SOURCE_FAILED;
    return intake_put(in, id, old, row, err);
}

/* --- documents --- */

/* The language of the text of in->meta, where it is not one for all. A run that
 * finds nothing new needs no detector. 0 or ERR_NOMEM. */
static int find_language(struct intake *in, struct view text)
{
    if (!lexers_are_auto(in->lexers))
        return 0;
    if (!in->detector && detector_open(&in->detector) < 0)
        return ERR_NOMEM;
    meta_detect(&in->meta, in->detector, text);
    return 0;
}

/* Inverts the text at the batch's end, from byte *text on, in a batch of its
 * own if need be. 1, 0 where it fits not even that, negative. */
static int invert_text(struct intake *in, size_t *text, size_t *check,
                       struct inverted *out, struct err *err)
{
    struct batch *b = &in->batch;
    struct checkpoints *checks = in->commit->text ? &b->checks : NULL;
    unsigned language;
    int rc;

    if (find_language(in, view_sub(buf_view(&b->text), *text, b->text.n)) < 0)
        return err_nomem(err);
    language = lexers_number(in->lexers, view_str(in->meta.language));

    for (;;) {
        bool fresh = invert_bytes(in->invert) == 0;

        *check = b->checks.n;
        rc = invert_add(in->invert, language,
                        view_sub(buf_view(&b->text), *text, b->text.n),
                        in->meta.zone, in->meta.nzones, checks, out);
        if (rc == 0)
            return 1;
        if (rc != ERR_FULL)
            return err_nomem(err);
        if (fresh)
            return 0;
        if (b->ndocs > 0) {
            rc = intake_flush_before(in, text, err);
            if (rc < 0)
                return rc;
        }
        invert_clear(in->invert, true);
    }
}

static void report_added(struct intake *in, struct view id, bool known,
                         const struct source *row, size_t errors,
                         const struct inverted *doc)
{
    struct event e = {.id = id,
                      .verdict = known ? VERDICT_UPDATED : VERDICT_ADDED,
                      .docid = in->dry ? 0
                                       : in->commit->manifest.next_docid +
                                             (uint32_t)in->batch.ndocs - 1,
                      .bytes = row->size,
                      .length = doc->length,
                      .errors = errors,
                      .cut = doc->cut};

    if (in->derived_now) {
        e.format = buf_view(&in->format);
        e.charset = buf_view(&in->derived.x.charset);
        e.guessed = in->derived.x.guessed;
        e.bare = in->bare;
    }
    report_event(in->report, &e);
}

/* What a text says that counts together with others. */
static int state_facts(struct meta *m, struct view text)
{
    int rc = acronyms_of(text, &m->acronyms);

    return rc < 0 ? rc
                  : furniture_marks(text, meta_edge(m->zone, m->nzones),
                                    &m->furniture);
}

int intake_add(struct intake *in, struct view id, struct source *old,
               struct source *row, size_t text, size_t errors, struct err *err)
{
    struct inverted doc;
    bool known = old->docid || batch_find(&in->batch, id), fits;
    uint64_t commits = in->commits;
    char why[96];
    size_t check = 0;
    int rc;

    if (in->dry) {
        in->batch.text.n = text;
        memset(&doc, 0, sizeof doc);
        report_added(in, id, known, row, errors, &doc);
        return 0;
    }
    rc = invert_text(in, &text, &check, &doc, err);
    fits = rc > 0;
    if (rc >= 0 && in->commits != commits) /* then what is known is more */
        rc = commit_source(in->commit, id, old, err);
    if (rc < 0)
        return rc;
    if (!fits) {
        in->batch.text.n = text;
        row->reason = REASON_WORDS;
        snprintf(why, sizeof why,
                 "too many different words for --memory=%uM (then: "
                 "--retry-failed)",
                 (unsigned)(in->memory.total >> 20));
        return intake_skip(in, id, old, row, why, err);
    }
    row->verdict = SOURCE_INDEXED;
    row->reason = REASON_NONE;
    if (state_facts(&in->meta, view_sub(buf_view(&in->batch.text), text,
                                        in->batch.text.n)) < 0 ||
        batch_add(&in->batch, id, row, old->docid, text, check, &in->meta,
                  &doc) < 0)
        return err_nomem(err);
    report_added(in, id, known, row, errors, &doc);
    return intake_flush_if_full(in, err);
}
