#include "indexer/trec.h"

#include <stdlib.h>
#include <strings.h>

#include "indexer/stream.h"
#include "indexer/trec_doc.h"
#include "indexer/trec_text.h"

enum {
    TAG = 6,    /* bytes that tell "</doc>" from others */
    INDENT = 64 /* blanks before a <DOC> that begins a line */
};

struct trec {
    struct stream in;
    size_t max;
    uint64_t line; /* line ends passed over */
    bool any;      /* there was a <DOC> */
    bool other;    /* there was something else than blanks before it */
    struct trec_doc *doc;
};

int trec_open(struct trec **out, const char *path, size_t max, struct err *err)
{
    struct trec *t = calloc(1, sizeof *t);
    int rc;

    *out = NULL;
    if (!t)
        return err_nomem(err);
    t->max = max;
    rc = stream_open(&t->in, path, err);
    if (rc < 0) {
        free(t);
        return rc;
    }
    rc = trec_doc_open(&t->doc, err);
    if (rc < 0) {
        trec_close(t);
        return rc;
    }
    *out = t;
    return 0;
}

struct stream *trec_stream(struct trec *t)
{
    return &t->in;
}

void trec_close(struct trec *t)
{
    if (!t)
        return;
    stream_close(&t->in);
    trec_doc_free(t->doc);
    free(t);
}

/* Whether v begins with that tag, as "<doc", in any case of letters. */
static bool is_tag(struct view v, const char *tag)
{
    size_t n = strlen(tag);

    return v.n > n && strncasecmp((const char *)v.p, tag, n) == 0 &&
           (v.p[n] == '>' || trec_blank(v.p[n]));
}

/* Passes over the first n bytes and counts their lines. */
static void pass(struct trec *t, size_t n)
{
    struct view v = stream_rest(&t->in);
    size_t i;

    for (i = 0; i < n; i++) {
        t->line += v.p[i] == '\n';
        t->other |= !trec_blank(v.p[i]);
    }
    stream_pass(&t->in, n);
}

/* Goes to the next <DOC>: 1; 0 at the end or when stopped; ERR_IO,
 * ERR_NOMEM. */
static int find_start(struct trec *t, const volatile sig_atomic_t *stop,
                      struct err *err)
{
    struct view v;
    const uint8_t *lt;
    int rc;

    for (;;) {
        v = stream_rest(&t->in);
        lt = v.n ? memchr(v.p, '<', v.n) : NULL;
        pass(t, lt ? (size_t)(lt - v.p) : v.n);
        v = stream_rest(&t->in);
        if (is_tag(v, "<doc"))
            return 1;
        if (v.n < TAG) {
            rc = stream_fill(&t->in, stop, err);
            if (rc > 0)
                continue;
            if (rc < 0 || v.n == 0)
                return rc;
        }
        pass(t, 1);
    }
}

/* Whether nothing but blanks stands before byte `at` in its line. */
static bool begins_line(struct view v, size_t at)
{
    size_t i = at;

    while (i > 0 && at - i < INDENT &&
           (v.p[i - 1] == ' ' || v.p[i - 1] == '\t'))
        i--;
    return i > 0 && v.p[i - 1] == '\n';
}

/* Where the DOC ends that is next in the stream, *n bytes on: 1; 0 where it has
 * no end of its own; ERR_IO, ERR_NOMEM. If it is too large, its first bytes are
 * passed over. */
static int find_end(struct trec *t, size_t *n, bool *large,
                    const volatile sig_atomic_t *stop, struct err *err)
{
    size_t at = 1;
    int rc;

    *large = false;
    for (;;) {
        struct view v = stream_rest(&t->in), tag;
        const uint8_t *lt = memchr(v.p + at, '<', v.n - at);

        *n = at = lt ? (size_t)(lt - v.p) : v.n;
        *large |= at > t->max;
        if (*large && at > INDENT + 1) {
            pass(t, at - INDENT - 1);
            v = stream_rest(&t->in);
            *n = at = INDENT + 1;
        }
        tag = view_sub(v, at, v.n);
        if (is_tag(tag, "</doc"))
            return 1;
        if (is_tag(tag, "<doc") && begins_line(v, at))
            return 0;
        if (tag.n < TAG) {
            rc = stream_fill(&t->in, stop, err);
            if (rc > 0)
                continue;
            if (rc < 0 || tag.n == 0)
                return rc;
        }
        at++;
    }
}

int trec_next(struct trec *t, struct record *out,
              const volatile sig_atomic_t *stop, struct err *err)
{
    bool large;
    size_t n;
    int rc;

    memset(out, 0, sizeof *out);
    rc = find_start(t, stop, err);
    if (rc == 0 && !*stop && !t->any && t->other) {
        t->any = true;
        out->line = 1;
        return err_set(err, ERR_USAGE, "there is no <DOC> in it");
    }
    if (rc <= 0)
        return rc;
    t->any = true;
    out->line = t->line + 1;
    rc = find_end(t, &n, &large, stop, err);
    if (rc < 0 || *stop)
        return rc < 0 ? rc : 0;
    out->raw = view_sub(stream_rest(&t->in), 0, n);
    pass(t, n);
    if (large)
        return err_set(err, ERR_USAGE, "longer than %zu bytes (--max-size)",
                       t->max);
    if (rc == 0)
        return err_set(err, ERR_USAGE, "no </DOC>");
    return trec_doc_parse(t->doc, out, err);
}
