/* docx, odt and epub: files that real programs wrote, what XML may hold, and
 * files made to do harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "indexer/formats/office.h"
#include "tests/unit/zip_maker.h"

#define TYPES                                                                  \
    "<Types xmlns='http://schemas.openxmlformats.org/package/2006/"            \
    "content-types'><Override PartName='/word/document2.xml' ContentType='"    \
    "application/vnd.openxmlformats-officedocument.wordprocessingml."          \
    "document.main+xml'/></Types>"
#define W                                                                      \
    "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' "  \
    "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "  \
    "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'"
#define O                                                                      \
    "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "         \
    "xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' "             \
    "xmlns:style='urn:oasis:names:tc:opendocument:xmlns:style:1.0' "           \
    "xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0' "          \
    "xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' "           \
    "xmlns:fo='urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0'"

typedef int extract_fn(struct view bytes, const struct extract_limits *limits,
                       struct extract *x, struct err *err);

static struct extract x;
static struct err err;
static struct extract_limits limits = {1 << 20, NULL};

static void is(const struct buf *b, const char *want)
{
    if (!view_eq(buf_view(b), view_str(want)))
        fail_msg("'%.*s' and not '%s'", (int)b->n, (const char *)b->p, want);
}

static int extract(extract_fn *f, struct view bytes)
{
    extract_clear(&x);
    err.msg[0] = 0;
    return f(bytes, &limits, &x, &err);
}

static void fails(int want, int rc, const char *why)
{
    assert_int_equal(rc, want);
    if (!strstr(err.msg, why))
        fail_msg("'%s' and not '%s'", err.msg, why);
}

/* Reads a file of tests/formats/office. */
static int extract_file(extract_fn *f, const char *name)
{
    static uint8_t bytes[100000];
    char path[100];
    FILE *file;
    size_t n;

    snprintf(path, sizeof path, "tests/formats/office/%s", name);
    file = fopen(path, "rb");
    assert_non_null(file);
    n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return extract(f, view_of(bytes, n));
}

/* Whether the fields are those, with '|' behind each name and value. */
static void fields_are(const char *want)
{
    struct buf b = {0};
    size_t i;

    for (i = 0; i < x.fields.n; i++)
        buf_addc(&b, x.fields.p[i] ? x.fields.p[i] : '|');
    is(&b, want);
    buf_release(&b);
}

/* --- real files --- */

static const char article[] =
    "Dredging begins\n\n"
    "The quay is longer than the old pier, they say.\n\n"
    "Ships\tcall\ndaily.\n\n"
    "Boxed rambutan\n\n"
    "berth\tdepth\nnorth\t12 m\n\n"
    "\fOn the second page: caf\xC3\xA9 & papaya.\n\n"
    "Measured at low tide.";

static void libreoffice(void **state)
{
    (void)state;
    assert_int_equal(extract_file(docx_extract, "libreoffice.docx"), 0);
    is(&x.text, article);
    is(&x.title, "The harbour of Durian Bay");
    is(&x.language, "en-GB");
    is(&x.date, "2022-01-04T10:00:00Z");
    fields_are("description|What was built.|keywords|harbour dredging|"
               "author|Ana Example|");
    assert_int_equal(extract_file(odt_extract, "libreoffice.odt"), 0);
    is(&x.text, article);
    is(&x.title, "The harbour of Durian Bay");
    is(&x.language, "en-GB");
    is(&x.date, "2022-01-04T10:00:00");
    fields_are("description|What was built.|keywords|harbour|"
               "keywords|dredging|author|Ana Example|");
}

static void pandoc(void **state)
{
    static const char text[] =
        "Rails & reefs\n\nAna Example\n\nBen Sample\n\n2021-03-04\n\n"
        "The first line\n\nTrains run beside the lagoon. See the map.\n\n"
        "sleepers\n\nballast\n\nstop\tminutes\nReef\t12\n\n"
        "The last stop\n\nWalk to the jetty; it is caf\xC3\xA9 time.\n\n"
        "A note on timetables.";

    (void)state;
    assert_int_equal(extract_file(docx_extract, "pandoc.docx"), 0);
    is(&x.text, text);
    is(&x.title, "Rails & reefs");
    assert_int_equal(extract_file(odt_extract, "pandoc.odt"), 0);
    is(&x.text, text);
    is(&x.title, "Rails & reefs");
}

/* --- docx --- */

static int docx(const char *body)
{
    struct zip_maker z = {0};
    struct buf b = {0};
    int rc;

    buf_addf(&b, "<w:document " W "><w:body>%s</w:body></w:document>", body);
    zip_add(&z, "[Content_Types].xml", view_str(TYPES));
    zip_add(&z, "word/document2.xml", buf_view(&b));
    rc = extract(docx_extract, zip_end(&z));
    zip_release(&z);
    buf_release(&b);
    return rc;
}

static void docx_is(const char *body, const char *want)
{
    if (docx(body) < 0)
        fail_msg("%s: %s", body, err.msg);
    is(&x.text, want);
}

static void docx_text(void **state)
{
    (void)state;
    docx_is("<w:p/><w:p><w:r><w:t>a </w:t><w:t xml:space='preserve'> b&amp;"
            "&#xE9;</w:t></w:r></w:p>\n<w:p><w:r><w:t>c</w:t></w:r></w:p>",
            "a b&\xC3\xA9\n\nc");
    docx_is("<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r>"
            "<w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t>"
            "<w:noBreakHyphen/><w:t>d</w:t></w:r></w:p>",
            "a\tb\nc\xE2\x80\x91"
            "d");
    /* pages: by hand, noted by Word (once for both), by the paragraph */
    docx_is("<w:p><w:r><w:t>a</w:t><w:br w:type='page'/></w:r></w:p><w:p><w:r>"
            "<w:lastRenderedPageBreak/><w:t>b</w:t></w:r></w:p><w:p><w:pPr>"
            "<w:pageBreakBefore/></w:pPr><w:r><w:t>c</w:t></w:r></w:p><w:p>"
            "<w:pPr><w:pageBreakBefore w:val='0'/></w:pPr><w:r><w:t>d</w:t>"
            "</w:r></w:p><w:p><w:r><w:t>e </w:t><w:lastRenderedPageBreak/>"
            "<w:t>f</w:t></w:r></w:p>",
            "a\n\n\fb\n\n\fc\n\nd\n\ne \ff");
    /* what changed, field codes, formulas */
    docx_is("<w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r>"
            "<w:delText>out</w:delText><w:t>gone</w:t></w:r></w:del>"
            "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r>"
            "<w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t>s"
            "</w:t></w:r></w:hyperlink><m:oMath><m:r><m:t>x</m:t></m:r>"
            "</m:oMath></w:p>",
            "insx");
    /* tables, and one in another */
    docx_is("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r>"
            "<w:t>b</w:t></w:r></w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p><w:r>"
            "<w:t>c</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>d</w:t></w:r>"
            "</w:p></w:tc></w:tr></w:tbl></w:tc></w:tr><w:tr><w:tc><w:p><w:r>"
            "<w:t>e</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>f"
            "</w:t></w:r></w:p>",
            "a b\tc d\ne\n\nf");
}

static void docx_boxes(void **state)
{
    (void)state;
    docx_is("<w:p><w:r><w:t>be</w:t><mc:AlternateContent><mc:Choice>"
            "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p><w:p><w:r><w:t>"
            "two</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback>"
            "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p>"
            "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r><w:r>"
            "<w:t>fore</w:t></w:r></w:p><w:p><w:r><w:t>after</w:t></w:r></w:p>",
            "before\n\nbox\n\ntwo\n\nafter");
    /* a box in a table, a table in a box */
    docx_is("<w:tbl><w:tr><w:tc><w:p><w:r><w:txbxContent><w:tbl><w:tr><w:tc>"
            "<w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b"
            "</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:txbxContent></w:r>"
            "<w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
            "c\n\na\tb");
}

/* --- odt --- */

static int odt(const char *styles, const char *body)
{
    struct zip_maker z = {0};
    struct buf b = {0};
    int rc;

    buf_addf(&b,
             "<office:document-content " O "><office:automatic-styles>%s"
             "</office:automatic-styles><office:body><office:text>%s"
             "</office:text></office:body></office:document-content>",
             styles, body);
    zip_add(&z, "content.xml", buf_view(&b));
    rc = extract(odt_extract, zip_end(&z));
    zip_release(&z);
    buf_release(&b);
    return rc;
}

static void odt_is(const char *styles, const char *body, const char *want)
{
    if (odt(styles, body) < 0)
        fail_msg("%s: %s", body, err.msg);
    is(&x.text, want);
}

static void odt_text(void **state)
{
    (void)state;
    odt_is("", "\n <text:p>a\n  b<text:s text:c='3'/>c</text:p>\n <text:p/>x",
           "a b c");
    odt_is("<style:style style:name='P1'><style:paragraph-properties "
           "fo:break-before='page'/></style:style>",
           "<text:h>a</text:h><text:p text:style-name='P1'>b</text:p><text:p>c "
           "<text:soft-page-break/>d</text:p>",
           "a\n\n\fb\n\nc \fd");
    odt_is("",
           "<text:p>be<draw:frame><draw:text-box><text:p>box<text:note>"
           "<text:note-citation>1</text:note-citation><text:note-body><text:p>"
           "n1</text:p></text:note-body></text:note></text:p></draw:text-box>"
           "</draw:frame>fore<office:annotation><text:p>no</text:p>"
           "</office:annotation><text:note><text:note-citation>2"
           "</text:note-citation><text:note-body><text:p>n2</text:p>"
           "</text:note-body></text:note> x</text:p><text:p>after</text:p>",
           "before x\n\nbox\n\nafter\n\nn1\n\nn2");
    odt_is("",
           "<text:tracked-changes><text:p>no</text:p></text:tracked-changes>"
           "<table:table><table:table-row><table:table-cell><text:p>a</text:p>"
           "<text:p>b</text:p></table:table-cell><table:table-cell><text:p>c"
           "</text:p></table:table-cell></table:table-row></table:table>",
           "a b\tc");
}

/* --- epub --- */

static void epub_container(struct zip_maker *z, const char *package)
{
    zip_add(z, "META-INF/container.xml",
            view_str("<container><rootfiles><rootfile full-path='a/b/p.opf'/>"
                     "</rootfiles></container>"));
    zip_add(z, "a/b/p.opf", view_str(package));
}

static void epub(void **state)
{
    struct zip_maker z = {0};

    (void)state;
    assert_int_equal(extract_file(epub_extract, "pandoc.epub"), 0);
    if (!strstr(buf_cstr(&x.text), "\n\n\fThe last stop\n\nWalk to the jetty"))
        fail_msg("%s", buf_cstr(&x.text));
    is(&x.title, "Rails & reefs");
    is(&x.date, "2021-03-04");
    is(&x.language, "en");
    fields_are("description|A test of tracks|author|Ana Example|"
               "author|Ben Sample|");
    /* the order of reading is the spine's */
    zip_add(&z, "c 1.html", view_str("<html><body>one &eacute;</body></html>"));
    epub_container(
        &z,
        "<package><metadata><title>T</title></metadata><manifest>"
        "<item id='1' media-type='text/html' href='../../c%201.html#x'/>"
        "<item id='n' media-type='text/html' href='n' properties='nav'/>"
        "<item id='i' media-type='image/png' href='i'/>"
        "<item id='2' media-type='application/xhtml+xml' href='./x/2'/>"
        "</manifest><spine><itemref idref='2'/><itemref idref='n'/><itemref "
        "idref='i'/><itemref idref='none'/><itemref idref='1'/></spine>"
        "</package>");
    zip_add(&z, "a/b/x/2", view_str("<html><body><p>tw\xC3\xB6</p></body>"));
    assert_int_equal(extract(epub_extract, zip_end(&z)), 0);
    is(&x.text, "tw\xC3\xB6\n\n\fone \xC3\xA9");
    is(&x.title, "T");
    zip_release(&z);
}

static void epub_damaged(void **state)
{
    static const char package[] =
        "<package><manifest><item id='1' media-type='text/html' href='1'/>"
        "</manifest><spine><itemref idref='1'/></spine></package>";
    struct zip_maker z = {0};

    (void)state;
    epub_container(&z, package);
    fails(ERR_USAGE, extract(epub_extract, zip_end(&z)), "no a/b/1");
    zip_release(&z);
    epub_container(&z, package);
    zip_add(&z, "a/b/1", view_str("\x12\x34"));
    zip_add(&z, "META-INF/encryption.xml",
            view_str("<e><CipherReference URI='a/b/1'/></e>"));
    fails(ERR_REFUSED, extract(epub_extract, zip_end(&z)), "encrypted");
    zip_release(&z);
    zip_add(&z, "META-INF/container.xml", view_str("<container/>"));
    fails(ERR_USAGE, extract(epub_extract, zip_end(&z)), "no package");
    zip_release(&z);
}

/* --- hostile files --- */

static void damaged(void **state)
{
    struct zip_maker z = {0};
    struct view v;
    size_t n;

    (void)state;
    fails(ERR_USAGE, extract(docx_extract, view_str("PK\3\4")), "ZIP");
    fails(ERR_USAGE, extract(odt_extract, view_of("", 0)), "ZIP");
    fails(ERR_USAGE, docx("<w:p>"), "word/document2.xml: damaged XML: line 1");
    v = view_str(TYPES);
    zip_add(&z, "[Content_Types].xml", v);
    fails(ERR_USAGE, extract(docx_extract, zip_end(&z)), "no document");
    v = zip_end(&z);
    for (n = 0; n < v.n; n += 7) /* cut short */
        assert_true(extract(docx_extract, view_sub(v, 0, n)) < 0);
    zip_release(&z);
    v = view_str("<a>wrong</a>");
    zip_add_raw(&z, "content.xml", 0, 1, v, v.n);
    fails(ERR_USAGE, extract(odt_extract, zip_end(&z)), "CRC");
    zip_release(&z);
    zip_add(&z, "../../content.xml", v);
    fails(ERR_USAGE, extract(odt_extract, zip_end(&z)), "no content.xml");
    zip_release(&z);
}

static void encrypted(void **state)
{
    struct zip_maker z = {.flags = 1};

    (void)state;
    zip_add(&z, "content.xml", view_str("0123456789abcdefgh"));
    fails(ERR_REFUSED, extract(odt_extract, zip_end(&z)), "encrypted");
    zip_release(&z);
    zip_add(&z, "META-INF/manifest.xml",
            view_str("<m><f><encryption-data/></f></m>"));
    zip_add(&z, "content.xml", view_str("0123456789abcdefgh"));
    fails(ERR_REFUSED, extract(odt_extract, zip_end(&z)), "encrypted");
    zip_release(&z);
    fails(ERR_REFUSED,
          extract(docx_extract, view_str("\xD0\xCF\x11\xE0\xA1\xB1")),
          "encrypted");
}

/* A deflated run of one byte, `runs` times 258 bytes long: fixed codes, a
 * literal, then copies of what is one byte back. */
static void deflate_run(struct buf *out, uint8_t byte, unsigned runs)
{
    uint64_t bits = 3, n = 3; /* the last block, fixed codes */
    unsigned i, k, code = 0x30u + byte;

    for (k = 0; k < 8; k++) /* Huffman codes begin with their highest bit */
        bits |= (uint64_t)(code >> (7 - k) & 1) << n++;
    for (i = 0; i < runs; i++) {
        bits |= (uint64_t)0xA3 << n; /* 11000101 backwards: 258 bytes */
        n += 13;                     /* and 00000: one back */
        for (; n >= 8; n -= 8, bits >>= 8)
            buf_addc(out, (int)(bits & 0xFF));
    }
    n += 7; /* the end of the block */
    for (; n > 0; n = n > 8 ? n - 8 : 0, bits >>= 8)
        buf_addc(out, (int)(bits & 0xFF));
}

static void bombs(void **state)
{
    struct zip_maker z = {0};
    struct buf b = {0}, deep = {0};
    clock_t before = clock();
    int i;

    (void)state;
    deflate_run(&b, ' ', 1100000); /* 284 MB */
    zip_add_raw(&z, "content.xml", 8, 0, buf_view(&b), 1100000u * 258 + 1);
    fails(ERR_FULL, extract(odt_extract, zip_end(&z)), "256 MB");
    zip_release(&z);
    /* text over the limit */
    limits.text_max = 100;
    buf_clear(&b);
    for (i = 0; i < 30; i++)
        buf_adds(&b, "<text:p>abc</text:p>");
    fails(ERR_FULL, odt("", buf_cstr(&b)), "100 bytes of text");
    buf_clear(&b);
    for (i = 0; i < 30; i++)
        buf_adds(&b, "<w:p><w:r><w:t>abc</w:t></w:r></w:p>");
    fails(ERR_FULL, docx(buf_cstr(&b)), "100 bytes of text");
    limits.text_max = 1 << 20;
    /* 10^6 tags in each other */
    for (i = 0; i < 1000000; i++)
        buf_adds(&deep, "<w:p>");
    fails(ERR_USAGE, docx(buf_cstr(&deep)), "deeper than 256");

    buf_clear(&deep); /* quadratic time for libxml2, both kinds */
    buf_adds(&deep, "<w:p ");
    for (i = 0; i < 200000; i++)
        buf_addf(&deep, i % 2 ? "a%zu='>' " : "xmlns:a%zu = \"a\" ", (size_t)i);
    buf_adds(&deep, "/>");
    fails(ERR_USAGE, docx(buf_cstr(&deep)), "more than 1000 attributes");
    buf_clear(&deep); /* what looks like some and is none */
    buf_adds(&deep, "<!-- don't --><w:p><w:r><w:t>");
    for (i = 0; i < 2000; i++)
        buf_adds(&deep, "a=\"1\" ");
    buf_adds(&deep, "</w:t></w:r></w:p>");
    assert_int_equal(docx(buf_cstr(&deep)), 0);
    /* entities */
    buf_clear(&b);
    buf_adds(&b, "<!DOCTYPE a [<!ENTITY a 'lol'>");
    for (i = 'b'; i < 'l'; i++)
        buf_addf(&b, "<!ENTITY %c '&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;'>", i,
                 i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    buf_adds(&b, "]><a>&k;</a>");
    zip_add(&z, "content.xml", buf_view(&b));
    fails(ERR_USAGE, extract(odt_extract, zip_end(&z)), "Entity 'k'");
    zip_release(&z);
    buf_clear(&b);
    buf_adds(&b, "<!DOCTYPE a [<!ENTITY k SYSTEM 'file:///etc/passwd'>]>"
                 "<a>&k;</a>");
    zip_add(&z, "content.xml", buf_view(&b));
    fails(ERR_USAGE, extract(odt_extract, zip_end(&z)), "Entity 'k'");
    zip_release(&z);
    /* many members */
    for (i = 0; i < 60000; i++)
        zip_add(&z, "x", view_of("", 0));
    fails(ERR_USAGE, extract(odt_extract, zip_end(&z)), "no content.xml");
    zip_release(&z);
    buf_release(&b);
    buf_release(&deep);
    assert_true(clock() - before < 20 * CLOCKS_PER_SEC);
}

static int clear(void **state)
{
    (void)state;
    extract_release(&x);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libreoffice), cmocka_unit_test(pandoc),
        cmocka_unit_test(docx_text),   cmocka_unit_test(docx_boxes),
        cmocka_unit_test(odt_text),    cmocka_unit_test(damaged),
        cmocka_unit_test(encrypted),   cmocka_unit_test(bombs),
        cmocka_unit_test(epub),        cmocka_unit_test(epub_damaged),
    };

    return cmocka_run_group_tests_name("office", tests, NULL, clear);
}
