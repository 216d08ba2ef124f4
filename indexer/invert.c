#include "indexer/invert.h"

#include <stdlib.h>

#include "index/norm.h"
#include "indexer/deal.h"
#include "indexer/lexicon.h"
#include "indexer/vec.h"

enum {
    CHECK_EVERY = 256, /* bytes between two checkpoints at least */
    AT_ONCE = 1024,    /* tokens between two looks at the budget */
    PLAIN = 128,       /* plain tokens taken from the text at once */
    PENDING = PLAIN    /* tokens that wait for their line of the lexicon */
};

struct pending {
    struct lexicon_key key;
    uint32_t pos;
    bool title;
};

struct invert {
    struct lexicon *lexicon;
    struct words *words; /* NULL before the first document */
    size_t budget;
    size_t beside;     /* bytes that others take until the log is sorted */
    size_t text_bytes; /* of the documents so far */
    size_t cp_bytes;   /* and of their checkpoints */
    struct log log;
    size_t log_held;   /* memory of earlier batches that it still has */
    struct deal *deal; /* NULL before the first walk */
    size_t deal_held;
    struct pending pending[PENDING]; /* tokens in hand */
    unsigned npending;
    struct sketch sketch; /* of the document at hand */
};

int invert_open(struct invert **out, struct lexers *lexers, size_t budget,
                size_t beside)
{
    struct invert *v = calloc(1, sizeof *v);

    *out = v;
    if (!v)
        return ERR_NOMEM;
    v->budget = budget;
    v->beside = beside;
    if (lexicon_open(&v->lexicon, lexers) < 0) {
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

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

size_t invert_bytes(const struct invert *v)
{
    size_t packing, sorting;

    if (v->log.n == 0 && v->log.ndocs == 0)
        return v->text_bytes + v->cp_bytes + lexicon_bytes(v->lexicon) +
               v->log_held + v->deal_held;
    packing = log_waiting(&v->log) + v->beside;
    sorting = larger(deal_bytes(&v->log, v->lexicon), v->deal_held);
    return v->text_bytes + v->cp_bytes + lexicon_bytes(v->lexicon) +
           larger(log_bytes(&v->log), v->log_held) + larger(packing, sorting);
}

size_t invert_held(const struct invert *v)
{
    return v->log_held + v->deal_held;
}

/* --- checkpoints --- */

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* Bytes c in p[0..n), 16 at a time. */
static uint32_t count_byte(const uint8_t *p, size_t n, uint8_t c)
{
    uint32_t count = 0;
    unsigned i;

    while (n >= 16) {
        size_t blocks = n / 16 < 255 ? n / 16 : 255;
        bytes16 sums = {0}, v;

        n -= blocks * 16;
        for (; blocks > 0; blocks--, p += 16) {
            memcpy(&v, p, sizeof v);
            sums -= (bytes16)(v == c); /* true is -1 */
        }
        for (i = 0; i < 16; i++)
            count += sums[i];
    }
    for (; n > 0; n--)
        count += *p++ == c;
    return count;
}

/* Appends a checkpoint at a byte where the scan may restart and position `pos`
 * is due. *last is the one before. */
static int check(struct view text, uint32_t byte, uint32_t pos,
                 struct checkpoint *last, struct checkpoints *checks)
{
    struct checkpoint *more, c = {byte, last->line, last->page, pos};

    c.line += count_byte(text.p + last->byte, c.byte - last->byte, '\n');
    c.page += count_byte(text.p + last->byte, c.byte - last->byte, '\f');
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

/* Logs a token that the lexicon knows by now. */
static inline void log_found(struct invert *v, const struct pending *p,
                             const struct lexicon_found *found,
                             struct inverted *out)
{
    out->cut += found->cut;
    if (found->terms == 0)
        return;
    v->log.postings += (uint64_t)found->terms << p->title;
    log_add(&v->log, found->surface, p->pos, p->title);
}

/* Logs the tokens in hand, whose keys are whole. */
static int log_pending(struct invert *v, struct inverted *out)
{
    const struct pending *p = v->pending, *end = p + v->npending;
    const struct lexicon_found *found;

    for (; p < end; p++)
        sketch_add(&v->sketch, p->key.word, p->title);
    for (p = v->pending; p < end; p++) {
        found = lexicon_find(v->lexicon, &p->key);
        if (!found)
            return ERR_NOMEM;
        log_found(v, p, found, out);
    }
    v->npending = 0;
    return 0;
}

/* Room for n more tokens in hand. */
static int make_way(struct invert *v, unsigned n, struct inverted *out)
{
    return v->npending + n > PENDING ? log_pending(v, out) : 0;
}

/* Logs a token whose bytes do not fit its key: they stay valid only for now. */
static int log_long(struct invert *v, struct pending p, struct view raw,
                    struct inverted *out)
{
    const struct lexicon_found *found;

    if (log_pending(v, out) < 0)
        return ERR_NOMEM;
    sketch_add(&v->sketch, p.key.word, p.title);
    found = lexicon_find_any(v->lexicon, &p.key, raw);
    if (!found)
        return ERR_NOMEM;
    log_found(v, &p, found, out);
    return 0;
}

/* Takes a token in hand, for which there is room. */
static int add_token(struct invert *v, struct view text, const struct token *t,
                     struct inverted *out)
{
    struct pending *p = &v->pending[v->npending];

    lexicon_key(v->lexicon, t, text, &p->key);
    p->pos = t->pos;
    p->title = t->title;
    if (!lexicon_whole(&p->key))
        return log_long(v, *p, t->raw, out);
    v->npending++;
    return 0;
}

/* A text whose tokens go into the log. */
struct scanned {
    struct view text;
    struct checkpoints *checks; /* or NULL */
    struct checkpoint last;     /* of them, or the text's beginning */
    struct inverted *out;
    size_t room; /* tokens before the next look at the budget */
};

/* Room for n tokens, AT_ONCE at most; ERR_FULL when the budget is spent. */
static int make_room(struct invert *v, struct scanned *s, size_t n)
{
    if (s->room >= n) {
        s->room -= n;
        return 0;
    }
    if (invert_bytes(v) > v->budget)
        return ERR_FULL;
    if (log_reserve(&v->log, AT_ONCE + PENDING) < 0)
        return ERR_NOMEM;
    s->room = AT_ONCE - n;
    return 0;
}

/* Plain tokens that come at once. */
struct stretch {
    struct plain plain[PLAIN];
    unsigned n, at; /* how many; the next */
    uint32_t pos;   /* due at it */
    bool title;
};

/* Takes them in hand, as far as they are not joined and their bytes fit a key. */
static void add_short(struct invert *v, struct view text, struct stretch *st)
{
    const struct plain *t = st->plain + st->at, *end = st->plain + st->n;
    struct pending *p = v->pending + v->npending;
    uint32_t pos = st->pos;

    for (; t < end && t->n <= LEXICON_SHORT && t->span == 1 &&
           text.n - t->start >= 16;
         t++, p++) {
        lexicon_key_short(v->lexicon, text.p + t->start, t->n,
                          lexicon_meta(t->kind, 1), &p->key);
        p->pos = pos++;
        p->title = st->title;
    }
    st->at = (unsigned)(t - st->plain);
    st->pos = pos;
    v->npending = (unsigned)(p - v->pending);
}

/* Takes the next of them in hand, whatever it is. */
static int add_plain(struct invert *v, struct scanned *s, struct stretch *st)
{
    const struct plain *t = &st->plain[st->at++];
    uint8_t room[PLAIN_MAX];
    struct token token = {
        .start = t->start,
        .end = t->start + t->n,
        .pos = t->span > 1 ? st->pos - 1 : st->pos++,
        .span = t->span,
        .kind = t->kind,
        .title = st->title,
        .raw = plain_raw(s->text, t, room),
    };

    return add_token(v, s->text, &token, s->out);
}

/* Checkpoints behind plain tokens, of which the first is at position pos. */
static int check_plain(struct scanned *s, const struct stretch *st,
                       uint32_t pos)
{
    unsigned i;
    int rc = 0;

    for (i = 0; i < st->n && rc == 0; i++) {
        const struct plain *t = &st->plain[i];

        pos += t->span == 1;
        if (t->next && t->start + t->next >= s->last.byte + CHECK_EVERY)
            rc = check(s->text, t->start + t->next, pos, &s->last, s->checks);
    }
    return rc;
}

/* Plain tokens, as many as come at once. */
static int scan_plain_words(struct invert *v, struct scanned *s)
{
    struct stretch st;
    uint32_t pos;
    int rc;

    st.n = words_plain(v->words, st.plain, PLAIN, &st.pos, &st.title);
    st.at = 0;
    pos = st.pos;
    if (st.n == 0)
        return 0;
    rc = make_room(v, s, st.n);
    if (rc == 0)
        rc = make_way(v, st.n, s->out);
    while (rc == 0 && st.at < st.n) {
        add_short(v, s->text, &st);
        if (st.at < st.n)
            rc = add_plain(v, s, &st);
    }
    return rc == 0 && s->checks ? check_plain(s, &st, pos) : rc;
}

/* The next token, of any kind: 1, 0 at the end. */
static int scan_word(struct invert *v, struct scanned *s)
{
    uint32_t byte, pos;
    struct token t;
    int rc = words_next(v->words, &t);

    if (rc <= 0)
        return rc;
    rc = make_room(v, s, 1);
    if (rc == 0)
        rc = make_way(v, 1, s->out);
    if (rc == 0)
        rc = add_token(v, s->text, &t, s->out);
    if (rc == 0 && s->checks && t.end >= s->last.byte + CHECK_EVERY &&
        words_clean(v->words, &byte, &pos) &&
        byte >= s->last.byte + CHECK_EVERY)
        rc = check(s->text, byte, pos, &s->last, s->checks);
    return rc < 0 ? rc : 1;
}

/* All tokens of a text into the log. */
static int scan(struct invert *v, struct view text, struct checkpoints *checks,
                struct inverted *out)
{
    struct scanned s = {text, checks, {0, 1, 1, 0}, out, 0};
    int rc;

    do {
        rc = scan_plain_words(v, &s);
        if (rc == 0)
            rc = scan_word(v, &s);
    } while (rc > 0);
    return rc < 0 ? rc : log_pending(v, out);
}

/* Scans a text into the log, where a document was begun. */
static int add(struct invert *v, struct view text, const struct zone *zones,
               size_t nzones, struct checkpoints *checks, struct inverted *out)
{
    size_t nchecks = checks ? checks->n : 0;
    int rc = open_words(v, text, zones, nzones);

    v->text_bytes += text.n;
    sketch_begin(&v->sketch);
    if (rc == 0)
        rc = scan(v, text, checks, out);
    if (rc < 0)
        return rc;
    out->length = words_length(v->words);
    sketch_end(&v->sketch, out->sketch);
    if (checks)
        v->cp_bytes += (checks->n - nchecks) * sizeof *checks->at;
    return invert_bytes(v) > v->budget ? ERR_FULL : 0;
}

int invert_add(struct invert *v, unsigned language, struct view text,
               const struct zone *zones, size_t nzones,
               struct checkpoints *checks, struct inverted *out)
{
    size_t nchecks = checks ? checks->n : 0;
    size_t text_bytes = v->text_bytes, cp_bytes = v->cp_bytes;
    int rc = lexicon_language(v->lexicon, language);

    out->length = out->cut = 0;
    if (rc == 0)
        rc = log_begin(&v->log);
    if (rc < 0)
        return rc;
    rc = add(v, text, zones, nzones, checks, out);
    if (rc == 0)
        rc = log_end(&v->log, v->lexicon, norm_encode(out->length));
    if (rc == 0)
        return 0;
    log_undo(&v->log);
    v->npending = 0;
    v->text_bytes = text_bytes;
    v->cp_bytes = cp_bytes;
    if (checks)
        checks->n = nchecks;
    return rc;
}

/* --- walking --- */

int invert_sort(struct invert *v)
{
    if (!v->deal && deal_open(&v->deal) < 0)
        return ERR_NOMEM;
    if (log_pack(&v->log, v->lexicon) < 0)
        return ERR_NOMEM;
    v->deal_held = larger(v->deal_held, deal_bytes(&v->log, v->lexicon));
    return deal_start(v->deal, &v->log, v->lexicon);
}

int invert_next(struct invert *v, struct inverted_term *out)
{
    return deal_next(v->deal, out);
}

void invert_stored(struct invert *v)
{
    v->text_bytes = v->cp_bytes = 0;
}

void invert_clear(struct invert *v, bool all)
{
    invert_stored(v);
    v->log_held = larger(v->log_held, log_bytes(&v->log));
    log_clear(&v->log);
    if (all) {
        deal_free(v->deal);
        v->deal = NULL;
        log_release(&v->log);
        v->log_held = v->deal_held = 0;
    }
    if (all || lexicon_bytes(v->lexicon) > v->budget / 3)
        lexicon_forget(v->lexicon);
}
