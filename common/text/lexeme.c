#include "text/lexeme.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/normal.h"
#include "text/stem.h"
#include "text/unicode.h"
#include "text/utf8.h"
#include "text/variants.h"

/* Counts the changes of the chain that change the terms of some text, or the
 * places where its frames may be cut. */
#define CHAIN_VERSION 3

struct lexer {
    struct stemmer *stemmer;
    struct buf form;
    struct buf fold;   /* normal_fold of the raw bytes */
    struct buf word;   /* what of it is stemmed */
    struct buf plain;  /* word without accents */
    struct buf folded; /* plain, with its possessive */
    struct buf term[2];
};

int lexer_open(struct lexer **out, const char *language, struct err *err)
{
    struct lexer *lx = calloc(1, sizeof *lx);
    int rc;

    *out = NULL;
    if (!lx)
        return err_nomem(err);
    rc = stemmer_open(&lx->stemmer, language, err);
    if (rc < 0) {
        free(lx);
        return rc;
    }
    *out = lx;
    return 0;
}

/* Marks inside a word that people leave out when they type it: apostrophes and
 * those of transliteration (Hawaiʻi, Qurʾan), the Catalan middle dot,
 * Hebrew and Armenian quotation marks. */
static bool is_silent(int32_t c)
{
    return c < 0x20 || c == 0x7F || c == '\'' || c == '"' || c == ',' ||
           c == 0xB7 || (c >= 0x2B9 && c <= 0x2BF) || c == 0x55F ||
           c == 0x5F3 || c == 0x5F4 || c == 0x2027;
}

static bool is_digit_at(const uint8_t *p, const uint8_t *end)
{
    unsigned len;

    return p < end &&
           unicode_class(utf8_decode(p, end, &len))->word_break == WB_NUMERIC;
}

/* Appends v without its silent marks and all dots but decimal ones. */
static int spell(struct view v, struct buf *out)
{
    const uint8_t *p = v.p;
    const uint8_t *end = v.p + v.n;
    bool digit = false; /* the last character was one */
    unsigned len;

    if (buf_reserve(out, v.n) < 0)
        return ERR_NOMEM;
    for (; p < end; p += len) {
        int32_t c = utf8_decode(p, end, &len);

        if (is_silent(c) || (c == '.' && !(digit && is_digit_at(p + 1, end))))
            continue;
        memcpy(out->p + out->n, p, len);
        out->n += len;
        digit = unicode_class(c)->word_break == WB_NUMERIC;
    }
    return 0;
}

static struct view cut_to(struct buf *b, size_t max)
{
    b->n = utf8_cut(buf_view(b), max);
    return buf_view(b);
}

/* Adds the term in `b`, unless it is empty or there already. */
static void add_term(struct lexeme *x, struct buf *b)
{
    struct view v = cut_to(b, LEXEME_MAX);

    if (v.n && !(x->nterms && view_eq(v, x->term[0])))
        x->term[x->nterms++] = v;
}

/* The stems of lx->word as it is and, if it has any, without accents. */
static int stem_both(struct lexer *lx, struct lexeme *x)
{
    struct view stem = stemmer_stem(lx->stemmer, buf_view(&lx->word));

    if (!stem.p && lx->word.n)
        return ERR_NOMEM;
    if (normal_unaccent(stem, &lx->term[0]) < 0)
        return ERR_NOMEM;
    if (view_eq(buf_view(&lx->word), buf_view(&lx->plain))) {
        add_term(x, &lx->term[0]);
        return 0;
    }
    stem = stemmer_stem(lx->stemmer, buf_view(&lx->plain));
    if (!stem.p && lx->plain.n)
        return ERR_NOMEM;
    if (buf_add(&lx->term[1], stem) < 0)
        return ERR_NOMEM;
    add_term(x, &lx->term[0]);
    add_term(x, &lx->term[1]);
    return 0;
}

/* Most words: ASCII letters and digits, no longer than a term. */
static bool is_simple(struct view raw)
{
    size_t i;

    if (raw.n > LEXEME_MAX)
        return false;
    for (i = 0; i < raw.n; i++) {
        uint8_t c = raw.p[i], low = c | 0x20;

        if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

static int simple(struct lexer *lx, struct view raw, struct lexeme *x)
{
    struct view stem;
    size_t i;

    if (buf_add(&lx->form, raw) < 0 || buf_add(&lx->folded, raw) < 0)
        return ERR_NOMEM;
    for (i = 0; i < raw.n; i++)
        if (lx->folded.p[i] >= 'A' && lx->folded.p[i] <= 'Z')
            lx->folded.p[i] |= 0x20;
    x->form = buf_view(&lx->form);
    x->folded = buf_view(&lx->folded);
    stem = stemmer_stem(lx->stemmer, x->folded);
    if (!stem.p && raw.n)
        return ERR_NOMEM;
    if (buf_add(&lx->term[0], stem) < 0)
        return ERR_NOMEM;
    add_term(x, &lx->term[0]);
    return 0;
}

/* Most tokens of Chinese: nothing but ideographs of U+4E00 to U+9FFF, which no
 * normal form changes. */
static bool is_ideographs(struct view raw)
{
    size_t i;

    for (i = 0; i + 3 <= raw.n; i += 3) {
        const uint8_t *p = raw.p + i;

        if (p[0] < 0xE4 || p[0] > 0xE9 || (p[0] == 0xE4 && p[1] < 0xB8) ||
            (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
            return false;
    }
    return i == raw.n;
}

static int ideographs(struct lexer *lx, struct view raw, struct lexeme *x)
{
    if (buf_add(&lx->form, raw) < 0 || buf_add(&lx->plain, raw) < 0)
        return ERR_NOMEM;
    x->form = buf_view(&lx->form);
    x->folded = variants_fold(&lx->plain);
    add_term(x, &lx->plain);
    return 0;
}

/* Any raw bytes: form, folded and the words to stem. */
static int fold(struct lexer *lx, struct view raw, struct lexeme *x)
{
    struct view v;
    bool possessive;

    if (normal_form(raw, &lx->form) < 0 || normal_fold(raw, &lx->fold) < 0)
        return ERR_NOMEM;
    v = buf_view(&lx->fold);
    possessive = v.n > 2 && memcmp(v.p + v.n - 2, "'s", 2) == 0;
    if (possessive)
        v.n -= 2;
    if (spell(v, &lx->word) < 0)
        return ERR_NOMEM;
    x->cut = lx->word.n > LEXEME_MAX;
    if (normal_unaccent(cut_to(&lx->word, LEXEME_MAX), &lx->plain) < 0 ||
        buf_add(&lx->folded, variants_fold(&lx->plain)) < 0)
        return ERR_NOMEM;
    if (possessive && lx->plain.n && buf_adds(&lx->folded, "'s") < 0)
        return ERR_NOMEM;
    x->form = cut_to(&lx->form, LEXEME_FORM_MAX);
    x->folded = cut_to(&lx->folded, LEXEME_MAX);
    return 0;
}

static void clear(struct lexer *lx, struct lexeme *out)
{
    buf_clear(&lx->form);
    buf_clear(&lx->fold);
    buf_clear(&lx->word);
    buf_clear(&lx->plain);
    buf_clear(&lx->folded);
    buf_clear(&lx->term[0]);
    buf_clear(&lx->term[1]);
    memset(out, 0, sizeof *out);
}

int lexer_folded(struct lexer *lx, struct view raw, struct view *out)
{
    struct lexeme x;

    clear(lx, &x);
    if (fold(lx, raw, &x) < 0)
        return ERR_NOMEM;
    *out = x.folded;
    return 0;
}

int lexer_lexeme(struct lexer *lx, struct view raw, enum token_kind kind,
                 struct lexeme *out)
{
    bool spaced = kind != TOKEN_BIGRAM && kind != TOKEN_UNIGRAM;

    clear(lx, out);
    if (spaced && is_simple(raw))
        return simple(lx, raw, out);
    if (!spaced && raw.n <= LEXEME_MAX && is_ideographs(raw))
        return ideographs(lx, raw, out);
    if (fold(lx, raw, out) < 0)
        return ERR_NOMEM;
    if (spaced)
        return stem_both(lx, out);
    add_term(out, &lx->plain);
    return 0;
}

const char *lexer_language(const struct lexer *lx)
{
    return stemmer_language(lx->stemmer);
}

const char *lexer_version(void)
{
    static char version[160];

    if (!stemmer_version())
        return NULL;
    if (!version[0])
        snprintf(version, sizeof version, "chain %d, %s, %s", CHAIN_VERSION,
                 normal_version(), stemmer_version());
    return version;
}

void lexer_free(struct lexer *lx)
{
    if (!lx)
        return;
    stemmer_free(lx->stemmer);
    buf_release(&lx->form);
    buf_release(&lx->fold);
    buf_release(&lx->word);
    buf_release(&lx->plain);
    buf_release(&lx->folded);
    buf_release(&lx->term[0]);
    buf_release(&lx->term[1]);
    free(lx);
}
