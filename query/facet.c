#include "query/facet.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "index/column.h"
#include "index/fields.h"
#include "query/notes.h"
#include "query/shown.h"

enum { COLUMN_VALUES = 1 << 16 }; /* years, or pairs of letters */

/* Where matches are counted for one facet. */
struct counter {
    struct facet *facet;
    struct index *ix;
    const uint8_t *seen; /* matches */
    uint8_t *left;       /* those that have no value yet */
    struct err *err;
};

static const char none[] = "none";

static bool is(struct view v, const char *s)
{
    return view_eq(v, view_str(s));
}

int facet_names_add(struct facet_names *names, struct view list,
                    struct err *err)
{
    size_t from = 0, to;
    unsigned i;

    for (; from <= list.n; from = to + 1) {
        struct view name;

        for (to = from; to < list.n && list.p[to] != ','; to++)
            ;
        name = view_sub(list, from, to);
        if (name.n == 0)
            return err_set(err, ERR_USAGE,
                           "--facet: '%.*s' is no year, source, lang or name "
                           "of a field, or several with commas between",
                           NOTE_VIEW(list));
        for (i = 0; i < names->n && !view_eq(names->name[i], name); i++)
            ;
        if (i == FACETS_MAX)
            return err_set(err, ERR_USAGE, "--facet: more than %d", FACETS_MAX);
        names->name[i] = name;
        if (i == names->n)
            names->n++;
    }
    return 0;
}

/* --- values --- */

static struct view label(const struct facet *f, const struct facet_value *v)
{
    return view_sub(buf_view(&f->text), v->at, v->at + v->n);
}

/* Adds documents to a value; values are in the order of their bytes. An empty
 * one is none. */
static int add(struct facet *f, struct view name, uint64_t docs)
{
    size_t lo = 0, hi = f->n, mid;
    struct facet_value *more;

    if (name.n == 0 || is(name, none)) {
        f->none += docs;
        return 0;
    }
    if (hi && view_cmp(label(f, &f->value[hi - 1]), name) < 0)
        lo = hi; /* mostly they come in order */
    while (lo < hi) {
        mid = (lo + hi) / 2;
        if (view_cmp(label(f, &f->value[mid]), name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < f->n && view_eq(label(f, &f->value[lo]), name)) {
        f->value[lo].docs += docs;
        return 0;
    }
    if (f->n == f->cap) {
        more = realloc(f->value, (f->cap * 2 + 32) * sizeof *more);
        if (!more)
            return ERR_NOMEM;
        f->value = more;
        f->cap = f->cap * 2 + 32;
    }
    memmove(f->value + lo + 1, f->value + lo, (f->n - lo) * sizeof *f->value);
    f->value[lo] = (struct facet_value){f->text.n, name.n, docs};
    f->n++;
    return buf_add(&f->text, name);
}

static int by_docs(const void *a, const void *b, void *facet)
{
    const struct facet_value *x = a, *y = b;

    if (x->docs != y->docs)
        return x->docs > y->docs ? -1 : 1;
    return view_cmp(label(facet, x), label(facet, y));
}

static int by_label(const void *a, const void *b, void *facet)
{
    return view_cmp(label(facet, a), label(facet, b));
}

/* Most documents first, no more than are told; years in their order. */
static void finish(struct facet *f)
{
    f->found = f->n;
    if (f->n == 0)
        return;
    qsort_r(f->value, f->n, sizeof *f->value, by_docs, f);
    if (f->n > FACET_VALUES)
        f->n = FACET_VALUES;
    if (is(f->name, "year"))
        qsort_r(f->value, f->n, sizeof *f->value, by_label, f);
}

/* --- bits --- */

static uint32_t ndocs(const struct index *ix)
{
    return ix->norms.npages * NORM_DOCS;
}

/* How many documents of a page are in both. */
static uint64_t both(const uint8_t *page, const uint8_t *bits)
{
    uint64_t n = 0, a, b;
    size_t i;

    for (i = 0; i < FIELDS_BITS; i += sizeof a) {
        memcpy(&a, page + i, sizeof a);
        memcpy(&b, bits + i, sizeof b);
        n += (unsigned)__builtin_popcountll(a & b);
    }
    return n;
}

static void take_out(uint8_t *page, const uint8_t *bits)
{
    size_t i;

    for (i = 0; i < FIELDS_BITS; i++)
        page[i] &= (uint8_t)~bits[i];
}
_Static_assert(FIELDS_BITS % sizeof(uint64_t) == 0, "a page is whole words");

/* The first document from d on that is left; ndocs where there is none. */
static uint32_t next_left(const struct counter *c, uint32_t d)
{
    uint32_t n = ndocs(c->ix);

    while (d < n && !fields_bit(c->left, d))
        d = d % 8 == 0 && !c->left[d / 8] ? d + 8 : d + 1;
    return d < n ? d : n;
}

/* --- columns --- */

static size_t year_of(const uint8_t *value)
{
    int32_t days = column_date_days((int32_t)get_u32(value));
    int year = 0, month, day;

    if (days != DATE_NONE)
        date_civil(days, &year, &month, &day);
    return year > 0 && year < 10000 ? (size_t)year : 0;
}

static size_t language_of(const uint8_t *value)
{
    return (size_t)value[0] << 8 | value[1];
}

/* Counts the values of a column, 0 for none; what add has them called by. */
static int count_column(struct counter *c, enum column_id id)
{
    bool year = id == COLUMN_DATE;
    uint64_t *docs = calloc(COLUMN_VALUES, sizeof *docs);
    struct column column;
    uint32_t d, end = ndocs(c->ix);
    size_t i;
    int rc =
        docs ? column_open(&column, c->ix->txn, id, c->err) : err_nomem(c->err);

    for (d = next_left(c, 1); d < end && rc == 0; d = next_left(c, d + 1)) {
        const uint8_t *value = column_get(&column, d);

        if (value)
            docs[(year ? year_of : language_of)(value)]++;
        else
            rc = ERR_CORRUPT;
    }
    for (i = 0; i < COLUMN_VALUES && rc == 0; i++) {
        char name[8] = {(char)(i >> 8), (char)i};

        if (docs[i] == 0)
            continue;
        if (year)
            snprintf(name, sizeof name, "%04zu", i);
        if (add(c->facet, view_str(i ? name : ""), docs[i]) < 0)
            rc = err_nomem(c->err);
    }
    free(docs);
    return rc;
}

/* --- fields --- */

/* Leaves out of a list's documents those that have its first item, which is
 * counted for itself. */
static int without_items(struct counter *c, struct view name,
                         const struct field_walk *w, uint8_t *bits)
{
    struct view item = fields_first_item(w->value);
    struct field_rows rows;
    uint8_t have[FIELDS_BITS];
    int rc;

    if (item.n == 0 || item.n == w->value.n)
        return 0;
    rc = fields_open(&rows, c->ix->txn, name, item, c->err);
    if (rc == 0)
        rc = fields_page(&rows, w->page, have, c->err);
    if (rc > 0)
        take_out(bits, have);
    fields_close(&rows);
    return rc < 0 ? rc : 0;
}

/* Which values of a field are looked at: all, items counting and not the list
 * they are of; or each document once, by what may be a list and then by what
 * is none. */
enum pass { ITEMS, LISTS, OTHERS };

static int count_rows(struct counter *c, struct view name, enum pass pass)
{
    uint8_t bits[FIELDS_BITS];
    struct field_walk w;
    uint64_t docs;
    int rc = fields_walk(&w, c->ix->txn, name, c->err);

    while (rc == 0 && (rc = fields_next(&w, bits)) > 0) {
        bool list = fields_list(w.value);
        size_t at = (size_t)w.page * FIELDS_BITS;

        rc = 0;
        if (w.page >= c->ix->norms.npages || (pass == LISTS && !list) ||
            (pass == OTHERS && list))
            continue;
        docs = both(c->left + at, bits);
        take_out(c->left + at, bits);
        if (pass == ITEMS && list)
            rc = without_items(c, name, &w, bits);
        if (pass == ITEMS)
            docs = both(c->seen + at, bits);
        if (rc == 0 && docs && add(c->facet, fields_shown(w.value), docs) < 0)
            rc = err_nomem(c->err);
    }
    fields_walk_end(&w);
    return rc;
}

static uint64_t count_left(const struct counter *c)
{
    uint64_t n = 0;
    uint32_t d;

    for (d = next_left(c, 1); d < ndocs(c->ix); d = next_left(c, d + 1))
        n++;
    return n;
}

static int count_field(struct counter *c, struct view name)
{
    int rc = count_rows(c, name, ITEMS);

    c->facet->none += count_left(c);
    return rc;
}

/* --- sources --- */

/* Up to the next slash, and what is behind it; false without a slash. */
static bool first_folder(struct view path, struct view *folder)
{
    const uint8_t *slash = path.n ? memchr(path.p, '/', path.n) : NULL;

    *folder = view_sub(path, 0, slash ? (size_t)(slash - path.p) : 0);
    return slash != NULL;
}

static struct view base_name(struct view path)
{
    const uint8_t *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;

    return slash ? view_sub(path, (size_t)(slash + 1 - path.p), path.n) : path;
}

/* The folder that stands for the source of a document. */
static struct view folder_of(const struct roots *roots, struct view id)
{
    const struct root *root = roots_of(roots, id);
    struct view folder, rest = id;
    const uint8_t *scheme;

    if (root) {
        size_t n = strlen(root->path);

        rest = view_sub(id, n < id.n ? n : id.n, id.n);
        if (rest.n && rest.p[0] == '/')
            rest = view_sub(rest, 1, rest.n);
        return first_folder(rest, &folder) ? folder
                                           : base_name(view_str(root->path));
    }
    if (id.n && id.p[0] == '/') /* a file that was named */
        return base_name(
            view_sub(id, 0, id.n - base_name(id).n - (base_name(id).n < id.n)));
    scheme = id.n ? memmem(id.p, id.n, "://", 3) : NULL;
    if (scheme)
        rest = view_sub(id, (size_t)(scheme + 3 - id.p), id.n);
    if (!first_folder(rest, &folder) && scheme)
        return rest;
    return folder;
}

/* Those that have no field for it, one by one. */
static int count_folders(struct counter *c)
{
    uint32_t d, end = ndocs(c->ix);
    struct buf id = {0};
    int rc = index_names(c->ix, c->err);

    for (d = next_left(c, 1); d < end && rc == 0; d = next_left(c, d + 1)) {
        rc = names_get(&c->ix->names, d, &id, c->err);
        if (rc >= 0)
            rc = add(c->facet, folder_of(&c->ix->roots, buf_view(&id)), 1) < 0
                     ? err_nomem(c->err)
                     : 0;
    }
    buf_release(&id);
    return rc;
}

static int count_sources(struct counter *c)
{
    static const char *const fields[] = {"source", "publisher"};
    unsigned i;
    int rc = 0;

    for (i = 0; i < 2 && rc == 0; i++) {
        rc = count_rows(c, view_str(fields[i]), LISTS);
        if (rc == 0)
            rc = count_rows(c, view_str(fields[i]), OTHERS);
    }
    return rc < 0 ? rc : count_folders(c);
}

/* --- all of them --- */

int facets_add(struct facets *f, const struct facet_names *names,
               struct index *ix, const uint8_t *seen, struct err *err)
{
    struct counter c = {.ix = ix, .seen = seen, .err = err};
    size_t n = ndocs(ix) / 8;
    unsigned i;
    int rc = 0;

    c.left = malloc(n + 1);
    if (!c.left)
        return err_nomem(err);
    for (i = 0; i < names->n && rc == 0; i++) {
        struct view name = names->name[i];

        f->n = i + 1 > f->n ? i + 1 : f->n;
        c.facet = &f->facet[i];
        c.facet->name = name;
        memcpy(c.left, seen, n);
        rc = is(name, "year")     ? count_column(&c, COLUMN_DATE)
             : is(name, "lang")   ? count_column(&c, COLUMN_LANGUAGE)
             : is(name, "source") ? count_sources(&c)
                                  : count_field(&c, name);
    }
    free(c.left);
    return rc;
}

void facets_end(struct facets *f)
{
    unsigned i;

    for (i = 0; i < f->n; i++)
        finish(&f->facet[i]);
}

void facets_release(struct facets *f)
{
    unsigned i;

    for (i = 0; i < f->n; i++) {
        free(f->facet[i].value);
        buf_release(&f->facet[i].text);
    }
    f->n = 0;
}

/* --- output --- */

void facets_json(const struct facets *f, struct json *j)
{
    unsigned i;
    size_t k;

    if (f->n == 0) {
        json_null(j);
        return;
    }
    json_object(j);
    for (i = 0; i < f->n; i++) {
        const struct facet *x = &f->facet[i];

        json_key_view(j, x->name);
        json_object(j);
        for (k = 0; k < x->n; k++) {
            json_key_view(j, label(x, &x->value[k]));
            json_uint(j, x->value[k].docs);
        }
        if (x->none) {
            json_key(j, none);
            json_uint(j, x->none);
        }
        json_end(j);
    }
    json_end(j);
}

static int text_line(struct buf *out, uint64_t docs, struct view name)
{
    int rc = buf_addf(out, "%8llu  ", (unsigned long long)docs);

    if (rc == 0)
        rc = shown_safe(out, name, false);
    return rc < 0 ? rc : buf_addc(out, '\n');
}

int facets_text(const struct facets *f, struct buf *out)
{
    unsigned i;
    size_t k, shown;
    int rc = 0;

    for (i = 0; i < f->n && rc == 0; i++) {
        const struct facet *x = &f->facet[i];

        shown = x->n > FACET_SHOWN && !is(x->name, "year") ? FACET_SHOWN : x->n;
        if (out->n)
            rc = buf_addc(out, '\n');
        if (rc == 0)
            rc = shown_safe(out, x->name, false);
        if (rc == 0)
            rc = buf_addc(out, '\n');
        for (k = 0; k < shown && rc == 0; k++)
            rc = text_line(out, x->value[k].docs, label(x, &x->value[k]));
        if (rc == 0 && x->found > shown)
            rc = buf_addf(out, "          and %zu other%s\n", x->found - shown,
                          x->found - shown == 1 ? "" : "s");
        if (rc == 0 && x->none)
            rc = text_line(out, x->none, view_str(none));
    }
    return rc;
}
