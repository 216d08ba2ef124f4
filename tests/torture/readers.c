/*
 * readers - eight processes search while a writer commits again and again.
 *
 * Each commit changes all files to the next version; each text says its
 * version and a checksum of it. So an answer that finds all files in one
 * version is one moment of the index, and one that mixes versions is not. No
 * reader goes back in time, nor behind a run that ended before it asked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "tests/torture/program.h"
#include "tests/torture/torture.h"

enum { READERS = 8, FILES = 20, SESSION = 200, LEAST = 150 };

/* Between the processes. */
struct shared {
    unsigned acked; /* version that the last run which ended brought */
    unsigned stop;
    unsigned answers;
    unsigned faults;
    char fault[200]; /* the last */
};

struct scene {
    char *root, *db;
    struct shared *shared;
    pid_t reader[READERS];
};

static unsigned checksum(unsigned version)
{
    return checksum32(view_of(&version, sizeof version)) & 0xffffff;
}

static unsigned load(const unsigned *p)
{
    return __atomic_load_n(p, __ATOMIC_SEQ_CST);
}

/* --- readers --- */

struct session {
    pid_t pid;
    FILE *to, *from;
};

static void session_open(struct session *s, const struct scene *scene)
{
    int in[2], out[2];

    if (pipe(in) < 0 || pipe(out) < 0)
        torture_die("pipe");
    s->pid = fork();
    if (s->pid < 0)
        torture_die("fork");
    if (s->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execl(program_path(QUERY), "query", "-d", scene->db, "--batch", NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    s->to = fdopen(in[1], "w");
    s->from = fdopen(out[0], "r");
    if (!s->to || !s->from)
        torture_die("pipe");
}

/* Whether the program ended as it should. */
static bool session_close(struct session *s)
{
    int status;

    fclose(s->to);
    fclose(s->from);
    return waitpid(s->pid, &status, 0) == s->pid && status == 0;
}

/* The version that all texts in the answer have; 0 if they differ. */
static unsigned version_of(const char *answer, unsigned *texts)
{
    unsigned version = 0, v, sum;
    const char *p;

    *texts = 0;
    for (p = answer; (p = strstr(p, "version")) != NULL; p++) {
        if (sscanf(p, "versionx%ux%x", &v, &sum) != 2)
            continue;
        ++*texts;
        if (sum != checksum(v) || (version && v != version))
            return 0;
        version = v;
    }
    return version;
}

static void blame(struct shared *sh, const char *what, unsigned a, unsigned b,
                  const char *answer)
{
    snprintf(sh->fault, sizeof sh->fault, "%s (%u, %u): %.120s", what, a, b,
             answer);
    __atomic_add_fetch(&sh->faults, 1, __ATOMIC_SEQ_CST);
}

static void read_for_ever(const struct scene *scene)
{
    struct shared *sh = scene->shared;
    unsigned last = 0, version, texts, before, i = 0;
    struct session s = {0};
    char *line = NULL;
    size_t cap = 0;

    for (; !load(&sh->stop); i++) {
        if (i % SESSION == 0) {
            if (i > 0 && !session_close(&s))
                blame(sh, "query --batch ended badly", i, 0, "");
            session_open(&s, scene);
        }
        before = load(&sh->acked);
        fprintf(s.to, "{\"q\":\"marker\",\"limit\":0}\n");
        fflush(s.to);
        if (getline(&line, &cap, s.from) < 0) {
            blame(sh, "no answer", i, 0, "");
            break;
        }
        version = version_of(line, &texts);
        if (texts != FILES || !version)
            blame(sh, "not one moment: texts, version", texts, version, line);
        else if (version < last || version < before)
            blame(sh, "back in time: to, from", version,
                  last > before ? last : before, line);
        last = version;
        __atomic_add_fetch(&sh->answers, 1, __ATOMIC_SEQ_CST);
    }
    free(line);
    if (!session_close(&s))
        blame(sh, "query --batch ended badly", i, 0, "");
}

static void start_readers(struct scene *s)
{
    int i;

    for (i = 0; i < READERS; i++) {
        s->reader[i] = fork();
        if (s->reader[i] < 0)
            torture_die("fork");
        if (s->reader[i] == 0) {
            read_for_ever(s);
            _exit(0);
        }
    }
}

static void stop_readers(struct scene *s)
{
    int i, status;

    __atomic_store_n(&s->shared->stop, 1, __ATOMIC_SEQ_CST);
    for (i = 0; i < READERS; i++)
        if (waitpid(s->reader[i], &status, 0) < 0 || status != 0)
            torture_fault("a reader ended with status %x", (unsigned)status);
    if (s->shared->faults)
        torture_fault("%u wrong answers, the last: %s", s->shared->faults,
                      s->shared->fault);
}

/* --- the writer --- */

static void commit(struct scene *s, unsigned version)
{
    struct outcome o = {0};
    struct buf b = {0};
    unsigned i;

    for (i = 0; i < FILES; i++) {
        char *path = text("%s/f%02u.txt", s->root, i);

        buf_clear(&b);
        buf_addf(&b, "Article %u\n\nThe marker versionx%ux%x stands here.\n", i,
                 version, checksum(version));
        write_file(path, b.p, b.n);
        free(path);
    }
    program_run(&o, NULL, INDEXER, "-q", "-d", s->db, s->root, NULL);
    if (o.code != 0)
        torture_fault("version %u: %s", version, outcome_text(&o));
    __atomic_store_n(&s->shared->acked, version, __ATOMIC_SEQ_CST);
    buf_release(&b);
    outcome_release(&o);
}

int main(void)
{
    struct scene s = {0};
    unsigned version = 0;

    torture_begin("readers");
    s.root = text("%s/tree", scratch);
    s.db = text("%s/db", scratch);
    s.shared = mmap(NULL, sizeof *s.shared, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s.shared == MAP_FAILED)
        torture_die("mmap");
    make_folder(s.root);
    commit(&s, ++version);
    start_readers(&s);
    while (torture_more(version, LEAST) && !load(&s.shared->faults))
        commit(&s, ++version);
    stop_readers(&s);
    torture_point("%u answers to %u readers during %u commits, each one moment "
                  "of the index",
                  s.shared->answers, READERS, version);
    free(s.root);
    free(s.db);
    return torture_end();
}
