/* document.h: the record. */
#include "base/bytes.h"
#include "base/date.h"
#include "index/document.h"
#include "index/frame.h"
#include "tests/unit/temp_store.h"

static uint32_t seed = 1;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static struct zone zones[] = {{0, 10, true}, {12, 50, false}, {50, 90, true}};
static struct field fields[] = {
    {{(const uint8_t *)"author", 6}, {(const uint8_t *)"Li Bai", 6}},
    {{NULL, 0}, {NULL, 0}},
};
static struct frame_info frames[] = {
    {0, 40, 1, 1, {0, 2}, 0, true, 0, 25},
    {40, 30, 3, 1, {2, 0}, 9, true, 25, 20},
    {70, 30, 3, 2, {99, 1}, 9, false, 45, 22},
};

static struct document example(void)
{
    struct document d = {
        .flags = DOCUMENT_TEXT | DOCUMENT_DERIVED,
        .length = 12,
        .text_bytes = 100,
        .path = view_str("/home/me/a.md"),
        .title_start = 2,
        .title_len = 8,
        .date = -365,
        .date_source = DATE_FROM_FILENAME,
        .language = view_str("english"),
        .zone = zones,
        .nzones = 3,
        .field = fields,
        .nfields = 2,
        .frame = frames,
        .nframes = 3,
        .pages = 7,
    };

    return d;
}

static void same_document(const struct document *a, const struct document *b)
{
    size_t i;

    assert_int_equal(a->flags, b->flags);
    assert_int_equal(a->length, b->length);
    assert_int_equal(a->text_bytes, b->text_bytes);
    assert_true(view_eq(a->path, b->path));
    assert_int_equal(a->title_start, b->title_start);
    assert_int_equal(a->title_len, b->title_len);
    assert_true(view_eq(a->title, b->title));
    assert_int_equal(a->date, b->date);
    assert_int_equal(a->date_source, b->date_source);
    assert_true(view_eq(a->language, b->language));
    assert_int_equal(a->nzones, b->nzones);
    for (i = 0; i < a->nzones; i++) {
        assert_int_equal(a->zone[i].start, b->zone[i].start);
        assert_int_equal(a->zone[i].end, b->zone[i].end);
        assert_int_equal(a->zone[i].title, b->zone[i].title);
    }
    assert_int_equal(a->nfields, b->nfields);
    for (i = 0; i < a->nfields; i++) {
        assert_true(view_eq(a->field[i].name, b->field[i].name));
        assert_true(view_eq(a->field[i].value, b->field[i].value));
    }
    assert_int_equal(a->nframes, b->nframes);
    assert_int_equal(a->pages, b->pages);
    for (i = 0; i < a->nframes; i++) {
        assert_int_equal(a->frame[i].start, b->frame[i].start);
        assert_int_equal(a->frame[i].size, b->frame[i].size);
        assert_int_equal(a->frame[i].line, b->frame[i].line);
        assert_int_equal(a->frame[i].page, b->frame[i].page);
        assert_int_equal(a->frame[i].pos, b->frame[i].pos);
        assert_int_equal(a->frame[i].paragraphs.n, b->frame[i].paragraphs.n);
        assert_int_equal(a->frame[i].paragraphs.ends,
                         b->frame[i].paragraphs.ends);
        assert_int_equal(a->frame[i].restart, b->frame[i].restart);
        assert_int_equal(a->frame[i].packed_at, b->frame[i].packed_at);
        assert_int_equal(a->frame[i].packed, b->frame[i].packed);
    }
}

/* Fields read alone are those of the whole record. */
static void check_fields(struct view record, const struct document *d)
{
    struct view value;
    size_t i, first;

    for (i = 0; i < d->nfields; i++) {
        for (first = 0; !view_eq(d->field[first].name, d->field[i].name);)
            first++;
        assert_int_equal(document_field(record, d->field[i].name, &value), 1);
        assert_true(view_eq(value, d->field[first].value));
    }
    assert_int_equal(document_field(record, view_str("no such"), &value), 0);
}

static void round_trip(const struct document *d)
{
    struct document got;
    struct err err = {0};
    struct buf b = {0};

    assert_int_equal(document_encode(d, &b), 0);
    if (document_decode(buf_view(&b), &got, &err) < 0)
        fail_msg("%s", err.msg);
    same_document(d, &got);
    check_fields(buf_view(&b), &got);
    document_release(&got);
    document_release(&got);
    buf_release(&b);
}

static void test_record(void **state)
{
    struct document d = example();
    struct document least = {.date = DATE_NONE, .pages = 1};

    (void)state;
    round_trip(&d);
    round_trip(&least);
    d.date = DATE_NONE;
    d.date_source = 0;
    d.language.n = 0;
    d.nfields = 0;
    round_trip(&d);
    /* without its text the title is kept */
    d.flags = DOCUMENT_RECORD;
    d.nframes = 0;
    d.pages = 1;
    d.title = view_str("A title");
    round_trip(&d);
}

/* Readers of today pass over fields of tomorrow. */
static void test_unknown_field(void **state)
{
    static const uint8_t record[] = {
        4, 0, 3, 0,   1,   'p', 0, 0,   0, /* no zones */
        2, 9, 2, 'x', 'y', 3,   2, 'd', 'e', 0, 0};
    struct document d;
    struct err err = {0};

    (void)state;
    assert_int_equal(document_decode(view_of(record, sizeof record), &d, &err),
                     0);
    assert_int_equal(d.nfields, 0);
    assert_true(view_eq(d.language, view_str("de")));
    document_release(&d);
}

static void expect_corrupt(const struct document *d)
{
    struct document got;
    struct err err = {0};
    struct buf b = {0};

    assert_int_equal(document_encode(d, &b), 0);
    assert_int_equal(document_decode(buf_view(&b), &got, &err), ERR_CORRUPT);
    assert_null(got.zone);
    assert_null(got.frame);
    assert_non_null(strstr(err.msg, "index damaged"));
    buf_release(&b);
}

static void test_ranges(void **state)
{
    struct document d = example();

    (void)state;
    d.text_bytes = 99; /* frames have more */
    expect_corrupt(&d);
    d.text_bytes = 101;
    expect_corrupt(&d);
    d = example();
    d.title_len = 99;
    expect_corrupt(&d);
    d.title_start = UINT32_MAX;
    expect_corrupt(&d);
    d = example();
    zones[2].end = 101;
    expect_corrupt(&d);
    zones[2].end = 90;
    zones[1].start = 8; /* before the end of the first */
    expect_corrupt(&d);
    zones[1].start = 12;
    frames[2].size = 0;
    frames[1].size = 60;
    expect_corrupt(&d);
    frames[2].size = frames[1].size = 30;
    frames[1].line = 0; /* before the first */
    expect_corrupt(&d);
    frames[1].line = 3;
    frames[1].paragraphs.n = 100; /* behind the next */
    expect_corrupt(&d);
    frames[1].paragraphs.n = 2;
    d.pages = 1; /* fewer than begin */
    expect_corrupt(&d);
    d.pages = 7;
    d.nframes = 0; /* a text, but none stored */
    expect_corrupt(&d);
    d = example();
    d.flags = 0; /* and the reverse */
    expect_corrupt(&d);
    d = example();
    frames[0].size = FRAME_READ_MAX + 1;
    d.text_bytes = FRAME_READ_MAX + 61;
    expect_corrupt(&d);
    frames[0].size = 40;
    d = example();
    frames[1].packed = 0;
    expect_corrupt(&d);
    frames[1].packed = FRAME_PACKED_MAX + 1;
    expect_corrupt(&d);
    frames[1].packed = 20;
    round_trip(&d);
}

/* Any byte may be anything: an error or a document, never a crash. */
static void test_damaged_record(void **state)
{
    struct document d = example(), got;
    struct buf b = {0};
    struct view value;
    size_t at, n;
    int x;

    (void)state;
    assert_int_equal(document_encode(&d, &b), 0);
    for (n = 0; n < b.n; n++) {
        uint8_t *copy = test_malloc(n + 1); /* so that ASan sees its end */

        memcpy(copy, b.p, n);
        assert_int_equal(document_decode(view_of(copy, n), &got, NULL),
                         ERR_CORRUPT);
        document_field(view_of(copy, n), view_str("no such"), &value);
        test_free(copy);
    }
    for (at = 0; at < b.n; at++) {
        uint8_t old = b.p[at];

        for (x = 0; x < 256; x++) {
            b.p[at] = (uint8_t)x;
            if (document_decode(buf_view(&b), &got, NULL) < 0)
                continue;
            check_fields(buf_view(&b), &got);
            document_release(&got);
        }
        b.p[at] = old;
    }
    for (n = 0; n < 20000; n++) {
        uint8_t wild[40];

        for (at = 0; at < sizeof wild; at++)
            wild[at] = (uint8_t)random_below(at < 9 ? 3 : 256);
        wild[0] = 2;
        if (document_decode(view_of(wild, sizeof wild), &got, NULL) == 0)
            document_release(&got);
    }
    buf_release(&b);
}

static void test_date_source(void **state)
{
    (void)state;
    assert_null(date_source_text(DATE_FROM_NONE));
    assert_string_equal(date_source_text(DATE_FROM_MTIME), "mtime");
    assert_null(date_source_text(99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record),
        cmocka_unit_test(test_unknown_field),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_damaged_record),
        cmocka_unit_test(test_date_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
