/*
 * replay - power failures: what indexer did to its files is recorded
 * (record.c), and for moments of it the files a crash may leave are made
 * (disk.h) and looked at.
 *
 * Each must be a sound index, of a generation not below that of the last
 * acknowledged run, with the documents that this generation had. And from
 * there a run makes the index the tree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/torture/disk.h"
#include "tests/torture/program.h"
#include "tests/torture/torture.h"
#include "tests/torture/tree.h"

enum { GENERATIONS = 1000, RUNS = 12, RECOVERIES = 25 };

struct replay {
    struct tree tree;
    char *db, *log_path, *crashed;
    struct buf log;
    unsigned records;
    uint64_t digest[GENERATIONS]; /* of the documents of a generation */
    unsigned crashes, recoveries;
};

/* --- recording --- */

static void append_ack(const struct replay *r, uint64_t generation)
{
    struct record record = {.op = RECORD_ACK, .offset = generation};
    FILE *f = fopen(r->log_path, "a");

    if (!f || fwrite(&record, sizeof record, 1, f) != 1 || fclose(f) != 0)
        torture_die(r->log_path);
}

/* `mode`: the tree, or an option. */
static void record_run(struct replay *r, const char *mode)
{
    char *shim = built("tests/torture/record.so"), *path = realpath(shim, NULL);
    char *env[] = {text("LD_PRELOAD=%s", path ? path : shim),
                   text("RECORD_DIR=%s", r->db),
                   text("RECORD_LOG=%s", r->log_path),
                   "ASAN_OPTIONS=verify_asan_link_order=0", NULL};
    struct outcome o = {0};
    struct state is = {0};
    int i;

    program_run(&o, env, INDEXER_DYNAMIC, "-q", "-d", r->db, mode, NULL);
    if (o.code != 0)
        torture_fault("a recorded run: %s", outcome_text(&o));
    state_read(&is, r->db);
    tree_equals(&r->tree, &is, "a recorded run");
    append_ack(r, is.generation);
    for (i = 0; i < 3; i++)
        free(env[i]);
    free(shim);
    free(path);
    state_release(&is);
    outcome_release(&o);
}

static void record_runs(struct replay *r)
{
    unsigned i, n;

    for (i = 0; i < RUNS; i++) {
        record_run(r, r->tree.root);
        if (i % 4 == 3)
            record_run(r, "--compact");
        if (i % 4 == 1)
            record_run(r, "--rebuild");
        for (n = i + 1 < RUNS ? random_below(20) + 1 : 0; n > 0; n--)
            tree_mutate(&r->tree);
    }
    read_whole(r->log_path, &r->log);
}

/* --- crashes --- */

/* Now and then: the next run makes good. */
static void recover(struct replay *r, const char *what)
{
    struct outcome o = {0};
    struct state is = {0};

    program_run(&o, NULL, INDEXER, "-q", "-d", r->crashed, "--max-purge=100%",
                r->tree.root, NULL);
    state_read(&is, r->crashed);
    if (o.code != 0)
        torture_fault("a run after %s: %s", what, outcome_text(&o));
    else if (*is.problem)
        torture_fault("a run after %s: %s", what, is.problem);
    tree_equals(&r->tree, &is, what);
    r->recoveries++;
    state_release(&is);
    outcome_release(&o);
}

static void inspect(struct replay *r, const struct disk *d, const char *what)
{
    struct state is = {0};
    uint64_t digest;

    state_read(&is, r->crashed);
    digest = state_digest(&is);
    if (*is.problem)
        torture_fault("%s: %s", what, is.problem);
    else if (is.generation < disk_acked(d))
        torture_fault("%s: generation %llu, but %llu was acknowledged", what,
                      (unsigned long long)is.generation,
                      (unsigned long long)disk_acked(d));
    else if (is.generation >= GENERATIONS)
        torture_die("too many generations");
    else if (!r->digest[is.generation])
        r->digest[is.generation] = digest;
    else if (r->digest[is.generation] != digest)
        torture_fault("%s: other documents than generation %llu had", what,
                      (unsigned long long)is.generation);
    state_release(&is);
}

static void crash(struct replay *r, const struct disk *d, enum disk_crash how,
                  unsigned at)
{
    static const char *const name[] = {"a kill", "a power failure",
                                       "a power failure (some writes done)"};
    char *what = text("%s after change %u", name[how], at);

    disk_crash(d, how, r->crashed);
    inspect(r, d, what);
    r->crashes++;
    if (random_chance(100 / RECOVERIES))
        recover(r, what);
    free(what);
}

/* Goes over the log and crashes after one in `each` records, at random. */
static void pass(struct replay *r, enum disk_crash how, unsigned each)
{
    struct disk *d = disk_new(buf_view(&r->log), r->db);
    unsigned at = 0;

    while (disk_step(d)) {
        const struct record *record = disk_record(d);

        at++;
        if (record->op != RECORD_CLOSE && random_below(each) == 0 &&
            torture_more(0, 1))
            crash(r, d, how, at);
    }
    r->records = at;
    disk_free(d);
}

static void scene(const char *name, size_t files, size_t size, unsigned each,
                  unsigned percent)
{
    struct replay r = {.db = text("%s/%s.index", scratch, name),
                       .log_path = text("%s/%s.log", scratch, name),
                       .crashed = text("%s/%s.crashed", scratch, name)};
    char *root = text("%s/%s", scratch, name);
    unsigned power = 0;

    torture_budget(percent);
    tree_make(&r.tree, root, files, size);
    record_runs(&r);
    pass(&r, DISK_ALL, each);
    pass(&r, DISK_NONE, each);
    do {
        pass(&r, DISK_RANDOM, each);
        power++;
    } while (torture_more(power, 1));
    torture_point("%s files: %u crashes in %u changes of %u runs, %u of them "
                  "followed by a run",
                  name, r.crashes, r.records, RUNS, r.recoveries);
    tree_release(&r.tree);
    buf_release(&r.log);
    free(r.db);
    free(r.log_path);
    free(r.crashed);
    free(root);
}

int main(void)
{
    torture_begin("replay");
    scene("small", 40, 1500, 2, 60);
    /* several transactions a run */
    scene("large", 60, 300000, 100, 40);
    return torture_end();
}
