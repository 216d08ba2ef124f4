/*
 * faults - every call of the system and every allocation fails once, or from
 * some call on for ever (fault.c): in a first build, in an update that adds,
 * changes, removes and merges, in the modes that report, in queries.
 *
 * The program ends by itself, with a documented exit code and, where that is
 * not 0, a message; a success is one. The index is sound and holds what it
 * held before or what it was to hold; of a file that the message names, the
 * old version. The next run makes good.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/torture/fault.h"
#include "tests/torture/program.h"
#include "tests/torture/torture.h"
#include "tests/torture/tree.h"

enum { CALLS_MAX = 20000 };

enum scenario {
    FIRST_BUILD,
    UPDATE,
    COMPACT,
    REBUILD, /* up to here the index is written to */
    LIST,
    CHECK,
    STATS, /* from here on it is query */
    SEARCH,
    SHOW,
    CHANGES
};

static const char *const scenario_name[] = {
    "a first build",   "an update",
    "--compact",       "--rebuild",
    "indexer --list",  "indexer --check",
    "indexer --stats", "a search",
    "query --show",    "query --changes-since"};

struct variant {
    enum fault_kind kind;
    int error;
    const char *name;
};

static const struct variant variant[] = {
    {FAULT_MALLOC, ENOMEM, "allocation"},
    {FAULT_OPEN, EMFILE, "open, EMFILE"},
    {FAULT_OPEN, EACCES, "open, EACCES"},
    {FAULT_OPEN, EIO, "open, EIO"},
    {FAULT_READ, EIO, "read"},
    {FAULT_WRITE, ENOSPC, "write, ENOSPC"},
    {FAULT_WRITE, EIO, "write, EIO"},
    {FAULT_WRITE, 0, "write, short"},
    {FAULT_SYNC, EIO, "sync"},
    {FAULT_TRUNCATE, ENOSPC, "truncate"},
    {FAULT_MMAP, ENOMEM, "mmap"},
    {FAULT_STAT, EIO, "stat"},
    {FAULT_READDIR, EIO, "readdir"},
    {FAULT_RENAME, EIO, "rename, mkdir or unlink"},
    {FAULT_LOCK, ENOLCK, "lock"},
};

enum { VARIANTS = sizeof variant / sizeof *variant };

/* One call to fail. */
struct fault_case {
    enum scenario scenario;
    unsigned variant;
    uint32_t at, ever;
};

struct faults {
    struct tree tree;
    char *before; /* the index of the tree as it was */
    char *after;  /* and as it is */
    char *db;     /* the one that suffers */
    char *shown;  /* path of a document */
    char *env[5];
    struct fault *fault; /* shared with fault.so */
    struct buf reference[CHANGES + 1];
    struct fault_case *test;
    size_t n, cap;
};

/* --- running --- */

static bool is_update(enum scenario s)
{
    return s <= REBUILD;
}

static void run(struct faults *f, enum scenario s, struct outcome *o)
{
    const char *db = f->db, *root = f->tree.root;

    switch (s) {
    case FIRST_BUILD:
    case UPDATE:
        program_run(o, f->env, INDEXER_DYNAMIC, "-d", db, "--memory=64M",
                    "--max-purge=100%", root, NULL);
        break;
    case COMPACT:
        program_run(o, f->env, INDEXER_DYNAMIC, "-d", db, "--compact", NULL);
        break;
    case REBUILD:
        program_run(o, f->env, INDEXER_DYNAMIC, "-d", db, "--rebuild", NULL);
        break;
    case LIST:
        program_run(o, f->env, INDEXER_DYNAMIC, "-d", db, "--list", "-v", NULL);
        break;
    case CHECK:
        program_run(o, f->env, INDEXER_DYNAMIC, "-d", db, "--check", NULL);
        break;
    case STATS:
        program_run(o, f->env, INDEXER_DYNAMIC, "-d", db, "--stats", NULL);
        break;
    case SEARCH:
        program_run(o, f->env, QUERY_DYNAMIC, "-d", db, "--json", "-n", "5",
                    "-e", "rail \"treaty summit\" =U.S. 東京 path:f -zebra",
                    NULL);
        break;
    case SHOW:
        program_run(o, f->env, QUERY_DYNAMIC, "-d", db, "--show", f->shown,
                    NULL);
        break;
    case CHANGES:
        program_run(o, f->env, QUERY_DYNAMIC, "-d", db, "--changes-since", "0",
                    NULL);
        break;
    }
}

/* Puts the index where it is before the scenario. */
static void reset(struct faults *f, enum scenario s)
{
    remove_tree(f->db);
    if (s == UPDATE)
        copy_index(f->before, f->db);
    else if (s != FIRST_BUILD)
        copy_index(f->after, f->db);
}

/* Cuts what stands behind a key, up to a comma or a line end. */
static void cut_value(struct buf *out, const char *key)
{
    char *p = strstr(buf_cstr(out), key), *end;

    if (!p)
        return;
    p += strlen(key);
    end = p + strcspn(p, ",\n");
    memmove(p, end, strlen(end) + 1);
    out->n -= (size_t)(end - p);
}

/* The time that an answer took, or passed since, is no part of it. */
static void cut_times(struct buf *out)
{
    cut_value(out, "\"seconds\":");
    cut_value(out, "\nupdated_age");
    cut_value(out, "\ncomplete_run_age");
}

static void set_fault(struct faults *f, unsigned v, uint32_t at, uint32_t ever)
{
    struct fault fault = {.kind = variant[v].kind,
                          .at = at,
                          .ever = ever,
                          .error = variant[v].error};

    *f->fault = fault;
}

/* --- judging --- */

static bool same_output(struct faults *f, enum scenario s, struct buf *out)
{
    cut_times(out);
    return view_eq(buf_view(out), buf_view(&f->reference[s]));
}

static bool code_fits(const struct outcome *o, enum scenario s)
{
    switch (o->code) {
    case 0:
    case 2:
        return true;
    case 1: /* some files failed */
    case 3: /* a root cannot be seen; query: the index cannot be read */
        return is_update(s) || (s > STATS && o->code == 3);
    }
    return false;
}

/* `fresh`: an index made anew, which lacks the files that failed. */
static void judge_index(struct faults *f, struct outcome *o, bool fresh,
                        const char *what)
{
    struct state is = {0};

    state_read(&is, f->db);
    if (*is.problem)
        torture_fault("%s: %s, but then: %s", what, outcome_text(o),
                      is.problem);
    else if (o->code == 0)
        tree_equals(&f->tree, &is, what);
    else if (fresh)
        tree_has(&f->tree, &is, what);
    else
        tree_fits(&f->tree, &is, what);
    set_fault(f, 0, 0, 0);
    program_run(o, f->env, INDEXER, "-q", "-d", f->db, "--max-purge=100%",
                f->tree.root, NULL);
    state_read(&is, f->db);
    if (o->code != 0 || *is.problem)
        torture_fault("%s: the next run: %s %s", what, outcome_text(o),
                      is.problem);
    tree_equals(&f->tree, &is, what);
    state_release(&is);
}

/* (A search may say that a file it cannot look at is stale.) */
static void judge(struct faults *f, struct outcome *o,
                  const struct fault_case *c, const char *what)
{
    enum scenario s = c->scenario;

    if (o->signal || !code_fits(o, s))
        torture_fault("%s: %s", what, outcome_text(o));
    else if (o->code != 0 && (o->err.n == 0 || !strchr("iq", o->err.p[0])))
        torture_fault("%s: exit %d without a message", what, o->code);
    else if (!is_update(s) && o->code == 0 && !same_output(f, s, &o->out) &&
             !(s == SEARCH && variant[c->variant].kind == FAULT_STAT))
        torture_fault("%s: another answer, and exit 0", what);
    if (is_update(s))
        judge_index(f, o, s == FIRST_BUILD, what);
}

static void run_case(struct faults *f, const struct fault_case *c)
{
    char *what = text("%s, %s %u%s", scenario_name[c->scenario],
                      variant[c->variant].name, c->at,
                      c->ever ? " and all behind it" : "");
    struct outcome o = {0};

    reset(f, c->scenario);
    set_fault(f, c->variant, c->at, c->ever);
    run(f, c->scenario, &o);
    judge(f, &o, c, what);
    outcome_release(&o);
    free(what);
}

/* --- which cases there are --- */

static void add_case(struct faults *f, const struct fault_case *c)
{
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 1024;
        f->test = realloc(f->test, f->cap * sizeof *f->test);
        if (!f->test)
            torture_die("no memory");
    }
    f->test[f->n++] = *c;
}

/* Counts the calls of each kind, and takes down what the answer is. */
static void count_calls(struct faults *f, enum scenario s)
{
    struct fault_case c = {.scenario = s};
    struct outcome o = {0};

    for (c.variant = 0; c.variant < VARIANTS; c.variant++) {
        uint32_t calls;

        reset(f, s);
        set_fault(f, c.variant, 0, 0);
        run(f, s, &o);
        if (o.code != 0)
            torture_fault("%s: %s", scenario_name[s], outcome_text(&o));
        calls = f->fault->calls;
        if (calls > CALLS_MAX)
            torture_fault("%s: %u calls", scenario_name[s], calls);
        for (c.at = 1; c.at <= calls; c.at++)
            for (c.ever = 0; c.ever < 2; c.ever++)
                add_case(f, &c);
    }
    cut_times(&o.out);
    f->reference[s] = o.out;
    buf_release(&o.err);
}

static void shuffle(struct faults *f)
{
    size_t i;

    for (i = f->n; i > 1; i--) {
        size_t j = random_below((uint32_t)i);
        struct fault_case c = f->test[i - 1];

        f->test[i - 1] = f->test[j];
        f->test[j] = c;
    }
}

/* The allocations among the cases, or the others. */
static void run_cases(struct faults *f, bool allocations, unsigned least,
                      unsigned percent)
{
    unsigned done = 0, of = 0;
    size_t i;

    torture_budget(percent);
    for (i = 0; i < f->n; i++) {
        const struct fault_case *c = &f->test[i];

        if ((variant[c->variant].kind == FAULT_MALLOC) != allocations)
            continue;
        of++;
        if (!torture_more(done, least))
            continue;
        run_case(f, c);
        done++;
    }
    torture_point("%u of %u %s that fail", done, of,
                  allocations ? "allocations" : "system calls");
}

/* --- the whole --- */

static void index_tree(struct faults *f, const char *db)
{
    struct outcome o = {0};

    program_run(&o, NULL, INDEXER, "-q", "-d", db, f->tree.root, NULL);
    if (o.code != 0)
        torture_fault("%s", outcome_text(&o));
    outcome_release(&o);
}

/* A tree that has changed since it was indexed. */
static void prepare_tree(struct faults *f)
{
    char *root = text("%s/tree", scratch);
    struct state is = {0};
    int i;

    f->before = text("%s/before", scratch);
    f->after = text("%s/after", scratch);
    f->db = text("%s/db", scratch);
    tree_make(&f->tree, root, 16, 1500);
    index_tree(f, f->before);
    tree_ack(&f->tree);
    for (i = 0; i < 12; i++)
        tree_mutate(&f->tree);
    copy_index(f->before, f->after);
    index_tree(f, f->after);
    state_read(&is, f->after);
    f->shown = text("%s", is.n ? is.entry[0].path : "");
    state_release(&is);
    free(root);
}

static void prepare_shim(struct faults *f)
{
    char *file = text("%s/fault", scratch);
    char *shim = built("tests/torture/fault.so"), *path = realpath(shim, NULL);
    int fd;

    write_file(file, &(struct fault){0}, sizeof(struct fault));
    fd = open(file, O_RDWR);
    f->fault =
        mmap(NULL, sizeof *f->fault, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || f->fault == MAP_FAILED)
        torture_die(file);
    close(fd);
    f->env[0] = text("LD_PRELOAD=%s", path ? path : shim);
    f->env[1] = text("FAULT_FILE=%s", file);
    f->env[2] = "ASAN_OPTIONS=verify_asan_link_order=0:exitcode=99:"
                "allocator_may_return_null=1";
    f->env[3] = "UBSAN_OPTIONS=exitcode=99";
    free(file);
    free(shim);
    free(path);
}

static void release(struct faults *f)
{
    int s;

    for (s = FIRST_BUILD; s <= CHANGES; s++)
        buf_release(&f->reference[s]);
    free(f->before);
    free(f->after);
    free(f->db);
    free(f->shown);
    free(f->env[0]);
    free(f->env[1]);
    free(f->test);
    tree_release(&f->tree);
}

int main(void)
{
    struct faults f = {0};
    int s;

    torture_begin("faults");
    prepare_shim(&f);
    prepare_tree(&f);
    for (s = FIRST_BUILD; s <= CHANGES; s++)
        count_calls(&f, (enum scenario)s);
    shuffle(&f);
    run_cases(&f, false, 300, 60);
    run_cases(&f, true, 200, 40);
    release(&f);
    return torture_end();
}
