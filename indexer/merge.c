#include "indexer/merge.h"

#include <stdio.h>
#include <stdlib.h>

#include "index/document.h"
#include "indexer/merge_term.h"

enum {
    SMALL_BYTES = 64 << 10, /* a suffix up to here is always merged */
    RATIO = 2,              /* how much larger an older segment must be */
    DEAD_PERCENT = 30
};

/* --- the segment --- */

int merge_living(struct txn *t, struct norms *norms,
                 const struct segment_info *i, uint64_t *sum, struct err *err)
{
    struct documents *ds;
    struct document d;
    uint64_t docid;
    int rc = documents_open(&ds, t, err);

    if (rc < 0)
        return rc;
    for (docid = i->doc_lo; rc == 0 && docid <= i->doc_hi; docid++) {
        if (norms_code(norms, (uint32_t)docid) == 0)
            continue;
        rc = documents_get(ds, (uint32_t)docid, &d, err);
        if (rc == 0)
            rc = err_set(err, ERR_CORRUPT,
                         "index damaged: document %u is missing",
                         (unsigned)docid);
        if (rc < 0)
            break;
        *sum += d.length;
        rc = 0;
    }
    documents_close(ds);
    return rc;
}

/* Adds one source to the info of the new segment. Its living documents must
 * be as many as the manifest says: a damaged norm must not cost postings. */
static int add_info(struct merge *m, const struct segment_info *i,
                    struct segment_info *sum)
{
    uint64_t docid;
    uint32_t living = 0;

    for (docid = i->doc_lo; docid <= i->doc_hi; docid++)
        living += norms_code(&m->norms, (uint32_t)docid) != 0;
    if (living != i->docs - i->dead)
        return err_set(m->err, ERR_CORRUPT,
                       "index damaged: segment %08x has "
                       "%u living documents, not %u",
                       (unsigned)i->number, (unsigned)living,
                       (unsigned)(i->docs - i->dead));
    sum->docs += living;
    sum->doc_hi = i->doc_hi;
    if (i->dead)
        return merge_living(m->from ? m->from : m->txn, &m->norms, i,
                            &sum->positions, m->err);
    sum->positions += i->positions;
    return 0;
}

static int table_drop(struct txn *t, char kind, uint32_t number,
                      struct err *err)
{
    char name[10];
    int rc;

    snprintf(name, sizeof name, "%c%08x", kind, (unsigned)number);
    rc = txn_drop_db(t, name, err);
    return rc < 0 ? rc : 0;
}

/* Drops the sources; the new segment takes their place in the manifest. */
static int replace(struct merge *m, struct manifest *man, uint32_t from,
                   uint32_t to, const struct segment_info *info)
{
    uint32_t i, keep = from + (info->docs > 0);
    int rc = 0;

    for (i = from; rc == 0 && i < to; i++) {
        rc = table_drop(m->txn, 'p', man->segment[i].number, m->err);
        if (rc == 0)
            rc = table_drop(m->txn, 'x', man->segment[i].number, m->err);
    }
    if (info->docs > 0)
        man->segment[from] = *info;
    memmove(man->segment + keep, man->segment + to,
            (man->nsegments - to) * sizeof *man->segment);
    man->nsegments -= to - keep;
    man->next_segment = info->number + 1;
    return rc;
}

/* The last transaction: manifest in, sources out. */
static int publish(struct merge *m, struct manifest *man, uint32_t from,
                   uint32_t to, const struct segment_info *info)
{
    int rc = replace(m, man, from, to, info);

    if (rc == 0)
        rc = manifest_write(m->txn, man, m->err);
    if (rc < 0)
        return rc;
    rc = txn_commit(m->txn, m->err);
    m->txn = NULL;
    return rc;
}

/* Writes the new segment, but for the commit of its last transaction. */
static int merge_all(struct merge *m, uint32_t number,
                     struct segment_info *info)
{
    uint32_t i;
    int rc = sources_open(m);

    *info = (struct segment_info){.number = number,
                                  .doc_lo = m->source[0].segment.info.doc_lo};
    for (i = 0; rc == 0 && i < m->n; i++)
        rc = add_info(m, &m->source[i].segment.info, info);
    if (rc == 0 && info->docs > 0) {
        rc = segment_writer_open(&m->w, m->txn, info->number, info->doc_lo,
                                 m->err);
        if (rc == 0)
            rc = merge_terms(m);
        if (rc == 0) {
            rc = segment_writer_close(m->w, info, m->err);
            m->w = NULL;
        }
    }
    sources_close(m);
    return rc;
}

static void merge_free(struct merge *m)
{
    uint32_t i;

    sources_close(m);
    for (i = 0; i < m->n; i++) {
        free(m->source[i].count);
        free(m->source[i].to);
        inline_term_release(&m->source[i].in);
    }
    segment_writer_free(m->w);
    txn_abort(m->txn);
    form_union_release(&m->forms);
    free(m->occ);
    free(m);
}

static int merge_new(struct merge **out, const struct manifest *man,
                     uint32_t from, uint32_t to, struct err *err)
{
    struct merge *m;
    uint32_t i;

    *out = NULL;
    if (from >= to || to > man->nsegments)
        return err_set(err, ERR_USAGE, "no segments to merge");
    m = calloc(1, sizeof *m);
    if (!m)
        return err_nomem(err);
    m->err = err;
    m->next_docid = man->next_docid;
    m->n = to - from;
    for (i = 0; i < m->n; i++) {
        m->source[i].segment.info = man->segment[from + i];
        m->source[i].dead = man->segment[from + i].dead > 0;
    }
    *out = m;
    return 0;
}

int merge_segments(struct store *s, struct manifest *man, uint32_t from,
                   uint32_t to, size_t txn_max, struct err *err)
{
    struct manifest after = *man;
    struct segment_info info;
    struct merge *m;
    bool committed;
    int rc = merge_new(&m, man, from, to, err);

    if (rc < 0)
        return rc;
    m->store = s;
    m->txn_max = txn_max;
    rc = merge_all(m, man->next_segment, &info);
    if (rc == 0)
        rc = publish(m, &after, from, to, &info);
    committed = m->committed;
    merge_free(m);
    if (rc == 0) {
        *man = after;
    } else if (committed) {
        /* what was written of the new segment; its number is used up */
        merge_sweep(s, man, NULL);
        man->next_segment++;
    }
    return rc;
}

int merge_within(struct txn *t, struct manifest *man, uint32_t from,
                 uint32_t to, struct err *err)
{
    struct manifest after = *man;
    struct segment_info info;
    struct merge *m;
    int rc = merge_new(&m, man, from, to, err);

    if (rc < 0)
        return rc;
    m->store = txn_store(t);
    m->txn = t;
    m->txn_max = SIZE_MAX;
    rc = merge_all(m, man->next_segment, &info);
    if (rc == 0)
        rc = replace(m, &after, from, to, &info);
    if (rc == 0)
        *man = after;
    m->txn = NULL; /* the caller's */
    merge_free(m);
    return rc;
}

int merge_into(struct txn **to, struct txn *from, const struct manifest *man,
               const struct merge_part *part, struct segment_info *out,
               struct err *err)
{
    struct merge *m;
    int rc = merge_new(&m, man, part->from, part->to, err);

    if (rc < 0)
        return rc;
    m->txn = *to;
    *to = NULL;
    m->store = txn_store(m->txn);
    m->from = from;
    m->txn_max = part->txn_max;
    m->stop = part->stop;
    rc = merge_all(m, part->number, out);
    if (rc == 0) {
        *to = m->txn;
        m->txn = NULL;
    }
    merge_free(m);
    return rc;
}

/* --- which and when --- */

bool merge_wanted(const struct manifest *m, uint32_t *from)
{
    uint64_t bytes = 0, positions = 0;
    uint32_t i, best = m->nsegments;

    for (i = m->nsegments; i-- > 0;) {
        const struct segment_info *s = &m->segment[i];
        bool behind = i + 1 < m->nsegments;

        positions += s->positions;
        if (positions > UINT32_MAX)
            break;
        if ((uint64_t)s->dead * 100 > (uint64_t)s->docs * DEAD_PERCENT ||
            (behind &&
             (s->bytes < bytes * RATIO || s->bytes + bytes < SMALL_BYTES)))
            best = i;
        bytes += s->bytes;
    }
    *from = best;
    return best < m->nsegments;
}

uint64_t merge_bytes(const struct manifest *m, uint32_t from)
{
    uint64_t bytes = 0;

    for (; from < m->nsegments; from++)
        bytes += m->segment[from].bytes;
    return bytes;
}

/* Names of tables to drop; txn_list_dbs does not allow it on the way. */
struct sweep {
    const struct manifest *m;
    struct buf names; /* each of 9 bytes and a NUL */
};

enum { NAME = 10 };

static int sweep_name(void *arg, struct view name)
{
    struct sweep *sw = arg;
    char text[NAME] = {0};
    char *end;
    unsigned long number;
    uint32_t i;

    if (name.n != NAME - 1 || (name.p[0] != 'p' && name.p[0] != 'x'))
        return 0;
    memcpy(text, name.p, name.n);
    number = strtoul(text + 1, &end, 16);
    if (*end)
        return 0;
    for (i = 0; i < sw->m->nsegments; i++)
        if (sw->m->segment[i].number == number)
            return 0;
    return buf_add(&sw->names, view_of(text, NAME));
}

int merge_sweep(struct store *s, const struct manifest *m, struct err *err)
{
    struct sweep sw = {.m = m};
    struct txn *t;
    size_t at;
    int rc = txn_begin(&t, s, err);

    if (rc < 0)
        return rc;
    rc = txn_list_dbs(t, sweep_name, &sw, err);
    for (at = 0; rc >= 0 && at < sw.names.n; at += NAME)
        rc = txn_drop_db(t, (const char *)sw.names.p + at, err);
    if (rc < 0 || sw.names.n == 0)
        txn_abort(t);
    else
        rc = txn_commit(t, err);
    buf_release(&sw.names);
    return rc < 0 ? rc : 0;
}
