/*
 * limits - a full disk, a limit on the size of files, and fifty writers at
 * once.
 *
 * Where there is no room, indexer says so and leaves the index as it was or
 * as it was to be; searches go on; with room again, the next run makes good.
 * Of writers one works, the others end with status 75.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/torture/program.h"
#include "tests/torture/torture.h"
#include "tests/torture/tree.h"

enum { DISK_MB = 6, WRITERS = 50 };

struct scene {
    struct tree tree;
    char *db;
    unsigned full; /* runs that met the limit */
};

static void run(struct scene *s, struct outcome *o)
{
    program_run(o, NULL, INDEXER, "-q", "-d", s->db, "--max-purge=100%",
                s->tree.root, NULL);
}

/* After a run that may have met a limit. */
static void judge(struct scene *s, struct outcome *o, const char *what)
{
    struct outcome q = {0};
    struct state is = {0};

    state_read(&is, s->db);
    if (*is.problem)
        torture_fault("%s: %s, but then: %s", what, outcome_text(o),
                      is.problem);
    if (o->code == 0)
        tree_equals(&s->tree, &is, what);
    else if (o->code != 2 || (!strstr(buf_cstr(&o->err), "disk is full") &&
                              !strstr(buf_cstr(&o->err), "ulimit -f") &&
                              !strstr(buf_cstr(&o->err), "No space left")))
        torture_fault("%s: %s", what, outcome_text(o));
    else
        tree_fits(&s->tree, &is, what);
    s->full += o->code != 0;
    if (o->code == 0)
        tree_ack(&s->tree);
    program_run(&q, NULL, QUERY, "-d", s->db, "-q", "rail", NULL);
    if (q.code > 1 && (is.there || q.code != 3)) /* 1: no file has the word */
        torture_fault("%s: a search: %s", what, outcome_text(&q));
    state_release(&is);
    outcome_release(&q);
}

static void run_in_peace(struct scene *s, const char *what)
{
    struct outcome o = {0};
    struct state is = {0};

    run(s, &o);
    state_read(&is, s->db);
    if (o.code != 0 || *is.problem)
        torture_fault("%s: %s %s", what, outcome_text(&o), is.problem);
    tree_equals(&s->tree, &is, what);
    tree_ack(&s->tree);
    state_release(&is);
    outcome_release(&o);
}

static void mutate(struct scene *s)
{
    unsigned i;

    for (i = random_below(6) + 1; i > 0; i--)
        tree_mutate(&s->tree);
}

/* As that; and now and then the index is to be made anew. */
static void disturb(struct scene *s)
{
    mutate(s);
    if (random_chance(50))
        return;
    remove_tree(s->db);
    tree_lost(&s->tree);
}

/* --- a full disk --- */

/* A file that leaves `room` bytes of the disk. */
static void fill(const char *path, const char *disk, size_t room)
{
    struct statvfs fs;
    size_t n;
    void *p;

    if (statvfs(disk, &fs) < 0)
        torture_die(disk);
    n = fs.f_bavail * fs.f_frsize;
    n = n > room ? n - room : 0;
    p = calloc(1, n + 1);
    if (!p)
        torture_die("no memory");
    write_file(path, p, n);
    free(p);
}

static void full_disk(void)
{
    char *disk = text("%s/disk", scratch), *root = text("%s/full", scratch);
    char *ballast = text("%s/ballast", disk), *size = text("size=%dm", DISK_MB);
    struct scene s = {.db = text("%s/db", disk)};
    struct outcome o = {0};
    unsigned rounds;

    make_folder(disk);
    if (mount("torture", disk, "tmpfs", 0, size) < 0) {
        torture_skip("a full disk: cannot mount a tmpfs: %s", strerror(errno));
        return;
    }
    torture_budget(35);
    tree_make(&s.tree, root, 40, 4000);
    run_in_peace(&s, "on a disk that is empty");
    for (rounds = 0; torture_more(rounds, 60); rounds++) {
        char *what = text("full disk, round %u", rounds);

        disturb(&s);
        fill(ballast, disk, random_below(80) * 4096);
        run(&s, &o);
        judge(&s, &o, what);
        remove_tree(ballast);
        if (random_chance(50))
            run_in_peace(&s, what);
        free(what);
    }
    run_in_peace(&s, "on a disk with room again");
    if (umount(disk) < 0)
        torture_fault("cannot unmount %s", disk);
    torture_point("a full disk: %u of %u runs met it", s.full, rounds);
    tree_release(&s.tree);
    outcome_release(&o);
    free(s.db);
    free(size);
    free(ballast);
    free(root);
    free(disk);
}

/* --- a limit on the size of files --- */

static size_t size_of_data(const char *db)
{
    char *path = text("%s/index-00000001.mdb", db);
    struct stat st;

    if (stat(path, &st) < 0 || st.st_size < 65536) /* there is none yet */
        st.st_size = 65536;
    free(path);
    return (size_t)st.st_size;
}

static void small_files(void)
{
    char *root = text("%s/limited", scratch);
    struct scene s = {.db = text("%s/limited.index", scratch)};
    struct outcome o = {0};
    unsigned rounds;
    size_t size;

    torture_budget(35);
    tree_make(&s.tree, root, 40, 4000);
    run_in_peace(&s, "without a limit");
    for (rounds = 0; torture_more(rounds, 60); rounds++) {
        char *what = text("limited size, round %u", rounds);

        size = size_of_data(s.db) / 2;
        disturb(&s);
        program_limit(size + random_below((uint32_t)size));
        run(&s, &o);
        program_limit(SIZE_MAX);
        judge(&s, &o, what);
        if (random_chance(50))
            run_in_peace(&s, what);
        free(what);
    }
    run_in_peace(&s, "without a limit again");
    torture_point("a limit on the size of files: %u of %u runs met it", s.full,
                  rounds);
    tree_release(&s.tree);
    outcome_release(&o);
    free(s.db);
    free(root);
}

/* --- many writers --- */

/* Starts them, and returns how many ended well; others must be locked out. */
static unsigned race(const struct scene *s)
{
    pid_t pid[WRITERS];
    unsigned well = 0, i;
    int status;

    for (i = 0; i < WRITERS; i++)
        pid[i] = program_start(NULL, INDEXER, "-q", "-d", s->db,
                               "--max-purge=100%", s->tree.root, NULL);
    for (i = 0; i < WRITERS; i++) {
        if (waitpid(pid[i], &status, 0) < 0)
            torture_die("wait");
        if (status == 0)
            well++;
        else if (status != 75 << 8)
            torture_fault("one of %d writers: status %x", WRITERS,
                          (unsigned)status);
    }
    return well;
}

/* While one waits for its input all others are locked out. */
static void one_at_a_time(const struct scene *s)
{
    char *command =
        text("%s -q -d %s --input=jsonl -", program_path(INDEXER), s->db);
    struct outcome o = {0};
    FILE *first = popen(command, "w");
    unsigned i, tries = 0;

    if (!first)
        torture_die(command);
    do { /* until it has the lock */
        usleep(1000);
        program_run(&o, NULL, INDEXER, "-d", s->db, s->tree.root, NULL);
    } while (o.code == 0 && ++tries < 10000);
    for (i = 0; i < WRITERS; i++) {
        program_run(&o, NULL, INDEXER, "-d", s->db, s->tree.root, NULL);
        if (o.code != 75 || !strstr(buf_cstr(&o.err), "another indexer"))
            torture_fault("beside a writer: %s", outcome_text(&o));
    }
    if (pclose(first) != 0)
        torture_fault("the writer itself failed");
    outcome_release(&o);
    free(command);
}

static void many_writers(void)
{
    char *root = text("%s/race", scratch);
    struct scene s = {.db = text("%s/race.index", scratch)};
    unsigned rounds, well = 0;

    torture_budget(30);
    tree_make(&s.tree, root, 40, 4000);
    for (rounds = 0; torture_more(rounds, 5); rounds++) {
        unsigned n = race(&s);

        if (n == 0)
            torture_fault("none of %d writers got through", WRITERS);
        well += n;
        run_in_peace(&s, "after a race");
        mutate(&s);
    }
    run_in_peace(&s, "after all races");
    one_at_a_time(&s);
    torture_point("%d writers at once, %u times: %u ended well, the others "
                  "with 75",
                  WRITERS, rounds, well);
    tree_release(&s.tree);
    free(s.db);
    free(root);
}

int main(void)
{
    torture_begin("limits");
    full_disk();
    small_files();
    many_writers();
    return torture_end();
}
