/*
 * property - after any changes, runs and merges the index answers as a fresh
 * one of the same files: every query finds the same documents, and after
 * --compact with the same scores.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/torture/program.h"
#include "tests/torture/torture.h"
#include "tests/torture/tree.h"

static const char *const question[] = {
    "rail",
    "rail harbour",
    "+visa -durian",
    "-rubber",
    "w1 w2 w3 w4 w5 w6 w7 w8 w9",
    "\"rail harbour\"",
    "\"treaty summit minister\"",
    "\"rail harbour\"~6",
    "visa NEAR/3 trade",
    "=U.S.",
    "=rcep OR =RCEP",
    "Straße",
    "strasse AND économie",
    "東京",
    "north-south",
    "title:f01",
    "title:in",
    "path:d3",
    "path:in.txt rail",
    "date:2024..",
    "rail -date:..2020",
    "date:2020..2023 visa",
    "(rail OR trade) AND NOT harbour",
    "+tariff +2021 +treaty rubber",
    "ASEAN -\"ASEAN's rail\"",
    "version1 version2 version3",
    "\"l'économie\"",
};

enum { QUESTIONS = sizeof question / sizeof *question };

struct property {
    struct tree tree;
    char *db, *fresh, *questions;
    unsigned runs, comparisons, compacted;
};

/* Lines of topic, path and (where scores count) score, sorted. */
static void answers(struct property *p, const char *db, bool scores,
                    struct buf *out)
{
    char *command = text(
        "%s -d %s -n 0 --format=trec -f %s 2>&1 | awk '{ print $1, $3%s }' | "
        "LC_ALL=C sort",
        program_path(QUERY), db, p->questions, scores ? ", $5" : "");
    FILE *f = popen(command, "r");
    int c;

    buf_clear(out);
    if (!f)
        torture_die(command);
    while ((c = getc(f)) != EOF)
        if (buf_addc(out, c) < 0)
            torture_die("no memory");
    if (pclose(f) != 0)
        torture_fault("%s failed", command);
    free(command);
}

/* Whether there is a file to be found: of a tree of five names all may go. */
static bool has_files(const struct tree *t)
{
    size_t i;

    for (i = 0; i < t->n; i++)
        if (t->slot[i].there)
            return true;
    return false;
}

/* Says which line is the first to differ. */
static void compare(struct property *p, bool scores, const char *what)
{
    struct buf a = {0}, b = {0};
    const char *x, *y;

    answers(p, p->db, scores, &a);
    answers(p, p->fresh, scores, &b);
    p->comparisons++;
    if (a.n == 0 && has_files(&p->tree))
        torture_fault("%s: no answers", what);
    x = buf_cstr(&a);
    y = buf_cstr(&b);
    if (strcmp(x, y) != 0) {
        while (*x && *x == *y) {
            x++;
            y++;
        }
        while (x > (char *)a.p && x[-1] != '\n') {
            x--;
            y--;
        }
        torture_fault("%s: '%.*s', in a fresh index '%.*s'", what,
                      (int)strcspn(x, "\n"), x, (int)strcspn(y, "\n"), y);
    }
    buf_release(&a);
    buf_release(&b);
}

static void run(struct property *p, const char *db, const char *what)
{
    struct outcome o = {0};

    program_run(&o, NULL, INDEXER, "-q", "-d", db, "--max-purge=100%",
                p->tree.root, NULL);
    if (o.code != 0)
        torture_fault("%s: %s", what, outcome_text(&o));
    outcome_release(&o);
}

static void round_of(struct property *p, unsigned number)
{
    char *what = text("round %u", number);
    unsigned runs = random_below(5) + 1, i;
    struct state is = {0};

    for (; runs > 0; runs--, p->runs++) {
        for (i = random_below(12); i > 0; i--)
            tree_mutate(&p->tree);
        run(p, p->db, what);
        tree_ack(&p->tree);
    }
    remove_tree(p->fresh);
    run(p, p->fresh, what);
    state_read(&is, p->db);
    if (*is.problem)
        torture_fault("%s: %s", what, is.problem);
    tree_equals(&p->tree, &is, what);
    compare(p, false, what);
    state_release(&is);
    free(what);
}

/* A compacted index is the fresh one, to the bit of each score. */
static void compact(struct property *p)
{
    struct outcome o = {0};

    program_run(&o, NULL, INDEXER, "-q", "-d", p->db, "--compact", NULL);
    if (o.code != 0)
        torture_fault("--compact: %s", outcome_text(&o));
    compare(p, true, "after --compact");
    p->compacted++;
    outcome_release(&o);
}

static void write_questions(struct property *p)
{
    struct buf b = {0};
    unsigned i;

    for (i = 0; i < QUESTIONS; i++)
        if (buf_addf(&b, "%s\n", question[i]) < 0)
            torture_die("no memory");
    write_file(p->questions, b.p, b.n);
    buf_release(&b);
}

/* One tree, changed for a while. */
static void life(size_t files, size_t size, unsigned rounds, struct property *p)
{
    char *root = text("%s/tree", scratch);
    unsigned i;

    remove_tree(root);
    remove_tree(p->db);
    tree_make(&p->tree, root, files, size);
    for (i = 0; i < rounds && torture_more(i, rounds); i++) {
        round_of(p, i);
        if (random_chance(30))
            compact(p);
    }
    tree_release(&p->tree);
    free(root);
}

int main(void)
{
    struct property p = {0};
    unsigned lives;

    torture_begin("property");
    p.db = text("%s/db", scratch);
    p.fresh = text("%s/fresh", scratch);
    p.questions = text("%s/questions", scratch);
    write_questions(&p);
    for (lives = 0; torture_more(lives, 4); lives++)
        life(10 + random_below(100), 100 + random_below(4000), 12, &p);
    torture_point("%u trees, %u runs, %u comparisons of %d questions, %u of "
                  "them with scores after --compact",
                  lives, p.runs, p.comparisons, QUESTIONS, p.compacted);
    free(p.db);
    free(p.fresh);
    free(p.questions);
    return torture_end();
}
