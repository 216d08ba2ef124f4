/* A query: the first byte chooses -a, plain words and --min-match, the rest is
 * its text. */
#include <stdlib.h>

#include "query/plan.h"
#include "tests/fuzz/fuzz.h"

static void plan_it(struct arena *a, struct notes *notes, struct node *tree)
{
    static struct lexers *lx;
    static struct lexer_list list;
    static struct words *w;
    struct leaf_maker m = {.arena = a, .notes = notes};
    struct plan_query q = {0};
    struct buf out = {0};

    if (!lx && (lexers_open(&lx, "english", NULL) < 0 ||
                lexers_list(lx, (uint64_t[STEMMERS]){0}, &list) < 0 ||
                words_open(&w, view_of(NULL, 0), NULL, 0) < 0))
        abort();
    m.lexers = &list;
    m.words = w;
    if (parse_print(tree, &out) < 0)
        abort();
    if (plan_make(&q, &m, tree, NULL) == 0 && q.root &&
        plan_print(q.root, &out) < 0)
        abort();
    plan_release(&q);
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct notes notes = {0};
    struct parse p = {.arena = &a, .notes = &notes};
    struct node *tree;
    struct view text;
    int rc;

    if (size < 1)
        return 0;
    text = view_of(data + 1, size - 1);
    p.all = data[0] & 1;
    p.least = data[0] >> 3;
    p.percent = data[0] & 4;
    rc = data[0] & 2 ? parse_words(&p, text, &tree, NULL)
                     : parse_query(&p, text, &tree, NULL);
    if (rc == 0)
        plan_it(&a, &notes, tree);
    notes_release(&notes);
    arena_release(&a);
    return 0;
}
