#include "index/forms.h"

#include <stdlib.h>

enum { CASE_SAME, CASE_FIRST, CASE_ALL, CASES };

/* Flags of the first varint of a form; what it shares is above them. */
enum { CASE_MASK = 3, SPANNED = 4, SHARED_SHIFT = 3 };

static uint8_t upper(uint8_t c)
{
    return c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
}

/* Byte i of a term whose start is written in the given case. */
static uint8_t cased(struct view term, size_t i, unsigned letter_case)
{
    bool up = letter_case == CASE_ALL || (letter_case == CASE_FIRST && i == 0);

    return up ? upper(term.p[i]) : term.p[i];
}

static size_t shared_bytes(struct view term, struct view text,
                           unsigned letter_case)
{
    size_t n = term.n < text.n ? term.n : text.n, i;

    for (i = 0; i < n && text.p[i] == cased(term, i, letter_case); i++)
        ;
    return i;
}

static bool is_plain(struct view term, const struct form *f)
{
    return f->span == 1 && view_eq(f->text, term);
}

static int encode_form(struct buf *out, struct view term, const struct form *f)
{
    size_t best = shared_bytes(term, f->text, CASE_SAME), n;
    unsigned use = CASE_SAME, c;
    bool spanned = f->span != 1;

    for (c = CASE_FIRST; c < CASES; c++) {
        n = shared_bytes(term, f->text, c);
        if (n > best) {
            best = n;
            use = c;
        }
    }
    if (buf_addvar(out, best << SHARED_SHIFT | (spanned ? SPANNED : 0) | use) <
            0 ||
        (spanned && buf_addvar(out, f->span) < 0) ||
        buf_addvar(out, f->text.n - best) < 0)
        return ERR_NOMEM;
    return buf_add(out, view_sub(f->text, best, f->text.n));
}

int forms_encode(struct buf *out, struct view term, const struct form *form,
                 uint32_t n, bool counts)
{
    bool plain = n > 0 && is_plain(term, &form[0]);
    uint32_t i;

    if (buf_addvar(out, (uint64_t)n * 2 + plain) < 0)
        return ERR_NOMEM;
    for (i = 0; i < n; i++) {
        if (!(plain && i == 0) && encode_form(out, term, &form[i]) < 0)
            return ERR_NOMEM;
        if (counts && buf_addvar(out, form[i].count) < 0)
            return ERR_NOMEM;
    }
    return 0;
}

/* One listed form: what it shares, how, its span and the bytes behind. */
struct listed {
    size_t shared;
    unsigned letter_case;
    uint32_t span;
    struct view rest;
};

static struct listed read_listed(struct rd *r)
{
    struct listed l;
    uint32_t first = rd_var32(r);

    l.shared = first >> SHARED_SHIFT;
    l.letter_case = first & CASE_MASK;
    l.span = first & SPANNED ? rd_var32(r) : 1;
    l.rest = rd_bytes(r, rd_var32(r));
    if (l.span == 0 || l.letter_case >= CASES)
        r->bad = true;
    return l;
}

/* The count and whether the first is plain. There can be no more forms than
 * bytes: each takes two, but for a plain one, which takes none. */
static uint32_t read_count(struct rd *r, bool *plain)
{
    uint32_t x = rd_var32(r), n = x >> 1;

    *plain = x & 1;
    if (n == 0 || n - *plain > rd_left(r) / 2)
        r->bad = true;
    return r->bad ? 0 : n;
}

uint32_t forms_skip(struct rd *r, bool counts)
{
    bool plain;
    uint32_t n = read_count(r, &plain), i;

    for (i = 0; i < n && !r->bad; i++) {
        if (!(plain && i == 0))
            read_listed(r);
        if (counts)
            rd_var32(r);
    }
    return r->bad ? 0 : n;
}

static int reserve(struct forms *f, uint32_t n)
{
    struct form *form;

    if (n <= f->cap)
        return 0;
    form = realloc(f->form, n * sizeof *form);
    if (!form)
        return ERR_NOMEM;
    f->form = form;
    f->cap = n;
    return 0;
}

/* Appends the text of a form to f->bytes; its view gets the length only, the
 * bytes may still move. */
static int add_text(struct forms *f, struct view term, struct listed *l)
{
    size_t i;

    if (buf_reserve(&f->bytes, l->shared) < 0)
        return ERR_NOMEM;
    for (i = 0; i < l->shared; i++)
        f->bytes.p[f->bytes.n++] = cased(term, i, l->letter_case);
    f->form[f->n].span = l->span;
    f->form[f->n].text.n = l->shared + l->rest.n;
    return buf_add(&f->bytes, l->rest);
}

static void point_texts(struct forms *f)
{
    const uint8_t *p = f->bytes.p;
    uint32_t i;

    for (i = 0; i < f->n; i++) {
        f->form[i].text.p = p;
        p += f->form[i].text.n;
    }
}

static int decode_all(struct forms *f, struct view term, struct rd *r,
                      bool counts)
{
    bool plain;
    uint32_t n = read_count(r, &plain);

    if (reserve(f, n) < 0)
        return ERR_NOMEM;
    for (; f->n < n && !r->bad; f->n++) {
        struct listed l = {term.n, CASE_SAME, 1, {NULL, 0}};

        if (!(plain && f->n == 0))
            l = read_listed(r);
        if (r->bad || l.shared > term.n || l.shared + l.rest.n == 0)
            return ERR_CORRUPT;
        if (add_text(f, term, &l) < 0)
            return ERR_NOMEM;
        f->form[f->n].count = counts ? rd_var32(r) : 0;
    }
    return r->bad ? ERR_CORRUPT : 0;
}

int forms_decode(struct forms *f, struct view term, struct rd *r, bool counts,
                 struct err *err)
{
    int rc;

    f->n = 0;
    buf_clear(&f->bytes);
    rc = decode_all(f, term, r, counts);
    if (rc < 0)
        f->n = 0;
    if (rc == ERR_NOMEM)
        return err_nomem(err);
    if (rc < 0)
        return err_set(err, rc, "index damaged: forms of the term \"%.*s\"",
                       (int)term.n, (const char *)term.p);
    point_texts(f);
    return 0;
}

void forms_release(struct forms *f)
{
    free(f->form);
    buf_release(&f->bytes);
    memset(f, 0, sizeof *f);
}
