/* A sound index passes; any byte changed in any value is told, and so is what
 * seals cannot see: rows that are gone or do not fit each other. */
#include "segment_data.h"

#include "base/date.h"
#include "base/hash.h"
#include "index/column.h"
#include "index/document.h"
#include "index/fields.h"
#include "index/names.h"
#include "index/record.h"
#include "indexer/check.h"
#include "text/sketch.h"

enum { DOCS = 24, DEAD = 7, SEGMENTS = 2, TERMS = 10 };

static struct manifest manifest;
static struct txn *txn;
static char said[600]; /* the first problem of the last check */

static bool is_dead(uint32_t docid)
{
    return docid % DEAD == 3;
}

static uint32_t length_of(uint32_t docid)
{
    return norm_decode(code_of(docid));
}

/* --- an index by hand --- */

static void put_document(struct document_writer *w, uint32_t docid)
{
    struct source s = {.docid = docid, .size = 9, .mtime_ns = 8, .inode = 7};
    struct field field = {view_str("tags"),
                          view_str(docid % 7 ? "rail, port" : "port")};
    struct document d = {.docid = docid,
                         .flags = DOCUMENT_TEXT,
                         .length = length_of(docid),
                         .date = 19000 + (int32_t)docid,
                         .date_source = DATE_FROM_TEXT,
                         .language = view_str("en"),
                         .field = &field,
                         .nfields = 1};
    struct field_keys keys = {0};
    struct buf text = {0};
    char path[32];
    uint32_t i;

    snprintf(path, sizeof path, "/tmp/%03u", (unsigned)docid);
    d.path = view_str(path);
    assert_int_equal(names_write(txn, docid, &d.path, 1, &err), 0);
    for (i = 0; i < (docid % 12 ? 9 : 1500); i++)
        assert_int_equal(buf_addf(&text, "word%u ", below(5000)), 0);
    if (document_writer_add(w, &d, buf_view(&text), NULL, 0, &err) < 0)
        fail_msg("%s", err.msg);
    assert_int_equal(source_put(txn, d.path, &s, &err), 0);
    assert_int_equal(fields_keys(&keys, docid, &field, 1), 0);
    assert_int_equal(fields_write(txn, &keys, true, &err), 0);
    fields_keys_release(&keys);
    buf_release(&text);
}

static void put_documents(void)
{
    uint8_t code[DOCS], date[DOCS * 4], language[DOCS * 2];
    static uint8_t sketch[DOCS * SKETCH_BYTES];
    struct document_writer *w;
    uint32_t d;

    assert_int_equal(document_writer_open(&w, &err), 0);
    assert_int_equal(document_writer_begin(w, txn, &err), 0);
    for (d = 1; d <= DOCS; d++) {
        code[d - 1] = is_dead(d) ? 0 : code_of(d);
        put_u32(date + 4 * (d - 1),
                (uint32_t)column_date(19000 + (int32_t)d, DATE_FROM_TEXT));
        put_u16(language + 2 * (d - 1), 'e' | 'n' << 8);
        if (is_dead(d))
            continue;
        put_document(w, d);
        manifest.live_docs++;
        manifest.live_positions += length_of(d);
    }
    document_writer_free(w);
    assert_int_equal(norms_write(txn, 1, code, DOCS, &err), 0);
    assert_int_equal(column_write(txn, COLUMN_DATE, 1, date, DOCS, &err), 0);
    assert_int_equal(
        column_write(txn, COLUMN_LANGUAGE, 1, language, DOCS, &err), 0);
    memset(sketch, 1, sizeof sketch);
    assert_int_equal(column_write(txn, COLUMN_SKETCH, 1, sketch, DOCS, &err),
                     0);
}

/* The last two terms have too many positions for a block of terms. */
static void make_term(struct data_term *t, uint32_t i, uint32_t lo, uint32_t hi)
{
    bool rare = i < TERMS - 2;
    char name[16];

    snprintf(name, sizeof name, "%sterm%02u", i < 3 ? "\x01" : "", i);
    for (;;) {
        data_make(t, name, lo,
                  (struct data_shape){1 + (rare ? below(12) : DOCS), 1,
                                      rare ? 4 : 1500, 900, 3});
        while (t->info.df > 0 && t->p[t->info.df - 1].docid > hi)
            t->info.cf -= t->p[--t->info.df].tf;
        if (rare || t->info.cf > 1300)
            break;
        data_free(t);
    }
    data_bounds(t);
    data_sort_forms(t);
}

static void put_segment(uint32_t s)
{
    uint32_t lo = 1 + s * DOCS / SEGMENTS, hi = (s + 1) * DOCS / SEGMENTS, i;
    struct segment_info *info = &manifest.segment[manifest.nsegments++];
    struct segment_writer *w;

    *info = (struct segment_info){
        .number = s + 1, .doc_lo = lo, .doc_hi = hi, .docs = hi - lo + 1};
    assert_int_equal(segment_writer_open(&w, txn, s + 1, lo, &err), 0);
    for (i = 0; i < TERMS; i++) {
        struct data_term t;

        make_term(&t, i, lo, hi);
        data_write(w, &t);
        data_free(&t);
    }
    assert_int_equal(segment_writer_close(w, info, &err), 0);
    for (i = lo; i <= hi; i++) {
        info->dead += is_dead(i);
        info->positions += length_of(i);
    }
}

static void put_rest(void)
{
    static const uint8_t log[] = {3, 1, 1, DOCS, 2, 3, 1, 'x', 3, 10, 11};
    struct roots roots = {0};
    struct view config = view_str("language=english\n");
    uint8_t key[8];
    store_db db;

    assert_int_equal(config_write(txn, config, &err), 0);
    manifest.config_hash = hash64(config);
    assert_int_equal(roots_add(&roots, "/tmp", "tmp"), 0);
    assert_int_equal(roots_write(txn, &roots, &err), 0);
    roots_release(&roots);
    put_be64(key, 1);
    assert_int_equal(txn_open_db(txn, "log", true, &db, &err), 1);
    assert_int_equal(
        record_put(txn, db, view_of(key, 8), view_of(log, sizeof log), &err),
        0);
    manifest.generation = 1;
    manifest.next_docid = DOCS + 1;
    manifest.next_segment = SEGMENTS + 1;
    assert_int_equal(manifest_write(txn, &manifest, &err), 0);
}

static int setup(void **state)
{
    uint32_t s;

    (void)state;
    memset(&manifest, 0, sizeof manifest);
    store_make();
    txn = begin();
    put_documents();
    for (s = 0; s < SEGMENTS; s++)
        put_segment(s);
    put_rest();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    txn_abort(txn);
    store_unmake();
    return 0;
}

/* --- checking it --- */

static void say(void *arg, const char *line)
{
    (void)arg;
    if (!said[0])
        snprintf(said, sizeof said, "%s", line);
}

/* Problems of the index as the transaction has it; a refusal to open it at
 * all is one. */
static uint64_t problems(uint64_t *records)
{
    struct index ix = {.store = store, .txn = txn};
    struct check_report report = {0};
    uint32_t i;
    int rc = manifest_read(txn, &ix.manifest, &err);

    said[0] = 0;
    if (rc > 0)
        rc = config_read(txn, &ix.config, &err);
    if (rc > 0 && hash64(buf_view(&ix.config)) != ix.manifest.config_hash)
        rc = ERR_CORRUPT;
    if (rc > 0)
        rc = roots_read(txn, &ix.roots, &err);
    if (rc >= 0)
        rc = norms_open(&ix.norms, txn, ix.manifest.next_docid, &err);
    for (i = 0; rc == 0 && i < ix.manifest.nsegments; i++)
        rc = segment_open(&ix.segment[i], txn, &ix.manifest.segment[i], &err);
    if (rc < 0)
        snprintf(said, sizeof said, "%s", err.msg);
    if (rc == 0 && check_index(&ix, &report, say, NULL, &err) < 0)
        fail_msg("%s", err.msg);
    norms_release(&ix.norms);
    names_release(&ix.names);
    roots_release(&ix.roots);
    buf_release(&ix.config);
    if (records)
        *records = report.records;
    return rc < 0 ? 1 : report.problems;
}

static int add_name(void *arg, struct view name)
{
    return buf_add(arg, name) < 0 || buf_addc(arg, 0) < 0 ? ERR_NOMEM : 0;
}

/* Calls fn for a copy of each entry of each table. */
static void each_entry(void (*fn)(const char *table, store_db db,
                                  struct view key, struct view val))
{
    struct buf names = {0}, key = {0}, val = {0};
    size_t at;

    assert_int_equal(txn_list_dbs(txn, add_name, &names, &err), 0);
    for (at = 0; at < names.n; at += strlen((char *)names.p + at) + 1) {
        const char *table = (char *)names.p + at;
        store_db db;

        assert_int_equal(txn_open_db(txn, table, false, &db, &err), 1);
        buf_clear(&key);
        for (;;) {
            struct view k, v;
            struct cursor *c;
            int rc;

            assert_int_equal(cursor_open(&c, txn, db, &err), 0);
            rc = cursor_seek(c, buf_view(&key), &k, &v);
            buf_clear(&key);
            buf_clear(&val);
            if (rc > 0 && (buf_add(&key, k) < 0 || buf_add(&val, v) < 0))
                fail();
            cursor_close(c);
            if (rc == 0)
                break;
            fn(table, db, buf_view(&key), buf_view(&val));
            assert_int_equal(buf_addc(&key, 0), 0); /* the next key */
        }
    }
    buf_release(&names);
    buf_release(&key);
    buf_release(&val);
}

static void test_sound(void **state)
{
    uint64_t records, n = problems(&records);

    (void)state;
    if (n)
        fail_msg("%s", said);
    assert_true(records > DOCS * 2);
}

/* A text frame has bits that zstd does not look at; where none of the text
 * changes, nothing is damaged. */
static bool is_frame(const char *table, struct view key)
{
    return strcmp(table, "docs") == 0 && key.p[4] >= 0x80;
}

static unsigned unseen;

static void flip(const char *table, store_db db, struct view key,
                 struct view val)
{
    struct buf b = {0};
    size_t at;

    for (at = 0; at < val.n; at += val.n < 100 ? 1 : 1 + below(60)) {
        buf_clear(&b);
        assert_int_equal(buf_add(&b, val), 0);
        b.p[at] ^= (uint8_t)(1u << below(8));
        assert_int_equal(txn_put(txn, db, key, buf_view(&b), &err), 0);
        if (problems(NULL) > 0)
            continue;
        if (!is_frame(table, key))
            fail_msg("%s: byte %zu of %zu may change", table, at, val.n);
        unseen++;
    }
    /* and shorter */
    assert_int_equal(
        txn_put(txn, db, key, view_sub(val, 0, below(val.n)), &err), 0);
    if (problems(NULL) == 0)
        fail_msg("%s: a value may be cut", table);
    assert_int_equal(txn_put(txn, db, key, val, &err), 0);
    buf_release(&b);
}

static void test_flips(void **state)
{
    (void)state;
    each_entry(flip);
    assert_in_range(unseen, 0, 20); /* of some 2,000 */
    assert_int_equal(problems(NULL), 0);
}

/* Rows that need not be there: the dictionary, the settings of a test, what
 * the log forgets. */
static bool may_go(const char *table, struct view key)
{
    return strcmp(table, "log") == 0 ||
           (strcmp(table, "meta") == 0 && memcmp(key.p, "roots", 5) == 0);
}

static void take_away(const char *table, store_db db, struct view key,
                      struct view val)
{
    if (may_go(table, key))
        return;
    assert_int_equal(txn_del(txn, db, key, &err), 1);
    if (problems(NULL) == 0)
        fail_msg("%s: \"%.*s\" may be missing", table, (int)key.n,
                 (const char *)key.p);
    assert_int_equal(txn_put(txn, db, key, val, &err), 0);
}

static void test_missing(void **state)
{
    (void)state;
    each_entry(take_away);
    assert_int_equal(problems(NULL), 0);
}

/* The same value once more, under the next key. */
static void double_it(const char *table, store_db db, struct view key,
                      struct view val)
{
    struct buf k = {0};

    if (may_go(table, key) || strcmp(table, "meta") == 0)
        return;
    assert_int_equal(buf_add(&k, key), 0);
    k.p[k.n - 1]++;
    if (txn_get(txn, db, buf_view(&k), &val, &err) == 0) {
        assert_int_equal(txn_put(txn, db, buf_view(&k), val, &err), 0);
        if (problems(NULL) == 0)
            fail_msg("%s: a row too many", table);
        assert_int_equal(txn_del(txn, db, buf_view(&k), &err), 1);
    }
    buf_release(&k);
}

static void test_too_many(void **state)
{
    (void)state;
    each_entry(double_it);
    assert_int_equal(problems(NULL), 0);
}

static void with_manifest(void (*change)(struct manifest *m), const char *says)
{
    struct manifest m = manifest;

    change(&m);
    assert_int_equal(manifest_write(txn, &m, &err), 0);
    assert_true(problems(NULL) > 0);
    if (!strstr(said, says))
        fail_msg("%s", said);
    assert_int_equal(manifest_write(txn, &manifest, &err), 0);
}

static void fewer_docs(struct manifest *m)
{
    m->live_docs--;
}

static void more_positions(struct manifest *m)
{
    m->live_positions++;
}

static void more_terms(struct manifest *m)
{
    m->segment[1].terms++;
}

static void more_bytes(struct manifest *m)
{
    m->segment[0].bytes++;
}

static void all_alive(struct manifest *m)
{
    m->segment[0].dead = 0;
}

static void no_positions(struct manifest *m)
{
    m->segment[0].positions = 5;
}

static void overlap(struct manifest *m)
{
    m->segment[0].doc_hi++;
}

static void test_manifest(void **state)
{
    (void)state;
    with_manifest(fewer_docs, "norms");
    with_manifest(more_positions, "positions");
    with_manifest(more_terms, "terms");
    with_manifest(more_bytes, "bytes");
    with_manifest(all_alive, "living");
    with_manifest(no_positions, "positions");
    with_manifest(overlap, "manifest");
}

/* --- what seals that fit again hide --- */

static void reseal(const char *table, struct view prefix, size_t at,
                   uint8_t with)
{
    struct view key, val;
    struct buf b = {0};
    struct cursor *c;
    uint8_t k[100];
    store_db db;

    assert_int_equal(txn_open_db(txn, table, false, &db, &err), 1);
    assert_int_equal(cursor_open(&c, txn, db, &err), 0);
    assert_int_equal(cursor_seek(c, prefix, &key, &val), 1);
    assert_true(key.n < sizeof k && val.n > at + SEAL);
    memcpy(k, key.p, key.n);
    assert_int_equal(buf_add(&b, view_sub(val, 0, val.n - SEAL)), 0);
    cursor_close(c);
    b.p[at] ^= with;
    assert_int_equal(record_seal(&b), 0);
    assert_int_equal(txn_put(txn, db, view_of(k, key.n), buf_view(&b), &err),
                     0);
    if (problems(NULL) == 0)
        fail_msg("%s: byte %zu", table, at);
    b.p[at] ^= with;
    b.n -= SEAL;
    assert_int_equal(record_seal(&b), 0);
    assert_int_equal(txn_put(txn, db, view_of(k, key.n), buf_view(&b), &err),
                     0);
    buf_release(&b);
}

static void test_resealed(void **state)
{
    static const char chunks[] = "term09\0";
    size_t i;

    (void)state;
    /* header of a chunk: docid before, position index; of its block: bounds
     * and position index */
    for (i = 4; i < DOC_CHUNK + DOC_BLOCK; i++)
        reseal("p00000001", view_of(chunks, 7), i, 1);
    /* header of a chunk of positions */
    for (i = 0; i < POS_CHUNK; i++)
        reseal("x00000001", view_of("term09\0\2", 8), i, 1);
    /* counts of forms */
    reseal("x00000001", view_of("term09\0\1", 8), 1, 1);
    /* the first record of a block: df, smallest length */
    reseal("p00000001", view_str("term"), 7, 2);
    reseal("p00000001", view_str("term"), 9, 1);
    /* paths by docid: their common bytes, where each ends, what they are */
    for (i = 0; i < 4 + 2 * NAMES_DOCS + sizeof "/tmp/0"; i++)
        reseal("name", view_of("\0\0\0", 4), i, 1);
    assert_int_equal(problems(NULL), 0);
}

/* Gives a document that path, and looks for what the check says of it. */
static void named(uint32_t docid, const char *name, const char *says)
{
    struct view path = view_str(name);

    assert_int_equal(names_write(txn, docid, &path, 1, &err), 0);
    assert_int_equal(problems(NULL), says != NULL);
    if (says)
        assert_string_equal(said, says);
}

static void test_names(void **state)
{
    (void)state;
    named(1, "/tmp/other", "names: that of document 1 is not /tmp/001");
    named(1, "", "names: that of document 1 is not /tmp/001");
    named(1, "/tmp/001", NULL);
    named(DEAD + 3, "/tmp/dead", "names: document 10 is not alive");
    named(DEAD + 3, "", NULL);
    named(1000, "/tmp/far", "names: document 1000 is not alive");
    named(1000, "", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),    cmocka_unit_test(test_flips),
        cmocka_unit_test(test_missing),  cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_manifest), cmocka_unit_test(test_resealed),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
