#include "indexer/invert.h"

#include <stdlib.h>

#include "index/norm.h"
#include "indexer/deal.h"
#include "indexer/lexicon.h"
#include "indexer/vec.h"

/* Bytes between two checkpoints at least, and tokens between two looks at the
 * budget. */
enum { CHECK_EVERY = 256, BUDGET_EVERY = 1024 };

/* Tokens that wait for their line of the lexicon. */
enum { PENDING = 16 };

struct pending {
    struct lexicon_key key;
    uint32_t pos;
    bool title;
};

struct invert {
    struct lexicon *lexicon;
    struct words *words; /* NULL before the first document */
    size_t budget;
    size_t text_bytes;   /* of the documents so far */
    size_t cp_bytes;     /* and of their checkpoints */
    struct log log;
    struct deal *deal;   /* NULL before the first walk */
    struct pending pending[PENDING]; /* tokens in hand, a ring */
    unsigned oldest, newest;         /* places in it, modulo its size */
};

int invert_open(struct invert **out, struct lexer *lexer, size_t budget)
{
    struct invert *v = calloc(1, sizeof *v);

    *out = v;
    if (!v)
        return ERR_NOMEM;
    v->budget = budget;
    if (lexicon_open(&v->lexicon, lexer) < 0) {
        free(v);
        *out = NULL;
        return ERR_NOMEM;
    }
    return 0;
}

void invert_free(struct invert *v)
{
    if (!v)
        return;
    deal_free(v->deal);
    lexicon_free(v->lexicon);
    words_free(v->words);
    log_release(&v->log);
    free(v);
}

uint32_t invert_documents(const struct invert *v)
{
    return (uint32_t)v->log.ndocs;
}

size_t invert_bytes(const struct invert *v)
{
    return v->text_bytes + v->cp_bytes + lexicon_bytes(v->lexicon) +
           log_bytes(&v->log) + deal_bytes(&v->log, v->lexicon);
}

/* --- checkpoints --- */

/* Line ends and form feeds in p[0..n). */
static void count_ends(const uint8_t *p, size_t n, uint32_t *lines,
                       uint32_t *pages)
{
    size_t i;

    for (i = 0; i < n; i++) {
        *lines += p[i] == '\n';
        *pages += p[i] == '\f';
    }
}

/* Appends a checkpoint where the scan stands, if it may restart there and the
 * last one is far enough behind. *last is that one. */
static int check(struct words *w, struct view text, struct checkpoint *last,
                 struct checkpoints *checks)
{
    struct checkpoint *more, c = *last;

    if (!words_clean(w, &c.byte, &c.pos) || c.byte < last->byte + CHECK_EVERY)
        return 0;
    count_ends(text.p + last->byte, c.byte - last->byte, &c.line, &c.page);
    more = vec_grow(checks->at, &checks->cap, checks->n + 1, sizeof *more);
    if (!more)
        return ERR_NOMEM;
    checks->at = more;
    checks->at[checks->n++] = c;
    *last = c;
    return 0;
}

/* --- adding --- */

static int open_words(struct invert *v, struct view text,
                      const struct zone *zones, size_t nzones)
{
    if (!v->words)
        return words_open(&v->words, text, zones, nzones);
    words_reset(v->words, text, zones, nzones);
    return 0;
}

/* Logs the oldest of the tokens in hand. */
static int log_oldest(struct invert *v, struct view raw, struct inverted *out)
{
    const struct pending *p = &v->pending[v->oldest++ % PENDING];
    struct lexicon_found found;

    if (lexicon_find(v->lexicon, &p->key, raw, &found) < 0)
        return ERR_NOMEM;
    out->cut += found.cut;
    if (found.terms == 0)
        return 0;
    v->log.postings += (uint64_t)found.terms << p->title;
    return log_add(&v->log, found.surface, p->pos, p->title);
}

static int log_all(struct invert *v, struct inverted *out)
{
    struct view gone = {NULL, 0};
    int rc = 0;

    while (rc == 0 && v->oldest != v->newest)
        rc = log_oldest(v, gone, out);
    return rc;
}

/* Takes a token in hand; its bytes stay valid only for now. */
static int add_token(struct invert *v, struct view text, const struct token *t,
                     struct inverted *out)
{
    struct view gone = {NULL, 0};
    struct pending *p;
    int rc = 0;

    if (v->newest - v->oldest == PENDING)
        rc = log_oldest(v, gone, out);
    p = &v->pending[v->newest++ % PENDING];
    lexicon_key(v->lexicon, t, text, &p->key);
    p->pos = t->pos;
    p->title = t->title;
    if (p->key.whole || rc < 0)
        return rc;
    while (rc == 0 && v->newest - v->oldest > 1)
        rc = log_oldest(v, gone, out);
    return rc < 0 ? rc : log_oldest(v, t->raw, out);
}

/* All tokens of a text into the log. */
static int scan(struct invert *v, struct view text, struct checkpoints *checks,
                struct inverted *out)
{
    struct checkpoint last = {0, 1, 1, 0};
    size_t tokens = 0;
    struct token t;
    int rc;

    while ((rc = words_next(v->words, &t)) > 0) {
        rc = add_token(v, text, &t, out);
        if (rc == 0 && checks && t.end >= last.byte + CHECK_EVERY)
            rc = check(v->words, text, &last, checks);
        if (rc < 0)
            return rc;
        if (++tokens % BUDGET_EVERY == 0 && invert_bytes(v) > v->budget)
            return ERR_FULL;
    }
    return rc < 0 ? rc : log_all(v, out);
}

int invert_add(struct invert *v, struct view text, const struct zone *zones,
               size_t nzones, struct checkpoints *checks, struct inverted *out)
{
    size_t nchecks = checks ? checks->n : 0;
    int rc;

    out->length = out->cut = 0;
    v->text_bytes += text.n;
    rc = open_words(v, text, zones, nzones);
    if (rc == 0)
        rc = log_begin(&v->log);
    if (rc == 0)
        rc = scan(v, text, checks, out);
    out->length = words_length(v->words);
    if (rc == 0) {
        v->cp_bytes += (checks ? checks->n - nchecks : 0) * sizeof *checks->at;
        rc = invert_bytes(v) > v->budget ? ERR_FULL : 0;
    }
    if (rc == 0)
        return log_end(&v->log, norm_encode(out->length));
    v->text_bytes -= text.n;
    if (checks)
        checks->n = nchecks;
    v->oldest = v->newest;
    log_undo(&v->log);
    return rc;
}

/* --- walking --- */

int invert_sort(struct invert *v)
{
    if (!v->deal && deal_open(&v->deal) < 0)
        return ERR_NOMEM;
    return deal_start(v->deal, &v->log, v->lexicon);
}

int invert_next(struct invert *v, struct inverted_term *out)
{
    return deal_next(v->deal, out);
}

void invert_clear(struct invert *v, bool all)
{
    v->text_bytes = v->cp_bytes = 0;
    log_clear(&v->log);
    if (all) {
        deal_free(v->deal);
        v->deal = NULL;
        log_release(&v->log);
    }
    if (all || lexicon_bytes(v->lexicon) > v->budget / 4)
        lexicon_forget(v->lexicon);
}
