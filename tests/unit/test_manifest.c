/* manifest.h: its bytes, and what is no manifest. */
#include "base/bytes.h"
#include "base/hash.h"
#include "index/manifest.h"
#include "tests/unit/temp_store.h"

static struct manifest example(uint32_t nsegments)
{
    struct manifest m = {
        .config_hash = 0x1122334455667788,
        .uuid = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255},
        .generation = 7,
        .updated_ns = 1700000000000000000,
        .run_start_ns = 1600000000000000000,
        .live_positions = 123456789012,
        .next_docid = 100 * nsegments + 1,
        .next_segment = 1000,
        .live_docs = 60 * nsegments,
        .nsegments = nsegments,
    };
    uint32_t i;

    for (i = 0; i < nsegments; i++) {
        struct segment_info s = {
            .number = 999 - i,
            .doc_lo = 100 * i + 1,
            .doc_hi = 100 * i + 100,
            .docs = 90,
            .dead = 30,
            .terms = 5000 + i,
            .positions = 40000,
            .bytes = 1 << 20,
        };

        m.segment[i] = s;
    }
    return m;
}

static void test_round_trip(void **state)
{
    const uint32_t counts[] = {0, 1, 2, MANIFEST_SEGMENTS};
    struct manifest got;
    struct err err = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct manifest m = example(counts[i]);
        struct buf b = {0};

        assert_int_equal(manifest_encode(&m, &b), 0);
        assert_int_equal(b.n, 84 + 40 * counts[i]);
        assert_int_equal(manifest_decode(buf_view(&b), &got, &err), 1);
        assert_memory_equal(&got, &m, sizeof m);
        buf_release(&b);
    }
}

/* The places FORMAT.md gives. */
static void test_layout(void **state)
{
    struct manifest m = example(1);
    struct buf b = {0};

    (void)state;
    assert_int_equal(manifest_encode(&m, &b), 0);
    assert_memory_equal(b.p, "TXI1\4\0\0\0", 8);
    assert_int_equal(get_u64(b.p + 8), m.config_hash);
    assert_memory_equal(b.p + 16, m.uuid, 16);
    assert_int_equal(get_u64(b.p + 32), 7);
    assert_int_equal(get_u64(b.p + 40), m.updated_ns);
    assert_int_equal(get_u64(b.p + 48), m.run_start_ns);
    assert_int_equal(get_u64(b.p + 56), m.live_positions);
    assert_int_equal(get_u32(b.p + 64), 101);
    assert_int_equal(get_u32(b.p + 68), 1000);
    assert_int_equal(get_u32(b.p + 72), 60);
    assert_int_equal(get_u16(b.p + 76), 1);
    assert_int_equal(get_u32(b.p + 80), 999);
    assert_int_equal(get_u64(b.p + 112), 1 << 20);
    assert_int_equal(get_u32(b.p + 120), checksum32(view_of(b.p, 120)));
    buf_release(&b);
}

static void seal_again(struct buf *b)
{
    put_u32(b->p + b->n - 4, checksum32(view_of(b->p, b->n - 4)));
}

static void test_damage(void **state)
{
    struct manifest m = example(3), got;
    struct err err = {0};
    struct buf b = {0};
    size_t at;
    int x;

    (void)state;
    assert_int_equal(manifest_encode(&m, &b), 0);
    for (at = 0; at < b.n; at++) {
        assert_int_equal(manifest_decode(view_of(b.p, at), &got, &err),
                         ERR_CORRUPT);
        b.p[at] ^= 0x20;
        assert_true(manifest_decode(buf_view(&b), &got, &err) < 0);
        /* with a seal that fits: an error or a value, but sane */
        for (x = 0; x < 256 && at < b.n - 4; x++) {
            uint8_t old = b.p[at];

            b.p[at] = (uint8_t)x;
            seal_again(&b);
            if (manifest_decode(buf_view(&b), &got, NULL) > 0)
                assert_true(got.nsegments <= MANIFEST_SEGMENTS);
            else
                assert_int_equal(got.nsegments, 0);
            b.p[at] = old;
            seal_again(&b);
        }
        b.p[at] ^= 0x20;
    }
    buf_release(&b);
}

static void test_another_format(void **state)
{
    struct manifest m = example(0), got;
    struct err err = {0};
    struct buf b = {0};

    (void)state;
    assert_int_equal(manifest_encode(&m, &b), 0);
    b.p[4] = FORMAT_VERSION - 1;
    assert_int_equal(manifest_decode(buf_view(&b), &got, &err), ERR_VERSION);
    assert_non_null(strstr(err.msg, "--rebuild"));
    buf_release(&b);
}

/* Numbers that contradict each other under a good seal. */
static void test_nonsense(void **state)
{
    struct manifest m[8], got;
    struct err err = {0};
    size_t i;

    (void)state;
    for (i = 0; i < 8; i++)
        m[i] = example(3);
    m[0].segment[1].doc_lo = 100;  /* overlaps the first */
    m[1].segment[2].doc_hi = 1000; /* beyond next_docid */
    m[2].segment[0].doc_lo = 0;
    m[3].segment[1].dead = 91;
    m[4].segment[1].number = 1000; /* not yet given */
    m[5].live_docs = 301;
    m[6].segment[1].docs = 101;
    m[7].next_docid = 0;
    for (i = 0; i < 8; i++) {
        struct buf b = {0};

        assert_int_equal(manifest_encode(&m[i], &b), 0);
        assert_int_equal(manifest_decode(buf_view(&b), &got, &err),
                         ERR_CORRUPT);
        buf_release(&b);
    }
}

static void test_in_store(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct manifest m = example(2), got;
    struct err err = {0};
    struct txn *t = begin(s);

    assert_int_equal(manifest_read(t, &got, &err), 0);
    assert_int_equal(got.generation, 0);
    assert_int_equal(got.next_docid, 1);
    assert_int_equal(got.nsegments, 0);
    assert_int_equal(manifest_write(t, &m, &err), 0);
    assert_int_equal(manifest_read(t, &got, &err), 1);
    assert_memory_equal(&got, &m, sizeof m);
    damage(t, table(t, "meta"), view_str("manifest"), 40);
    assert_int_equal(manifest_read(t, &got, &err), ERR_CORRUPT);
    m.nsegments = MANIFEST_SEGMENTS + 1;
    assert_int_equal(manifest_write(t, &m, &err), ERR_USAGE);
    txn_abort(t);
    store_close(s);
}

static void test_uuid_text(void **state)
{
    struct manifest m = example(0);
    char text[37];

    (void)state;
    uuid_text(m.uuid, text);
    assert_string_equal(text, "00010203-0405-0607-0809-0a0b0c0d0eff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_another_format),
        cmocka_unit_test(test_nonsense),
        in_dir(test_in_store),
        cmocka_unit_test(test_uuid_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
