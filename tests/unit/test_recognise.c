/* recognise.h, and the names of format.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "indexer/formats/format.h"

static enum format_id of(const char *name, const char *bytes, size_t n)
{
    return recognise(view_of(bytes, n), FORMAT_TEXT,
                     strstr(name, ".md") != NULL);
}

#define OF(name, bytes) of(name, bytes, sizeof(bytes) - 1)
#define NAMED(format, bytes)                                                   \
    recognise(view_of(bytes, sizeof(bytes) - 1), format, false)

static void test_magic(void **state)
{
    (void)state;
    assert_int_equal(OF("a", ""), FORMAT_TEXT);
    assert_int_equal(OF("a", "Rail links are built."), FORMAT_TEXT);
    assert_int_equal(OF("a", "\x1f\x8b\x08\0"), FORMAT_GZIP);
    assert_int_equal(OF("a", "\xfd"
                             "7zXZ\0\0"),
                     FORMAT_XZ);
    assert_int_equal(OF("a", "\x28\xb5\x2f\xfd"), FORMAT_ZSTD);
    assert_int_equal(OF("a.md", "%PDF-1.4"), FORMAT_PDF);
    assert_int_equal(OF("a", "a mark like %PDF-1.4 in prose"), FORMAT_TEXT);
    assert_int_equal(NAMED(FORMAT_PDF, "\n\n%PDF-1.4"), FORMAT_PDF);
    assert_int_equal(NAMED(FORMAT_PDF, "no mark"), FORMAT_PDF);
    /* an error page that was saved as what was asked for */
    assert_int_equal(NAMED(FORMAT_PDF, "<!DOCTYPE html>\n<p>404"), FORMAT_HTML);
}

static void test_html(void **state)
{
    (void)state;
    assert_int_equal(OF("a.txt", "<!doctype HTML><p>"), FORMAT_HTML);
    assert_int_equal(OF("a.txt", "\xef\xbb\xbf \n<!-- x --><?xml a?>\n<html\n"),
                     FORMAT_HTML);
    assert_int_equal(OF("a.txt", "<htmlx>"), FORMAT_TEXT);
    assert_int_equal(OF("a.txt", "<!-- not closed <html>"), FORMAT_TEXT);
    assert_int_equal(OF("a.txt", "<p>text"), FORMAT_TEXT);
    assert_int_equal(OF("a.txt", "   "), FORMAT_TEXT);
    assert_int_equal(OF("a.txt", "<html"), FORMAT_TEXT);
    assert_int_equal(OF("a.md", "<html><p>"), FORMAT_TEXT);
}

#define ENTRY "PK\3\4\24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\10\0\0\0"

static void test_zip(void **state)
{
    (void)state;
    assert_int_equal(OF("a", ENTRY "mimetypeapplication/epub+zip"),
                     FORMAT_EPUB);
    assert_int_equal(
        OF("a", ENTRY "mimetypeapplication/vnd.oasis.opendocument.text"),
        FORMAT_ODT);
    assert_int_equal(
        OF("a", ENTRY "mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
        FORMAT_TEXT);
    assert_int_equal(OF("a", ENTRY "[Content_Types].xml…word/document.xml"),
                     FORMAT_DOCX);
    assert_int_equal(OF("a", ENTRY "[Content_Types].xml…xl/workbook.xml"),
                     FORMAT_TEXT);
    assert_int_equal(OF("a", "PK\3\4"), FORMAT_TEXT);
}

static void test_mail(void **state)
{
    (void)state;
    assert_int_equal(OF("a", "Return-Path: <a@b>\r\nFrom: a@b\r\n"
                             "Subject: x\r\n y\r\n\r\nText"),
                     FORMAT_EML);
    assert_int_equal(OF("a", "From: Jane\nDate: today\nSubject: x\n\nText"),
                     FORMAT_TEXT);
    assert_int_equal(
        NAMED(FORMAT_EML, "From: Jane\nDate: today\nSubject: x\n\nText"),
        FORMAT_EML);
    assert_int_equal(OF("a", "Received: yes\nFrom: here on it is prose\nwith "
                             "no head\n"),
                     FORMAT_TEXT);
    assert_int_equal(OF("a", "From the station: at 10:30 the train left\nit"),
                     FORMAT_TEXT);
    assert_int_equal(OF("a", "From jane@example.org Tue Jan  4 10:30:00 2022\n"
                             "From: jane\n\nText"),
                     FORMAT_MBOX);
    assert_int_equal(OF("a", "From jane@example.org Tue Jan  4 10:30:00 2022"),
                     FORMAT_TEXT);
}

static void test_names(void **state)
{
    (void)state;
    assert_true(format_named("a.txt"));
    assert_true(format_named("A.MD"));
    assert_true(format_named("a.text.gz"));
    assert_true(format_named("a.pdf.xz.zst"));
    assert_false(format_named("a.pdf.xz.zst.gz"));
    assert_false(format_named("a.gz"));
    assert_false(format_named("a.tar.gz"));
    assert_false(format_named("txt"));
    assert_false(format_named("pdf"));
    assert_false(format_named("a."));
    assert_false(format_named(""));
    assert_true(view_eq(format_inner_name(view_str("b/a.txt.GZ")),
                        view_str("b/a.txt")));
    assert_true(
        view_eq(format_inner_name(view_str("b.gz/a")), view_str("b.gz/a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_magic), cmocka_unit_test(test_html),
        cmocka_unit_test(test_zip),   cmocka_unit_test(test_mail),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
