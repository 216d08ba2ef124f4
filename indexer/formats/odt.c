#include <stdlib.h>

#include "base/hash.h"
#include "indexer/formats/office.h"
#include "indexer/formats/prose.h"
#include "indexer/vec.h"

enum element {
    OTHER,
    SKIPPED, /* with all that is in it */
    PARAGRAPH,
    SPACE,
    TAB,
    BREAK,
    PAGE_BREAK,
    NOTE,
    BOX,
    TABLE,
    ROW,
    CELL,
    BODY,
    STYLE,
    STYLE_PROPERTIES
};

/* Names in the namespaces of OpenDocument, by the word that tells these. */
static const struct {
    const char *space, *name;
    enum element element;
} elements[] = {
    {":text:", "p", PARAGRAPH},
    {":text:", "h", PARAGRAPH},
    {":text:", "s", SPACE},
    {":text:", "tab", TAB},
    {":text:", "line-break", BREAK},
    {":text:", "soft-page-break", PAGE_BREAK},
    {":text:", "note-citation", SKIPPED},
    {":text:", "note-body", NOTE},
    {":text:", "tracked-changes", SKIPPED}, /* what was deleted */
    {":text:", "ruby-text", SKIPPED},       /* how to read the ruby-base */
    {":text:", "index-title-template", SKIPPED},
    {":drawing:", "text-box", BOX},
    {":table:", "table", TABLE},
    {":table:", "table-row", ROW},
    {":table:", "table-cell", CELL},
    {":office:", "annotation", SKIPPED},
    {":office:", "forms", SKIPPED},
    {":office:", "text", BODY},
    {":style:", "style", STYLE},
    {":style:", "paragraph-properties", STYLE_PROPERTIES},
    {":svg-compatible:", "title", SKIPPED},
    {":svg-compatible:", "desc", SKIPPED},
};

static enum element element_of(const struct xml_element *e)
{
    size_t i;

    for (i = 0; i < sizeof elements / sizeof *elements; i++)
        if (strcmp(e->name, elements[i].name) == 0 &&
            strstr(e->space, elements[i].space))
            return elements[i].element;
    return OTHER;
}

enum { ASIDES = 2 }; /* kinds of text within a paragraph that is not of it */

/* Where text goes to: the document, a text box, a note. */
struct level {
    struct prose prose;
    unsigned paragraphs, tables; /* open */
};

struct odt {
    struct level at;
    struct level outer[ASIDES]; /* while in a box or note: around it */
    unsigned asides;            /* open; those within two others do not count */
    struct buf boxes;           /* of the paragraph */
    struct buf notes;           /* of the document */
    unsigned skipped; /* open elements from the one that is skipped on */
    bool body;
    uint64_t style; /* hash of the name of the one that is read */
    uint64_t *page; /* of those that begin a page */
    size_t npages, cap;
};

/* --- styles --- */

static int style(struct odt *d, const struct xml_element *e, struct err *err)
{
    uint64_t *more;

    if (!view_eq(xml_attribute(e, "break-before"), view_str("page")))
        return 0;
    more = vec_grow(d->page, &d->cap, d->npages + 1, sizeof *more);
    if (!more)
        return err_nomem(err);
    d->page = more;
    more[d->npages++] = d->style;
    return 0;
}

static bool begins_page(const struct odt *d, const struct xml_element *e)
{
    uint64_t name = hash64(xml_attribute(e, "style-name"));
    size_t i;

    for (i = 0; i < d->npages; i++)
        if (d->page[i] == name)
            return true;
    return false;
}

/* --- text --- */

static void aside_start(struct odt *d, struct buf *out)
{
    if (d->asides++ >= ASIDES)
        return;
    d->outer[d->asides - 1] = d->at;
    d->at = (struct level){
        .prose = {.out = out, .max = d->at.prose.max, .next = PROSE_PARAGRAPH}};
}

static void aside_end(struct odt *d)
{
    if (--d->asides < ASIDES)
        d->at = d->outer[d->asides];
}

static int start(void *arg, const struct xml_element *e, struct err *err)
{
    struct odt *d = arg;
    enum element element = element_of(e);

    if (d->skipped) {
        d->skipped++;
        return 0;
    }
    switch (element) {
    case SKIPPED:
        d->skipped = 1;
        break;
    case STYLE:
        d->style = hash64(xml_attribute(e, "name"));
        break;
    case STYLE_PROPERTIES:
        return style(d, e, err);
    case PARAGRAPH:
        if (d->npages && begins_page(d, e))
            prose_page(&d->at.prose);
        d->at.paragraphs++;
        break;
    case SPACE:
        prose_break(&d->at.prose, PROSE_SPACE);
        break;
    case TAB:
        prose_break(&d->at.prose, PROSE_TAB);
        break;
    case BREAK:
        prose_break(&d->at.prose, PROSE_LINE);
        break;
    case PAGE_BREAK:
        prose_page(&d->at.prose);
        break;
    case NOTE:
        aside_start(d, &d->notes);
        break;
    case BOX:
        aside_start(d, &d->boxes);
        break;
    case TABLE:
        d->at.tables++;
        break;
    case BODY:
        d->body = true;
        break;
    default:
        break;
    }
    return 0;
}

/* Puts what was set aside behind the text. */
static int add_aside(struct odt *d, struct buf *aside, struct err *err)
{
    int rc;

    prose_break(&d->at.prose, PROSE_PARAGRAPH);
    rc = prose_verbatim(&d->at.prose, buf_view(aside), err);
    prose_break(&d->at.prose, PROSE_PARAGRAPH);
    buf_clear(aside);
    return rc;
}

static int end(void *arg, const struct xml_element *e, struct err *err)
{
    struct odt *d = arg;

    if (d->skipped) {
        d->skipped--;
        return 0;
    }
    switch (element_of(e)) {
    case PARAGRAPH:
        d->at.paragraphs--;
        prose_break(&d->at.prose, d->at.tables ? PROSE_SPACE : PROSE_PARAGRAPH);
        if (d->asides == 0 && d->boxes.n)
            return add_aside(d, &d->boxes, err);
        break;
    case NOTE:
    case BOX:
        aside_end(d);
        break;
    case CELL:
        prose_break(&d->at.prose, d->at.tables > 1 ? PROSE_SPACE : PROSE_TAB);
        break;
    case ROW:
        prose_break(&d->at.prose, d->at.tables > 1 ? PROSE_TAB : PROSE_LINE);
        break;
    case TABLE:
        if (--d->at.tables == 0)
            prose_break(&d->at.prose, PROSE_PARAGRAPH);
        break;
    default:
        break;
    }
    return 0;
}

static int text(void *arg, struct view v, struct err *err)
{
    struct odt *d = arg;

    return d->body && d->at.paragraphs && !d->skipped
               ? prose_text(&d->at.prose, v, err)
               : 0;
}

static const struct xml_handler handler = {start, end, text};

/* --- encryption --- */

static int manifest_start(void *arg, const struct xml_element *e,
                          struct err *err)
{
    (void)arg;
    return strcmp(e->name, "encryption-data") == 0
               ? err_set(err, ERR_REFUSED, "encrypted")
               : 0;
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

static const struct xml_handler manifest_handler = {manifest_start,
                                                    nothing_ends, no_text};

/* --- */

static int read_text(struct zip *z, const struct extract_limits *limits,
                     struct extract *x, struct err *err)
{
    struct odt d = {
        .at = {.prose = {.out = &x->text, .max = limits->text_max}}};
    int rc = office_part(z, view_str("content.xml"), &handler, &d, err);

    if (rc == 0)
        rc = err_set(err, ERR_USAGE, "damaged odt: no content.xml in it");
    if (rc > 0 && d.boxes.n)
        rc = add_aside(&d, &d.boxes, err);
    if (rc >= 0 && d.notes.n)
        rc = add_aside(&d, &d.notes, err);
    buf_release(&d.boxes);
    buf_release(&d.notes);
    free(d.page);
    return rc < 0 ? rc : 0;
}

int odt_extract(struct view bytes, const struct extract_limits *limits,
                struct extract *x, struct err *err)
{
    struct office_properties p = {.x = x};
    struct zip *z = NULL;
    int rc = zip_open(&z, bytes, err);

    if (rc == 0)
        rc = office_part(z, view_str("META-INF/manifest.xml"),
                         &manifest_handler, NULL, err);
    if (rc >= 0)
        rc = read_text(z, limits, x, err);
    if (rc == 0)
        rc = office_part(z, view_str("meta.xml"), &office_properties_handler,
                         &p, err);
    if (rc >= 0)
        rc = office_properties_take(&p, err);
    office_properties_release(&p);
    zip_close(z);
    return rc;
}
