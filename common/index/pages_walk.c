/* The walk of pages.h below a meta page: trees, values, the free list. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "index/pages_state.h"

enum {
    DEPTH = 16, /* pages from root to leaf; two keys a branch are 2^16 leaves */
    LINE = 256  /* bytes of a line that is said */
};

/* A page on the way from a root to a leaf. */
struct level {
    uint8_t *page;
    size_t at, n;          /* the next node, and how many there are */
    struct view low, high; /* its keys are in [low, high); NULL: no bound */
};

/* One tree, whose levels lie in the walk. */
struct tree_walk {
    const char *name; /* for messages */
    const struct page_tree *tree;
    bool integers;          /* the free list */
    bool tables;            /* the table of tables */
    struct level *level;    /* DEPTH of them */
    size_t depth;           /* levels that are in use */
    struct page_tree found; /* counts */
    uint64_t problems;      /* of the walk when it began */
};

struct walk {
    struct pages *p;
    const struct page_meta *meta;
    struct pages_report *report;
    void (*say)(void *arg, const char *line);
    void *arg;
    struct err *err;
    struct level level[2][DEPTH]; /* of the table of tables, of another tree */
    uint8_t *memory;              /* their pages, and one for values */
    uint8_t *chunk;
    uint8_t *seen;    /* a bit for each page of the file */
    uint64_t missing; /* free pages behind the end of the file */
};

/* --- saying and marking --- */

static void problem(struct walk *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void problem(struct walk *w, const char *fmt, ...)
{
    char line[LINE];
    va_list ap;

    w->report->problems++;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    w->say(w->arg, line);
}

static bool in_file(const struct walk *w, uint64_t page)
{
    return page <= w->meta->last && page < w->p->have;
}

static bool was_seen(const struct walk *w, uint64_t page)
{
    return w->seen[page / 8] >> page % 8 & 1;
}

/* Takes n pages for what `name` says. False, with it said, where they are not
 * there or were taken before. */
static bool take(struct walk *w, const char *name, uint64_t page, uint64_t n)
{
    uint64_t i;

    if (page < PAGE_METAS || !in_file(w, page) || !in_file(w, page + n - 1)) {
        problem(w, "page %" PRIu64 " of %s is not in the file", page, name);
        return false;
    }
    for (i = page; i < page + n; i++) {
        if (was_seen(w, i)) {
            problem(w, "page %" PRIu64 " of %s is in use twice", i, name);
            return false;
        }
        w->seen[i / 8] |= (uint8_t)(1u << i % 8);
    }
    return true;
}

/* --- the free list --- */

struct free_record {
    uint64_t left; /* numbers to come */
    uint64_t last; /* the one before: they descend */
};

/* The numbers in a stretch of a record. False where one is wrong. */
static bool free_pages(struct walk *w, struct free_record *r, struct view v)
{
    for (; v.n >= 8 && r->left > 0; v = view_sub(v, 8, v.n), r->left--) {
        uint64_t page = get_u64(v.p);

        if (page < PAGE_METAS || page >= r->last) {
            problem(w, "the free list: page %" PRIu64 " is out of order", page);
            return false;
        }
        r->last = page;
        if (page >= w->p->have)
            w->missing++;
        else if (!take(w, "the free list", page, 1))
            return false;
    }
    return true;
}

/* Commit -> how many pages, then their numbers. What is behind them was
 * reserved and not needed. */
static int take_free(struct walk *w, const struct page_node *n)
{
    struct free_record r = {0, w->meta->last + 1};
    uint64_t at = n->run * w->p->size + PAGE_HEADER, done;
    struct view v = n->data;
    int rc;

    if (n->size < 8 || n->size % 8 || get_u64(n->key.p) > w->meta->commit) {
        problem(w, "the free list: an entry breaks the format");
        return 0;
    }
    for (done = 0; done < n->size; done += v.n) {
        if (n->run) {
            v = view_of(w->chunk, n->size - done < w->p->size
                                      ? (size_t)(n->size - done)
                                      : w->p->size);
            rc = pages_read(w->p, at + done, w->chunk, v.n, w->err);
            if (rc < 0)
                return rc;
        }
        if (done == 0) {
            r.left = get_u64(v.p);
            if (r.left > n->size / 8 - 1) {
                problem(w, "the free list: an entry is cut short");
                return 0;
            }
        }
        if (!free_pages(w, &r, done ? v : view_sub(v, 8, v.n)))
            return 0;
    }
    return 0;
}

/* --- trees --- */

static int walk_tree(struct walk *w, struct tree_walk *b);

static int take_run(struct walk *w, struct tree_walk *b,
                    const struct page_node *n)
{
    uint8_t header[PAGE_HEADER];
    const char *what;
    uint64_t pages;
    int rc;

    /* the first page alone, until its header can be believed */
    if (!take(w, b->name, n->run, 1))
        return 0;
    rc = pages_read(w->p, n->run * w->p->size, header, sizeof header, w->err);
    if (rc < 0)
        return rc;
    w->report->pages++;
    what = page_run(header, w->p->size, n->run, n->size, &pages);
    if (what) {
        problem(w, "page %" PRIu64 " of %s: %s", n->run, b->name, what);
        return 0;
    }
    b->found.overflows += pages;
    return pages > 1 && !take(w, b->name, n->run + 1, pages - 1) ? 0 : 1;
}

/* A table's record in the table of tables. */
static int take_table(struct walk *w, const struct page_node *n)
{
    char name[32] = "table ";
    size_t i, at = strlen(name);
    struct page_tree tree;
    struct tree_walk b = {.name = name, .tree = &tree, .level = w->level[1]};

    for (i = 0; i < n->key.n && at + 1 < sizeof name; i++)
        name[at++] =
            n->key.p[i] >= ' ' && n->key.p[i] < 0x7f ? (char)n->key.p[i] : '?';
    if (!n->table) {
        problem(w, "%s is no table", name);
        return 0;
    }
    page_tree(n->data.p, &tree);
    if (tree.pad != 0 || tree.flags != 0) {
        problem(w, "%s sorts in another way", name);
        return 0;
    }
    return walk_tree(w, &b);
}

static int take_entry(struct walk *w, struct tree_walk *b,
                      const struct page_node *n)
{
    int rc = 1;

    b->found.entries++;
    if (n->run)
        rc = take_run(w, b, n);
    if (rc <= 0)
        return rc;
    if (b->integers)
        return take_free(w, n);
    if (b->tables)
        return take_table(w, n);
    if (n->table)
        problem(w, "%s: an entry is a table", b->name);
    return 0;
}

/* Whether the keys of a page are between those that lead to it. */
static bool keys_fit(const struct tree_walk *b, const struct level *l)
{
    struct page_node first, last;
    size_t from = b->depth == b->tree->depth ? 0 : 1;

    if (from >= l->n)
        return true;
    page_node(l->page, from, &first);
    page_node(l->page, l->n - 1, &last);
    return (!l->low.p || page_key_cmp(first.key, l->low, b->integers) >= 0) &&
           (!l->high.p || page_key_cmp(last.key, l->high, b->integers) < 0);
}

/* Goes down to a page: 1, 0 where it cannot be used. */
static int descend(struct walk *w, struct tree_walk *b, uint64_t page,
                   struct view low, struct view high)
{
    struct level *l = &b->level[b->depth];
    bool leaf = b->depth + 1 == b->tree->depth;
    const char *what;
    int rc;

    if (!take(w, b->name, page, 1))
        return 0;
    rc = pages_read(w->p, page * w->p->size, l->page, w->p->size, w->err);
    if (rc < 0)
        return rc;
    w->report->pages++;
    b->depth++;
    what = page_wrong(l->page, w->p->size, page, leaf ? PAGE_LEAF : PAGE_BRANCH,
                      b->integers);
    if (!what) {
        l->at = 0;
        l->n = page_nodes(l->page);
        l->low = low;
        l->high = high;
        if (!keys_fit(b, l))
            what = "its keys are not those that lead to it";
    }
    if (what) {
        problem(w, "page %" PRIu64 " of %s: %s", page, b->name, what);
        b->depth--;
        return 0;
    }
    b->found.leaves += leaf;
    b->found.branches += !leaf;
    return 1;
}

/* The next node of the page the walk stands on. */
static int visit(struct walk *w, struct tree_walk *b)
{
    struct level *l = &b->level[b->depth - 1];
    struct view low = l->low, high = l->high;
    struct page_node n, next;
    size_t i = l->at++;

    page_node(l->page, i, &n);
    if (b->depth == b->tree->depth)
        return take_entry(w, b, &n);
    if (i > 0)
        low = n.key;
    if (i + 1 < l->n) {
        page_node(l->page, i + 1, &next);
        high = next.key;
    }
    return descend(w, b, n.child, low, high);
}

static void compare_counts(struct walk *w, const struct tree_walk *b)
{
    const struct page_tree *t = b->tree, *f = &b->found;

    if (w->report->problems > b->problems) /* then they cannot be true */
        return;
    if (t->branches != f->branches || t->leaves != f->leaves ||
        t->overflows != f->overflows)
        problem(w,
                "%s has %" PRIu64 " + %" PRIu64 " + %" PRIu64
                " branch, leaf and overflow pages, not %" PRIu64 " + %" PRIu64
                " + %" PRIu64,
                b->name, f->branches, f->leaves, f->overflows, t->branches,
                t->leaves, t->overflows);
    if (t->entries != f->entries)
        problem(w, "%s has %" PRIu64 " entries, not %" PRIu64, b->name,
                f->entries, t->entries);
}

/* 0, also where problems were said; negative where reading failed. */
static int walk_tree(struct walk *w, struct tree_walk *b)
{
    struct view none = {NULL, 0};
    int rc = 0;

    b->problems = w->report->problems;
    if (b->tree->depth > DEPTH ||
        (b->tree->depth == 0) != (b->tree->root == PAGE_NONE)) {
        problem(w, "%s has a depth that does not come about", b->name);
        return 0;
    }
    if (b->tree->depth > 0)
        rc = descend(w, b, b->tree->root, none, none);
    while (rc >= 0 && b->depth > 0) {
        const struct level *l = &b->level[b->depth - 1];

        if (l->at < l->n)
            rc = visit(w, b);
        else
            b->depth--;
    }
    if (rc >= 0)
        compare_counts(w, b);
    return rc < 0 ? rc : 0;
}

/* --- the whole --- */

/* Pages that are neither in use nor free, and those the file lacks. */
static void check_rest(struct walk *w)
{
    uint64_t i, lost = 0, first = 0, end = w->p->have;
    uint64_t last = w->meta->last;

    if (w->report->problems) /* then they are what could not be reached */
        return;
    for (i = PAGE_METAS; i < end && i <= last; i++)
        if (!was_seen(w, i) && lost++ == 0)
            first = i;
    if (lost > 0)
        problem(w,
                "%" PRIu64 " pages are neither in use nor free, the first "
                "is %" PRIu64,
                lost, first);
    if (last >= end && w->missing == last - end + 1)
        problem(w,
                "the file lacks its last %" PRIu64 " pages, all free ones: "
                "the next run that writes puts them there",
                w->missing);
    else if (last >= end)
        problem(w, "the file lacks its last %" PRIu64 " pages", last - end + 1);
}

static int open_memory(struct walk *w)
{
    size_t size = w->p->size, bits = (size_t)(w->p->have / 8 + 1), i;

    w->memory = malloc((2 * DEPTH + 1) * size);
    w->seen = calloc(bits, 1);
    if (!w->memory || !w->seen)
        return err_nomem(w->err);
    for (i = 0; i < (size_t)2 * DEPTH; i++)
        w->level[i / DEPTH][i % DEPTH].page = w->memory + i * size;
    w->chunk = w->memory + 2 * DEPTH * size;
    return 0;
}

static int walk_all(struct walk *w)
{
    struct tree_walk free_list = {.name = "the free list",
                                  .tree = &w->meta->free,
                                  .integers = true,
                                  .level = w->level[1]};
    struct tree_walk tables = {.name = "the table of tables",
                               .tree = &w->meta->table,
                               .tables = true,
                               .level = w->level[0]};
    int rc = walk_tree(w, &free_list);

    if (rc == 0)
        rc = walk_tree(w, &tables);
    if (rc == 0)
        check_rest(w);
    return rc;
}

int pages_walk_from(struct pages *p, const struct page_meta *meta,
                    struct pages_report *out,
                    void (*say)(void *arg, const char *line), void *arg,
                    struct err *err)
{
    struct walk w = {.p = p,
                     .meta = meta,
                     .report = out,
                     .say = say,
                     .arg = arg,
                     .err = err};
    int rc = open_memory(&w);

    if (rc == 0)
        rc = walk_all(&w);
    free(w.memory);
    free(w.seen);
    return rc;
}
