/*
 * commits DIR BASE COMMITS PER - what many small commits do to an index.
 *
 * Makes an index of BASE articles in DIR, then runs the indexer COMMITS times,
 * each time with up to PER articles added, changed or removed at random: two
 * fifths of the runs add, two fifths change, one fifth removes. All in this
 * process: run() is what the program does behind its command line. Prints a
 * line ten times on the way: runs so far, documents, segments (now, mean,
 * most), file and used megabytes and their quotient (now and the worst so
 * far), bytes written a byte of text taken in, milliseconds of CPU a run. Last,
 * the size of an index made anew of the documents that were left.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "index/manifest.h"
#include "indexer/report.h"
#include "indexer/run.h"
#include "tests/bench/article.h"

#define MB (1024.0 * 1024.0)

enum { PER_MAX = 1000, LINES = 10 };

struct living {
    uint64_t number;
    uint32_t version;
};

struct bench {
    char *dir;   /* the index */
    char *input; /* the file with the records of a run */
    struct living *doc;
    size_t n;
    uint64_t next; /* number of the next new article */
    uint64_t state;
    uint64_t text;    /* bytes taken in since the base */
    uint64_t written; /* bytes written since then */
    unsigned runs;
    double cpu_ms, segments, worst; /* sums, but for the worst */
    unsigned most;
};

static uint64_t below(struct bench *b, uint64_t n)
{
    b->state ^= b->state >> 12;
    b->state ^= b->state << 25;
    b->state ^= b->state >> 27;
    return ((b->state * 0x2545f4914f6cdd1du) >> 32) % n;
}

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static double cpu_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* Bytes this process has handed to write() and its kin. */
static uint64_t bytes_written(void)
{
    unsigned long long n = 0;
    FILE *f = fopen("/proc/self/io", "r");

    if (!f || fscanf(f, "rchar: %*u\nwchar: %llu", &n) != 1)
        fail("/proc/self/io");
    fclose(f);
    return n;
}

/* --- runs --- */

static void index_run(const char *dir, enum run_input input, char **operand,
                      size_t n)
{
    struct run_options o = {.dir = dir,
                            .input = input,
                            .format = RECORDS_JSONL,
                            .operand = operand,
                            .noperands = n,
                            .memory = 256 << 20,
                            .level = LEVEL_QUIET};

    if (run(&o) != EXIT_FINE)
        exit(2);
}

static void measured_run(struct bench *b, enum run_input input, char **operand,
                         size_t n)
{
    uint64_t written = bytes_written();
    double cpu = cpu_ms();

    index_run(b->dir, input, operand, n);
    b->cpu_ms += cpu_ms() - cpu;
    b->written += bytes_written() - written;
}

/* The articles [from, n) of b->doc as the input file. */
static uint64_t write_input(const struct bench *b, const struct living *doc,
                            size_t n)
{
    FILE *f = fopen(b->input, "w");
    char line[ARTICLE_MAX];
    uint64_t bytes = 0;
    size_t i;

    if (!f)
        fail(b->input);
    for (i = 0; i < n; i++)
        bytes += fwrite(line, 1,
                        article_json(line, doc[i].number, doc[i].version), f);
    if (fclose(f) != 0)
        fail(b->input);
    return bytes;
}

static void add(struct bench *b, size_t n)
{
    size_t i;

    b->doc = realloc(b->doc, (b->n + n) * sizeof *b->doc);
    if (!b->doc)
        fail("memory");
    for (i = 0; i < n; i++)
        b->doc[b->n++] = (struct living){b->next++, 0};
}

static void change_some(struct bench *b, size_t n)
{
    struct living changed[PER_MAX];
    size_t i;

    for (i = 0; i < n; i++) {
        struct living *d = &b->doc[below(b, b->n)];

        d->version++;
        changed[i] = *d;
    }
    b->text += write_input(b, changed, n);
    measured_run(b, RUN_RECORDS, &b->input, 1);
}

static void remove_some(struct bench *b, size_t n)
{
    static char id[PER_MAX][ARTICLE_ID];
    char *operand[PER_MAX];
    size_t i;

    for (i = 0; i < n; i++) {
        size_t at = below(b, b->n);

        article_id(id[i], b->doc[at].number);
        operand[i] = id[i];
        b->doc[at] = b->doc[--b->n];
    }
    measured_run(b, RUN_REMOVE, operand, n);
}

static void one_run(struct bench *b, unsigned per)
{
    size_t n = 1 + below(b, per);
    uint64_t what = below(b, 5);

    if (what < 2 || b->n <= n) {
        add(b, n);
        b->text += write_input(b, b->doc + b->n - n, n);
        measured_run(b, RUN_RECORDS, &b->input, 1);
    } else if (what < 4) {
        change_some(b, n);
    } else {
        remove_some(b, n);
    }
    b->runs++;
}

/* --- what came of it --- */

static void look(const char *dir, struct manifest *m, struct store_size *size)
{
    struct err err = {0};
    struct store *s;
    struct txn *t;
    int rc = store_open(&s, dir, STORE_READ, &err);

    if (rc == 0)
        rc = txn_begin(&t, s, &err);
    if (rc == 0) {
        rc = manifest_read(t, m, &err);
        txn_abort(t);
    }
    if (rc > 0)
        rc = store_size(s, size, &err);
    if (rc < 0) {
        fprintf(stderr, "commits: %s\n", err.msg);
        exit(2);
    }
    store_close(s);
}

static void measure(struct bench *b, bool print)
{
    struct store_size size;
    struct manifest m;
    double quotient;

    look(b->dir, &m, &size);
    quotient = (double)size.file_bytes / (double)size.used_bytes;
    b->segments += m.nsegments;
    b->most = m.nsegments > b->most ? m.nsegments : b->most;
    b->worst = quotient > b->worst ? quotient : b->worst;
    if (print)
        printf("%8u %9u %5u %5.1f %5u %8.1f %8.1f %6.2f %6.2f %8.1f %8.2f\n",
               b->runs, m.live_docs, m.nsegments, b->segments / b->runs,
               b->most, (double)size.file_bytes / MB,
               (double)size.used_bytes / MB, quotient, b->worst,
               (double)b->written / (double)b->text, b->cpu_ms / b->runs);
    fflush(stdout);
}

static void compare_with_new(struct bench *b)
{
    struct store_size size, fresh;
    struct manifest m;
    char *dir;

    if (asprintf(&dir, "%s.new", b->dir) < 0)
        fail("memory");
    look(b->dir, &m, &size);
    write_input(b, b->doc, b->n);
    index_run(dir, RUN_RECORDS, &b->input, 1);
    look(dir, &m, &fresh);
    printf("made anew %.1f MB: the file is %.2f of it, what it uses %.2f\n",
           (double)fresh.used_bytes / MB,
           (double)size.file_bytes / (double)fresh.used_bytes,
           (double)size.used_bytes / (double)fresh.used_bytes);
    free(dir);
}

int main(int argc, char **argv)
{
    struct bench b = {.state = 42};
    unsigned commits, per, i;

    if (argc != 5 || (per = (unsigned)atoi(argv[4])) < 1 || per > PER_MAX) {
        fprintf(stderr, "usage: commits DIR BASE COMMITS PER\n");
        return 2;
    }
    commits = (unsigned)atoi(argv[3]);
    b.dir = argv[1];
    if (asprintf(&b.input, "%s.jsonl", b.dir) < 0)
        fail("memory");
    add(&b, (size_t)atoi(argv[2]));
    write_input(&b, b.doc, b.n);
    index_run(b.dir, RUN_RECORDS, &b.input, 1);
    printf("%8s %9s %5s %5s %5s %8s %8s %6s %6s %8s %8s\n", "runs", "documents",
           "segs", "mean", "most", "file MB", "used MB", "f/u", "worst",
           "written", "CPU ms");
    for (i = 1; i <= commits; i++) {
        one_run(&b, per);
        measure(&b, i % (commits / LINES ? commits / LINES : 1) == 0);
    }
    compare_with_new(&b);
    unlink(b.input);
    free(b.input);
    free(b.doc);
    return 0;
}
