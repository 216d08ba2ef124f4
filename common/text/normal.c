#include "text/normal.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/err.h"
#include "text/segment.h"

enum {
    ON_STACK = 256,  /* code points that need no malloc */
    MAX_GROWTH = 18, /* code points that one may decompose into */
    /* Marks kept behind one letter, the limit of UAX #15's stream-safe text:
     * ordering them is quadratic, and no writing system has more. */
    MAX_MARKS = 30
};

#define FORM_OPTIONS (UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_IGNORE)
#define COMPAT_OPTIONS (FORM_OPTIONS | UTF8PROC_COMPAT)
#define FOLD_OPTIONS (COMPAT_OPTIONS | UTF8PROC_CASEFOLD)

/* Decomposed code points on their way from one text to another. */
struct points {
    int32_t *c;
    size_t n;
    size_t cap;
    int32_t stack[ON_STACK];
};

static void points_init(struct points *s)
{
    s->c = s->stack;
    s->n = 0;
    s->cap = ON_STACK;
}

static void points_release(struct points *s)
{
    if (s->c != s->stack)
        free(s->c);
}

/* Room for MAX_GROWTH more. */
static int points_reserve(struct points *s)
{
    int32_t *old = s->c == s->stack ? NULL : s->c;
    int32_t *c;

    if (s->cap - s->n >= MAX_GROWTH)
        return 0;
    c = realloc(old, 2 * s->cap * sizeof *c);
    if (!c)
        return ERR_NOMEM;
    if (!old)
        memcpy(c, s->stack, s->n * sizeof *c);
    s->c = c;
    s->cap *= 2;
    return 0;
}

static int combining_class(int32_t c)
{
    return utf8proc_get_property(c)->combining_class;
}

/* Canonical order of what lies from `from` on: marks sink to their place. */
static void points_order(struct points *s, size_t from)
{
    size_t i, j;

    for (i = from; i < s->n; i++) {
        int32_t c = s->c[i];
        int ccc = combining_class(c);

        if (ccc == 0)
            continue;
        for (j = i; j > 0 && combining_class(s->c[j - 1]) > ccc; j--)
            s->c[j] = s->c[j - 1];
        s->c[j] = c;
    }
}

static int32_t straight_apostrophe(int32_t c)
{
    return c == 0x2018 || c == 0x2019 || c == 0x2BC ? '\'' : c;
}

/* Appends the decomposition of v in canonical order. */
static int points_decompose(struct points *s, struct view v, int options)
{
    const uint8_t *p = v.p;
    const uint8_t *end = v.p + v.n;
    struct segment_char ch;
    unsigned marks = 0;
    int boundary = 0;

    for (; p < end; p += ch.len) {
        size_t from = s->n;
        utf8proc_ssize_t n;
        int32_t c;

        /* Takes a line end behind a soft hyphen as one with it. */
        ch = segment_char(p, end, true);
        c = ch.c < 0 ? UTF8_REPLACEMENT : ch.c;
        if (c == 0xFF07)
            c = '\'';
        marks = combining_class(c) ? marks + 1 : 0;
        if (marks > MAX_MARKS)
            continue;
        if (points_reserve(s) < 0)
            return ERR_NOMEM;
        n = utf8proc_decompose_char(c, s->c + s->n, MAX_GROWTH,
                                    (utf8proc_option_t)options, &boundary);
        if (n < 0 || n > MAX_GROWTH) { /* no code point does that */
            s->c[s->n] = UTF8_REPLACEMENT;
            n = 1;
        }
        s->n += (size_t)n;
        if (options & UTF8PROC_IGNORE)
            for (size_t i = from; i < s->n; i++)
                s->c[i] = straight_apostrophe(s->c[i]);
        points_order(s, from);
    }
    return 0;
}

/* Appends the points to `out`, composed. */
static int points_compose(struct points *s, struct buf *out)
{
    utf8proc_ssize_t n = utf8proc_normalize_utf32(
        s->c, (utf8proc_ssize_t)s->n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    utf8proc_ssize_t i;

    if (buf_reserve(out, 4 * (size_t)n) < 0)
        return ERR_NOMEM;
    for (i = 0; i < n; i++)
        out->n += utf8_encode((uint32_t)s->c[i], out->p + out->n);
    return 0;
}

static bool is_ascii(struct view v)
{
    size_t i;

    for (i = 0; i < v.n && v.p[i] < 0x80; i++)
        ;
    return i == v.n;
}

/* normalise for ASCII, which has nothing to it but case. */
static int normalise_ascii(struct view raw, int options, struct buf *out)
{
    size_t i = out->n;

    if (buf_add(out, raw) < 0)
        return ERR_NOMEM;
    for (; options & UTF8PROC_CASEFOLD && i < out->n; i++)
        if (out->p[i] >= 'A' && out->p[i] <= 'Z')
            out->p[i] |= 0x20;
    return 0;
}

static int normalise(struct view raw, int options, struct buf *out)
{
    struct points s;
    int rc;

    if (is_ascii(raw))
        return normalise_ascii(raw, options, out);
    points_init(&s);
    rc = points_decompose(&s, raw, options);
    if (rc == 0)
        rc = points_compose(&s, out);
    points_release(&s);
    return rc;
}

int normal_form(struct view raw, struct buf *out)
{
    return normalise(raw, FORM_OPTIONS, out);
}

int normal_compat(struct view raw, struct buf *out)
{
    return normalise(raw, COMPAT_OPTIONS, out);
}

int normal_fold(struct view raw, struct buf *out)
{
    return normalise(raw, FOLD_OPTIONS, out);
}

/* The plain spelling of a letter that Unicode does not decompose, or NULL. */
static const char *plain_letter(int32_t c)
{
    switch (c) {
    case 0xE6:
        return "ae";
    case 0xF0:
    case 0x111:
        return "d";
    case 0xF8:
        return "o";
    case 0xFE:
        return "th";
    case 0x127:
        return "h";
    case 0x131:
        return "i";
    case 0x142:
        return "l";
    case 0x153:
        return "oe";
    case 0x167:
        return "t";
    case 0x640: /* the Arabic tatweel only stretches a word */
        return "";
    default:
        return NULL;
    }
}

static bool takes_accents(unsigned script)
{
    return script == SCRIPT_LATIN || script == SCRIPT_GREEK ||
           script == SCRIPT_ARABIC || script == SCRIPT_HEBREW;
}

/* Drops the accents of decomposed points and respells letters. */
static int strip(const struct points *in, struct points *out)
{
    bool accents = false; /* the marks that follow are accents */
    const char *plain;
    size_t i;

    for (i = 0; i < in->n; i++) {
        const struct unicode_class *cls = unicode_class(in->c[i]);

        if (cls->is_mark && accents)
            continue;
        if (!cls->is_mark)
            accents = takes_accents(cls->script);
        if (points_reserve(out) < 0)
            return ERR_NOMEM;
        plain = plain_letter(in->c[i]);
        if (!plain)
            out->c[out->n++] = in->c[i];
        else
            while (*plain)
                out->c[out->n++] = (uint8_t)*plain++;
    }
    return 0;
}

int normal_unaccent(struct view folded, struct buf *out)
{
    struct points all, plain;
    int rc;

    if (is_ascii(folded))
        return buf_add(out, folded);
    points_init(&all);
    points_init(&plain);
    rc = points_decompose(&all, folded, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    if (rc == 0)
        rc = strip(&all, &plain);
    if (rc == 0)
        rc = points_compose(&plain, out);
    points_release(&all);
    points_release(&plain);
    return rc;
}

size_t normal_cluster(struct view v)
{
    const uint8_t *p = v.p;
    const uint8_t *end = v.p + v.n;
    utf8proc_int32_t state = 0;
    int32_t c, before = -1;
    unsigned len;

    for (; p < end; p += len) {
        c = utf8_decode(p, end, &len);
        if (c < 0)
            c = UTF8_REPLACEMENT;
        if (before >= 0 && utf8proc_grapheme_break_stateful(before, c, &state))
            break;
        before = c;
    }
    return (size_t)(p - v.p);
}

/* Vowels and finals of Hangul, which terminals show in the columns of the
 * consonant in front of them; utf8proc gives them one. */
static bool is_jamo_behind(int32_t c)
{
    return (c >= 0x1160 && c <= 0x11ff) || (c >= 0xd7b0 && c <= 0xd7fb);
}

size_t normal_width(struct view v)
{
    const uint8_t *p = v.p;
    const uint8_t *end = v.p + v.n;
    size_t columns = 0;
    unsigned len;

    for (; p < end; p += len) {
        int32_t c = utf8_decode(p, end, &len);

        if (!is_jamo_behind(c))
            columns += (size_t)utf8proc_charwidth(c < 0 ? UTF8_REPLACEMENT : c);
    }
    return columns;
}

const char *normal_version(void)
{
    static char version[64];

    if (!version[0])
        snprintf(version, sizeof version, "utf8proc %s, Unicode %s",
                 utf8proc_version(), utf8proc_unicode_version());
    return version;
}
