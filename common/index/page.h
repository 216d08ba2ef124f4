/*
 * page.h - one page of a data file as LMDB 0.9 lays it out, without LMDB: the
 * bytes of a page become a header and nodes, or what is wrong with them.
 *
 * LMDB follows the numbers in its pages wherever they lead; a damaged one ends
 * the process. These functions believe nothing: page_wrong() says whether a
 * page can be read at all, and the others may be used on pages that pass.
 * Layout: liblmdb/mdb.c, MDB_page, MDB_node, MDB_db, MDB_meta, of a 64-bit
 * little-endian machine.
 *
 *     if ((what = page_wrong(p, size, number, PAGE_LEAF, false)) != NULL) ...
 *     for (i = 0; i < page_nodes(p); i++)
 *         page_node(p, i, &node);
 */
#ifndef INDEX_PAGE_H
#define INDEX_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum page_kind {
    PAGE_BRANCH = 1,
    PAGE_LEAF = 2,
    PAGE_OVERFLOW = 4, /* the first of a run that holds one value */
    PAGE_META = 8
};

enum {
    PAGE_HEADER = 16,
    PAGE_SMALLEST = 512, /* bytes of a page */
    PAGE_LARGEST = 32768,
    PAGE_KEY_MAX = 511,
    PAGE_METAS = 2 /* pages 0 and 1 */
};

#define PAGE_NONE UINT64_MAX /* the root of a table without entries */

/* A table, in a meta page or in the table of tables. */
struct page_tree {
    uint32_t pad;   /* of the free list: bytes of a page; else 0 */
    uint16_t flags; /* how keys sort; of the free list also the file's */
    uint16_t depth; /* pages from root to leaf, 0 where there is no root */
    uint64_t branches, leaves, overflows; /* pages */
    uint64_t entries;
    uint64_t root;
};
enum { PAGE_TREE = 48 }; /* bytes of one */

/* How keys sort, in page_tree.flags. */
enum { TREE_INTEGERS = 8, TREE_ORDER = 0x7f };

struct page_meta {
    uint64_t psize;         /* bytes of a page */
    uint64_t map_size;      /* bytes that the writer had mapped */
    struct page_tree free;  /* commit -> pages it freed */
    struct page_tree table; /* name -> table */
    uint64_t last;          /* the file's last page */
    uint64_t commit;        /* its number; 0 for a file that had none */
};
enum { PAGE_META_END = PAGE_HEADER + 136 }; /* bytes that page_meta reads */

/* Fills *out from the first bytes of page `number`, 0 or 1: NULL, or what is
 * wrong. */
const char *page_meta(const uint8_t *p, uint64_t number, struct page_meta *out);

void page_tree(const uint8_t p[PAGE_TREE], struct page_tree *out);

/* The header, kind and nodes of a branch or leaf page, `size` bytes, with keys
 * that ascend, as integers or as bytes: NULL, or what is wrong. */
const char *page_wrong(const uint8_t *p, size_t size, uint64_t number,
                       enum page_kind kind, bool integers);

struct page_node {
    struct view key;
    uint64_t child;   /* of a branch: the page */
    uint64_t size;    /* of a leaf: bytes of the value */
    struct view data; /* the value, if it is in the page */
    uint64_t run;     /* else its overflow page; 0 = none */
    bool table;       /* the value is a page_tree */
};

size_t page_nodes(const uint8_t *p);
/* Node i of a page that passed. *out borrows from it. */
void page_node(const uint8_t *p, size_t i, struct page_node *out);

/* The header of an overflow page whose value has `bytes`: NULL with the pages
 * of its run, or what is wrong. */
const char *page_run(const uint8_t p[PAGE_HEADER], size_t size, uint64_t number,
                     uint64_t bytes, uint64_t *pages);

/* Order of two keys, as of memcmp. */
int page_key_cmp(struct view a, struct view b, bool integers);

#endif
