/* The first byte says which format the rest is, and whether it is a ZIP as it
 * stands or the part of one that holds the text. Whatever comes of it is UTF-8
 * within its limit. */
#include <assert.h>

#include "indexer/formats/office.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/zip_maker.h"
#include "text/utf8.h"

enum { MAX = 1000 };

static void add_types(struct zip_maker *z)
{
    zip_add(z, "[Content_Types].xml",
            view_str("<T><Override PartName='/d' ContentType='x.main+xml'/>"
                     "<Override PartName='/p' "
                     "ContentType='x.core-properties+xml'/></T>"));
    zip_add(z, "META-INF/container.xml",
            view_str("<c><rootfile full-path='p.opf'/></c>"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        int (*extract)(struct view bytes, const struct extract_limits *limits,
                       struct extract *x, struct err *err);
        const char *part;
    } kinds[] = {
        {docx_extract, NULL},
        {odt_extract, NULL},
        {epub_extract, NULL},
        {docx_extract, "d"},
        {docx_extract, "p"},
        {docx_extract, "[Content_Types].xml"},
        {odt_extract, "content.xml"},
        {odt_extract, "meta.xml"},
        {odt_extract, "META-INF/manifest.xml"},
        {epub_extract, "p.opf"},
    };
    const struct extract_limits limits = {MAX, NULL};
    struct zip_maker z = {0};
    struct extract x = {0};
    struct view v = view_of(data + 1, size - 1);
    size_t kind;
    int rc;

    if (size < 1)
        return 0;
    kind = data[0] % (sizeof kinds / sizeof *kinds);
    if (kinds[kind].part) {
        zip_add(&z, kinds[kind].part, v);
        add_types(&z);
        v = zip_end(&z);
    }
    rc = kinds[kind].extract(v, &limits, &x, NULL);
    assert(rc == 0 || rc == ERR_USAGE || rc == ERR_FULL || rc == ERR_REFUSED);
    assert(x.text.n <= MAX && utf8_errors(buf_view(&x.text)) == 0);
    assert(utf8_errors(buf_view(&x.title)) == 0);
    assert(utf8_errors(buf_view(&x.fields)) == 0);
    assert(x.fields.n == 0 || x.fields.p[x.fields.n - 1] == 0);
    extract_release(&x);
    zip_release(&z);
    return 0;
}
