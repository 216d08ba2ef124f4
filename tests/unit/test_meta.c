#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/date.h"
#include "index/column.h"
#include "indexer/meta.h"

static struct meta meta;
static struct view text;

static int release(void **state)
{
    (void)state;
    meta_release(&meta);
    return 0;
}

static void file(const char *content, const char *path)
{
    text = view_str(content);
    assert_int_equal(meta_of_file(&meta, text, view_str(path)), 0);
}

/* The zones as "(title)" and "[other]", after checking their order. */
static const char *zones(void)
{
    static struct buf out;
    uint32_t end = 0;
    size_t i;

    buf_clear(&out);
    for (i = 0; i < meta.nzones; i++) {
        const struct zone *z = &meta.zone[i];

        assert_true(z->start >= end && z->end > z->start && z->end <= text.n);
        end = z->end;
        buf_addf(&out, "%c%.*s%c", z->title ? '(' : '[',
                 (int)(z->end - z->start), (const char *)text.p + z->start,
                 z->title ? ')' : ']');
    }
    return buf_cstr(&out);
}

static void title_is(const char *want)
{
    assert_true(meta.title_start + meta.title_len <= text.n);
    assert_int_equal(meta.title_len, strlen(want));
    assert_memory_equal(text.p + meta.title_start, want, meta.title_len);
}

static void date_is(const char *want, enum date_source source)
{
    char date[11] = "";

    if (meta.date != DATE_NONE)
        date_text(meta.date, date);
    assert_string_equal(date, want);
    assert_int_equal(meta.date_source, source);
}

static void plain_text(void **state)
{
    (void)state;
    file("\n \t\n  First line \nmore\n", "/a/2022-01-04-x.txt");
    title_is("First line");
    assert_string_equal(zones(), "[\n \t\n  ](First line)[ \nmore\n]");
    date_is("2022-01-04", DATE_FROM_FILENAME);
    assert_string_equal(meta.language, "");
    file("# no heading in .txt", "a.txt");
    title_is("# no heading in .txt");
    date_is("", DATE_FROM_NONE);
    file("Title\nPublished: Sep 11, 2024\n", "/a/2022-01-04-x.txt");
    date_is("2022-01-04", DATE_FROM_FILENAME);
    file("Title\nPublished: Sep 11, 2024\n", "/a/2022/01/x.txt");
    date_is("2024-09-11", DATE_FROM_TEXT);
    file("---\npubDate: 2020-01-02\n---\nPublished: Sep 11, 2024\n", "x.txt");
    date_is("2020-01-02", DATE_FROM_FRONT_MATTER);
    file("---\ndate: soon\n---\nPublished: Sep 11, 2024\n", "x.txt");
    date_is("2024-09-11", DATE_FROM_TEXT);
    file(" \n\n", "a.txt");
    title_is("");
    assert_string_equal(zones(), "[ \n\n]");
    file("", "a.txt");
    assert_int_equal(meta.nzones, 0);
    file("\xef\xbb\xbfTitle\r\nbody", "a.txt");
    title_is("Title");
    assert_string_equal(zones(), "(Title)[\r\nbody]");
}

static void headings(void **state)
{
    (void)state;
    file("intro\n\n# The *title* #\nbody # x\n", "a.md");
    title_is("The *title*");
    assert_string_equal(zones(), "[intro\n\n# ](The *title*)[ #\nbody # x\n]");
    file("###### Six\n", "A.MD");
    title_is("Six");
    file("####### seven\n", "a.md");
    title_is("####### seven");
    file("#tag\n\n   ## Second\n", "a.md");
    title_is("Second");
    file("    # code\ntext\n\n# Real\n", "a.md");
    title_is("Real");
    file("#\n# \nText\n====\n", "a.md");
    title_is("Text");
    file("Sub\n---\n", "a.md");
    title_is("Sub");
    file("\n---\n\nWords\n", "a.md");
    title_is("---");
    file("```\n# comment\n```\n# Title\n", "a.md");
    title_is("Title");
    file("# C#\n", "a.md");
    title_is("C#");
    file("just words\nand more\n", "a.md");
    title_is("just words");
}

static void front_matter(void **state)
{
    (void)state;
    file("---\ntitle: \"Q: what?\"\ndate: 2021-05-06\nauthor: A. Writer\n"
         "lang: zh-CN\n# remark\n\n---\n\n# Heading\ntext",
         "/x/1999-01-01.md");
    title_is("Q: what?");
    date_is("2021-05-06", DATE_FROM_FRONT_MATTER);
    assert_string_equal(meta.language, "zh-cn");
    assert_string_equal(zones(), "(Q: what?)[2021-05-06][A. Writer][zh-CN]"
                                 "[\n# Heading\ntext]");
    assert_int_equal(meta.nfields, 1);
    assert_true(view_eq(meta.field[0].name, view_str("author")));
    assert_true(view_eq(meta.field[0].value, view_str("A. Writer")));
    /* in a .txt file, with CR LF, a mark and '...' */
    file("\xef\xbb\xbf---\r\nTitle: x\r\nPublished: 4 May 2020\r\n...\r\nbody",
         "a.txt");
    title_is("x");
    date_is("2020-05-04", DATE_FROM_FRONT_MATTER);
    assert_string_equal(zones(), "(x)[4 May 2020][body]");
    /* the first date counts; one that is none does not */
    file("---\ndate: soon\npublished: 2020-01-02\ndate: 2021-01-01\n---\n",
         "2000-01-01.txt");
    date_is("2020-01-02", DATE_FROM_FRONT_MATTER);
    file("---\ndate: soon\n---\nx", "2000-01-01.txt");
    date_is("2000-01-01", DATE_FROM_FILENAME);
}

static void front_matter_over_lines(void **state)
{
    (void)state;
    file("---\ntags:\n  - one\n  - \"two words\"\nsummary: >\n  a long\n"
         "  story\nnested:\n  inner: value\nlist: [a, b]\n---\nbody\n",
         "a.md");
    assert_string_equal(zones(), "[one][two words][a long][story][value][a, b]"
                                 "(body)[\n]");
    assert_int_equal(meta.nfields, 4);
    assert_true(view_eq(meta.field[0].value, view_str("one\n  - \"two words")));
    assert_true(view_eq(meta.field[1].value, view_str("a long\n  story")));
    assert_true(view_eq(meta.field[3].value, view_str("a, b")));
    file("---\ntitle:\n  On its own line\n---\n", "a.md");
    title_is("On its own line");
}

static void what_is_no_front_matter(void **state)
{
    (void)state;
    file("---\nA paragraph between rules.\n\n---\n# Title\n", "a.md");
    title_is("Title");
    file("---\ntitle: never closed\n\ntext\n", "a.md");
    title_is("---");
    file("---", "a.md");
    title_is("---");
    file("---\n---\nbody\n", "a.md");
    assert_int_equal(meta.nfields, 0);
    file("----\ntitle: x\n---\n", "a.txt");
    title_is("----");
    file("---\nurl:x\n---\n", "a.txt"); /* no blank behind the colon */
    title_is("---");
}

static void long_titles(void **state)
{
    struct buf b = {0};
    int i;

    (void)state;
    for (i = 0; i < 100; i++)
        buf_addf(&b, "word%d ", i);
    buf_adds(&b, "\nbody");
    file(buf_cstr(&b), "a.txt");
    assert_int_equal(meta.nzones, 2);
    assert_true(meta.zone[0].title);
    assert_true(meta.zone[0].end <= META_TITLE);
    assert_int_equal(text.p[meta.zone[0].end], ' ');
    assert_int_equal(meta.zone[1].start, meta.zone[0].end);
    assert_int_equal(meta.title_len, META_SHOWN - 1); /* a blank at the cut */
    buf_clear(&b);
    for (i = 0; i < 300; i++)
        buf_adds(&b, "\xe9\xa6\x99");
    file(buf_cstr(&b), "a.txt");
    assert_int_equal(meta.zone[0].end, META_TITLE);
    assert_int_equal(meta.title_len, META_SHOWN * 3);
    buf_release(&b);
}

static void many_fields(void **state)
{
    struct buf b = {0};
    int i;

    (void)state;
    buf_adds(&b, "---\n");
    for (i = 0; i < 100; i++)
        buf_addf(&b, "key%d: value%d\n", i, i);
    buf_adds(&b, "---\n");
    file(buf_cstr(&b), "a.md");
    assert_int_equal(meta.nfields, META_FIELDS);
    assert_int_equal(meta.nzones, 100);
    buf_clear(&b);
    buf_adds(&b, "---\n"); /* longer than front matter may be */
    for (i = 0; i < 10000; i++)
        buf_addf(&b, "key%d: value%d\n", i, i);
    buf_adds(&b, "---\n");
    file(buf_cstr(&b), "a.md");
    assert_int_equal(meta.nfields, 0);
    buf_release(&b);
}

static void record(const char *content, size_t title, const char *date,
                   const char *language)
{
    text = view_str(content);
    assert_int_equal(
        meta_of_record(&meta, text, title, view_str(date), view_str(language)),
        0);
}

static void records(void **state)
{
    uint8_t letters[2];

    (void)state;
    record("Title\nthe text", 5, "1987-02-26", "EN");
    title_is("Title");
    assert_string_equal(zones(), "(Title)[the text]");
    date_is("1987-02-26", DATE_FROM_RECORD);
    assert_string_equal(meta.language, "en");
    record("\n no title\nmore", 0, "", "");
    title_is("no title"); /* shown, but not searched as one */
    assert_string_equal(zones(), "[\n no title\nmore]");
    date_is("", DATE_FROM_NONE);
    record("Title\nPublished: Sep 11, 2024", 5, "", "");
    date_is("2024-09-11", DATE_FROM_TEXT);
    record("Title\nPublished: Sep 11, 2024", 5, "2001-02-03", "");
    date_is("2001-02-03", DATE_FROM_RECORD);
    record("Title\n", 5, "never", "no such; language");
    assert_string_equal(zones(), "(Title)");
    assert_string_equal(meta.language, "no");
    record("   \n", 0, "", "");
    title_is("");
    record("   \n", 3, "", "");
    title_is("");
    column_language(view_str("zh-CN"), letters);
    assert_memory_equal(letters, "zh", 2);
    column_language(view_str("english"), letters);
    assert_memory_equal(letters, "\0\0", 2);
    column_language(view_str(""), letters);
    assert_memory_equal(letters, "\0\0", 2);
}

/* What was stored of a document says what the record said. */
static void stored_documents(void **state)
{
    struct meta first = {0};
    struct document d = {0};
    char before[256];

    (void)state;
    record("Title\nthe text", 5, "1987-02-26", "en-gb");
    assert_int_equal(meta_field(&meta, view_str("k"), view_str("v")), 0);
    snprintf(before, sizeof before, "%s", zones());
    first = meta;
    memset(&meta, 0, sizeof meta);
    d.title_start = first.title_start;
    d.title_len = first.title_len;
    d.date = first.date;
    d.date_source = first.date_source;
    d.language = view_str(first.language);
    d.zone = first.zone;
    d.nzones = first.nzones;
    d.field = first.field;
    d.nfields = first.nfields;
    file("other text", "2020-02-02.md"); /* what was there before goes */
    assert_int_equal(meta_of_document(&meta, &d), 0);
    text = view_str("Title\nthe text");
    assert_string_equal(zones(), before);
    title_is("Title");
    date_is("1987-02-26", DATE_FROM_RECORD);
    assert_string_equal(meta.language, "en-gb");
    assert_int_equal(meta.nfields, 1);
    assert_true(view_eq(meta.field[0].name, view_str("k")));
    assert_true(view_eq(meta.field[0].value, view_str("v")));
    meta_release(&first);
}

/* Any bytes give zones in order and ranges within the text. */
static void any_bytes(void **state)
{
    static const char alphabet[] =
        "---\n\n\n: #=`\"'[]>|\xef\xbb\xbf\xe9 ab\r\t";
    char bytes[200];
    uint64_t x = 1;
    int round, i, n;

    (void)state;
    for (round = 0; round < 200000; round++) {
        n = 0;
        if (round & 1)
            n = sprintf(bytes, "---\nk: v\n");
        for (i = (int)(x >> 33) % 100; i >= 0; i--) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            bytes[n++] = alphabet[(x >> 33) % (sizeof alphabet - 1)];
        }
        text = view_of(bytes, (size_t)n);
        assert_int_equal(meta_of_file(&meta, text, view_str("a.md")), 0);
        zones();
        assert_true(meta.title_start + meta.title_len <= text.n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text),
        cmocka_unit_test(headings),
        cmocka_unit_test(front_matter),
        cmocka_unit_test(front_matter_over_lines),
        cmocka_unit_test(what_is_no_front_matter),
        cmocka_unit_test(long_titles),
        cmocka_unit_test(many_fields),
        cmocka_unit_test(records),
        cmocka_unit_test(stored_documents),
        cmocka_unit_test(any_bytes),
    };

    return cmocka_run_group_tests_name("meta", tests, NULL, release);
}
