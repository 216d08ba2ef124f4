#include <inttypes.h>

#include "base/hash.h"
#include "index/column.h"
#include "index/document.h"
#include "index/fields.h"
#include "index/record.h"
#include "indexer/check_state.h"
#include "text/lexers.h"
#include "text/sketch.h"

/* --- pages of norms and columns --- */

/* A page's own checksum and the zeros behind its header. */
static bool page_sound(struct view page)
{
    static const uint8_t zeros[10];

    return page.n == NORM_PAGE &&
           get_u32(page.p) == checksum32(view_sub(page, 4, page.n)) &&
           memcmp(page.p + 6, zeros, sizeof zeros) == 0;
}

struct norm_sum {
    uint32_t live; /* documents with a norm */
};

static int check_norm_page(struct check *c, void *arg, struct view key,
                           struct view val)
{
    struct norm_sum *sum = arg;
    uint32_t page = key.n == 4 ? get_be32(key.p) : UINT32_MAX;
    uint32_t next = c->ix->manifest.next_docid, i, live = 0;

    if (page > next / NORM_DOCS || !page_sound(val)) {
        check_say(c, "norms: page %" PRIu32 " is damaged", page);
        return 0;
    }
    for (i = 0; i < NORM_DOCS; i++) {
        uint64_t docid = (uint64_t)page * NORM_DOCS + i;

        live += val.p[NORM_HEADER + i] != 0;
        if (val.p[NORM_HEADER + i] && (docid == 0 || docid >= next))
            check_say(c, "norms: document %" PRIu64 " was never stored", docid);
    }
    if (live != get_u16(val.p + 4))
        check_say(c, "norms: page %" PRIu32 " miscounts", page);
    sum->live += live;
    return 0;
}

static int check_column_page(struct check *c, void *arg, struct view key,
                             struct view val)
{
    unsigned id = key.n == 5 ? key.p[0] : 0;
    uint32_t page = key.n == 5 ? get_be32(key.p + 1) : 0;

    (void)arg;
    if (id < COLUMN_DATE || id > COLUMN_LAST || !page_sound(val) ||
        get_u16(val.p + 4) != column_width((enum column_id)id) ||
        page > c->ix->manifest.next_docid /
                   (NORM_DOCS / column_width((enum column_id)id)))
        check_say(c, "columns: page %" PRIu32 " of column %u is damaged", page,
                  id);
    return 0;
}

/* A row of fields keeps to the format; *arg counts its documents, which must be
 * those that their records led to. */
static int check_field_row(struct check *c, void *arg, struct view key,
                           struct view val)
{
    uint64_t *entries = arg;
    uint8_t bits[FIELDS_BITS];
    struct buf again = {0};
    struct view row;
    uint32_t i;

    if (key.n < 6 || key.p[key.n - 5] != 0 ||
        record_open(val, &row, &c->err, "") < 0 ||
        fields_decode(row, bits) < 0) {
        check_say(c, "fields: a row is damaged");
        return 0;
    }
    for (i = 0; i < NORM_DOCS; i++)
        *entries += fields_bit(bits, i);
    if (fields_encode(bits, &again) < 0) {
        buf_release(&again);
        return err_nomem(&c->err);
    }
    if (!view_eq(buf_view(&again), row))
        check_say(c, "fields: a row is not written as it should be");
    buf_release(&again);
    return 0;
}

/* Each segment has as many living documents as the manifest says. */
static void check_living(struct check *c, uint32_t live)
{
    const struct manifest *m = &c->ix->manifest;
    uint64_t sum = 0;
    uint32_t i;

    for (i = 0; i < m->nsegments; i++) {
        const struct segment_info *s = &m->segment[i];
        uint32_t living = 0;
        uint64_t d;

        for (d = s->doc_lo; d <= s->doc_hi && d < m->next_docid; d++)
            living += norms_code(&c->ix->norms, (uint32_t)d) != 0;
        if (living != s->docs - s->dead)
            check_say(c,
                      "segment %08x has %" PRIu32 " living documents, not "
                      "%" PRIu32,
                      s->number, living, s->docs - s->dead);
        sum += living;
    }
    if (sum != live)
        check_say(
            c, "norms: %" PRIu32 " documents, %" PRIu64 " of them in segments",
            live, sum);
    if (live != m->live_docs)
        check_say(c, "norms: %" PRIu32 " documents, not %" PRIu32, live,
                  m->live_docs);
}

/* --- documents --- */

struct doc_walk {
    struct documents *docs;
    struct buf text;
    uint32_t docid;     /* the one being walked through, 0 = none */
    uint32_t pieces;    /* of its record so far */
    bool full;          /* the last of them was, so that more follow */
    uint64_t packed;    /* bytes of its packed text so far */
    uint64_t told;      /* and how many its record says */
    uint32_t seen;      /* documents */
    uint64_t positions; /* sum of their lengths */
    uint64_t of_segment[MANIFEST_SEGMENTS]; /* the same of each segment */
    struct field_keys keys;                 /* of the document */
    uint64_t fields;                        /* of all of them */
    struct lexers *lexers;      /* say which counts for a document */
    struct languages languages; /* documents by their language */
};

/* Every frame is unpacked, each alone so that memory stays small. */
static int check_text(struct check *c, struct doc_walk *w,
                      const struct document *d)
{
    size_t i;
    int rc = 0;

    for (i = 0; rc == 0 && i < d->nframes; i++) {
        buf_clear(&w->text);
        rc = documents_text(w->docs, d, i, i + 1, &w->text, &c->err);
        if (rc == ERR_CORRUPT)
            check_say(c, "document %" PRIu32 ": text frame %zu: %s", d->docid,
                      i, c->err.msg);
        if (rc == ERR_CORRUPT)
            rc = 0;
    }
    return rc;
}

/* The columns say of the document what its record and its file's time say, and
 * one of more than a few words has a sketch. */
static int check_columns(struct check *c, const struct document *d,
                         const struct source *s)
{
    int32_t date = column_date(d->date, d->date_source);
    uint8_t days[4] = {0}, language[2], letters[2] = {0};
    uint8_t sketch[SKETCH_BYTES];
    int rc = column_read(c->ix->txn, COLUMN_DATE, d->docid, days, &c->err);

    if (d->date == DATE_NONE)
        date = column_date(source_day(s), DATE_FROM_MTIME);
    if (rc >= 0 && (int32_t)get_u32(days) != date)
        check_say(c, "document %" PRIu32 ": its date in the column is another",
                  d->docid);
    if (rc >= 0)
        rc = column_read(c->ix->txn, COLUMN_LANGUAGE, d->docid, letters,
                         &c->err);
    column_language(d->language, language);
    if (rc >= 0 && memcmp(letters, language, sizeof letters) != 0)
        check_say(c,
                  "document %" PRIu32 ": its language in the column is another",
                  d->docid);
    if (rc >= 0)
        rc = column_read(c->ix->txn, COLUMN_SKETCH, d->docid, sketch, &c->err);
    if (rc == 0 && d->length >= SKETCH_LEAST)
        check_say(c, "document %" PRIu32 " has no sketch", d->docid);
    return check_rc(c, rc < 0 ? rc : 0);
}

/* Each field of the document has it in its row. */
static int check_fields(struct check *c, struct doc_walk *w,
                        const struct document *d)
{
    size_t i;
    int rc = 1;

    fields_keys_clear(&w->keys);
    if (fields_keys(&w->keys, d->docid, d->field, d->nfields) < 0)
        return err_nomem(&c->err);
    w->fields += w->keys.n;
    for (i = 0; i < w->keys.n && rc > 0; i++)
        rc = fields_has(c->ix->txn, &w->keys, i, &c->err);
    if (rc == 0)
        check_say(c, "document %" PRIu32 " is not in the row of a field",
                  d->docid);
    return check_rc(c, rc < 0 ? rc : 0);
}

/* The document's path leads back to it. */
static int check_path(struct check *c, const struct document *d)
{
    struct source s;
    int rc = source_get(c->ix->txn, d->path, &s, &c->err);

    if (rc == 0 || (rc > 0 && s.docid != d->docid))
        check_say(c, "document %" PRIu32 ": %.*s is another one or none",
                  d->docid, (int)d->path.n, (const char *)d->path.p);
    else if (rc > 0)
        rc = check_columns(c, d, &s);
    return check_rc(c, rc < 0 ? rc : 0);
}

static void add_length(const struct check *c, struct doc_walk *w,
                       const struct document *d)
{
    const struct manifest *m = &c->ix->manifest;
    uint32_t i;

    for (i = 0; i < m->nsegments; i++)
        if (d->docid >= m->segment[i].doc_lo &&
            d->docid <= m->segment[i].doc_hi)
            w->of_segment[i] += d->length;
}

/* Lengths of the living; those of the dead are not known any more. */
static void check_lengths(struct check *c, const struct doc_walk *w)
{
    const struct manifest *m = &c->ix->manifest;
    uint32_t i;

    if (w->positions != m->live_positions)
        check_say(c, "documents: %" PRIu64 " positions, not %" PRIu64,
                  w->positions, m->live_positions);
    for (i = 0; i < m->nsegments; i++) {
        const struct segment_info *s = &m->segment[i];

        if (w->of_segment[i] > s->positions ||
            (s->dead == 0 && w->of_segment[i] < s->positions))
            check_say(c, "segment %08x: %" PRIu64 " positions, not %" PRIu64,
                      s->number, w->of_segment[i], s->positions);
    }
}

/* Where languages are counted, as many documents as were walked have each. */
static void check_languages(struct check *c, const struct doc_walk *w)
{
    unsigned i;

    for (i = 0; i < STEMMERS; i++)
        if (w->lexers && lexers_are_auto(w->lexers) &&
            w->languages.docs[i] != c->ix->languages.docs[i])
            check_say(c, "languages: %" PRIu32 " documents in %s, not %" PRIu32,
                      w->languages.docs[i], stemmer_name(i),
                      c->ix->languages.docs[i]);
}

static uint64_t packed_bytes(const struct document *d)
{
    const struct frame_info *last;

    if (d->nframes == 0)
        return 0;
    last = &d->frame[d->nframes - 1];
    return (uint64_t)last->packed_at + last->packed;
}

static int check_document(struct check *c, struct doc_walk *w, uint32_t docid)
{
    uint8_t code = norms_code(&c->ix->norms, docid);
    struct document d;
    int rc = documents_get(w->docs, docid, &d, &c->err);

    if (rc == 0)
        check_say(c, "document %" PRIu32 " is missing", docid);
    if (rc == ERR_CORRUPT)
        check_say(c, "document %" PRIu32 ": %s", docid, c->err.msg);
    if (rc <= 0)
        return rc == ERR_CORRUPT ? 0 : rc;
    w->told = packed_bytes(&d);
    w->seen++;
    w->positions += d.length;
    if (w->lexers)
        w->languages.docs[lexers_number(w->lexers, d.language)]++;
    add_length(c, w, &d);
    if (code == 0)
        check_say(c, "document %" PRIu32 " is stored but not alive", docid);
    else if (code != norm_encode(d.length))
        check_say(c, "document %" PRIu32 ": its norm is of another length",
                  docid);
    rc = check_path(c, &d);
    if (rc == 0)
        rc = check_name(c, docid, d.path);
    if (rc == 0)
        rc = check_fields(c, w, &d);
    return rc < 0 ? rc : check_text(c, w, &d);
}

/* Living documents up to `docid`, exclusively, that have no rows at all. */
static void check_gap(struct check *c, uint32_t from, uint32_t to)
{
    uint32_t d;

    for (d = from; d < to; d++)
        if (norms_code(&c->ix->norms, d) != 0)
            check_say(c, "document %" PRIu32 " is missing", d);
}

/* A row is the next piece of the record or of the packed text. */
static void check_piece(struct check *c, struct doc_walk *w, uint32_t piece,
                        struct view val)
{
    struct view content;

    if (piece >= RECORD_PIECES) {
        w->packed += val.n;
        if (val.n == 0 || w->packed != (uint64_t)piece - RECORD_PIECES + 1)
            check_say(c, "document %" PRIu32 ": order of its text", w->docid);
        return;
    }
    if (piece != w->pieces++ || (piece > 0 && !w->full))
        check_say(c, "document %" PRIu32 ": order of its record", w->docid);
    if (record_open(val, &content, &c->err, "") < 0)
        check_say(c, "document %" PRIu32 ": a piece of its record is damaged",
                  w->docid);
    w->full = val.n == store_max_value(c->ix->store);
}

static void end_document(struct check *c, struct doc_walk *w)
{
    if (w->packed != w->told)
        check_say(c,
                  "document %" PRIu32 " has %" PRIu64 " bytes of packed text, "
                  "not %" PRIu64,
                  w->docid, w->packed, w->told);
    w->pieces = 0;
    w->packed = w->told = 0;
}

static int check_doc_row(struct check *c, void *arg, struct view key,
                         struct view val)
{
    struct doc_walk *w = arg;
    uint32_t docid = key.n == 8 ? get_be32(key.p) : 0;
    int rc = 0;

    if (docid >= c->ix->manifest.next_docid)
        return 0; /* of a commit that never was: the next run removes it */
    if (docid == 0) {
        check_say(c, "docs: a key that is no document's");
        return 0;
    }
    if (docid != w->docid) {
        end_document(c, w);
        check_gap(c, w->docid + 1, docid);
        w->docid = docid;
        rc = check_document(c, w, docid);
    }
    check_piece(c, w, get_be32(key.p + 4), val);
    return rc;
}

/* --- sources --- */

static int check_source(struct check *c, void *arg, struct view key,
                        struct view val)
{
    uint32_t *documents = arg;
    struct source s;
    int n = (int)key.n;
    const char *id = (const char *)key.p;

    if (source_decode(val, &s, &c->err) < 0) {
        check_say(c, "path: the entry of %.*s is damaged", n, id);
        return 0;
    }
    if (s.verdict > SOURCE_FAILED || s.reason >= REASON_COUNT ||
        (s.docid != 0 && s.verdict == SOURCE_SKIPPED))
        check_say(c, "path: the entry of %.*s makes no sense", n, id);
    if (s.docid == 0)
        return 0;
    ++*documents;
    if (s.docid >= c->ix->manifest.next_docid ||
        norms_code(&c->ix->norms, s.docid) == 0)
        check_say(c, "path: %.*s is document %" PRIu32 ", which is not alive",
                  n, id, s.docid);
    return 0;
}

int check_documents(struct check *c)
{
    const struct manifest *m = &c->ix->manifest;
    struct norm_sum norms = {0};
    struct doc_walk w = {0};
    uint64_t entries = 0;
    uint32_t sources = 0;
    int rc = check_table(c, "norm", check_norm_page, &norms);

    if (rc == 0)
        check_living(c, norms.live);
    if (rc == 0)
        rc = check_table(c, "col", check_column_page, NULL);
    if (rc == 0)
        rc = check_names(c);
    if (rc == 0)
        rc = documents_open(&w.docs, c->ix->txn, &c->err);
    if (rc == 0 && c->ix->language.n)
        rc = lexers_open(&w.lexers, buf_cstr(&c->ix->language), &c->err);
    if (rc == 0)
        rc = check_table(c, "docs", check_doc_row, &w);
    if (rc == 0) {
        end_document(c, &w);
        check_gap(c, w.docid + 1, m->next_docid);
        check_lengths(c, &w);
        check_languages(c, &w);
        rc = check_table(c, "path", check_source, &sources);
    }
    if (rc == 0)
        rc = check_table(c, "field", check_field_row, &entries);
    /* each document was in its own rows: so there are no others */
    if (rc == 0 && entries != w.fields)
        check_say(c, "fields: %" PRIu64 " documents in rows, not %" PRIu64,
                  entries, w.fields);
    /* each document found itself; so the same number is a bijection */
    if (rc == 0 && sources != w.seen)
        check_say(c, "path: %" PRIu32 " documents, of %" PRIu32, sources,
                  w.seen);
    documents_close(w.docs);
    lexers_free(w.lexers);
    buf_release(&w.text);
    fields_keys_release(&w.keys);
    return rc;
}
