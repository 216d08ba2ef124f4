/* Questions as trees: making and freeing them. */
#include <stdlib.h>

#include "tests/oracle/rank.h"

struct node *node_new(enum leaf leaf)
{
    struct node *n = must(calloc(1, sizeof *n));

    n->leaf = leaf;
    return n;
}

struct node *node_leaf(struct collection *c, enum leaf leaf, struct view text)
{
    struct node *n = node_new(leaf);
    struct zone all = {0, (uint32_t)text.n, false};
    uint32_t i, kept = 0, length;

    buf_add(&n->text, text);
    collection_tokens(c, text, &all, 1, false, &n->tok, &n->ntoks, &n->toks_cap,
                      &length);
    /* The last character of a run of two or more is part of the bigram before
     * it. Second readings are of documents alone. */
    for (i = 0; i < n->ntoks; i++)
        if (n->tok[i].kind != TOKEN_SECOND &&
            !(n->tok[i].kind == TOKEN_UNIGRAM && i > 0 &&
              n->tok[i - 1].kind == TOKEN_BIGRAM &&
              n->tok[i - 1].end == n->tok[i].end))
            n->tok[kept++] = n->tok[i];
    n->ntoks = kept;
    return n;
}

struct node *node_path(struct view text)
{
    struct node *n = node_new(LEAF_PATH);

    if (buf_add(&n->text, text) < 0)
        die("out of memory");
    return n;
}

struct node *node_id(uint32_t id)
{
    struct node *n = node_new(LEAF_ID);

    n->id = id;
    if (buf_addf(&n->text, "%u", id) < 0)
        die("out of memory");
    return n;
}

struct node *node_group(void)
{
    return node_new(LEAF_NONE);
}

bool node_names(const struct node *n)
{
    return n->leaf == LEAF_PATH || n->leaf == LEAF_ID;
}

void node_add(struct node *group, struct node *child, enum occur occur)
{
    group->child =
        must(realloc(group->child, (group->n + 1) * sizeof *group->child));
    group->occur =
        must(realloc(group->occur, (group->n + 1) * sizeof *group->occur));
    group->child[group->n] = child;
    group->occur[group->n++] = occur;
}

void node_free(struct node *n)
{
    unsigned i;

    for (i = 0; i < n->n; i++)
        node_free(n->child[i]);
    free(n->child);
    free(n->occur);
    free(n->tok);
    buf_release(&n->text);
    buf_release(&n->stem);
    free(n);
}
