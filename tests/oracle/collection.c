#include "tests/oracle/collection.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fputs("oracle: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(2);
}

void *must(void *p)
{
    if (!p)
        die("out of memory");
    return p;
}

void collection_open(struct collection *c)
{
    struct err err = {0};

    memset(c, 0, sizeof *c);
    if (lexers_open(&c->lexers, LEXERS_AUTO, &err) < 0)
        die("%s", err.msg);
    if (detector_open(&c->detector) < 0)
        die("out of memory");
    c->nslots = 1 << 16;
    c->slot = must(calloc(c->nslots, sizeof *c->slot));
    c->nwords = 1;
}

static uint32_t fnv(struct view v)
{
    uint32_t h = 2166136261u;
    size_t i;

    for (i = 0; i < v.n; i++)
        h = (h ^ v.p[i]) * 16777619u;
    return h ^ h >> 15;
}

/* The slot that holds w or where it would go. */
static uint32_t *slot_of(struct collection *c, struct view w)
{
    uint32_t i = fnv(w) & (c->nslots - 1);

    while (c->slot[i] && !view_eq(buf_view(&c->word[c->slot[i]]), w))
        i = (i + 1) & (c->nslots - 1);
    return &c->slot[i];
}

static void grow_slots(struct collection *c)
{
    uint32_t i;

    free(c->slot);
    c->nslots *= 2;
    c->slot = must(calloc(c->nslots, sizeof *c->slot));
    for (i = 1; i < c->nwords; i++)
        *slot_of(c, buf_view(&c->word[i])) = i;
}

uint32_t collection_word(struct collection *c, struct view w, bool add)
{
    uint32_t *slot = slot_of(c, w);

    if (*slot || !add)
        return *slot;
    if (c->nwords >= c->words_cap) {
        c->words_cap = c->words_cap ? 2 * c->words_cap : 4096;
        c->word = must(realloc(c->word, c->words_cap * sizeof *c->word));
    }
    *slot = c->nwords;
    c->word[c->nwords] = (struct buf){0};
    if (buf_add(&c->word[c->nwords++], w) < 0)
        die("out of memory");
    if (c->nwords * 2 > c->nslots)
        grow_slots(c);
    return c->nwords - 1;
}

void collection_tokens(struct collection *c, struct lexer *lexer,
                       struct view text, const struct zone *zones,
                       size_t nzones, bool add, struct tok **toks, uint32_t *n,
                       uint32_t *cap, uint32_t *length)
{
    struct words *w;
    struct token t;
    struct lexeme lex;
    struct tok *k;
    unsigned i;

    if (words_open(&w, text, zones, nzones) < 0)
        die("out of memory");
    while (words_next(w, &t) > 0) {
        if (lexer_lexeme(lexer, t.raw, t.kind, &lex) < 0)
            die("out of memory");
        if (*n == *cap) {
            *cap = *cap ? 2 * *cap : 64;
            *toks = must(realloc(*toks, *cap * sizeof **toks));
        }
        k = &(*toks)[(*n)++];
        memset(k, 0, sizeof *k);
        for (i = 0; i < lex.nterms; i++)
            k->term[i] = collection_word(c, lex.term[i], add);
        k->nterms = lex.nterms;
        k->folded = collection_word(c, lex.folded, add);
        k->form = collection_word(c, lex.form, add);
        k->start = t.start;
        k->end = t.end;
        k->pos = t.pos;
        k->span = t.span;
        k->kind = t.kind;
        k->title = t.title;
    }
    *length = words_length(w);
    words_free(w);
}

static bool has_terms(const struct tok *t, const struct tok *of)
{
    unsigned i, k, found = 0;

    for (i = 0; i < of->nterms; i++)
        for (k = 0; k < t->nterms; k++)
            found += t->term[k] == of->term[i];
    return found == of->nterms;
}

/* Takes out of the tokens from `first` on those at whose position another has
 * their stems and covers more: of one stem a position has one word. */
static void keep_widest(struct collection *c, size_t first)
{
    size_t i, k, n = first;
    bool wider;

    for (i = first; i < c->ntoks; i++) {
        const struct tok *t = &c->tok[i];

        wider = false;
        for (k = i + 1; k < c->ntoks && c->tok[k].pos == t->pos; k++)
            wider |= c->tok[k].span > t->span && has_terms(&c->tok[k], t);
        for (k = n; k > first && c->tok[k - 1].pos == t->pos; k--)
            wider |=
                c->tok[k - 1].span > t->span && has_terms(&c->tok[k - 1], t);
        if (!wider)
            c->tok[n++] = *t;
    }
    c->ntoks = n;
}

/* What all zones together look like. */
static unsigned language_of(const struct collection *c, struct view text,
                            const struct zone *zones, size_t nzones)
{
    char code[3];

    detector_ask(c->detector,
                 nzones ? view_sub(text, zones[0].start, zones[nzones - 1].end)
                        : view_of(NULL, 0),
                 code);
    return lexers_number(c->lexers, view_str(code));
}

static void learn_form(struct collection *c, const struct tok *t,
                       struct form_terms *out)
{
    struct lexeme x;
    unsigned i;

    for (i = 0; i < c->list.n; i++) {
        if (lexer_lexeme(c->list.lexer[i], buf_view(&c->word[t->form]),
                         t->span > 1 ? TOKEN_JOINED : TOKEN_WORD, &x) < 0)
            die("out of memory");
        if (x.nterms)
            out->term[i] = collection_word(c, x.term[x.nterms - 1], false);
    }
    out->known = true;
}

void collection_languages(struct collection *c)
{
    uint64_t docs[STEMMERS] = {0};
    uint32_t i;

    for (i = 0; i < c->ndocs; i++)
        docs[c->doc[i].language] += !c->doc[i].dead;
    if (lexers_list(c->lexers, docs, &c->list) < 0)
        die("out of memory");
    c->plain = must(calloc(c->nwords, sizeof *c->plain));
    c->ndf = c->nwords;
    for (i = 0; i < 2; i++) {
        c->df[i] = must(malloc((c->ndf + 1) * sizeof *c->df[i]));
        memset(c->df[i], 0xff, c->ndf * sizeof *c->df[i]);
    }
    for (i = 0; i < c->ntoks; i++)
        if (!c->plain[c->tok[i].form].known)
            learn_form(c, &c->tok[i], &c->plain[c->tok[i].form]);
}

/* A form of ASCII letters and digits, perhaps with 's: it has one spelling, and
 * so one stem, be it of a language that died out. */
static bool is_ascii(struct view form)
{
    size_t i;

    if (form.n > 2 && memcmp(form.p + form.n - 2, "'s", 2) == 0)
        form.n -= 2;
    for (i = 0; i < form.n; i++) {
        uint8_t low = form.p[i] | 0x20;

        if (!(low >= 'a' && low <= 'z') &&
            !(form.p[i] >= '0' && form.p[i] <= '9'))
            return false;
    }
    return true;
}

bool collection_plain(const struct collection *c, const struct tok *t,
                      uint32_t term)
{
    unsigned i;

    if (is_ascii(buf_view(&c->word[t->form])))
        return true;
    for (i = 0; i < c->list.n; i++)
        if (c->plain[t->form].term[i] == term)
            return true;
    return false;
}

void collection_add(struct collection *c, struct doc d,
                    const struct zone *zones, size_t nzones)
{
    if (c->ndocs == c->docs_cap) {
        c->docs_cap = c->docs_cap ? 2 * c->docs_cap : 1024;
        c->doc = must(realloc(c->doc, c->docs_cap * sizeof *c->doc));
    }
    d.first = c->ntoks;
    d.language = language_of(c, buf_view(&d.text), zones, nzones);
    collection_tokens(c, must(lexers_get(c->lexers, d.language)),
                      buf_view(&d.text), zones, nzones, true, &c->tok,
                      &c->ntoks, &c->toks_cap, &d.length);
    keep_widest(c, d.first);
    d.n = c->ntoks - d.first;
    c->positions += d.length;
    c->counted++;
    c->doc[c->ndocs++] = d;
}

uint32_t collection_find(const struct collection *c, const char *id)
{
    uint32_t i;

    for (i = 0; i < c->ndocs; i++)
        if (!c->doc[i].dead && strcmp(c->doc[i].id, id) == 0)
            return i;
    return UINT32_MAX;
}

void collection_kill(struct collection *c, const char *id)
{
    uint32_t i = collection_find(c, id);

    if (i < UINT32_MAX)
        c->doc[i].dead = true;
}

/* Takes a document out of the statistics. */
static void purge(struct collection *c, struct doc *d)
{
    c->positions -= d->length;
    c->counted--;
    d->n = 0;
    d->purged = true;
}

/* A segment of so many living and dead documents begins at *at. */
static void segment(struct collection *c, uint32_t living, uint32_t dead,
                    uint32_t *at)
{
    for (; *at < c->ndocs; ++*at) {
        struct doc *d = &c->doc[*at];

        if (d->purged)
            continue;
        if (d->dead ? living + dead == 0 : living == 0)
            break;
        if (!d->dead)
            living--;
        else if (dead > 0)
            dead--;
        else
            purge(c, d);
    }
    if (living + dead > 0)
        die("segments hold other documents than those that were indexed");
}

void collection_segments(struct collection *c, const char *file)
{
    FILE *f = fopen(file, "r");
    uint32_t docs, dead, at = 0;
    char line[4096];

    if (!f)
        die("%s: cannot be read", file);
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "segment %*8[0-9a-f]: %u documents, %u dead,", &docs,
                   &dead) == 2)
            segment(c, docs - dead, dead, &at);
    fclose(f);
    for (; at < c->ndocs; at++) {
        if (!c->doc[at].dead)
            die("no segment holds document %u", at + 1);
        if (!c->doc[at].purged)
            purge(c, &c->doc[at]);
    }
}

uint32_t collection_dead(const struct collection *c)
{
    uint32_t i, dead = 0;

    for (i = 0; i < c->ndocs; i++)
        dead += c->doc[i].dead && !c->doc[i].purged;
    return dead;
}

void collection_close(struct collection *c)
{
    uint32_t i;

    for (i = 0; i < c->ndocs; i++) {
        free(c->doc[i].id);
        buf_release(&c->doc[i].text);
    }
    for (i = 1; i < c->nwords; i++)
        buf_release(&c->word[i]);
    free(c->doc);
    free(c->tok);
    free(c->word);
    free(c->slot);
    free(c->plain);
    free(c->df[0]);
    free(c->df[1]);
    detector_free(c->detector);
    lexers_free(c->lexers);
}
