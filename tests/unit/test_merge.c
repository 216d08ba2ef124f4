/* A merged segment is byte for byte the one that would have been written from
 * the living documents at once. */
#include "segment_data.h"

#include "base/date.h"
#include "index/document.h"
#include "index/manifest.h"
#include "index/norm.h"
#include "indexer/compact.h"
#include "indexer/merge.h"

enum { SEGMENTS = 5, TERMS = 120, DOCS = 9000, DIRECT = 0x100 };

static struct manifest manifest;
static struct data_term data[SEGMENTS][TERMS];
static uint8_t code[SEGMENTS * DOCS + 2]; /* of each docid; 0 = dead */

static uint32_t length_of(uint32_t docid)
{
    return norm_decode(code_of(docid));
}

/* Segment s has docids [lo_of(s), lo_of(s + 1)). */
static uint32_t lo_of(unsigned s)
{
    return 1 + s * DOCS;
}

/* A segment lacks a third of the terms. Names ascend; data_write skips those
 * without postings. */
static void make_data(unsigned s)
{
    char name[32];
    unsigned i;

    for (i = 0; i < TERMS; i++) {
        struct data_shape shape = {1 + skewed(i % 10 ? 60 : DOCS / 2), 2,
                                   1 + skewed(8), 1 + skewed(4000),
                                   1 + below(i % 9 ? 3 : 20)};

        snprintf(name, sizeof name, "%sw%05u%s", i < 20 ? "\x01" : "", i,
                 i % 5 ? "" : "verylongishword");
        data_make(&data[s][i], name, lo_of(s), shape);
        if (below(3) == 0)
            data[s][i].info.df = 0;
    }
}

static uint32_t with_postings(const struct data_term *t, struct data_term *out)
{
    uint32_t i, n = 0;

    for (i = 0; i < TERMS; i++)
        if (t[i].info.df > 0)
            out[n++] = t[i];
    return n;
}

static void write_documents(unsigned s)
{
    struct document_writer *w;
    struct txn *t = begin();
    uint32_t d;

    assert_int_equal(norms_write(t, lo_of(s), code + lo_of(s), DOCS, &err), 0);
    assert_int_equal(document_writer_open(&w, &err), 0);
    assert_int_equal(document_writer_begin(w, t, &err), 0);
    for (d = lo_of(s); d < lo_of(s + 1); d++) {
        struct document doc = {.docid = d,
                               .length = length_of(d),
                               .path = view_str("x"),
                               .date = DATE_NONE};

        if (code[d] &&
            document_writer_add(w, &doc, view_of("", 0), NULL, 0, &err) < 0)
            fail_msg("%s", err.msg);
    }
    document_writer_free(w);
    commit(t);
}

/* `dead` in 100 of the documents of segment s are dead. */
static void make_segment(unsigned s, uint32_t dead)
{
    struct data_term t[TERMS];
    struct segment_info *info = &manifest.segment[manifest.nsegments++];
    uint32_t n, d;

    make_data(s);
    n = with_postings(data[s], t);
    *info =
        data_segment(manifest.next_segment++, lo_of(s), lo_of(s + 1) - 1, t, n);
    info->docs = DOCS;
    for (d = lo_of(s); d < lo_of(s + 1); d++) {
        bool lives = below(100) >= dead;

        code[d] = lives ? code_of(d) : 0;
        info->dead += !lives;
        info->positions += length_of(d);
    }
    write_documents(s);
    manifest.next_docid = lo_of(s + 1);
}

static void store_manifest(void)
{
    struct txn *t = begin();

    manifest.generation = 7;
    assert_int_equal(manifest_write(t, &manifest, &err), 0);
    commit(t);
}

/* --- what ought to come out --- */

static uint32_t union_form(struct data_term *out, const struct form *f)
{
    uint32_t i;

    for (i = 0; i < out->nforms; i++)
        if (view_eq(out->form[i].text, f->text) && out->form[i].span == f->span)
            return i;
    assert_true(out->nforms < MAX_FORMS);
    out->form[out->nforms++] = *f;
    return i;
}

/* Appends the living postings of t to out. */
static void add_living(struct data_term *out, const struct data_term *t)
{
    uint32_t i, k;

    for (i = 0; i < t->info.df; i++) {
        struct data_posting p = t->p[i];

        if (code[p.docid] == 0)
            continue;
        p.occ = out->info.cf;
        out->p = realloc(out->p, (out->info.df + 1) * sizeof *out->p);
        assert_non_null(out->p);
        out->p[out->info.df++] = p;
        for (k = 0; k < p.tf; k++) {
            struct occurrence o = t->occ[t->p[i].occ + k];

            o.form = union_form(out, &t->form[o.form]);
            data_add_occ(out, o);
        }
    }
}

/* The terms of segments [from, to); returns how many. */
static uint32_t expect(unsigned from, unsigned to, struct data_term *out)
{
    uint32_t i, n = 0;
    unsigned s;

    for (i = 0; i < TERMS; i++) {
        memset(&out[n], 0, sizeof out[n]);
        strcpy(out[n].name, data[0][i].name);
        for (s = from; s < to; s++)
            add_living(&out[n], &data[s][i]);
        if (out[n].info.df == 0)
            continue;
        data_bounds(&out[n]);
        data_sort_forms(&out[n]);
        n++;
    }
    return n;
}

static void same_table(struct txn *t, char kind, uint32_t a, uint32_t b)
{
    struct view ka, kb, va, vb;
    struct cursor *ca, *cb;
    char name[10];
    store_db db;
    int rc;

    snprintf(name, sizeof name, "%c%08x", kind, (unsigned)a);
    assert_int_equal(txn_open_db(t, name, false, &db, &err), 1);
    assert_int_equal(cursor_open(&ca, t, db, &err), 0);
    snprintf(name, sizeof name, "%c%08x", kind, (unsigned)b);
    assert_int_equal(txn_open_db(t, name, false, &db, &err), 1);
    assert_int_equal(cursor_open(&cb, t, db, &err), 0);
    rc = cursor_first(ca, &ka, &va);
    assert_int_equal(cursor_first(cb, &kb, &vb), rc);
    while (rc > 0) {
        assert_true(view_eq(ka, kb));
        assert_true(view_eq(va, vb));
        rc = cursor_next(ca, &ka, &va);
        assert_int_equal(cursor_next(cb, &kb, &vb), rc);
    }
    cursor_close(ca);
    cursor_close(cb);
}

static int count_tables(void *arg, struct view name)
{
    *(uint32_t *)arg += name.p[0] == 'p' || name.p[0] == 'x';
    return 0;
}

static uint32_t tables(void)
{
    struct txn *t = begin();
    uint32_t n = 0;

    /* "path" is not there in these tests */
    assert_int_equal(txn_list_dbs(t, count_tables, &n, &err), 0);
    txn_abort(t);
    return n;
}

static void check_merged(unsigned from, unsigned to)
{
    const struct segment_info *info = &manifest.segment[from];
    static struct data_term want[TERMS];
    struct segment_info direct;
    struct segment segment;
    struct txn *t;
    uint64_t positions = 0;
    uint32_t n = expect(from, to, want), i, d, docs = 0;

    for (d = lo_of(from); d < lo_of(to); d++) {
        docs += code[d] != 0;
        positions += code[d] ? length_of(d) : 0;
    }
    direct = data_segment(DIRECT, lo_of(from), lo_of(to) - 1, want, n);
    assert_int_equal(info->doc_lo, lo_of(from));
    assert_int_equal(info->doc_hi, lo_of(to) - 1);
    assert_int_equal(info->docs, docs);
    assert_int_equal(info->dead, 0);
    assert_int_equal(info->terms, n);
    assert_int_equal(info->positions, positions);
    assert_int_equal(info->bytes, direct.bytes);
    t = begin();
    same_table(t, 'p', info->number, DIRECT);
    same_table(t, 'x', info->number, DIRECT);
    assert_int_equal(segment_open(&segment, t, info, &err), 0);
    for (i = 0; i < n; i++) {
        check_walk(&segment, &want[i]);
        data_free(&want[i]);
    }
    txn_abort(t);
}

/* The manifest on disk is the one in memory, and there are no other tables. */
static void check_stored(uint32_t extra)
{
    struct manifest m;
    struct txn *t = begin();

    assert_int_equal(manifest_read(t, &m, &err), 1);
    txn_abort(t);
    assert_int_equal(m.generation, 7);
    assert_int_equal(m.nsegments, manifest.nsegments);
    assert_memory_equal(m.segment, manifest.segment,
                        m.nsegments * sizeof *m.segment);
    assert_int_equal(m.next_segment, manifest.next_segment);
    assert_int_equal(tables(), 2 * m.nsegments + extra);
}

static int setup(void **state)
{
    (void)state;
    memset(&manifest, 0, sizeof manifest);
    memset(data, 0, sizeof data);
    manifest.next_segment = 1;
    store_make();
    return 0;
}

static int teardown(void **state)
{
    unsigned s, i;

    (void)state;
    store_unmake();
    for (s = 0; s < SEGMENTS; s++)
        for (i = 0; i < TERMS; i++)
            data_free(&data[s][i]);
    return 0;
}

static void merge(uint32_t from, uint32_t to, size_t txn_max)
{
    if (merge_segments(store, &manifest, from, to, txn_max, &err) < 0)
        fail_msg("%s", err.msg);
}

static void test_living(void **state)
{
    unsigned s;

    (void)state;
    for (s = 0; s < 3; s++)
        make_segment(s, 0);
    store_manifest();
    merge(0, 3, 60 << 20);
    check_stored(0);
    check_merged(0, 3);
}

static void test_dead(void **state)
{
    static const uint32_t dead[SEGMENTS] = {0, 30, 99, 0, 5};
    unsigned s;

    (void)state;
    for (s = 0; s < SEGMENTS; s++)
        make_segment(s, dead[s]);
    store_manifest();
    merge(0, SEGMENTS, 60 << 20);
    check_stored(0);
    check_merged(0, SEGMENTS);
}

/* A transaction for every few KB: all sources are opened again and again,
 * also amidst a term. */
static void test_small_txns(void **state)
{
    static const uint32_t dead[SEGMENTS] = {10, 0, 0, 50, 0};
    unsigned s;

    (void)state;
    for (s = 0; s < SEGMENTS; s++)
        make_segment(s, dead[s]);
    store_manifest();
    merge(0, SEGMENTS, 10000);
    check_stored(0);
    check_merged(0, SEGMENTS);
}

/* In a transaction of somebody else's, which may be given up. */
static void test_within(void **state)
{
    static const uint32_t dead[SEGMENTS] = {10, 0, 0, 50, 0};
    struct manifest before;
    struct txn *t;
    unsigned s;

    (void)state;
    for (s = 0; s < SEGMENTS; s++)
        make_segment(s, dead[s]);
    store_manifest();
    before = manifest;
    t = begin();
    assert_int_equal(merge_within(t, &manifest, 1, SEGMENTS, &err), 0);
    txn_abort(t);
    manifest = before;
    check_stored(0);
    assert_int_equal(merge_bytes(&manifest, 0),
                     merge_bytes(&manifest, 1) + manifest.segment[0].bytes);
    t = begin();
    assert_int_equal(merge_within(t, &manifest, 0, SEGMENTS, &err), 0);
    assert_int_equal(manifest.nsegments, 1);
    assert_int_equal(manifest_write(t, &manifest, &err), 0);
    assert_int_equal(txn_commit(t, &err), 0);
    check_stored(0);
    check_merged(0, SEGMENTS);
}

/* Some of the segments only; then one alone, to be rid of its dead. */
static void test_part(void **state)
{
    struct segment_info last;
    unsigned s;

    (void)state;
    for (s = 0; s < 4; s++)
        make_segment(s, s == 1 ? 40 : 0);
    store_manifest();
    last = manifest.segment[3];
    merge(1, 3, 60 << 20);
    assert_int_equal(manifest.nsegments, 3);
    assert_memory_equal(&manifest.segment[2], &last, sizeof last);
    check_stored(0);
    check_merged(1, 3);
    merge_sweep(store, &manifest, &err); /* the one written directly */
    merge(1, 2, 60 << 20);
    check_stored(0);
    check_merged(1, 3);
}

static void test_all_dead(void **state)
{
    (void)state;
    make_segment(0, 0);
    make_segment(1, 100);
    make_segment(2, 100);
    store_manifest();
    merge(1, 3, 60 << 20);
    assert_int_equal(manifest.nsegments, 1);
    check_stored(0);
}

/* A manifest and norms that disagree: nothing is lost. */
static void test_disagree(void **state)
{
    struct manifest before;

    (void)state;
    make_segment(0, 5);
    make_segment(1, 0);
    manifest.segment[0].dead--;
    store_manifest();
    before = manifest;
    assert_int_equal(merge_segments(store, &manifest, 0, 2, 60 << 20, &err),
                     ERR_CORRUPT);
    assert_memory_equal(&before, &manifest, sizeof before);
    check_stored(0);
}

/* A source that is damaged at its end: what was committed of the new segment
 * is swept. */
/* A byte of every chunk of postings and positions in turn: what a merge cannot
 * see by decoding, the seal tells, and nothing is sealed anew. */
static void test_every_chunk_damaged(void **state)
{
    static const char *const table[] = {"p00000001", "x00000001"};
    unsigned i, chunks = 0;

    (void)state;
    make_segment(0, 0);
    make_segment(1, 0);
    store_manifest();
    for (i = 0; i < 2; i++) {
        uint64_t n, k;
        struct txn *t = begin();
        store_db db;

        assert_int_equal(txn_open_db(t, table[i], false, &db, &err), 1);
        assert_int_equal(txn_count(t, db, &n, &err), 0);
        txn_abort(t);
        for (k = 0; k < n; k++) {
            struct view key, val;
            struct buf whole = {0}, name = {0};
            struct cursor *c;
            uint64_t at;

            t = begin();
            assert_int_equal(txn_open_db(t, table[i], false, &db, &err), 1);
            assert_int_equal(cursor_open(&c, t, db, &err), 0);
            assert_int_equal(cursor_first(c, &key, &val), 1);
            for (at = 0; at < k; at++)
                assert_int_equal(cursor_next(c, &key, &val), 1);
            assert_int_equal(buf_add(&whole, val), 0);
            assert_int_equal(buf_add(&name, key), 0);
            cursor_close(c);
            whole.p[whole.n - 5] ^= 0x10; /* the last before the seal */
            assert_int_equal(
                txn_put(t, db, buf_view(&name), buf_view(&whole), &err), 0);
            assert_int_equal(
                merge_within(t, &manifest, 0, manifest.nsegments, &err),
                ERR_CORRUPT);
            txn_abort(t);
            buf_release(&whole);
            buf_release(&name);
            chunks++;
        }
    }
    assert_true(chunks > 10);
}

static void test_damaged(void **state)
{
    struct view key, val;
    struct buf b = {0};
    struct cursor *c;
    struct txn *t;
    store_db db;
    uint32_t next;

    (void)state;
    make_segment(0, 0);
    make_segment(1, 0);
    store_manifest();
    t = begin();
    assert_int_equal(txn_open_db(t, "p00000002", false, &db, &err), 1);
    assert_int_equal(cursor_open(&c, t, db, &err), 0);
    assert_int_equal(cursor_last(c, &key, &val), 1);
    assert_int_equal(buf_add(&b, val), 0);
    b.p[b.n / 2] ^= 1;
    cursor_close(c);
    assert_int_equal(txn_put(t, db, key, buf_view(&b), &err), 0);
    commit(t);
    buf_release(&b);
    next = manifest.next_segment;
    assert_int_equal(merge_segments(store, &manifest, 0, 2, 2000, &err),
                     ERR_CORRUPT);
    assert_int_equal(manifest.nsegments, 2);
    assert_true(manifest.next_segment > next);
    assert_int_equal(tables(), 4);
}

static void test_sweep(void **state)
{
    struct txn *t;
    store_db db;

    (void)state;
    make_segment(0, 0);
    store_manifest();
    t = begin();
    assert_int_equal(txn_open_db(t, "p0000abcd", true, &db, &err), 1);
    assert_int_equal(txn_open_db(t, "x0000abcd", true, &db, &err), 1);
    assert_int_equal(txn_open_db(t, "pretend00", true, &db, &err), 1);
    assert_int_equal(txn_open_db(t, "x00000", true, &db, &err), 1);
    commit(t);
    check_stored(4);
    assert_int_equal(merge_sweep(store, &manifest, &err), 0);
    check_stored(2);
    assert_int_equal(merge_sweep(store, &manifest, &err), 0);
    check_stored(2);
}

/* --- into another data file --- */

static volatile sig_atomic_t stop;

/* Five segments, and a manifest whose sums are right. */
static void make_worn(void)
{
    static const uint32_t dead[SEGMENTS] = {0, 30, 99, 0, 100};
    uint32_t d;
    unsigned s;

    for (s = 0; s < SEGMENTS; s++)
        make_segment(s, dead[s]);
    for (d = 1; d < manifest.next_docid; d++) {
        manifest.live_docs += code[d] != 0;
        manifest.live_positions += code[d] ? length_of(d) : 0;
    }
    store_manifest();
}

/* Compacts and goes over to what came of it. */
static int compact_by(size_t txn_max, uint64_t positions,
                      struct compacted *done)
{
    struct compact_limits limits = {
        .txn_max = txn_max, .positions = positions, .stop = &stop};
    struct txn *t;
    int rc;

    store_close(store);
    rc = compact(folder, &limits, done, &err);
    assert_int_equal(store_open(&store, folder, STORE_WRITE, &err), 0);
    t = begin();
    assert_int_equal(manifest_read(t, &manifest, &err), 1);
    txn_abort(t);
    return rc;
}

static void test_compact(void **state)
{
    struct compacted done;
    struct store_size size;

    (void)state;
    make_worn();
    assert_int_equal(compact_by(30000, UINT32_MAX, &done), 0);
    assert_int_equal(done.segments_before, SEGMENTS);
    assert_int_equal(done.segments_after, 1);
    assert_true(done.dead > 1.9 * DOCS);
    assert_true(done.bytes_after < done.bytes_before);
    assert_int_equal(store_size(store, &size, &err), 0);
    assert_int_equal(size.file_bytes, done.bytes_after);
    assert_int_equal(manifest.nsegments, 1);
    check_stored(0);
    check_merged(0, SEGMENTS);
}

/* Pages of the norms that only dead documents are on are not there. */
static void test_compact_norms(void **state)
{
    struct compacted done;
    uint64_t pages;
    struct txn *t;
    store_db db;

    (void)state;
    make_worn();
    assert_int_equal(compact_by(60 << 20, UINT32_MAX, &done), 0);
    t = begin();
    assert_int_equal(txn_open_db(t, "norm", false, &db, &err), 1);
    assert_int_equal(txn_count(t, db, &pages, &err), 0);
    txn_abort(t);
    assert_int_equal(pages, 4 * DOCS / NORM_DOCS + 1);
}

/* As few segments as the positions of living documents allow. */
static void test_compact_limit(void **state)
{
    struct compacted done;
    uint64_t sum;
    uint32_t i;

    (void)state;
    make_worn();
    sum = manifest.segment[0].positions + manifest.segment[1].positions;
    assert_int_equal(compact_by(60 << 20, sum, &done), 0);
    /* the second has fewer alive than in all, so the third, nearly dead, fits
     * beside it; the fourth does not; of the fifth nothing is left */
    assert_int_equal(done.segments_after, 2);
    assert_int_equal(manifest.nsegments, 2);
    for (i = 0; i < 2; i++)
        assert_true(manifest.segment[i].positions <= sum);
    assert_int_equal(manifest.segment[0].doc_hi, lo_of(3) - 1);
    check_stored(0);
    check_merged(0, 3);
}

static void test_compact_stopped(void **state)
{
    struct compacted done;
    struct manifest before;

    (void)state;
    make_worn();
    before = manifest;
    stop = 1;
    assert_int_equal(compact_by(60 << 20, UINT32_MAX, &done), ERR_STOPPED);
    stop = 0;
    assert_memory_equal(&before.segment, manifest.segment,
                        sizeof before.segment);
    check_stored(0);
}

/* Norms that say less than the manifest: nothing is lost. */
static void test_compact_disagree(void **state)
{
    struct compacted done;

    (void)state;
    make_worn();
    manifest.live_docs++;
    store_manifest();
    assert_int_equal(compact_by(60 << 20, UINT32_MAX, &done), ERR_CORRUPT);
    check_stored(0);
}

static void test_groups(void **state)
{
    static const uint64_t living[] = {5, 0, 5, 3, 20, 1, 1};

    (void)state;
    assert_int_equal(compact_group(living, 0, 7, 100), 7);
    assert_int_equal(compact_group(living, 0, 7, 10), 3);
    assert_int_equal(compact_group(living, 3, 7, 10), 1);
    assert_int_equal(compact_group(living, 4, 7, 10), 1); /* too many alone */
    assert_int_equal(compact_group(living, 5, 7, 10), 2);
    assert_int_equal(compact_group(living, 6, 7, 0), 1);
}

/* --- which and when --- */

/* sizes in MB, newest last */
static bool wanted(uint32_t *from, uint32_t n, const double *mb,
                   const uint32_t *dead)
{
    struct manifest m = {.nsegments = n};
    uint32_t i;

    for (i = 0; i < n; i++) {
        m.segment[i].bytes = (uint64_t)(mb[i] * (1 << 20));
        m.segment[i].docs = 100;
        m.segment[i].dead = dead ? dead[i] : 0;
    }
    return merge_wanted(&m, from);
}

static void test_wanted(void **state)
{
    uint32_t from, dead[4] = {0, 31, 0, 0}, last[4] = {0, 0, 0, 31};

    (void)state;
    assert_false(wanted(&from, 0, NULL, NULL));
    assert_false(wanted(&from, 1, (double[]){3}, NULL));
    assert_false(wanted(&from, 1, (double[]){0.1}, NULL));
    assert_true(wanted(&from, 2, (double[]){0.5, 0.3}, NULL));
    assert_int_equal(from, 0);
    assert_false(wanted(&from, 4, (double[]){400, 100, 20, 4}, NULL));
    assert_true(wanted(&from, 4, (double[]){400, 100, 20, 11}, NULL));
    assert_int_equal(from, 2);
    /* 20 + 18 draw in 70, all of them 200 */
    assert_true(wanted(&from, 4, (double[]){200, 70, 20, 18}, NULL));
    assert_int_equal(from, 0);
    assert_true(wanted(&from, 4, (double[]){400, 100, 20, 4}, dead));
    assert_int_equal(from, 1);
    assert_true(wanted(&from, 4, (double[]){400, 100, 20, 4}, last));
    assert_int_equal(from, 3);
    /* small ones join however they compare, 64 KB together at most */
    assert_true(wanted(&from, 4, (double[]){400, 100, 0.04, 0.01}, NULL));
    assert_int_equal(from, 2);
    assert_false(wanted(&from, 4, (double[]){400, 100, 0.06, 0.01}, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_living, setup, teardown),
        cmocka_unit_test_setup_teardown(test_dead, setup, teardown),
        cmocka_unit_test_setup_teardown(test_small_txns, setup, teardown),
        cmocka_unit_test_setup_teardown(test_within, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_chunk_damaged, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_part, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all_dead, setup, teardown),
        cmocka_unit_test_setup_teardown(test_disagree, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sweep, setup, teardown),
        cmocka_unit_test_setup_teardown(test_compact, setup, teardown),
        cmocka_unit_test_setup_teardown(test_compact_norms, setup, teardown),
        cmocka_unit_test_setup_teardown(test_compact_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_compact_stopped, setup, teardown),
        cmocka_unit_test_setup_teardown(test_compact_disagree, setup, teardown),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_wanted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
