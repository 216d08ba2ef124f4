#include "tests/torture/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "index/index.h"
#include "indexer/check.h"
#include "tests/torture/torture.h"

static void say(void *arg, const char *line)
{
    char *problem = arg;

    if (!*problem)
        snprintf(problem, 400, "%s", line);
}

static void write_entry(FILE *out, struct view path, uint64_t hash)
{
    fwrite(&path.n, sizeof path.n, 1, out);
    fwrite(path.p, 1, path.n, out);
    fwrite(&hash, sizeof hash, 1, out);
}

static int write_document(void *arg, struct view key, const struct source *row)
{
    if (row->docid)
        write_entry(arg, key, row->hash);
    return 0;
}

/* In a process of its own: a damaged page may be its end. What it finds goes
 * to `out`: problem, generation, entries. */
static int examine(const char *dir, FILE *out)
{
    struct check_report report = {0};
    char problem[400] = "";
    struct err err = {0};
    struct index ix;
    int rc = index_open(&ix, dir, &err);

    if (rc == ERR_NOTFOUND)
        return 1;
    if (rc == 0)
        rc = index_begin(&ix, &err);
    if (rc == 0)
        rc = check_index(&ix, &report, say, problem, &err);
    fwrite(&ix.manifest.generation, sizeof ix.manifest.generation, 1, out);
    if (rc == 0)
        rc = source_each(ix.txn, write_document, out, &err);
    if (rc < 0)
        snprintf(problem, sizeof problem, "%.390s", err.msg);
    index_close(&ix);
    rewind(out);
    if (*problem) {
        if (ftruncate(fileno(out), 0) == 0)
            fwrite(problem, 1, sizeof problem, out);
        return 2;
    }
    return 0;
}

static void take_entries(struct state *s, FILE *in)
{
    size_t n, cap = 0;

    if (fread(&s->generation, sizeof s->generation, 1, in) != 1)
        torture_die("state of an index");
    while (fread(&n, sizeof n, 1, in) == 1) {
        struct entry *e;

        if (s->n == cap) {
            cap = cap ? cap * 2 : 64;
            s->entry = realloc(s->entry, cap * sizeof *s->entry);
        }
        e = s->entry ? &s->entry[s->n++] : NULL;
        if (!e || !(e->path = malloc(n + 1)) || fread(e->path, 1, n, in) != n ||
            fread(&e->hash, sizeof e->hash, 1, in) != 1)
            torture_die("state of an index");
        e->path[n] = 0;
    }
}

static void take_problem(struct state *s, FILE *in, int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 2 &&
        fread(s->problem, 1, 400, in) == 400)
        return;
    snprintf(s->problem, sizeof s->problem, "the check ended with status %x",
             (unsigned)status);
}

void state_read(struct state *s, const char *dir)
{
    FILE *f = tmpfile();
    int status;
    pid_t pid;

    state_release(s);
    fflush(stdout);
    pid = f ? fork() : -1;
    if (pid == 0) {
        alarm(30); /* a check that never ends is a fault as well */
        status = examine(dir, f);
        fflush(f);
        _exit(status);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        torture_die("fork");
    rewind(f);
    s->there = status != 1 << 8;
    if (status == 0)
        take_entries(s, f);
    else if (s->there)
        take_problem(s, f, status);
    fclose(f);
}

uint64_t state_digest(const struct state *s)
{
    struct buf all = {0};
    uint64_t digest;
    size_t i;

    for (i = 0; i < s->n; i++)
        if (buf_addf(&all, "%s %llx\n", s->entry[i].path,
                     (unsigned long long)s->entry[i].hash) < 0)
            torture_die("no memory");
    digest = hash64(buf_view(&all));
    buf_release(&all);
    return digest;
}

uint64_t state_find(const struct state *s, const char *path)
{
    size_t lo = 0, hi = s->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = strcmp(s->entry[mid].path, path);

        if (order == 0)
            return s->entry[mid].hash;
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return 0;
}

void state_release(struct state *s)
{
    size_t i;

    for (i = 0; i < s->n; i++)
        free(s->entry[i].path);
    free(s->entry);
    memset(s, 0, sizeof *s);
}
