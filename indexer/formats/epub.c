#include <stdlib.h>

#include "base/hash.h"
#include "indexer/formats/html.h"
#include "indexer/formats/office.h"
#include "indexer/formats/prose.h"
#include "indexer/vec.h"

/* A file of the book, as its package names it. */
struct item {
    uint64_t id;  /* hash of its name in the package */
    size_t place; /* in `names`: where it lies, from the package on */
    bool chapter; /* text, and not the table of contents */
};

struct epub {
    struct buf package; /* where it lies */
    struct office_properties properties;
    struct buf names; /* NUL behind each */
    struct item *item;
    size_t nitems, item_cap;
    uint64_t *spine; /* ids in the order of reading */
    size_t nspine, spine_cap;
    uint64_t *secret; /* hashes of the places of what is encrypted */
    size_t nsecret, secret_cap;
};

/* Appends a hash to an array. */
static int add_hash(uint64_t **p, size_t *n, size_t *cap, struct view v,
                    struct err *err)
{
    uint64_t *more = vec_grow(*p, cap, *n + 1, sizeof *more);

    if (!more)
        return err_nomem(err);
    *p = more;
    more[(*n)++] = hash64(v);
    return 0;
}

/* --- places --- */

static int hex(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Appends a name with its %-escapes decoded, up to a '#'. */
static int add_unescaped(struct buf *out, struct view v)
{
    size_t i;

    for (i = 0; i < v.n && v.p[i] != '#'; i++) {
        int c = v.p[i];

        if (c == '%' && i + 2 < v.n && hex(v.p[i + 1]) >= 0 &&
            hex(v.p[i + 2]) >= 0) {
            c = hex(v.p[i + 1]) << 4 | hex(v.p[i + 2]);
            i += 2;
        }
        if (buf_addc(out, c) < 0)
            return ERR_NOMEM;
    }
    return 0;
}

/* Where `name` lies, seen from the folder of `base`, without . and .. in it. */
static int resolve(struct view base, struct view name, struct buf *out)
{
    struct buf whole = {0};
    size_t folder = base.n, i, from;
    int rc;

    while (folder > 0 && base.p[folder - 1] != '/')
        folder--;
    rc = buf_add(&whole, view_sub(base, 0, folder));
    if (rc == 0)
        rc = add_unescaped(&whole, name);
    buf_clear(out);
    for (i = 0; i < whole.n && rc == 0; i++) {
        struct view part;

        for (from = i; i < whole.n && whole.p[i] != '/'; i++)
            ;
        part = view_sub(buf_view(&whole), from, i);
        if (view_eq(part, view_str(".."))) {
            while (out->n > 0 && out->p[--out->n] != '/')
                ;
        } else if (part.n && !view_eq(part, view_str("."))) {
            if (out->n)
                rc = buf_addc(out, '/');
            if (rc == 0)
                rc = buf_add(out, part);
        }
    }
    buf_release(&whole);
    return rc;
}

/* --- what the XML says --- */

static int container_start(void *arg, const struct xml_element *e,
                           struct err *err)
{
    struct epub *b = arg;

    if (strcmp(e->name, "rootfile") != 0 || b->package.n)
        return 0;
    return buf_add(&b->package, xml_attribute(e, "full-path")) < 0
               ? err_nomem(err)
               : 0;
}

static int encryption_start(void *arg, const struct xml_element *e,
                            struct err *err)
{
    struct epub *b = arg;
    struct buf place = {0};
    int rc;

    if (strcmp(e->name, "CipherReference") != 0)
        return 0;
    rc = resolve(view_of("", 0), xml_attribute(e, "URI"), &place);
    rc = rc < 0 ? err_nomem(err)
                : add_hash(&b->secret, &b->nsecret, &b->secret_cap,
                           buf_view(&place), err);
    buf_release(&place);
    return rc;
}

static int no_end(void *arg, const struct xml_element *e, struct err *err)
{
    (void)arg, (void)e, (void)err;
    return 0;
}

static int no_text(void *arg, struct view v, struct err *err)
{
    (void)arg, (void)v, (void)err;
    return 0;
}

static const struct xml_handler container = {container_start, no_end, no_text};
static const struct xml_handler encryption = {encryption_start, no_end,
                                              no_text};

static bool contains(struct view v, const char *what)
{
    return v.n && memmem(v.p, v.n, what, strlen(what));
}

static int take_item(struct epub *b, const struct xml_element *e,
                     struct err *err)
{
    struct view type = xml_attribute(e, "media-type");
    struct item *more =
        vec_grow(b->item, &b->item_cap, b->nitems + 1, sizeof *more);

    if (!more)
        return err_nomem(err);
    b->item = more;
    more[b->nitems++] = (struct item){
        .id = hash64(xml_attribute(e, "id")),
        .place = b->names.n,
        .chapter = contains(type, "html") &&
                   !contains(xml_attribute(e, "properties"), "nav"),
    };
    return buf_add(&b->names, xml_attribute(e, "href")) < 0 ||
                   buf_addc(&b->names, 0) < 0
               ? err_nomem(err)
               : 0;
}

static int package_start(void *arg, const struct xml_element *e,
                         struct err *err)
{
    struct epub *b = arg;

    if (strcmp(e->name, "item") == 0)
        return take_item(b, e, err);
    if (strcmp(e->name, "itemref") == 0)
        return add_hash(&b->spine, &b->nspine, &b->spine_cap,
                        xml_attribute(e, "idref"), err);
    return office_properties_handler.start(&b->properties, e, err);
}

static int package_end(void *arg, const struct xml_element *e, struct err *err)
{
    struct epub *b = arg;

    if (strcmp(e->name, "item") == 0 || strcmp(e->name, "itemref") == 0)
        return 0;
    return office_properties_handler.end(&b->properties, e, err);
}

static int package_text(void *arg, struct view v, struct err *err)
{
    struct epub *b = arg;

    return office_properties_handler.text(&b->properties, v, err);
}

static const struct xml_handler package = {package_start, package_end,
                                           package_text};

/* Reads the parts that say what there is. */
static int read_parts(struct epub *b, struct zip *z, struct err *err)
{
    int rc =
        office_part(z, view_str("META-INF/container.xml"), &container, b, err);

    if (rc >= 0 && b->package.n == 0)
        return err_set(err, ERR_USAGE, "damaged epub: it names no package");
    if (rc > 0)
        rc = office_part(z, buf_view(&b->package), &package, b, err);
    if (rc == 0)
        return err_set(err, ERR_USAGE, "damaged epub: no package in it");
    if (rc > 0)
        rc = office_part(z, view_str("META-INF/encryption.xml"), &encryption, b,
                         err);
    return rc < 0 ? rc : 0;
}

/* --- chapters --- */

static int by_id(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

/* XHTML is UTF-8 where it does not say otherwise, and no guess is needed. */
static const char *charset_of(struct view v)
{
    struct view head = view_sub(v, 0, v.n < 200 ? v.n : 200);
    bool marked = v.n >= 2 && v.p[0] >= 0xFE && v.p[1] >= 0xFE;

    return marked || contains(head, "encoding=") ? NULL : "UTF-8";
}

/* Appends a chapter that is in `bytes`. */
static int add_chapter(struct prose *p, struct view bytes, struct extract *one,
                       struct err *err)
{
    struct extract_limits limits = {p->max, charset_of(bytes)};
    int rc;

    extract_clear(one);
    rc = html_extract(bytes, &limits, one, err);
    if (rc == 0)
        rc = prose_verbatim(p, buf_view(&one->text), err);
    prose_break(p, PROSE_PARAGRAPH);
    prose_page(p);
    return rc;
}

static int read_chapter(struct epub *b, struct zip *z, struct view place,
                        struct buf *bytes, struct err *err)
{
    uint64_t hash = hash64(place);
    struct view piece;
    size_t i;
    int rc;

    for (i = 0; i < b->nsecret; i++)
        if (b->secret[i] == hash)
            return err_set(err, ERR_REFUSED, "encrypted");
    buf_clear(bytes);
    rc = zip_find(z, place, err);
    if (rc == 0)
        return err_set(err, ERR_USAGE, "damaged epub: no %.*s in it",
                       place.n < 200 ? (int)place.n : 200,
                       (const char *)place.p);
    while (rc > 0 && (rc = zip_read(z, &piece, err)) > 0)
        if (buf_add(bytes, piece) < 0)
            return err_nomem(err);
    return rc;
}

static int read_chapters(struct epub *b, struct zip *z,
                         const struct extract_limits *limits, struct extract *x,
                         struct err *err)
{
    struct prose p = {.out = &x->text, .max = limits->text_max};
    struct buf place = {0}, bytes = {0};
    struct extract one = {0};
    size_t i;
    int rc = 0;

    if (b->nitems)
        qsort(b->item, b->nitems, sizeof *b->item, by_id);
    for (i = 0; i < b->nspine && rc == 0; i++) {
        struct item key = {.id = b->spine[i]}, *item;

        item = b->nitems ? bsearch(&key, b->item, b->nitems, sizeof key, by_id)
                         : NULL;
        if (!item || !item->chapter)
            continue;
        if (resolve(buf_view(&b->package),
                    view_str((char *)b->names.p + item->place), &place) < 0)
            rc = err_nomem(err);
        if (rc == 0)
            rc = read_chapter(b, z, buf_view(&place), &bytes, err);
        if (rc == 0)
            rc = add_chapter(&p, buf_view(&bytes), &one, err);
    }
    buf_release(&place);
    buf_release(&bytes);
    extract_release(&one);
    return rc;
}

int epub_extract(struct view bytes, const struct extract_limits *limits,
                 struct extract *x, struct err *err)
{
    struct epub b = {.properties = {.x = x}};
    struct zip *z = NULL;
    int rc = zip_open(&z, bytes, err);

    if (rc == 0)
        rc = read_parts(&b, z, err);
    if (rc == 0)
        rc = office_properties_take(&b.properties, err);
    if (rc == 0)
        rc = read_chapters(&b, z, limits, x, err);
    buf_release(&b.package);
    buf_release(&b.names);
    office_properties_release(&b.properties);
    free(b.item);
    free(b.spine);
    free(b.secret);
    zip_close(z);
    return rc;
}
