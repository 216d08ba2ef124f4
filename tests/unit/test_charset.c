/* charset.h: the web's labels, bytes made by hand in each encoding, and which
 * encoding a text is taken for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "indexer/formats/charset.h"
#include "text/utf8.h"

static const struct {
    const char *label, *name;
} labels[] = {
    {"utf-8", ""},
    {" UTF8\n", ""},
    {"latin1", "windows-1252"},
    {"ISO-8859-1", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"TIS-620", "windows-874"},
    {"iso-8859-11", "windows-874"},
    {"gb2312", "gb18030"},
    {"GBK", "gb18030"},
    {"Big5", "big5"},
    {"Shift_JIS", "shift_jis"},
    {"x-sjis", "shift_jis"},
    {"ks_c_5601-1987", "euc-kr"},
    {"KOI8-R", "koi8-r"},
    {"windows-1258", "windows-1258"},
    {"utf-16", "utf-16le"},
    {"IBM850", "ibm850"}, /* iconv alone knows it */
    {"viscii", "viscii"},
    {"", NULL},
    {"no-such", NULL},
    {"char", NULL}, /* what the locale has */
    {"WCHAR_T", NULL},
    {"latin1//TRANSLIT", NULL},
    {"a-label-that-is-longer-than-any-label-there-is", NULL},
};

static void test_labels(void **state)
{
    char name[CHARSET_NAME];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof labels / sizeof *labels; i++) {
        bool known = charset_name(view_str(labels[i].label), name);

        assert_int_equal(known, labels[i].name != NULL);
        if (known)
            assert_string_equal(name, labels[i].name);
    }
}

static const struct {
    const char *name, *bytes, *text;
    size_t replaced;
} conversions[] = {
    {"windows-1252", "caf\xE9 \x93x\x94 \x80", "café “x” €", 0},
    {"windows-1252", "a\x81z", "a\xEF\xBF\xBDz", 1},
    {"windows-874", "\xE4\xB7\xC2 \x85", "ไทย …", 0},
    {"gb18030", "\xD6\xD0\xB9\xFA \x81\x30\x84\x36", "中国 ¥", 0},
    {"gb18030", "\xD6\xD0\xFFz", "中\xEF\xBF\xBDz", 1},
    {"gb18030", "\xD6\xD0\xB9", "中\xEF\xBF\xBD", 1},
    {"big5", "\xA4\xA4\xB0\xEA", "中國", 0},
    {"shift_jis", "\x93\xFA\x96\x7B \xB1", "日本 ｱ", 0},
    {"euc-jp", "\xC6\xFC\xCB\xDC", "日本", 0},
    {"iso-2022-jp", "\x1B$BF|K\\\x1B(B.", "日本.", 0},
    {"euc-kr", "\xC7\xD1\xB1\xB9", "한국", 0},
    {"windows-1251", "\xCC\xE8\xF0", "Мир", 0},
    {"koi8-r", "\xED\xC9\xD2", "Мир", 0},
    {"windows-1258", "Vi\xEA\xF2t", "Việt", 0},
    {"iso-8859-2", "\xA3\xF3\x64\xBC", "Łódź", 0},
    {"ibm866", "\x8C\xA8\xE0", "Мир", 0},
    {"macintosh", "caf\x8E", "café", 0},
};

static void test_conversion(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof conversions / sizeof *conversions; i++) {
        struct buf out = {0};
        size_t replaced = 0;

        assert_int_equal(charset_convert(view_str(conversions[i].bytes),
                                         conversions[i].name, &out, &replaced,
                                         NULL),
                         0);
        assert_string_equal(buf_cstr(&out), conversions[i].text);
        assert_int_equal(replaced, conversions[i].replaced);
        buf_release(&out);
    }
}

/* Every byte in every encoding of one byte: so many characters come out. */
static void test_all_bytes(void **state)
{
    static const char *const names[] = {"windows-1252", "windows-874", "koi8-r",
                                        "iso-8859-7"};
    uint8_t bytes[256];
    size_t i, k;

    (void)state;
    for (i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    for (k = 0; k < sizeof names / sizeof *names; k++) {
        struct buf out = {0};
        size_t replaced = 0, n = 0;

        assert_int_equal(charset_convert(view_of(bytes, 256), names[k], &out,
                                         &replaced, NULL),
                         0);
        assert_int_equal(utf8_errors(buf_view(&out)), 0);
        for (i = 0; i < out.n; i++)
            n += (out.p[i] & 0xC0) != 0x80;
        assert_int_equal(n, 256);
        buf_release(&out);
    }
}

static const struct {
    const char *html, *name; /* NULL: nothing is declared */
} metas[] = {
    {"<meta charset=gb2312>", "gb18030"},
    {"<META CharSet = 'Big5' >", "big5"},
    {"<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; "
     "charset=iso-8859-1\">",
     "windows-1252"},
    {"<meta charset=\"utf-8\">", ""},
    {"<meta charset=\"utf-16\">", NULL},
    {"<!-- <meta charset=big5> --><meta charset=euc-jp>", "euc-jp"},
    {"<meta charset=no-such><meta charset=koi8-r>", "koi8-r"},
    {"<meta charset=big5", NULL},
    {"<meta name=charset content=x>", NULL},
    {"<metal charset=big5>", NULL},
    {"<p>charset=big5", NULL},
    {"<!-- <meta charset=big5>", NULL},
    {"<meta charset", NULL},
    {"<meta charset=", NULL},
    {"<", NULL},
    {"", NULL},
};

static void test_meta(void **state)
{
    char name[CHARSET_NAME];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof metas / sizeof *metas; i++) {
        bool found = charset_meta(view_str(metas[i].html), name);

        assert_int_equal(found, metas[i].name != NULL);
        if (found)
            assert_string_equal(name, metas[i].name);
    }
}

/* The first so many bytes of HTML, no more. */
static void test_meta_far(void **state)
{
    static char html[CHARSET_HEAD + 64];
    char name[CHARSET_NAME];

    (void)state;
    memset(html, ' ', sizeof html);
    memcpy(html + CHARSET_HEAD - 20, "<meta charset=big5>", 19);
    assert_true(charset_meta(view_of(html, sizeof html), name));
    memset(html, ' ', sizeof html);
    memcpy(html + CHARSET_HEAD - 10, "<meta charset=big5>", 19);
    assert_false(charset_meta(view_of(html, sizeof html), name));
}

/* --- which encoding --- */

static const struct {
    const char *given, *bytes, *text, *name;
    bool guessed;
} pages[] = {
    /* a mark says it, whatever else is said */
    {"latin1", "\xEF\xBB\xBF<meta charset=big5>\xC3\xA9",
     "<meta charset=big5>é", "", false},
    /* the user before the page */
    {"koi8-r", "<meta charset=windows-1251>\xED\xC9\xD2",
     "<meta charset=windows-1251>Мир", "koi8-r", false},
    {NULL, "<meta charset=windows-1251>\xCC\xE8\xF0",
     "<meta charset=windows-1251>Мир", "windows-1251", false},
    /* the page was converted, its head was not */
    {NULL, "<meta charset=windows-1251>Мир", "<meta charset=windows-1251>Мир",
     "", false},
    /* what nobody knows says nothing */
    {NULL, "<meta charset=gb23x>é", "<meta charset=gb23x>é", "", false},
    {NULL, "<meta charset=utf-16>é", "<meta charset=utf-16>é", "", false},
    /* two characters may be chance */
    {NULL, "<meta charset=gbk>\xC1\xAA\xCD\xA8", "<meta charset=gbk>联通",
     "gb18030", false},
    /* damage is no other encoding */
    {NULL, "é – “x\xE2\x80\" \xC3", "é – “x\xEF\xBF\xBD\" \xEF\xBF\xBD", "",
     false},
    {NULL, "plain", "plain", "", false},
    {NULL, "", "", "", false},
};

static void test_pages(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct charset_text t = {0};

        assert_int_equal(
            charset_html(view_str(pages[i].bytes), pages[i].given, &t, NULL),
            0);
        assert_string_equal(buf_cstr(&t.utf8), pages[i].text);
        assert_string_equal(t.name, pages[i].name);
        assert_int_equal(t.guessed, pages[i].guessed);
        charset_text_release(&t);
    }
}

static void test_marks(void **state)
{
    struct charset_text t = {0};
    struct err err;

    (void)state;
    assert_int_equal(
        charset_html(view_of("\xFF\xFEr\0\x2D\x4E", 6), NULL, &t, NULL), 0);
    assert_string_equal(buf_cstr(&t.utf8), "r中");
    assert_string_equal(t.name, "utf-16");
    charset_text_release(&t);
    assert_int_equal(
        charset_html(view_of("r\0\x2D\x4E", 4), "utf-16", &t, NULL), 0);
    assert_string_equal(buf_cstr(&t.utf8), "r中");
    charset_text_release(&t);
    assert_int_equal(charset_html(view_of("a\0b", 3), NULL, &t, NULL), 0);
    assert_string_equal(buf_cstr(&t.utf8), "a b");
    charset_text_release(&t);
    assert_int_equal(charset_html(view_str("a"), "no-such", &t, &err),
                     ERR_USAGE);
    charset_text_release(&t);
}

/* --- guesses --- */

static struct buf read_all(const char *name)
{
    char path[128];
    struct buf b = {0};
    FILE *f;
    int c;

    snprintf(path, sizeof path, "tests/formats/encodings/%s", name);
    f = fopen(path, "rb");
    if (!f)
        fail_msg("no %s", path);
    while ((c = getc(f)) != EOF)
        assert_int_equal(buf_addc(&b, c), 0);
    fclose(f);
    return b;
}

static const struct {
    const char *file, *name, *text; /* text: as UTF-8 */
} guesses[] = {
    {"thai.windows-874", "windows-874", "thai.utf-8"},
    {"chinese.gb18030", "gb18030", "chinese.utf-8"},
    {"taiwan.big5", "big5", "taiwan.utf-8"},
    {"japanese.shift_jis", "shift_jis", "japanese.utf-8"},
    {"japanese.euc-jp", "euc-jp", "japanese.utf-8"},
    {"korean.euc-kr", "euc-kr", "korean.utf-8"},
    {"russian.windows-1251", "windows-1251", "russian.utf-8"},
    {"russian.koi8-r", "koi8-r", "russian.utf-8"},
    {"french.windows-1252", "windows-1252", "french.utf-8"},
    {"german.iso-8859-1", "windows-1252", "german.utf-8"},
    {"vietnamese.windows-1258", "windows-1258", "vietnamese.utf-8"},
};

static void test_guesses(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof guesses / sizeof *guesses; i++) {
        struct buf bytes = read_all(guesses[i].file);
        struct buf text = read_all(guesses[i].text);
        struct charset_text t = {0};
        size_t ill = utf8_errors(buf_view(&bytes));

        assert_int_equal(utf8_errors(buf_view(&text)), 0);
        assert_int_equal(charset_guess(buf_view(&bytes), ill, &t, NULL), 1);
        assert_string_equal(t.name, guesses[i].name);
        assert_true(t.guessed);
        assert_int_equal(t.replaced, 0);
        assert_true(view_eq(buf_view(&t.utf8), buf_view(&text)));
        charset_text_release(&t);
        assert_int_equal(charset_html(buf_view(&bytes), NULL, &t, NULL), 0);
        assert_true(t.guessed);
        assert_true(view_eq(buf_view(&t.utf8), buf_view(&text)));
        charset_text_release(&t);
        buf_release(&bytes);
        buf_release(&text);
    }
}

/* What is UTF-8 with damage, or nothing at all, is not guessed. */
static void test_no_guess(void **state)
{
    struct charset_text t = {0};
    struct buf noise = {0};
    uint32_t r = 1;
    struct view v;
    size_t i;

    (void)state;
    v = view_str("é à ü \xFF\xFE\xFF");
    assert_int_equal(charset_guess(v, 3, &t, NULL), 0);
    v = view_str("two: \xE9 \xE9");
    assert_int_equal(charset_guess(v, 2, &t, NULL), 0);
    for (i = 0; i < 5000; i++) {
        r = r * 1103515245 + 12345;
        assert_int_equal(buf_addc(&noise, (int)(r >> 16 & 0xFF) | 0x80), 0);
    }
    v = buf_view(&noise);
    assert_int_equal(charset_guess(v, utf8_errors(v), &t, NULL), 0);
    assert_string_equal(t.name, "");
    buf_release(&noise);
    charset_text_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),    cmocka_unit_test(test_conversion),
        cmocka_unit_test(test_all_bytes), cmocka_unit_test(test_meta),
        cmocka_unit_test(test_meta_far),  cmocka_unit_test(test_pages),
        cmocka_unit_test(test_marks),     cmocka_unit_test(test_guesses),
        cmocka_unit_test(test_no_guess),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
