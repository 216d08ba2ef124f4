/*
 * kill - indexer is killed (SIGKILL) at random moments, again and again, over
 * a tree that changes, while readers search.
 *
 * After each kill the index is sound, and holds what the last acknowledged run
 * left, or what the killed runs since have seen (tree.h). Readers never fail,
 * and are killed as well. At the end a run in peace makes the index the tree.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/torture/program.h"
#include "tests/torture/torture.h"
#include "tests/torture/tree.h"

enum { READERS = 2 };

struct scene {
    struct tree tree;
    char *db;
    char *faults;   /* where readers write what they have to say */
    double seconds; /* of a run that is let to its end, about */
    uint64_t generation;
    unsigned runs, kills, finished, commits;
    pid_t reader[READERS];
};

/* --- readers --- */

static void read_for_ever(const struct scene *s, unsigned seed)
{
    static const char *const question[] = {
        "rail", "\"rail harbour\"", "+visa -durian", "title:f01", "東京"};
    FILE *f = fopen(s->faults, "a");

    random_seed(seed);
    for (;;) {
        pid_t pid = program_start(s->faults, QUERY, "-d", s->db, "-n", "0",
                                  "-q", "-e", question[random_below(5)], NULL);
        int status;

        if (random_chance(20)) {
            usleep(random_below(3000));
            kill(pid, SIGKILL);
        }
        waitpid(pid, &status, 0);
        if (WIFEXITED(status) ? WEXITSTATUS(status) > 1
                              : WTERMSIG(status) != SIGKILL) {
            fprintf(f, "a reader ended with status %x\n", (unsigned)status);
            fflush(f);
        }
        usleep(2000);
    }
}

static void start_readers(struct scene *s)
{
    int i;

    write_file(s->faults, "", 0);
    for (i = 0; i < READERS; i++) {
        unsigned seed = random_below(1 << 30);

        s->reader[i] = fork();
        if (s->reader[i] < 0)
            torture_die("fork");
        if (s->reader[i] == 0)
            read_for_ever(s, seed);
    }
}

static void stop_readers(struct scene *s)
{
    struct buf said = {0};
    int i;

    for (i = 0; i < READERS; i++) {
        kill(s->reader[i], SIGKILL);
        waitpid(s->reader[i], NULL, 0);
    }
    read_whole(s->faults, &said);
    if (said.n > 0)
        torture_fault("%s", buf_cstr(&said));
    buf_release(&said);
}

/* --- the writer --- */

static void run_in_peace(struct scene *s)
{
    struct outcome o = {0};
    struct state is = {0};

    program_run(&o, NULL, INDEXER, "-q", "-d", s->db, "--max-purge=100%",
                "--memory=64M", s->tree.root, NULL);
    if (o.code != 0)
        torture_fault("a run in peace: %s", outcome_text(&o));
    s->seconds = o.seconds;
    state_read(&is, s->db);
    if (*is.problem)
        torture_fault("after a run in peace: %s", is.problem);
    tree_equals(&s->tree, &is, "after a run in peace");
    tree_ack(&s->tree);
    s->generation = is.generation;
    s->finished++;
    state_release(&is);
    outcome_release(&o);
}

/* What is in the index after a run, or after one that was not to its end. */
static void inspect(struct scene *s, bool killed, unsigned after)
{
    char *what = text("run %u, %s after %u us", s->runs,
                      killed ? "killed" : "ended", after);
    struct state is = {0};

    state_read(&is, s->db);
    if (*is.problem)
        torture_fault("%s: %s", what, is.problem);
    else if (is.generation < s->generation)
        torture_fault("%s: generation %llu, it was %llu before", what,
                      (unsigned long long)is.generation,
                      (unsigned long long)s->generation);
    else if (killed)
        tree_fits(&s->tree, &is, what);
    else
        tree_equals(&s->tree, &is, what);
    s->commits += killed && is.generation > s->generation;
    s->generation = is.generation;
    state_release(&is);
    free(what);
}

/* Starts a run, or --rebuild or --compact. *mirrors: whether
 * the index is the tree when it ends. */
static pid_t start(const struct scene *s, bool *mirrors)
{
    *mirrors = true;
    if (random_chance(20))
        return program_start(NULL, INDEXER, "-q", "-d", s->db,
                             "--max-purge=100%", "--rebuild", NULL);
    if (random_chance(20)) {
        *mirrors = false;
        return program_start(NULL, INDEXER, "-q", "-d", s->db, "--compact",
                             NULL);
    }
    return program_start(NULL, INDEXER, "-q", "-d", s->db, "--max-purge=100%",
                         "--memory=64M", s->tree.root, NULL);
}

static void run_and_kill(struct scene *s)
{
    unsigned after = random_below((unsigned)(s->seconds * 1.15e6) + 1);
    bool mirrors, killed;
    int status;
    pid_t pid = start(s, &mirrors);

    usleep(after);
    kill(pid, SIGKILL);
    if (waitpid(pid, &status, 0) < 0)
        torture_die("wait");
    s->runs++;
    killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    if (!killed && status != 0)
        torture_fault("run %u: status %x", s->runs, (unsigned)status);
    inspect(s, killed || !mirrors, after);
    if (killed)
        s->kills++;
    else if (mirrors)
        tree_ack(&s->tree);
    s->finished += !killed;
}

static void scene(const char *name, size_t files, size_t size, unsigned changes,
                  unsigned percent, unsigned least)
{
    struct scene s = {.db = text("%s/%s.index", scratch, name),
                      .faults = text("%s/%s.faults", scratch, name)};
    char *root = text("%s/%s", scratch, name);
    unsigned i, quiet = 0;

    torture_budget(percent);
    tree_make(&s.tree, root, files, size);
    run_in_peace(&s);
    start_readers(&s);
    while (torture_more(s.kills, least)) {
        for (i = random_below(changes) + 1; i > 0; i--)
            tree_mutate(&s.tree);
        /* the history of a path between two acknowledged runs is bounded */
        if (++quiet % 12 == 0)
            run_in_peace(&s);
        else
            run_and_kill(&s);
    }
    run_in_peace(&s);
    stop_readers(&s);
    torture_point("%s files: %u kills, %u of them behind a commit, and %u runs "
                  "that ended, %u readers meanwhile",
                  name, s.kills, s.commits, s.finished, READERS);
    tree_release(&s.tree);
    free(root);
    free(s.db);
    free(s.faults);
}

int main(void)
{
    torture_begin("kill");
    scene("small", 60, 1500, 6, 60, 80);
    /* so large that a run is several commits, and a merge transactions */
    scene("large", 120, 300000, 60, 40, 20);
    return torture_end();
}
