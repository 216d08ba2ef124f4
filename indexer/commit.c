#include "indexer/commit.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/hash.h"
#include "index/index.h"
#include "indexer/commit_work.h"
#include "indexer/merge.h"
#include "indexer/segment_write.h"

/* --- transactions --- */

int commit_begin(struct commit *c, struct err *err)
{
    return c->txn || !c->store ? 0 : txn_begin(&c->txn, c->store, err);
}

void commit_end(struct commit *c)
{
    txn_abort(c->txn);
    c->txn = NULL;
}

int commit_open(struct commit *c, struct store *store, struct err *err)
{
    int rc;

    memset(c, 0, sizeof *c);
    c->store = store;
    rc = document_writer_open(&c->writer, err);
    if (rc == 0)
        rc = commit_begin(c, err);
    if (rc == 0 && store)
        rc = manifest_read(c->txn, &c->manifest, err);
    if (rc >= 0 && store)
        rc = languages_read(c->txn, &c->languages, err);
    if (rc >= 0 && store)
        rc = roots_read(c->txn, &c->roots, err);
    if (rc >= 0 && store)
        rc = encodings_read(c->txn, &c->encodings, err);
    c->fresh = c->manifest.generation == 0;
    commit_end(c);
    return rc < 0 ? rc : 0;
}

void commit_close(struct commit *c)
{
    ahead_release(&c->ahead);
    commit_end(c);
    document_writer_free(c->writer);
    roots_release(&c->roots);
    encodings_release(&c->encodings);
    buf_release(&c->config);
    memset(c, 0, sizeof *c);
}

int commit_source(struct commit *c, struct view id, struct source *out,
                  struct err *err)
{
    int rc = commit_begin(c, err);

    memset(out, 0, sizeof *out);
    return rc < 0 || !c->txn ? rc : source_get(c->txn, id, out, err);
}

int work_turn_over(struct work *w)
{
    int rc = txn_commit(w->c->txn, w->err);

    w->c->txn = NULL;
    return rc < 0 ? rc : commit_begin(w->c, w->err);
}

/* --- the segment --- */

static int write_term(struct segment_writer *sw, const struct inverted_term *t,
                      uint32_t first, struct err *err)
{
    const struct occurrence *o = t->occurrence;
    uint32_t i;
    int rc =
        segment_writer_term(sw, t->term, &t->info, t->form, t->nforms, err);

    for (i = 0; i < t->info.df && rc == 0; i++) {
        const struct inverted_posting *p = &t->posting[i];

        rc = segment_writer_posting(sw, first + p->doc, p->tf, p->code, o, err);
        o += p->tf;
    }
    return rc < 0 ? rc : segment_writer_end_term(sw, err);
}

static int write_terms(struct work *w, struct segment_writer *sw)
{
    struct inverted_term term;
    int rc = invert_sort(w->v);

    if (rc < 0)
        return err_nomem(w->err);
    while ((rc = invert_next(w->v, &term)) > 0) {
        rc = write_term(sw, &term, w->first, w->err);
        if (rc == 0 && txn_dirty(w->c->txn) > w->c->dirty_max) {
            rc = work_turn_over(w);
            if (rc == 0)
                rc = segment_writer_move(sw, w->c->txn, w->err);
        }
        if (rc < 0)
            return rc;
    }
    return rc < 0 ? err_nomem(w->err) : 0;
}

static int write_segment(struct work *w)
{
    struct segment_info *s = &w->m.segment[w->m.nsegments];
    struct segment_writer *sw = NULL;
    size_t i;
    int rc;

    if (w->b->ndocs == 0)
        return 0;
    if (w->m.nsegments == MANIFEST_SEGMENTS)
        return err_set(w->err, ERR_FULL, "%s has %d segments already",
                       store_path(w->c->store), MANIFEST_SEGMENTS);
    memset(s, 0, sizeof *s);
    s->number = w->m.next_segment++;
    s->doc_lo = w->first;
    s->doc_hi = w->first + (uint32_t)w->b->ndocs - 1;
    s->docs = (uint32_t)w->b->ndocs;
    for (i = 0; i < w->b->ndocs; i++) {
        s->positions += w->b->doc[i].inverted.length;
        s->dead += w->b->doc[i].replaced_by != 0;
    }
    rc = segment_writer_open(&sw, w->c->txn, s->number, s->doc_lo, w->err);
    if (rc == 0)
        rc = write_terms(w, sw);
    if (rc < 0) {
        segment_writer_free(sw);
        return rc;
    }
    rc = segment_writer_close(sw, s, w->err);
    if (rc < 0)
        return rc;
    w->m.nsegments++;
    if (txn_dirty(w->c->txn) + w->b->text.n > w->c->dirty_max)
        return work_turn_over(w);
    return 0;
}

/* The segment, and in another thread the last texts meanwhile. */
static int write_both(struct work *w)
{
    int rc = work_hand_over(w);

    return rc < 0 ? rc : write_segment(w);
}

/* --- everything else --- */

static int write_changes(struct work *w)
{
    store_db path;
    size_t i;
    int rc = txn_open_db(w->c->txn, "path", true, &path, w->err);

    rc = rc < 0 ? rc : 0;
    for (i = 0; i < w->b->nchanges && rc == 0; i++) {
        const struct batch_change *c = &w->b->change[i];
        struct view id = span_view(&w->b->bytes, c->id);

        if (c->op == BATCH_DEL)
            rc = txn_del(w->c->txn, path, id, w->err);
        else
            rc = source_put(w->c->txn, id, &c->row, w->err);
        if (rc >= 0 && c->op == BATCH_PUT && c->row.docid)
            rc = work_touch(w, &c->row);
        rc = rc < 0 ? rc : 0;
    }
    return rc;
}

static uint64_t now_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* --- languages --- */

void work_count_language(struct work *w, struct view language, int by)
{
    if (w->c->lexers && lexers_are_auto(w->c->lexers))
        w->languages.docs[lexers_number(w->c->lexers, language)] +=
            (uint32_t)by;
}

static int write_languages(struct work *w)
{
    if (memcmp(&w->languages, &w->c->languages, sizeof w->languages) == 0)
        return 0;
    return languages_write(w->c->txn, &w->languages, w->err);
}

static int write_meta(struct work *w)
{
    struct commit *c = w->c;
    struct manifest *m = &w->m;
    int rc = 0;

    m->generation++;
    m->updated_ns = now_ns();
    if (c->run_start_ns)
        m->run_start_ns = c->run_start_ns;
    if (c->fresh) {
        if (getrandom(m->uuid, sizeof m->uuid, 0) != sizeof m->uuid)
            return err_set(w->err, ERR_IO, "the system gives no random bytes");
        m->uuid[6] = (uint8_t)((m->uuid[6] & 0x0f) | 0x40); /* RFC 4122, 4.4 */
        m->uuid[8] = (uint8_t)((m->uuid[8] & 0x3f) | 0x80);
        m->config_hash = hash64(buf_view(&c->config));
        rc = config_write(c->txn, buf_view(&c->config), w->err);
    }
    if (rc >= 0 && c->roots_changed)
        rc = roots_write(c->txn, &c->roots, w->err);
    if (rc >= 0 && c->encodings_changed)
        rc = encodings_write(c->txn, &c->encodings, w->err);
    if (rc >= 0)
        rc = write_languages(w);
    if (rc >= 0)
        rc = work_write_log(w);
    return rc < 0 ? rc : manifest_write(c->txn, m, w->err);
}

/* Merges what ought to be after a run, if it is little: the pages written and
 * dropped again stay in memory. */
static int merge_little(struct work *w)
{
    struct commit *c = w->c;
    uint32_t from;

    if (!c->last || !merge_wanted(&w->m, &from) ||
        txn_dirty(c->txn) + 2 * merge_bytes(&w->m, from) > c->dirty_max)
        return 0;
    return merge_within(c->txn, &w->m, from, w->m.nsegments, w->err);
}

int commit_batch(struct commit *c, struct batch *b, struct invert *v,
                 struct err *err)
{
    struct work w = {.c = c,
                     .b = b,
                     .v = v,
                     .m = c->manifest,
                     .languages = c->languages,
                     .first = c->manifest.next_docid,
                     .err = err};
    int rc = commit_begin(c, err);

    if (rc == 0 && b->ndocs > (size_t)(UINT32_MAX - 1 - w.first))
        rc = err_set(err, ERR_FULL, "the index has no more document numbers");
    if (rc == 0)
        rc = work_begin_documents(&w);
    buf_release(&c->ahead.text); /* its memory is needed to sort */
    if (rc == 0)
        rc = write_both(&w);
    if (rc == 0)
        rc = work_kill_documents(&w);
    if (rc == 0)
        rc = work_move_documents(&w);
    if (rc == 0)
        rc = work_add_documents(&w);
    if (rc == 0)
        rc = write_changes(&w);
    if (rc == 0)
        rc = merge_little(&w);
    if (rc == 0)
        rc = write_meta(&w);
    if (rc == 0) {
        rc = txn_commit(c->txn, err);
        c->txn = NULL;
    }
    commit_end(c);
    buf_release(&w.log);
    fields_keys_release(&w.keys);
    if (rc < 0)
        return rc;
    c->manifest = w.m;
    c->languages = w.languages;
    c->fresh = c->roots_changed = c->encodings_changed = false;
    batch_clear(b);
    if (v)
        invert_clear(v, false);
    return 0;
}
