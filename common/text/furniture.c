#include "text/furniture.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/hash.h"

enum {
    EDGE = 2,           /* lines at either end of a page */
    RUNNING_LINE = 200, /* bytes of a running line at most */
    ROMAN = 8,          /* letters of a number of a page */
    TITLE_LINES = 8     /* lines among which a title is sought */
};

/* --- lines --- */

static bool blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static struct view strip(struct view v)
{
    while (v.n > 0 && blank(v.p[v.n - 1]))
        v.n--;
    while (v.n > 0 && blank(v.p[0]))
        v = view_sub(v, 1, v.n);
    return v;
}

typedef uint8_t bytes16 __attribute__((vector_size(16)));

static bool ends_line(uint8_t c)
{
    return c == '\n' || c == '\f';
}

/* Whether one of 16 bytes ends a line. */
static bool has_end(const uint8_t *p)
{
    uint64_t half[2];
    bytes16 v;

    memcpy(&v, p, sizeof v);
    v = (bytes16)((v == '\n') | (v == '\f'));
    memcpy(half, &v, sizeof half);
    return half[0] | half[1];
}

struct view furniture_line(struct view text, size_t at, size_t *next)
{
    size_t end = at;

    while (text.n - end >= 16 && !has_end(text.p + end))
        end += 16;
    while (end < text.n && !ends_line(text.p[end]))
        end++;
    *next = end + (end < text.n);
    return strip(view_sub(text, at, end));
}

size_t furniture_line_before(struct view text, size_t at)
{
    if (at > 0)
        at--; /* its end */
    while (at >= 16 && !has_end(text.p + at - 16))
        at -= 16;
    while (at > 0 && !ends_line(text.p[at - 1]))
        at--;
    return at;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool roman(struct view v)
{
    size_t i;

    if (v.n == 0 || v.n > ROMAN)
        return false;
    for (i = 0; i < v.n; i++)
        if (!strchr("ivxlcdm", lower(v.p[i])) || v.p[i] == 0)
            return false;
    return true;
}

static uint32_t short_hash(struct view v)
{
    uint32_t hash = (uint32_t)hash64(v) & 0xffffff;

    return hash ? hash : 1;
}

/* What stands for a line when lines are compared: a hash, never 0; 0 for one
 * that is empty or too long. */
static uint32_t edge_hash(struct view line)
{
    line = strip(line);
    return line.n == 0 || line.n > FURNITURE_LINE ? 0 : short_hash(line);
}

/* The same of what may be a running line: without regard to digits, case and
 * how many blanks there are. */
static uint32_t running_hash(struct view line)
{
    uint8_t fold[RUNNING_LINE];
    size_t i, n = 0;

    line = strip(line);
    if (line.n == 0 || line.n > RUNNING_LINE)
        return 0;
    if (roman(line))
        line = view_str("0");
    for (i = 0; i < line.n; i++) {
        uint8_t c = lower(line.p[i]);

        if (blank(c))
            c = ' ';
        else if (digit(c))
            c = '0';
        if (n == 0 || fold[n - 1] != c || (c != ' ' && c != '0'))
            fold[n++] = c;
    }
    return short_hash(view_of(fold, n));
}

/* --- running lines --- */

struct hashes {
    uint32_t *p;
    size_t n, cap;
};

static int keep(struct hashes *h, uint32_t hash, size_t from)
{
    uint32_t *more;
    size_t i;

    for (i = from; i < h->n; i++)
        if (h->p[i] == hash)
            return 0; /* once a page */
    if (hash == 0)
        return 0;
    if (h->n == h->cap) {
        h->cap = h->cap ? 2 * h->cap : 64;
        more = realloc(h->p, h->cap * sizeof *more);
        if (!more)
            return ERR_NOMEM;
        h->p = more;
    }
    h->p[h->n++] = hash;
    return 0;
}

/* Hashes of the first and last lines of a page. */
static int edges_of_page(struct hashes *h, struct view page)
{
    size_t at, from = h->n, n, next;
    struct view line;
    int rc = 0;

    for (at = n = 0; at < page.n && n < EDGE && rc == 0; at = next) {
        line = furniture_line(page, at, &next);
        n += line.n > 0;
        rc = keep(h, running_hash(line), from);
    }
    for (n = 0, next = page.n; next > at && n < EDGE && rc == 0;) {
        next = furniture_line_before(page, next);
        line = furniture_line(page, next, &(size_t){0});
        n += line.n > 0;
        rc = keep(h, running_hash(line), from);
    }
    return rc;
}

static int by_hash(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

struct often {
    uint32_t hash;
    size_t n;
};

static int by_number(const void *a, const void *b)
{
    const struct often *x = a, *y = b;

    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return by_hash(&x->hash, &y->hash);
}

/* Those hashes that there are often enough, the most frequent first. */
static int frequent(struct hashes *h, uint32_t out[FURNITURE_RUNNING],
                    unsigned *n)
{
    struct often *all;
    size_t i, k, found = 0;

    *n = 0;
    if (h->n < FURNITURE_PAGES)
        return 0;
    all = malloc(h->n * sizeof *all);
    if (!all)
        return ERR_NOMEM;
    qsort(h->p, h->n, sizeof *h->p, by_hash);
    for (i = 0; i < h->n; i = k) {
        for (k = i; k < h->n && h->p[k] == h->p[i]; k++)
            ;
        if (k - i >= FURNITURE_PAGES)
            all[found++] = (struct often){h->p[i], k - i};
    }
    if (found > 1)
        qsort(all, found, sizeof *all, by_number);
    for (i = 0; i < found && i < FURNITURE_RUNNING; i++)
        out[(*n)++] = all[i].hash;
    free(all);
    return 0;
}

/* The running lines of a text. 0 or ERR_NOMEM. */
static int running(struct view text, uint32_t out[FURNITURE_RUNNING],
                   unsigned *n)
{
    struct hashes h = {0};
    size_t at = 0, pages = 0;
    int rc = 0;

    *n = 0;
    if (text.n == 0 || !memchr(text.p, '\f', text.n))
        return 0;
    while (at < text.n && pages++ < FURNITURE_PAGES_MAX && rc == 0) {
        const uint8_t *feed = memchr(text.p + at, '\f', text.n - at);
        size_t end = feed ? (size_t)(feed - text.p) : text.n;

        rc = edges_of_page(&h, view_sub(text, at, end));
        at = end + 1;
    }
    if (rc == 0)
        rc = frequent(&h, out, n);
    free(h.p);
    return rc;
}

/* --- marks --- */

static void add_edge(struct furniture *f, struct view line)
{
    uint32_t hash = edge_hash(line);
    unsigned i;

    for (i = 0; i < f->nedges && f->edge[i] != hash; i++)
        ;
    if (hash && i == f->nedges)
        f->edge[f->nedges++] = hash;
}

static void edges(struct furniture *f, struct view text, size_t body)
{
    size_t at, next = body, n;
    struct view line;

    for (n = 0; next < text.n && n < FURNITURE_FIRST;) {
        line = furniture_line(text, next, &next);
        n += line.n > 0;
        add_edge(f, line);
    }
    for (at = text.n, n = 0; at > next && n < FURNITURE_LAST;) {
        at = furniture_line_before(text, at);
        line = furniture_line(text, at, &(size_t){0});
        n += line.n > 0;
        if (at >= next)
            add_edge(f, line);
    }
}

static int add_hashes(struct buf *out, const uint32_t *hash, unsigned n)
{
    unsigned i, k;

    for (i = 0; i < n; i++)
        for (k = 0; k < FURNITURE_HASH; k++)
            if (buf_addc(out, (uint8_t)(hash[i] >> 8 * k)) < 0)
                return ERR_NOMEM;
    return 0;
}

int furniture_marks(struct view text, size_t body, struct buf *out)
{
    struct furniture f = {0};
    int rc = running(text, f.running, &f.nrunning);

    if (rc < 0)
        return rc;
    edges(&f, text, body);
    if (f.nrunning == 0 && f.nedges == 0)
        return 0;
    if (buf_addc(out, (uint8_t)f.nrunning) < 0 ||
        add_hashes(out, f.running, f.nrunning) < 0)
        return ERR_NOMEM;
    return add_hashes(out, f.edge, f.nedges);
}

void furniture_read(struct view marks, struct furniture *out)
{
    size_t i, n, of;

    out->nrunning = out->nedges = 0;
    if (marks.n == 0 || (marks.n - 1) % FURNITURE_HASH != 0)
        return;
    n = (marks.n - 1) / FURNITURE_HASH;
    of = marks.p[0];
    if (of > n || of > FURNITURE_RUNNING || n - of > FURNITURE_EDGES)
        return;
    for (i = 0; i < n; i++) {
        const uint8_t *p = marks.p + 1 + FURNITURE_HASH * i;
        uint32_t hash =
            (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;

        if (i < of)
            out->running[out->nrunning++] = hash;
        else
            out->edge[out->nedges++] = hash;
    }
}

bool furniture_runs(const struct furniture *f, struct view line)
{
    uint32_t hash = f->nrunning ? running_hash(line) : 0;
    unsigned i;

    for (i = 0; hash && i < f->nrunning; i++)
        if (f->running[i] == hash)
            return true;
    return false;
}

int furniture_edge(const struct furniture *f, struct view line)
{
    uint32_t hash = f->nedges ? edge_hash(line) : 0;
    unsigned i;

    for (i = 0; hash && i < f->nedges; i++)
        if (f->edge[i] == hash)
            return (int)i;
    return -1;
}

/* --- kinds of lines --- */

static bool ends_with(struct view v, const char *end)
{
    size_t n = strlen(end);

    return v.n >= n && memcmp(v.p + v.n - n, end, n) == 0;
}

bool furniture_link(struct view line)
{
    return line.n <= FURNITURE_LINK && !ends_with(line, ".") &&
           !ends_with(line, "\xe3\x80\x82"); /* U+3002 */
}

/* A number, with what stands around that of a page: "- 3 -", "Page 3 of 12". */
static bool numbers(struct view line)
{
    bool any = false;
    size_t i = 0, n;

    while (i < line.n) {
        for (n = 0; i + n < line.n && lower(line.p[i + n]) >= 'a' &&
                    lower(line.p[i + n]) <= 'z';
             n++)
            ;
        if (n > 0 &&
            !(n == 4 && lower(line.p[i]) == 'p' &&
              lower(line.p[i + 1]) == 'a' && lower(line.p[i + 2]) == 'g' &&
              lower(line.p[i + 3]) == 'e') &&
            !(n == 2 && lower(line.p[i]) == 'o' && lower(line.p[i + 1]) == 'f'))
            return false;
        i += n;
        if (n > 0)
            continue;
        if (line.p[i] >= 0x80)
            return false;
        any |= digit(line.p[i]);
        i++;
    }
    return any;
}

/* What web pages have above their text, for those who find their way by it. */
static bool leads_around(struct view line)
{
    static const char *const whole[] = {"menu", "main menu",
                                        "toggle navigation", "advertisement"};
    static const char skip[] = "skip to ";
    char low[32] = "";
    size_t i;

    if (line.n >= sizeof low)
        return false;
    for (i = 0; i < line.n; i++)
        low[i] = (char)lower(line.p[i]);
    if (strncmp(low, skip, sizeof skip - 1) == 0)
        return true;
    for (i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strcmp(low, whole[i]) == 0)
            return true;
    return false;
}

struct view furniture_title(struct view text, size_t at)
{
    struct view line, first = {NULL, 0};
    struct furniture f = {0};
    bool known = false;
    unsigned n = 0;

    while (at < text.n && n < TITLE_LINES) {
        line = furniture_line(text, at, &at);
        if (line.n == 0)
            continue;
        if (n++ == 0)
            first = line;
        if (numbers(line) || leads_around(line))
            continue;
        if (!known && running(text, f.running, &f.nrunning) < 0)
            break;
        known = true;
        if (!furniture_runs(&f, line))
            return line;
    }
    return first;
}
