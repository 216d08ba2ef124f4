#include "query/expand.h"

#include <stdlib.h>

#include "index/layout.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* A walk over the terms of one segment. */
struct walk {
    const struct expand_query *q;
    struct terms *terms;
    const struct lexer_list *lexers;
    struct arena *arena;
    struct err *err;
    unsigned least;         /* characters of a word that matches */
    unsigned prefix;        /* all of a pattern that is rail*, else 0 */
    struct expanded *found; /* of all segments */
    size_t n, cap;
    /* the word before, character by character: */
    uint8_t word[TERM_MAX];
    size_t word_n;
    unsigned chars;          /* that were read */
    size_t at[TERM_MAX + 2]; /* bytes before character i */
    struct pattern_state form[TERM_MAX + 2], term[TERM_MAX + 2];
    unsigned form_alive, term_alive; /* characters after which it might match */
    bool whole;    /* words may begin otherwise than their terms */
    bool unspaced; /* of a script that patterns have no character of */
};

/* --- forms --- */

/* A form of ASCII letters and digits, perhaps with 's behind it, folded:
 * true. */
static bool fold_ascii(struct view form, uint8_t *room)
{
    size_t i;

    if (form.n > 2 && memcmp(form.p + form.n - 2, "'s", 2) == 0) {
        memcpy(room + form.n - 2, "'s", 2);
        form.n -= 2;
    }
    for (i = 0; i < form.n; i++) {
        uint8_t c = form.p[i];

        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        else if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
        room[i] = c;
    }
    return true;
}

int expand_fold(const struct lexer_list *lexers, const struct form *form,
                const struct view *term, uint8_t room[LEXEME_FORM_MAX],
                struct view *out)
{
    struct lexeme lx;
    unsigned i;

    *out = view_of(room, form->text.n < LEXEME_MAX ? form->text.n : LEXEME_MAX);
    if (form->text.n <= LEXEME_FORM_MAX && fold_ascii(form->text, room))
        return 0;
    for (i = 0; i < lexers->n; i++) {
        if (lexer_lexeme(lexers->lexer[i], form->text,
                         form->span > 1 ? TOKEN_JOINED : TOKEN_WORD, &lx) < 0)
            return ERR_NOMEM;
        *out = lx.folded;
        if (!term ||
            (lx.nterms && view_eq(lx.term[lx.nterms - 1], term_word(*term))))
            return 0;
    }
    *out = view_of(NULL, 0);
    return 0;
}

static bool begins(struct view word, struct view with)
{
    return word.n >= with.n && memcmp(word.p, with.p, with.n) == 0;
}

/* The least distance of any form of the current term. */
static int match_forms(struct walk *w, struct view term, unsigned *distance)
{
    uint8_t room[LEXEME_FORM_MAX];
    const struct forms *forms;
    struct view word;
    uint32_t i;
    int rc = terms_forms(w->terms, &forms);

    for (i = 0; i < forms->n && rc >= 0; i++) {
        unsigned d;

        if (forms->form[i].text.n <
            w->least) /* a character is a byte or more */
            continue;
        rc = expand_fold(w->lexers, &forms->form[i], &term, room, &word);
        if (w->q->form->fuzzy && !begins(word, term_word(term)))
            continue;
        if (rc == 0 && word.n) {
            d = pattern_match(w->q->form, word);
            if (d < *distance)
                *distance = d;
        }
    }
    return rc < 0 ? rc : 0;
}

/* --- the walk --- */

/* Reads the word on from where it differs from the one before. */
static void read_word(struct walk *w, struct view word)
{
    unsigned k = w->chars, len;
    size_t same = 0, i;

    while (same < word.n && same < w->word_n && word.p[same] == w->word[same])
        same++;
    while (w->at[k] > same)
        k--;
    memcpy(w->word, word.p, word.n);
    w->word_n = word.n;
    if (w->form_alive > k)
        w->form_alive = k;
    if (w->term_alive > k)
        w->term_alive = k;
    w->unspaced = false;
    for (i = w->at[k]; i < word.n; k++) {
        int32_t c = utf8_decode(word.p + i, word.p + word.n, &len);

        if (c >= 0x80 && script_unspaced(unicode_class(c)->script))
            w->unspaced = true;
        else if (w->form_alive == k &&
                 pattern_step(w->q->form, &w->form[k], c, &w->form[k + 1]))
            w->form_alive = k + 1;
        if (w->q->term && w->term_alive == k && !w->unspaced &&
            pattern_step(w->q->term, &w->term[k], c, &w->term[k + 1]))
            w->term_alive = k + 1;
        i += len;
        w->at[k + 1] = i;
    }
    w->chars = k;
}

/* How many of its last letters a stem may not have in common with its words.
 * Snowball's English makes die of dying, and the like. */
static unsigned slack(const struct walk *w)
{
    if (w->q->form->fuzzy)
        return 0;
    return w->form_alive == 1 && w->word_n == 3 && w->word[1] == 'i' &&
                   w->word[2] == 'e'
               ? 2
               : 1;
}

static int add(struct walk *w, struct view term, unsigned distance)
{
    struct expanded *more, *e;
    struct term_info info;
    int rc = 1;

    if (w->n == w->cap) {
        w->cap = w->cap * 2 + 64;
        more = realloc(w->found, w->cap * sizeof *more);
        if (!more)
            return err_nomem(w->err);
        w->found = more;
    }
    rc = terms_info(w->terms, &info);
    e = &w->found[w->n];
    e->term = arena_copy(w->arena, term);
    e->df = info.df;
    e->distance = distance;
    if (rc < 0 || !e->term.p)
        return rc < 0 ? rc : err_nomem(w->err);
    w->n++;
    return 0;
}

/* Takes the term, whose word was read, if it matches. */
static int judge(struct walk *w, struct view term)
{
    unsigned distance = PATTERN_NONE;
    struct term_info info;
    int rc = 0;

    if (w->unspaced)
        return 0;
    if (w->q->term && w->term_alive == w->chars)
        distance = pattern_end(w->q->term, &w->term[w->chars]);
    if (w->prefix && w->form_alive == w->chars && w->chars >= w->prefix + 2)
        distance = 0; /* its words have all of the prefix */
    if (distance > 0 && (w->whole || w->chars <= w->form_alive + slack(w))) {
        rc = terms_info(w->terms, &info);
        if (rc >= 0)
            rc = match_forms(w, term, &distance);
        if (rc == ERR_NOMEM)
            err_nomem(w->err);
    }
    return rc < 0 || distance == PATTERN_NONE ? rc : add(w, term, distance);
}

/* Where to go on behind a fuzzy word's term, which no word like it begins with:
 * it died after k characters, of which the first n bytes are in room. Only
 * letters of the word itself can follow them, since any other would have done
 * as well as the one that did not. */
static size_t next_letter(const struct walk *w, unsigned k, uint8_t *room,
                          size_t n)
{
    unsigned len;
    int32_t c = utf8_decode(w->word + w->at[k], w->word + w->word_n, &len);
    int32_t a = 0, b = 0;

    if (w->form_alive == k)
        a = pattern_next(w->q->form, &w->form[k], c);
    if (w->term_alive == k)
        b = pattern_next(w->q->term, &w->term[k], c);
    if (!a || (b && b < a))
        a = b;
    if (a)
        return n + utf8_encode((uint32_t)a, room + n);
    room[n] = 0xff;
    return n + 1;
}

/* Where to go on behind the term: *at gets the bytes, `room` holds them. */
static void next_place(const struct walk *w, struct view term,
                       uint8_t room[TERM_MAX + 4], struct view *at)
{
    unsigned alive = w->form_alive, keep;
    size_t mark = w->q->title, n;

    if (w->whole) {
        memcpy(room, term.p, term.n);
        room[term.n] = 0x01; /* the next one */
        *at = view_of(room, term.n + 1);
        return;
    }
    if (w->q->term && w->term_alive > alive)
        alive = w->term_alive;
    if (w->q->form->fuzzy && alive < w->chars) {
        n = mark + w->at[alive];
        memcpy(room, term.p, n);
        *at = view_of(room, next_letter(w, alive, room, n));
        return;
    }
    keep = alive + (alive == 1 ? 2 : 1); /* characters, as of slack */
    n = keep <= w->chars ? mark + w->at[keep] : term.n;
    memcpy(room, term.p, n);
    room[n] = keep <= w->chars ? 0xff : 0x01; /* behind all that begins so */
    *at = view_of(room, n + 1);
}

static int walk_segment(struct walk *w, struct segment *s)
{
    const struct pattern *p = w->q->form;
    uint8_t room[TERM_MAX + 4];
    struct view at = view_str(w->q->title ? "\1" : " "), term;
    int rc = terms_open(&w->terms, s, w->err);

    if (rc < 0)
        return rc;
    if (!p->fuzzy && p->n && !w->whole) { /* the first letter is known */
        size_t mark = w->q->title;

        room[0] = TITLE_MARK;
        at = view_of(room,
                     mark + utf8_encode((uint32_t)p->item[0], room + mark));
    }
    w->chars = w->form_alive = w->term_alive = 0;
    w->word_n = 0;
    for (rc = terms_skip(w->terms, at, &term); rc > 0;
         rc = terms_skip(w->terms, at, &term)) {
        if ((term.p[0] == TITLE_MARK) != w->q->title)
            break;
        read_word(w, term_word(term));
        if (!p->fuzzy && !w->whole && w->form_alive == 0)
            break; /* behind the first letter */
        rc = judge(w, term);
        if (rc < 0)
            break;
        next_place(w, term, room, &at);
    }
    terms_close(w->terms);
    return rc < 0 ? rc : 0;
}

/* --- all segments --- */

static int by_term(const void *a, const void *b)
{
    const struct expanded *x = a, *y = b;

    return view_cmp(x->term, y->term);
}

static int by_worth(const void *a, const void *b)
{
    const struct expanded *x = a, *y = b;

    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    if (x->df != y->df)
        return x->df > y->df ? -1 : 1;
    return view_cmp(x->term, y->term);
}

/* Makes one of the entries of several segments. */
static size_t unite(struct expanded *e, size_t n)
{
    size_t i, kept = 0;

    if (n > 1)
        qsort(e, n, sizeof *e, by_term);
    for (i = 0; i < n; i++) {
        if (kept && view_eq(e[kept - 1].term, e[i].term)) {
            e[kept - 1].df += e[i].df;
            if (e[i].distance < e[kept - 1].distance)
                e[kept - 1].distance = e[i].distance;
        } else {
            e[kept++] = e[i];
        }
    }
    return kept;
}

/* Counts the documents of a term anew, in all segments: some may have it, but
 * none of its forms that match. */
static int recount(struct walk *w, struct index *ix, unsigned n,
                   struct expanded *e)
{
    struct term_info info;
    unsigned i, k;
    int rc = 0;

    e->df = 0;
    for (k = 0; k < n; k++)
        for (i = 0; i < ix[k].manifest.nsegments && rc >= 0; i++) {
            rc = segment_term(&ix[k].segment[i], e->term, &info, w->err);
            e->df += info.df;
        }
    return rc < 0 ? rc : 0;
}

static size_t characters(struct view v)
{
    size_t i, n = 0;

    for (i = 0; i < v.n; i++)
        n += (v.p[i] & 0xc0) != 0x80;
    return n;
}

/* Puts the terms of all segments in order, each once. */
static int settle(struct walk *w, struct index *ix, unsigned n)
{
    unsigned segments = 0, k;
    size_t i;
    int rc = 0;

    for (k = 0; k < n; k++)
        segments += ix[k].manifest.nsegments;
    w->n = unite(w->found, w->n);
    for (i = 0; i < w->n && segments > 1 && rc == 0; i++)
        if (!w->prefix || /* else it was taken whatever its forms */
            characters(term_word(w->found[i].term)) < w->prefix + 2)
            rc = recount(w, ix, n, &w->found[i]);
    if (w->n > 1)
        qsort(w->found, w->n, sizeof *w->found, by_worth);
    return rc;
}

int expand(struct expansion *out, const struct expand_query *q,
           struct index *ix, unsigned n, const struct lexer_list *lexers,
           struct arena *arena, struct err *err)
{
    struct walk *w = calloc(1, sizeof *w);
    unsigned i, k;
    int rc = 0;

    memset(out, 0, sizeof *out);
    if (!w)
        return err_nomem(err);
    w->q = q;
    w->lexers = lexers;
    w->arena = arena;
    w->err = err;
    w->least = pattern_least(q->form);
    w->prefix = pattern_literal(q->form);
    if (q->form->fuzzy || w->prefix + 1 != q->form->n ||
        q->form->item[w->prefix] != PATTERN_MANY)
        w->prefix = 0;
    for (i = 0; i < lexers->n && !q->form->fuzzy; i++)
        w->whole |= stemmer_prefixes(lexers->number[i]);
    pattern_start(q->form, &w->form[0]);
    if (q->term)
        pattern_start(q->term, &w->term[0]);
    for (k = 0; k < n; k++)
        for (i = 0; i < ix[k].manifest.nsegments && rc == 0; i++)
            rc = walk_segment(w, &ix[k].segment[i]);
    if (rc == 0)
        rc = settle(w, ix, n);
    if (rc == 0) {
        out->found = w->n;
        out->n = out->found < EXPAND_TERMS ? out->found : EXPAND_TERMS;
        out->term = arena_alloc(arena, (out->n + 1) * sizeof *out->term);
        if (!out->term)
            rc = err_nomem(err);
        else if (out->n)
            memcpy(out->term, w->found, out->n * sizeof *out->term);
    }
    free(w->found);
    free(w);
    return rc;
}
