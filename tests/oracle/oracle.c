/*
 * oracle - ranks without an index, and compares.
 *
 *     oracle --jsonl FILE | --files LIST       the documents
 *            [--segments STATS]                what of them is dead
 *            [--queries N] [--seed S]          the questions
 *            [--db DIR [--program query]       what to compare with
 *             [--name X]]
 *
 * --jsonl and --segments may follow each other several times, as the runs of
 * the indexer did: collection_segments says what they do. Every third question
 * is one for -a.
 *
 * Without --db it prints its questions and what it makes of them, best first,
 * as lines of TREC. With it, it asks the program under test the same and
 * prints TAP: one test for each list length. Lists agree if they hold the same
 * documents in the same order and every score is the same but for a
 * millionth; documents whose scores are that close may stand in either
 * order, unless they are equal: then the one indexed first stands first.
 */
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/options.h"
#include "tests/oracle/random.h"

static const double tolerance = 1e-6;
static const unsigned lengths[] = {1, 10, 100};

enum { SHOWN = 5 }; /* differences printed in full */

struct hit {
    uint32_t doc;
    double score;
    double printed;
};

static const double *order_score;

static int by_score(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    if (order_score[x] != order_score[y])
        return order_score[x] < order_score[y] ? 1 : -1;
    return (x > y) - (x < y);
}

/* The documents that match, best first; returns how many. */
static uint32_t ordered(const struct collection *c, const double *score,
                        uint32_t *doc)
{
    uint32_t i, n = 0;

    for (i = 0; i < c->ndocs; i++)
        if (score[i] >= 0)
            doc[n++] = i;
    order_score = score;
    qsort(doc, n, sizeof *doc, by_score);
    return n;
}

static bool close_to(double a, double b)
{
    return fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

/* The answer of the program under test: n hits of at most max; -1 where it
 * failed. */
static int ask(const struct collection *c, const char *program, const char *db,
               const char *text, bool all, unsigned k, struct hit *hit)
{
    char number[16], line[4096], id[2048];
    const char *argv[] = {program, "-d", db,   "--format=trec",   "-n",
                          number,  "-e", text, all ? "-a" : NULL, NULL};
    posix_spawn_file_actions_t actions;
    int pipefd[2], status, n = 0;
    pid_t pid;
    FILE *f;

    snprintf(number, sizeof number, "%u", k);
    if (pipe2(pipefd, O_CLOEXEC) < 0)
        die("no pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipefd[1], 1);
    if (posix_spawnp(&pid, program, &actions, NULL, (char *const *)argv,
                     environ) != 0)
        die("%s cannot be run", program);
    posix_spawn_file_actions_destroy(&actions);
    close(pipefd[1]);
    f = must(fdopen(pipefd[0], "r"));
    while (fgets(line, sizeof line, f)) {
        struct hit h;

        if (sscanf(line, "%*s %*s %2047s %*s %lf", id, &h.printed) != 2)
            die("no TREC line: %s", line);
        h.doc = collection_find(c, id);
        h.score = -1;
        if (h.doc == UINT32_MAX)
            die("no living document is called %s", id);
        if (n < (int)k)
            hit[n] = h;
        n++;
    }
    fclose(f);
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1 ||
        (WEXITSTATUS(status) == 1) != (n == 0))
        return -1;
    return n;
}

/* Why the answer of n hits is wrong, or NULL. `doc` is the right order of all
 * that match. */
static const char *wrong(const struct hit *hit, int n, unsigned k,
                         const double *score, const uint32_t *doc,
                         uint32_t total)
{
    uint32_t expected = total < k ? total : k, i, j, at;

    if (n < 0)
        return "exit status";
    if ((uint32_t)n != expected)
        return "number of hits";
    for (i = 0; i < expected; i++) {
        if (score[hit[i].doc] < 0)
            return "a document that does not match";
        if (!close_to(score[hit[i].doc], hit[i].printed))
            return "score";
        for (j = 0; j < i; j++)
            if (hit[j].doc == hit[i].doc)
                return "the same document twice";
        if (i && hit[i].printed > hit[i - 1].printed)
            return "order of scores";
        if (i && score[hit[i].doc] == score[hit[i - 1].doc] &&
            hit[i].doc < hit[i - 1].doc)
            return "order of equal scores";
        if (!close_to(score[hit[i].doc], score[doc[i]]))
            return "a better document is missing";
    }
    /* Of documents with exactly the last one's score the first are listed. */
    for (at = expected; at < total && expected > 0; at++) {
        uint32_t last = hit[expected - 1].doc;

        if (score[doc[at]] != score[last])
            break;
        for (i = 0; i < expected && hit[i].doc != doc[at]; i++)
            ;
        if (i == expected && doc[at] < last)
            return "order of equal scores at the end";
    }
    return NULL;
}

static void show(const struct collection *c, const char *why, const char *text,
                 bool all, unsigned k, const struct hit *hit, int n,
                 const double *score, const uint32_t *doc, uint32_t total)
{
    uint32_t i, from = 0;

    printf("# %s, -n %u%s: %s\n", why, k, all ? " -a" : "", text);
    printf("# %d hits of the %u that match; right | answered\n", n, total);
    for (i = 0; i < k && i < total && (int)i < n; i++)
        if (hit[i].doc != doc[i] || !close_to(hit[i].printed, score[doc[i]])) {
            from = i;
            break;
        }
    for (i = from; i < from + 3 && i < k; i++) {
        if (i < total)
            printf("# %u: %s %.9g", i + 1, c->doc[doc[i]].id, score[doc[i]]);
        else
            printf("# %u: -", i + 1);
        if ((int)i < n)
            printf(" | %s %.9g\n", c->doc[hit[i].doc].id, hit[i].printed);
        else
            printf(" | -\n");
    }
}

enum { JSONL = 1, FILES, SEGMENTS, QUERIES, SEED, DB, PROGRAM, NAME };

static const struct option table[] = {
    {JSONL, 0, "jsonl", OPTION_VALUE, NULL, NULL},
    {FILES, 0, "files", OPTION_VALUE, NULL, NULL},
    {SEGMENTS, 0, "segments", OPTION_VALUE, NULL, NULL},
    {QUERIES, 0, "queries", OPTION_VALUE, NULL, NULL},
    {SEED, 0, "seed", OPTION_VALUE, NULL, NULL},
    {DB, 0, "db", OPTION_VALUE, NULL, NULL},
    {PROGRAM, 0, "program", OPTION_VALUE, NULL, NULL},
    {NAME, 0, "name", OPTION_VALUE, NULL, NULL},
    {0, 0, NULL, OPTION_FLAG, NULL, NULL}};

struct settings {
    const char *db, *program, *name;
    uint64_t queries, seed;
    bool segments;
};

/* Reads documents into c as it goes. */
static void settings_read(struct settings *s, struct collection *c, int argc,
                          char **argv)
{
    struct options o;
    struct err err = {0};
    int rc;

    options_init(&o, table, argc, argv);
    while ((rc = options_next(&o, &err)) > 0) {
        switch (o.id) {
        case JSONL:
            collection_add_jsonl(c, o.value);
            break;
        case FILES:
            collection_add_files(c, o.value);
            break;
        case SEGMENTS:
            collection_segments(c, o.value);
            s->segments = true;
            break;
        case DB:
            s->db = o.value;
            break;
        case PROGRAM:
            s->program = o.value;
            break;
        case NAME:
            s->name = o.value;
            break;
        case QUERIES:
            rc = option_uint(&o, UINT32_MAX, &s->queries, &err);
            break;
        case SEED:
            rc = option_uint(&o, UINT32_MAX, &s->seed, &err);
            break;
        default:
            rc = err_set(&err, ERR_USAGE, "'%s' is no option", o.value);
        }
        if (rc < 0)
            break;
    }
    if (rc < 0)
        die("%s", err.msg);
    if (c->ntoks == 0)
        die("no document has a word");
    if (s->segments && collection_dead(c) == 0)
        die("no dead document is left in a segment");
}

static void compare(struct random *r, const struct settings *s)
{
    enum { LENGTHS = sizeof lengths / sizeof *lengths };
    struct collection *c = r->c;
    double *score = must(malloc((c->ndocs + 1) * sizeof *score));
    uint32_t *doc = must(malloc((c->ndocs + 1) * sizeof *doc));
    struct hit hit[100];
    unsigned bad[LENGTHS] = {0}, k;
    struct buf text = {0};
    uint64_t i;

    for (i = 0; i < s->queries; i++) {
        struct node *q = random_query(r, i % 3 == 2, &text);
        uint32_t total;

        rank(q, c, score);
        total = ordered(c, score, doc);
        for (k = 0; k < LENGTHS; k++) {
            int n = ask(c, s->program, s->db, buf_cstr(&text), r->all,
                        lengths[k], hit);
            const char *why = wrong(hit, n, lengths[k], score, doc, total);

            if (why && bad[k]++ < SHOWN)
                show(c, why, buf_cstr(&text), r->all, lengths[k], hit, n, score,
                     doc, total);
        }
        node_free(q);
    }
    for (k = 0; k < LENGTHS; k++) {
        if (bad[k])
            printf("# %u of %u differ\n", bad[k], (unsigned)s->queries);
        printf("%s - %s: %u documents, %u dead, %u questions, best %u\n",
               bad[k] ? "not ok" : "ok", s->name, c->counted,
               collection_dead(c), (unsigned)s->queries, lengths[k]);
    }
    free(score);
    free(doc);
    buf_release(&text);
}

static void print(struct random *r, const struct settings *s)
{
    struct collection *c = r->c;
    double *score = must(malloc((c->ndocs + 1) * sizeof *score));
    uint32_t *doc = must(malloc((c->ndocs + 1) * sizeof *doc));
    struct buf text = {0};
    uint32_t i, total;
    uint64_t q;

    for (q = 1; q <= s->queries; q++) {
        struct node *n = random_query(r, q % 3 == 0, &text);

        printf("# %s%s\n", r->all ? "-a " : "", buf_cstr(&text));
        rank(n, c, score);
        total = ordered(c, score, doc);
        for (i = 0; i < total && i < 100; i++)
            printf("%u Q0 %s %u %.9g oracle\n", (unsigned)q, c->doc[doc[i]].id,
                   i + 1, score[doc[i]]);
        node_free(n);
    }
    free(score);
    free(doc);
    buf_release(&text);
}

int main(int argc, char **argv)
{
    struct settings s = {
        .program = "query", .name = "oracle", .queries = 100, .seed = 1};
    struct collection c;
    struct random r;

    collection_open(&c);
    settings_read(&s, &c, argc, argv);
    random_init(&r, &c, s.seed);
    if (s.db)
        compare(&r, &s);
    else
        print(&r, &s);
    random_end(&r);
    collection_close(&c);
    return 0;
}
