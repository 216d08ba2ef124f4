#include "query/paths.h"

#include <stdlib.h>

#include "index/source.h"
#include "text/utf8.h"

bool path_glob(struct view pattern, struct view text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, from = 0;
    unsigned len;

    /* only the last * need be retried: what the ones before took was the
     * shortest, and nothing is gained by taking more */
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.n && pattern.p[p] == '?') {
            p++;
            utf8_decode(text.p + t, text.p + text.n, &len);
            t += len;
        } else if (p < pattern.n && pattern.p[p] == text.p[t]) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

/* --- patterns --- */

static bool wild(uint8_t c)
{
    return c == '*' || c == '?';
}

void path_pattern_set(struct path_pattern *p, struct view text)
{
    size_t i, from = 0;

    memset(p, 0, sizeof *p);
    p->text = text;
    for (i = 0; i <= text.n; i++) {
        if (i < text.n && !wild(text.p[i]))
            continue;
        if (i - from > p->part.n)
            p->part = view_sub(text, from, i);
        if (i < text.n && !p->glob)
            p->head = view_sub(text, 0, i);
        if (p->glob && i == text.n)
            p->tail = view_sub(text, from, i);
        p->glob |= i < text.n;
        from = i + 1;
    }
    p->open = !p->glob || text.p[text.n - 1] == '*';
    p->beginning = p->glob && p->open && p->head.n && p->head.n + 1 == text.n;
}

enum { LANES = 16 };
typedef uint8_t bytes16 __attribute__((vector_size(LANES)));
typedef uint64_t halves __attribute__((vector_size(LANES)));

/* Whether part stands at one of sixteen places: first and last are its bytes. */
static inline bool any_here(const uint8_t *text, struct view part,
                            bytes16 first, bytes16 last)
{
    bytes16 a, b;
    halves hit;
    size_t k;

    memcpy(&a, text, LANES);
    memcpy(&b, text + part.n - 1, LANES);
    hit = (halves)((a == first) & (b == last));
    for (k = 0; (hit[0] | hit[1]) && k < LANES; k++)
        if (text[k] == part.p[0] && memcmp(text + k, part.p, part.n) == 0)
            return true;
    return false;
}

/* memmem looks at each place for itself, which was most of what a path cost. */
static bool contains(struct view text, struct view part)
{
    bytes16 first, last;
    size_t i, places;

    if (part.n == 0 || text.n < part.n)
        return part.n == 0;
    places = text.n - part.n + 1;
    if (places < LANES)
        return memmem(text.p, text.n, part.p, part.n);
    first = (bytes16){0} + part.p[0];
    last = (bytes16){0} + part.p[part.n - 1];
    for (i = 0; i + LANES <= places; i += LANES)
        if (any_here(text.p + i, part, first, last))
            return true;
    return i < places && any_here(text.p + places - LANES, part, first, last);
}

static bool begins(struct view text, struct view with)
{
    return text.n >= with.n &&
           (with.n == 0 || memcmp(text.p, with.p, with.n) == 0);
}

static bool ends(struct view text, struct view with)
{
    return text.n >= with.n && (with.n == 0 || memcmp(text.p + text.n - with.n,
                                                      with.p, with.n) == 0);
}

static bool matches(const struct path_pattern *p, struct view path)
{
    if (!p->glob)
        return contains(path, p->text);
    return begins(path, p->head) &&
           (p->beginning || (ends(path, p->tail) && path_glob(p->text, path)));
}

static bool any_matches(const struct paths *p, struct view path)
{
    unsigned i;

    for (i = 0; i < p->n; i++)
        if (matches(&p->pattern[i], path))
            return true;
    return false;
}

/* Whether `part` may begin in `front` and go on in one of `rests`. */
static bool straddles(struct view front, struct view rests, struct view part)
{
    size_t k = part.n < front.n + 1 ? part.n : front.n + 1;

    while (k-- > 1)
        if (front.p[front.n - 1] == part.p[k - 1] &&
            memcmp(front.p + front.n - k, part.p, k) == 0 &&
            contains(rests, view_sub(part, k, part.n)))
            return true;
    return false;
}

/* Of paths that begin with `front` and go on with one of `rests`, which lie
 * one behind the other. */
static enum paths_verdict judge(const struct path_pattern *p, struct view front,
                                struct view rests)
{
    size_t n = p->head.n < front.n ? p->head.n : front.n;
    bool in_front = true;

    if (n && memcmp(p->head.p, front.p, n) != 0)
        return PATHS_NONE;
    if (n < p->part.n || p->part.p != p->head.p) /* else it is there */
        in_front = contains(front, p->part);
    if (!in_front)
        return straddles(front, rests, p->part) || contains(rests, p->part)
                   ? PATHS_EACH
                   : PATHS_NONE;
    return p->open && matches(p, front) ? PATHS_ALL : PATHS_EACH;
}

/* --- blocks --- */

void paths_open(struct paths *p, struct index *ix,
                const struct path_pattern *pattern, unsigned n)
{
    memset(p, 0, sizeof *p);
    p->ix = ix;
    p->pattern = pattern;
    p->n = n;
    p->number = UINT32_MAX;
}

void paths_close(struct paths *p)
{
    buf_release(&p->shown);
    buf_release(&p->id);
    memset(p, 0, sizeof *p);
}

/* Whether paths that begin so may lie in different roots. */
static bool may_differ(const struct roots *r, struct view front)
{
    size_t i;

    for (i = 0; i < r->n; i++) {
        struct view root = view_str(r->root[i].path);
        size_t n = root.n < front.n ? root.n : front.n;

        if (n && memcmp(root.p, front.p, n) != 0)
            continue;
        if (root.n > front.n ||
            (root.n == front.n && root.p[root.n - 1] != '/'))
            return true;
    }
    return false;
}

static int show(struct paths *p, struct view front, struct view rest)
{
    buf_clear(&p->id);
    buf_clear(&p->shown);
    if (buf_add(&p->id, front) < 0 || buf_add(&p->id, rest) < 0 ||
        roots_show(&p->ix->roots, buf_view(&p->id), &p->shown) < 0)
        return ERR_NOMEM;
    return 0;
}

static int damaged(uint32_t number, struct err *err)
{
    return err_set(err, ERR_CORRUPT,
                   "index damaged: block %u of the names is wrong",
                   (unsigned)number);
}

/* What any of the patterns says of the block, whose paths go on with `rests`. */
static enum paths_verdict judge_all(const struct paths *p, struct view rests)
{
    const struct view front = view_of(p->shown.p, p->common);
    unsigned i, none = 0;

    for (i = 0; i < p->n; i++) {
        enum paths_verdict v = judge(&p->pattern[i], front, rests);

        if (v == PATHS_ALL)
            return p->without ? PATHS_NONE : PATHS_ALL;
        none += v == PATHS_NONE;
    }
    if (none < p->n)
        return PATHS_EACH;
    return p->without ? PATHS_ALL : PATHS_NONE;
}

static int judge_block(struct paths *p, uint32_t number, struct err *err)
{
    struct view front, rests;
    int rc = names_block(&p->ix->names, number, &p->block, err);

    if (rc <= 0)
        return rc < 0 ? rc : PATHS_NONE;
    if (names_parts(p->block, &front, &rests) < 0)
        return damaged(number, err);
    p->mixed = may_differ(&p->ix->roots, front);
    if (p->mixed)
        return PATHS_EACH;
    /* with a letter behind it, so that it is in its root, not the root */
    if (show(p, front, view_str("x")) < 0)
        return err_nomem(err);
    p->common = p->shown.n - 1;
    return judge_all(p, rests);
}

int paths_block(struct paths *p, uint32_t number, struct err *err)
{
    if (p->number != number) {
        p->number = number;
        p->verdict = judge_block(p, number, err);
        if (p->verdict < 0)
            p->number = UINT32_MAX;
    }
    return p->verdict;
}

int paths_has(struct paths *p, uint32_t docid, struct err *err)
{
    struct view part[2];
    int rc;

    if (p->verdict != PATHS_EACH || docid / NAMES_DOCS != p->number)
        return p->verdict == PATHS_ALL;
    rc = names_part(p->block, docid % NAMES_DOCS, part);
    if (rc <= 0)
        return rc < 0 ? damaged(p->number, err) : 0;
    if (p->mixed) {
        rc = show(p, part[0], part[1]);
    } else {
        p->shown.n = p->common;
        rc = buf_add(&p->shown, part[1]);
    }
    if (rc < 0)
        return err_nomem(err);
    return any_matches(p, buf_view(&p->shown)) != p->without;
}

/* --- few of them --- */

struct range {
    struct paths *paths;
    struct cursor *cursor;
    uint32_t *docs;
    size_t n, most;
    size_t seen; /* rows of the path table */
    struct err *err;
};

/* Adds the documents whose ids begin so: 1, 0 where there are too many. */
static int add_range(struct range *r, struct view from)
{
    struct paths *p = r->paths;
    struct view key, val;
    struct source src;
    int rc;

    if (from.n >= SOURCE_KEY_MAX / 2)
        return 0;
    for (rc = cursor_seek(r->cursor, from, &key, &val); rc > 0;
         rc = cursor_next(r->cursor, &key, &val)) {
        if (key.n < from.n || memcmp(key.p, from.p, from.n) != 0)
            return 1;
        if (++r->seen > r->most || key.n == SOURCE_KEY_MAX)
            return 0; /* a cut id takes the full length */
        rc = source_decode(val, &src, r->err);
        if (rc < 0)
            return rc;
        buf_clear(&p->shown);
        if (roots_show(&p->ix->roots, key, &p->shown) < 0)
            return err_nomem(r->err);
        if (src.docid && any_matches(p, buf_view(&p->shown)))
            r->docs[r->n++] = src.docid;
    }
    return rc < 0 ? rc : 1;
}

/* What ids begin with whose shown paths begin with `head` for they lie in that
 * root, in *out: 1; 0 where it is no more than the root's name. */
static int head_in_root(const struct root *root, struct view head,
                        struct buf *out)
{
    struct view name = view_str(root->name), path = view_str(root->path);
    size_t n = name.n + (name.n && name.p[name.n - 1] != '/');

    if (head.n <= n)
        return 0;
    buf_clear(out);
    if (buf_add(out, path) < 0 ||
        (path.p[path.n - 1] != '/' && buf_addc(out, '/') < 0) ||
        buf_add(out, view_sub(head, n, head.n)) < 0)
        return ERR_NOMEM;
    return 1;
}

/* Whether head may begin a path below that name. */
static bool fits(const struct root *root, struct view head)
{
    struct view name = view_str(root->name);
    size_t n = name.n < head.n ? name.n : head.n;

    if (n && memcmp(name.p, head.p, n) != 0)
        return false;
    return head.n <= name.n || name.n == 0 || name.p[name.n - 1] == '/' ||
           head.p[name.n] == '/';
}

static int add_head(struct range *r, struct view head)
{
    struct paths *p = r->paths;
    size_t i;
    int rc = 1;

    for (i = 0; i < p->ix->roots.n && rc > 0; i++) {
        const struct root *root = &p->ix->roots.root[i];

        if (!fits(root, head))
            continue;
        rc = head_in_root(root, head, &p->id);
        if (rc > 0)
            rc = add_range(r, buf_view(&p->id));
        else if (rc < 0)
            err_nomem(r->err);
    }
    return rc > 0 ? add_range(r, head) : rc; /* those that lie in no root */
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static size_t unite(uint32_t *docs, size_t n)
{
    size_t i, kept = 0;

    if (n > 1)
        qsort(docs, n, sizeof *docs, ascending);
    for (i = 0; i < n; i++)
        if (kept == 0 || docs[kept - 1] != docs[i])
            docs[kept++] = docs[i];
    return kept;
}

int paths_few(struct paths *p, uint32_t *docs, size_t most, size_t *n,
              struct err *err)
{
    struct range r = {.paths = p, .docs = docs, .most = most, .err = err};
    unsigned i;
    store_db db;
    int rc;

    *n = 0;
    p->number = UINT32_MAX; /* what it shows is written over */
    for (i = 0; i < p->n; i++)
        if (p->without || !p->pattern[i].beginning)
            return 0;
    rc = txn_open_db(p->ix->txn, "path", false, &db, err);
    if (rc > 0)
        rc = cursor_open(&r.cursor, p->ix->txn, db, err) < 0 ? err->code : 1;
    for (i = 0; i < p->n && rc > 0; i++)
        rc = add_head(&r, p->pattern[i].head);
    cursor_close(r.cursor);
    if (rc > 0)
        *n = unite(docs, r.n);
    return rc;
}
