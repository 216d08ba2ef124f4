/*
 * Records: the first byte chooses the decoder, the rest is the record. Where
 * a record carries a seal, it is made to fit, so that what lies behind it is
 * reached.
 */
#include <stdlib.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "index/changelog.h"
#include "index/document.h"
#include "index/fields.h"
#include "index/forms.h"
#include "index/languages.h"
#include "index/manifest.h"
#include "index/names.h"
#include "index/record.h"
#include "index/source.h"
#include "tests/fuzz/fuzz.h"

static void sealed(struct buf *b, struct view v)
{
    buf_clear(b);
    if (buf_add(b, v) < 0 || record_seal(b) < 0)
        abort();
}

static void try_forms(struct view v, bool counts)
{
    struct forms f = {0};
    struct buf again = {0};
    struct rd r = rd_of(v);

    if (forms_decode(&f, view_str("connect"), &r, counts, NULL) >= 0 &&
        forms_encode(&again, view_str("connect"), f.form, f.n, counts) < 0)
        abort();
    buf_release(&again);
    forms_release(&f);
}

static bool has_field(const struct document *d, struct view name)
{
    size_t i;

    for (i = 0; i < d->nfields && !view_eq(d->field[i].name, name); i++)
        ;
    return i < d->nfields;
}

static void try_document(struct view v)
{
    struct document d = {0};
    struct buf again = {0};
    struct view value;
    int rc = document_field(v, view_str("f"), &value);

    if (document_decode(v, &d, NULL) >= 0) {
        if (document_encode(&d, &again) < 0 || rc < 0 ||
            (rc > 0) != has_field(&d, view_str("f")))
            abort();
        buf_release(&again);
        document_release(&d);
    }
}

/* Every operation given keeps to what changelog.h says. */
static void try_changelog(struct view v)
{
    struct changelog c;
    uint32_t next_docid;
    uint64_t n = 0;

    if (v.n < 4)
        return;
    next_docid = get_u32(v.p);
    v = view_sub(v, 4, v.n);
    changelog_begin(&c, v, next_docid);
    while (changelog_next(&c, NULL) > 0)
        if (c.first == 0 || c.first > c.last || c.last >= next_docid ||
            c.path.n > v.n || ++n > v.n)
            abort();
    if (changelog_next(&c, NULL) > 0)
        abort();
}

/* Paths that come out of a block go into one again. */
static void try_names(struct view v)
{
    struct view part[2], path[NAMES_DOCS] = {{NULL, 0}};
    struct buf text = {0}, block = {0};
    unsigned i;
    bool any = false;

    if (v.n > 4096 || buf_reserve(&text, NAMES_DOCS * v.n + 1) < 0)
        return; /* `text` must not move */
    for (i = 0; i < NAMES_DOCS; i++) {
        size_t at = text.n;

        if (names_part(v, i, part) <= 0)
            continue;
        if (buf_add(&text, part[0]) < 0 || buf_add(&text, part[1]) < 0)
            abort();
        path[i] = view_sub(buf_view(&text), at, text.n);
        any = true;
    }
    if (any && names_encode(path, &block) < 0)
        abort();
    for (i = 0; any && i < NAMES_DOCS; i++)
        if (names_part(buf_view(&block), i, part) != (path[i].n > 0) ||
            part[0].n + part[1].n != (path[i].n ? path[i].n : part[0].n) ||
            (path[i].n &&
             (memcmp(part[0].p, path[i].p, part[0].n) != 0 ||
              memcmp(part[1].p, path[i].p + part[0].n, part[1].n) != 0)))
            abort();
    buf_release(&text);
    buf_release(&block);
}

/* Documents are on their page, and written again they are the same. */
static void try_fields(struct view v)
{
    uint8_t bits[FIELDS_BITS], same[FIELDS_BITS];
    struct buf again = {0};

    if (fields_decode(v, bits) < 0)
        return;
    if (fields_encode(bits, &again) < 0 ||
        fields_decode(buf_view(&again), same) < 0 ||
        memcmp(bits, same, sizeof bits) != 0)
        abort();
    buf_release(&again);
}

/* What is decoded is what is encoded. */
static void try_languages(struct view v)
{
    struct languages ls, again;
    struct buf b = {0};

    if (languages_decode(v, &ls, NULL) >= 0 &&
        (languages_encode(&ls, &b) < 0 ||
         languages_decode(buf_view(&b), &again, NULL) < 0 ||
         memcmp(&ls, &again, sizeof ls) != 0))
        abort();
    buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view v;
    struct buf b = {0};
    struct manifest m;
    struct source src;

    if (size < 1)
        return 0;
    v = view_of(data + 1, size - 1);
    switch (data[0] >= 0xfc ? data[0] : data[0] % 6) {
    case 0:
        sealed(&b, v);
        manifest_decode(buf_view(&b), &m, NULL);
        break;
    case 1:
        sealed(&b, v);
        source_decode(buf_view(&b), &src, NULL);
        break;
    case 2:
        try_document(v);
        break;
    case 3:
        try_forms(v, false);
        break;
    case 4:
        try_forms(v, true);
        break;
    case 5:
        record_open(v, &v, NULL, "record");
        break;
    case 0xfe:
        try_names(v);
        break;
    case 0xff:
        try_changelog(v);
        break;
    case 0xfd:
        try_fields(v);
        break;
    case 0xfc:
        try_languages(v);
        break;
    }
    buf_release(&b);
    return 0;
}
