#include "index/page.h"

#include <string.h>

#include "base/bytes.h"

#define MAGIC 0xbeefc0deu

enum {
    VERSION = 1,
    META_FROM = PAGE_HEADER,
    NODE_HEADER = 8,
    NODE_RUN = 1, /* flags of a node: its value is elsewhere */
    NODE_TABLE = 2
};

/* --- headers --- */

static uint64_t number_of(const uint8_t *p)
{
    return get_u64(p);
}

static unsigned flags_of(const uint8_t *p)
{
    return get_u16(p + 10);
}

static size_t lower_of(const uint8_t *p)
{
    return get_u16(p + 12);
}

static size_t upper_of(const uint8_t *p)
{
    return get_u16(p + 14);
}

void page_tree(const uint8_t p[PAGE_TREE], struct page_tree *out)
{
    out->pad = get_u32(p);
    out->flags = get_u16(p + 4);
    out->depth = get_u16(p + 6);
    out->branches = get_u64(p + 8);
    out->leaves = get_u64(p + 16);
    out->overflows = get_u64(p + 24);
    out->entries = get_u64(p + 32);
    out->root = get_u64(p + 40);
}

static bool page_size_possible(uint64_t n)
{
    return n >= PAGE_SMALLEST && n <= PAGE_LARGEST && (n & (n - 1)) == 0;
}

const char *page_meta(const uint8_t *p, uint64_t number, struct page_meta *out)
{
    const uint8_t *m = p + META_FROM;

    page_tree(m + 24, &out->free);
    page_tree(m + 72, &out->table);
    out->psize = out->free.pad;
    out->map_size = get_u64(m + 16);
    out->last = get_u64(m + 120);
    out->commit = get_u64(m + 128);
    if (get_u32(m) != MAGIC)
        return "it is no meta page of LMDB";
    if (get_u32(m + 4) != VERSION)
        return "it is of another version of LMDB";
    if (number_of(p) != number || flags_of(p) != PAGE_META)
        return "its header is not that of a meta page";
    if (!page_size_possible(out->psize))
        return "the size of a page is impossible";
    if ((out->free.flags & TREE_ORDER) != TREE_INTEGERS ||
        (out->table.flags & TREE_ORDER) != 0)
        return "its tables sort in another way";
    /* commit n is in page n mod 2; a new file has number 0 in both */
    if (out->commit != 0 && out->commit % PAGE_METAS != number)
        return "its commit belongs to the other meta page";
    if (out->last < PAGE_METAS - 1 ||
        out->last >= UINT64_MAX / out->psize - 1 ||
        out->map_size < (out->last + 1) * out->psize)
        return "the number of pages is impossible";
    return NULL;
}

const char *page_run(const uint8_t p[PAGE_HEADER], size_t size, uint64_t number,
                     uint64_t bytes, uint64_t *pages)
{
    *pages = get_u32(p + 12);
    if (number_of(p) != number)
        return "it is another page by its header";
    if (flags_of(p) != PAGE_OVERFLOW)
        return "it should be an overflow page";
    /* a value may have been longer before */
    if (*pages < (PAGE_HEADER - 1 + bytes) / size + 1)
        return "its run is shorter than its value";
    return NULL;
}

/* --- nodes --- */

static const uint8_t *node_at(const uint8_t *p, size_t i)
{
    return p + get_u16(p + PAGE_HEADER + 2 * i);
}

size_t page_nodes(const uint8_t *p)
{
    return (lower_of(p) - PAGE_HEADER) / 2;
}

/* Bytes of a node with its padding. Its header is inside the page. */
static uint64_t node_bytes(const uint8_t *n, bool leaf)
{
    uint64_t bytes = NODE_HEADER + get_u16(n + 6);

    if (leaf && (get_u16(n + 4) & NODE_RUN))
        bytes += sizeof(uint64_t);
    else if (leaf)
        bytes += get_u32(n);
    return (bytes + 1) & ~(uint64_t)1;
}

void page_node(const uint8_t *p, size_t i, struct page_node *out)
{
    const uint8_t *n = node_at(p, i);
    unsigned flags = get_u16(n + 4);

    memset(out, 0, sizeof *out);
    out->key = view_of(n + NODE_HEADER, get_u16(n + 6));
    if (flags_of(p) == PAGE_BRANCH) {
        out->child = get_u32(n) | (uint64_t)flags << 32;
        return;
    }
    out->size = get_u32(n);
    out->table = flags & NODE_TABLE;
    if (flags & NODE_RUN)
        out->run = get_u64(out->key.p + out->key.n);
    else
        out->data = view_of(out->key.p + out->key.n, (size_t)out->size);
}

int page_key_cmp(struct view a, struct view b, bool integers)
{
    uint64_t x, y;

    if (!integers)
        return view_cmp(a, b);
    x = get_u64(a.p);
    y = get_u64(b.p);
    return x < y ? -1 : x > y;
}

/* Marks the 2-byte units of a node. False where one is marked already. */
static bool mark(uint8_t *used, size_t from, size_t to)
{
    size_t i;

    for (i = from / 2; i < to / 2; i++) {
        if (used[i / 8] >> i % 8 & 1)
            return false;
        used[i / 8] |= (uint8_t)(1u << i % 8);
    }
    return true;
}

/* Pointers and nodes: inside the page, apart from each other. */
static const char *places_wrong(const uint8_t *p, size_t size, bool leaf)
{
    uint8_t used[PAGE_LARGEST / 16] = {0};
    size_t i, n = page_nodes(p), sum = upper_of(p);

    for (i = 0; i < n; i++) {
        size_t at = get_u16(p + PAGE_HEADER + 2 * i);
        uint64_t bytes;

        if (at % 2 || at < upper_of(p) || at + NODE_HEADER > size)
            return "a pointer leads out of it";
        bytes = node_bytes(p + at, leaf);
        if (bytes > size - at)
            return "a node does not end inside it";
        if (!mark(used, at, at + (size_t)bytes))
            return "two nodes overlap";
        sum += (size_t)bytes;
    }
    return sum == size ? NULL : "there are gaps between its nodes";
}

/* What a key's length and a node's flags may be. */
static const char *node_wrong(const uint8_t *p, size_t i, bool leaf,
                              bool integers)
{
    const uint8_t *n = node_at(p, i);
    size_t length = get_u16(n + 6);
    unsigned flags = get_u16(n + 4);

    if (!leaf && i == 0) /* stands for all keys below the next one */
        return length <= PAGE_KEY_MAX ? NULL : "a key is too long";
    if (length == 0 || length > PAGE_KEY_MAX ||
        (integers && length != sizeof(uint64_t)))
        return "the length of a key is impossible";
    if (leaf && flags != 0 && flags != NODE_RUN && flags != NODE_TABLE)
        return "a node has flags that do not come about";
    if (leaf && flags == NODE_TABLE && get_u32(n) != PAGE_TREE)
        return "a table's record has another size";
    return NULL;
}

static struct view key_at(const uint8_t *p, size_t i)
{
    const uint8_t *n = node_at(p, i);

    return view_of(n + NODE_HEADER, get_u16(n + 6));
}

static const char *nodes_wrong(const uint8_t *p, bool leaf, bool integers)
{
    size_t i, n = page_nodes(p), first = leaf ? 0 : 1;
    const char *what = NULL;

    for (i = 0; i < n && !what; i++) {
        what = node_wrong(p, i, leaf, integers);
        if (!what && i > first &&
            page_key_cmp(key_at(p, i - 1), key_at(p, i), integers) >= 0)
            what = "its keys do not ascend";
    }
    return what;
}

const char *page_wrong(const uint8_t *p, size_t size, uint64_t number,
                       enum page_kind kind, bool integers)
{
    size_t lower = lower_of(p), upper = upper_of(p);
    bool leaf = kind == PAGE_LEAF;
    const char *what;

    if (number_of(p) != number)
        return "it is another page by its header";
    if (flags_of(p) != (unsigned)kind)
        return leaf ? "it should be a leaf" : "it should be a branch";
    if (lower < PAGE_HEADER || lower % 2 || lower > upper || upper > size)
        return "the bounds of its free space are impossible";
    /* LMDB lets the free list, which it changes while it commits, keep a
     * branch of one node */
    if (page_nodes(p) < (leaf || integers ? 1 : 2))
        return "it has too few nodes";
    what = places_wrong(p, size, leaf);
    return what ? what : nodes_wrong(p, leaf, integers);
}
