#include <stdlib.h>

#include "indexer/formats/office.h"
#include "indexer/formats/prose.h"

/* --- which parts there are --- */

enum part { MAIN, FOOTNOTES, ENDNOTES, PROPERTIES, PARTS };

/* What the content types end in. */
static const char *const types[PARTS] = {
    ".main+xml", ".footnotes+xml", ".endnotes+xml", ".core-properties+xml"};

struct parts {
    struct buf name[PARTS];
};

static bool ends(struct view v, const char *with)
{
    size_t n = strlen(with);

    return v.n >= n && memcmp(v.p + v.n - n, with, n) == 0;
}

static int parts_start(void *arg, const struct xml_element *e, struct err *err)
{
    struct parts *parts = arg;
    struct view type, name;
    int i;

    if (strcmp(e->name, "Override") != 0)
        return 0;
    type = xml_attribute(e, "ContentType");
    name = xml_attribute(e, "PartName");
    if (name.n && name.p[0] == '/')
        name = view_sub(name, 1, name.n);
    for (i = 0; i < PARTS; i++)
        if (parts->name[i].n == 0 && ends(type, types[i]) &&
            buf_add(&parts->name[i], name) < 0)
            return err_nomem(err);
    return 0;
}

static int nothing_ends(void *arg, const struct xml_element *e, struct err *err)
{
    (void)arg, (void)e, (void)err;
    return 0;
}

static int no_text(void *arg, struct view v, struct err *err)
{
    (void)arg, (void)v, (void)err;
    return 0;
}

static const struct xml_handler parts_handler = {parts_start, nothing_ends,
                                                 no_text};

/* --- the text --- */

enum element {
    OTHER,
    SKIPPED, /* with all that is in it */
    PARAGRAPH_PROPERTIES,
    PAGE_BEFORE,
    PARAGRAPH,
    TEXT,
    TAB,
    BREAK,
    PAGE_BREAK,
    HYPHEN,
    TABLE,
    ROW,
    CELL,
    BOX
};

/* Names in the namespaces of WordprocessingML, of OMML's formulas, and for
 * alternatives. */
static const struct {
    const char *name;
    enum element element;
} elements[] = {
    {"t", TEXT},
    {"p", PARAGRAPH},
    {"rPr", SKIPPED},
    {"pPr", PARAGRAPH_PROPERTIES},
    {"tab", TAB},
    {"ptab", TAB},
    {"br", BREAK},
    {"cr", BREAK},
    {"lastRenderedPageBreak", PAGE_BREAK},
    {"pageBreakBefore", PAGE_BEFORE},
    {"noBreakHyphen", HYPHEN},
    {"tbl", TABLE},
    {"tr", ROW},
    {"tc", CELL},
    {"txbxContent", BOX},
    {"del", SKIPPED},
    {"moveFrom", SKIPPED},
    {"Fallback", SKIPPED}, /* what Choice has, once more */
    {"rt", SKIPPED},       /* how to read what stands below it */
    {"sectPr", SKIPPED},
    {"tblPr", SKIPPED},
    {"trPr", SKIPPED},
    {"tcPr", SKIPPED},
};

static enum element element_of(const struct xml_element *e)
{
    size_t i;

    if (!strstr(e->space, "wordprocessingml") && !strstr(e->space, "/math") &&
        !strstr(e->space, "markup-compatibility"))
        return OTHER;
    for (i = 0; i < sizeof elements / sizeof *elements; i++)
        if (strcmp(e->name, elements[i].name) == 0)
            return elements[i].element;
    return OTHER;
}

struct docx {
    struct prose prose; /* where text goes to: of the document or of a box */
    struct prose outer; /* while in a box: of the document */
    struct buf box;     /* text boxes of the paragraph */
    unsigned boxes;     /* open */
    unsigned skipped;   /* open elements from the one that is skipped on */
    bool properties;    /* that one is a paragraph's properties */
    unsigned texts;     /* open */
    unsigned tables;    /* open, in the document or in a box */
    unsigned outer_tables;
};

static bool is_no(struct view v)
{
    return view_eq(v, view_str("0")) || view_eq(v, view_str("false")) ||
           view_eq(v, view_str("off"));
}

static void box_start(struct docx *d)
{
    if (d->boxes++ > 0)
        return;
    d->outer = d->prose;
    d->outer_tables = d->tables;
    d->prose = (struct prose){
        .out = &d->box, .max = d->outer.max, .next = PROSE_PARAGRAPH};
    d->tables = 0;
}

static void box_end(struct docx *d)
{
    if (--d->boxes > 0)
        return;
    d->prose = d->outer;
    d->tables = d->outer_tables;
}

static int start(void *arg, const struct xml_element *e, struct err *err)
{
    struct docx *d = arg;
    enum element element = element_of(e);

    if (d->skipped) {
        d->skipped++;
        if (d->properties && element == PAGE_BEFORE &&
            !is_no(xml_attribute(e, "val")))
            prose_page(&d->prose);
        return 0;
    }
    switch (element) {
    case SKIPPED:
    case PARAGRAPH_PROPERTIES:
        d->skipped = 1;
        d->properties = element == PARAGRAPH_PROPERTIES;
        break;
    case TEXT:
        d->texts++;
        break;
    case TAB:
        prose_break(&d->prose, PROSE_TAB);
        break;
    case BREAK:
        if (view_eq(xml_attribute(e, "type"), view_str("page")))
            prose_page(&d->prose);
        else
            prose_break(&d->prose, PROSE_LINE);
        break;
    case PAGE_BREAK:
        prose_page(&d->prose);
        break;
    case HYPHEN:
        return prose_text(&d->prose, view_str("\xE2\x80\x91"), err);
    case TABLE:
        d->tables++;
        break;
    case BOX:
        box_start(d);
        break;
    default:
        break;
    }
    return 0;
}

static int paragraph_end(struct docx *d, struct err *err)
{
    int rc = 0;

    prose_break(&d->prose, d->tables ? PROSE_SPACE : PROSE_PARAGRAPH);
    if (d->boxes == 0 && d->box.n) {
        prose_break(&d->prose, PROSE_PARAGRAPH);
        rc = prose_verbatim(&d->prose, buf_view(&d->box), err);
        prose_break(&d->prose, PROSE_PARAGRAPH);
        buf_clear(&d->box);
    }
    return rc;
}

static int end(void *arg, const struct xml_element *e, struct err *err)
{
    struct docx *d = arg;

    if (d->skipped) {
        d->skipped--;
        return 0;
    }
    switch (element_of(e)) {
    case TEXT:
        d->texts--;
        break;
    case PARAGRAPH:
        return paragraph_end(d, err);
    case CELL:
        prose_break(&d->prose, d->tables > 1 ? PROSE_SPACE : PROSE_TAB);
        break;
    case ROW:
        prose_break(&d->prose, d->tables > 1 ? PROSE_TAB : PROSE_LINE);
        break;
    case TABLE:
        if (--d->tables == 0)
            prose_break(&d->prose, PROSE_PARAGRAPH);
        break;
    case BOX:
        box_end(d);
        break;
    default:
        break;
    }
    return 0;
}

static int text(void *arg, struct view v, struct err *err)
{
    struct docx *d = arg;

    return d->texts && !d->skipped ? prose_text(&d->prose, v, err) : 0;
}

static const struct xml_handler handler = {start, end, text};

/* --- */

static int read_text(struct zip *z, struct parts *parts,
                     const struct extract_limits *limits, struct extract *x,
                     struct err *err)
{
    struct docx d = {.prose = {.out = &x->text, .max = limits->text_max}};
    int i, rc = 0;

    for (i = MAIN; i <= ENDNOTES && rc >= 0; i++) {
        rc = parts->name[i].n
                 ? office_part(z, buf_view(&parts->name[i]), &handler, &d, err)
                 : 0;
        if (rc == 0 && i == MAIN)
            rc = err_set(err, ERR_USAGE, "damaged docx: no document in it");
    }
    buf_release(&d.box);
    return rc < 0 ? rc : 0;
}

static int read_properties(struct zip *z, struct view name, struct extract *x,
                           struct err *err)
{
    struct office_properties p = {.x = x};
    int rc = office_part(z, name, &office_properties_handler, &p, err);

    if (rc >= 0)
        rc = office_properties_take(&p, err);
    office_properties_release(&p);
    return rc;
}

int docx_extract(struct view bytes, const struct extract_limits *limits,
                 struct extract *x, struct err *err)
{
    struct parts parts = {{{0}}};
    struct zip *z = NULL;
    int i, rc;

    /* OLE, which is what Word encrypts into */
    if (bytes.n > 4 && memcmp(bytes.p, "\xD0\xCF\x11\xE0", 4) == 0)
        return err_set(err, ERR_REFUSED,
                       "encrypted, or a document of Word 97 to 2003");
    rc = zip_open(&z, bytes, err);
    if (rc == 0)
        rc = office_part(z, view_str("[Content_Types].xml"), &parts_handler,
                         &parts, err);
    if (rc >= 0)
        rc = read_text(z, &parts, limits, x, err);
    if (rc == 0 && parts.name[PROPERTIES].n)
        rc = read_properties(z, buf_view(&parts.name[PROPERTIES]), x, err);
    for (i = 0; i < PARTS; i++)
        buf_release(&parts.name[i]);
    zip_close(z);
    return rc;
}
