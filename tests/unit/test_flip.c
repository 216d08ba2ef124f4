/* Damage to an index that the indexer made of corpus/: in two segments, with
 * dead documents, a record, text frames and a log of several commits. Each
 * byte of each value changed is told by the check, and `query` answers or says
 * so, with a real process on the committed damage; and where the file itself
 * is damaged, nothing crashes or hangs. */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp_store.h"

#include "base/hash.h"
#include "index/index.h"
#include "indexer/check.h"

#ifdef __SANITIZE_ADDRESS__
enum { RUNS = 60, COPIES = 20, STEP = 7 }; /* all takes its time */
#else
enum { RUNS = 500, COPIES = 200, STEP = 1 };
#endif

enum {
    SMALL = 96,  /* bytes of a value that are all changed */
    SPREAD = 32, /* bytes of a larger one */
    SECONDS = 5, /* that a process may take */
    STATUS_SIGNAL = 1000
};

static char *dir; /* holds a copy of some articles, and the index */
static char *index_dir;
static struct store *store;
static struct txn *txn;
static struct err err;

/* What a case must not depend on is drawn from a fixed seed. */
static uint64_t state = 42;

static uint32_t below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

/* --- programs --- */

/* Runs a program with its output thrown away: its exit status, or
 * STATUS_SIGNAL + the signal that ended it (SIGALRM: out of time). */
static int run(const char *const argv[])
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        if (!freopen("/dev/null", "r", stdin) ||
            !freopen("/dev/null", "w", stdout) ||
            !freopen("/dev/null", "w", stderr))
            _exit(126);
        alarm(SECONDS);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    assert_true(pid > 0);
    while (waitpid(pid, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status)
                             : STATUS_SIGNAL + WTERMSIG(status);
}

static int run_query(const char *db, uint32_t which)
{
    static const char *const queries[][4] = {
        {"--json", "railway laos china", NULL, NULL},
        {"--json", "\"high-speed railway\" OR =RCEP", NULL, NULL},
        {"-n0", "--format=tsv", "-e", "-durian"},
        {"--json", "+trade -port title:rcep", NULL, NULL},
        {"-c", "path:2022 AND (bank OR harbour)", NULL, NULL},
        {"--show", "3", NULL, NULL},
        {"-l", "id:5 铁路", NULL, NULL},
        {"--json", "the of and to in", NULL, NULL},
        {"--stats", NULL, NULL, NULL},
    };
    const char *argv[8] = {"query", "-d", db};
    size_t i;

    which %= sizeof queries / sizeof *queries;
    for (i = 0; i < 4 && queries[which][i]; i++)
        argv[3 + i] = queries[which][i];
    return run(argv);
}

static int run_check(const char *db)
{
    const char *argv[] = {"indexer", "-d", db, "--check", NULL};

    return run(argv);
}

/* --- the index --- */

/* Adds to the size that the manifest gives for the first segment: while it is
 * large, small ones are not merged into it. */
static int resize(int64_t by)
{
    struct manifest m;
    int rc;

    if (store_open(&store, index_dir, STORE_WRITE, &err) < 0 ||
        txn_begin(&txn, store, &err) < 0)
        return -1;
    rc = manifest_read(txn, &m, &err) > 0 ? 0 : -1;
    m.segment[0].bytes = (uint64_t)((int64_t)m.segment[0].bytes + by);
    if (rc == 0 && by < 0) /* what this was made for */
        rc = m.nsegments == 2 && m.segment[0].dead > 0 ? 0 : -1;
    if (rc == 0)
        rc = manifest_write(txn, &m, &err);
    if (rc == 0)
        rc = txn_commit(txn, &err);
    else
        txn_abort(txn);
    store_close(store);
    return rc;
}

static const char make_first[] = "set -e; src=$PWD; cd \"$1\"; mkdir docs\n"
                                 "cp \"$src\"/corpus/2021/*.* docs\n"
                                 "indexer -q -d index docs\n";

/* One file is gone, one has changed, others are new, and a record. */
static const char make_second[] =
    "set -e; src=$PWD; cd \"$1\"; cp \"$src\"/corpus/2022/*-rcep-* docs\n"
    "rm docs/2021-06-14-gwadar-and-cpec.md\n"
    "echo 'One line more.' >>docs/2021-12-06-china-laos-railway-opens.txt\n"
    "indexer -q -d index docs\n"
    "echo '{\"id\":\"r1\",\"title\":\"Ports\",\"text\":\"Trade by rail.\","
    "\"date\":\"2023-01-02\",\"lang\":\"en\",\"desk\":\"East\"}' |\n"
    "indexer -q -d index --input=jsonl -\n";

static int run_shell(const char *script)
{
    const char *argv[] = {"sh", "-c", script, "sh", dir, NULL};

    return run(argv);
}

static int setup(void **unused)
{
    void *made;

    (void)unused;
    /* thousands of commits: in memory where there is a place for it */
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0);
    if (make_dir(&made) < 0)
        return -1;
    dir = made;
    if (asprintf(&index_dir, "%s/index", dir) < 0)
        return -1;
    if (run_shell(make_first) != 0 || resize(1 << 30) < 0 ||
        run_shell(make_second) != 0 || resize(-(1 << 30)) < 0)
        return -1;
    return run_check(index_dir) == 0 ? 0 : -1;
}

static int teardown(void **unused)
{
    void *made = dir;

    (void)unused;
    free(index_dir);
    return remove_dir(&made);
}

/* --- values of ours --- */

static void say(void *arg, const char *line)
{
    (void)arg;
    (void)line;
}

/* Problems of the index as the transaction has it; a refusal to open it at
 * all is one. */
static uint64_t problems(void)
{
    struct index ix = {.store = store, .txn = txn};
    struct check_report report = {0};
    uint32_t i;
    int rc = manifest_read(txn, &ix.manifest, &err);

    if (rc > 0)
        rc = config_read(txn, &ix.config, &err);
    if (rc > 0 && hash64(buf_view(&ix.config)) != ix.manifest.config_hash)
        rc = ERR_CORRUPT;
    if (rc > 0)
        rc = roots_read(txn, &ix.roots, &err);
    if (rc >= 0)
        rc = norms_open(&ix.norms, txn, ix.manifest.next_docid, &err);
    for (i = 0; rc == 0 && i < ix.manifest.nsegments; i++)
        rc = segment_open(&ix.segment[i], txn, &ix.manifest.segment[i], &err);
    if (rc == 0)
        rc = check_index(&ix, &report, say, NULL, &err);
    norms_release(&ix.norms);
    names_release(&ix.names);
    roots_release(&ix.roots);
    buf_release(&ix.config);
    return rc < 0 ? 1 : report.problems;
}

/* One value, by what it needs to be found again. */
struct place {
    const char *table;
    struct view key;
    size_t at; /* byte */
    uint8_t bit;
};

static void describe(const struct place *p, size_t n, const char *what)
{
    char key[64];
    size_t i;

    for (i = 0; i < p->key.n && 2 * i + 3 < sizeof key; i++)
        snprintf(key + 2 * i, 3, "%02x", p->key.p[i]);
    fail_msg("%s, key %s, byte %zu of %zu, bit %02x: %s", p->table, key, p->at,
             n, p->bit, what);
}

static void put_value(const struct place *p, struct view val, uint8_t flip)
{
    struct buf b = {0};
    store_db db = table(txn, p->table);

    assert_int_equal(buf_add(&b, val), 0);
    b.p[p->at] ^= flip;
    put(txn, db, p->key, buf_view(&b));
    buf_release(&b);
}

/* zstd does not look at all bits of a frame's header: where none of the text
 * changes nothing is damaged. */
static bool is_frame(const struct place *p)
{
    return strcmp(p->table, "docs") == 0 && p->key.p[4] >= 0x80;
}

static unsigned flips, unseen, runs;

/* The check in the transaction; query on what was committed. */
static void flip_byte(struct place *p, struct view val, bool commit_it)
{
    int status;

    p->bit = (uint8_t)(1u << below(8));
    flips++;
    put_value(p, val, p->bit);
    if (problems() == 0) {
        if (!is_frame(p))
            describe(p, val.n, "is not told by the check");
        unseen++;
        print_message("# harmless: text frame, byte %zu of %zu, bit %02x\n",
                      p->at, val.n, p->bit);
    }
    if (commit_it) {
        runs++;
        commit(txn);
        status = run_query(index_dir, flips);
        txn = begin(store);
        if (status != 0 && status != 1 && status != 5) {
            char what[80];

            snprintf(what, sizeof what, "query %u: exit %d", flips % 9, status);
            describe(p, val.n, what);
        }
    }
    put_value(p, val, 0);
}

/* Copies of all tables' entries, so that writing does not disturb the walk. */
struct entry {
    char *table;
    struct buf key, val;
};

struct entries {
    struct entry *entry;
    size_t n, cap;
    size_t bytes; /* that flip_value() will change */
};

static size_t steps(size_t n)
{
    return n <= SMALL ? n : SPREAD;
}

static int add_table(void *arg, struct view name)
{
    struct entries *all = arg;
    struct cursor *c;
    struct view key, val;
    char text[32];
    store_db db;
    int rc;

    assert_true(name.n < sizeof text);
    memcpy(text, name.p, name.n);
    text[name.n] = 0;
    assert_int_equal(txn_open_db(txn, text, false, &db, &err), 1);
    assert_int_equal(cursor_open(&c, txn, db, &err), 0);
    for (rc = cursor_first(c, &key, &val); rc > 0;
         rc = cursor_next(c, &key, &val)) {
        struct entry *e;

        if (all->n == all->cap) {
            all->cap = all->cap * 2 + 64;
            all->entry = realloc(all->entry, all->cap * sizeof *all->entry);
            assert_non_null(all->entry);
        }
        e = &all->entry[all->n++];
        memset(e, 0, sizeof *e);
        e->table = strdup(text);
        assert_int_equal(buf_add(&e->key, key), 0);
        assert_int_equal(buf_add(&e->val, val), 0);
        all->bytes += steps(val.n);
    }
    cursor_close(c);
    return rc;
}

static void release(struct entries *all)
{
    size_t i;

    for (i = 0; i < all->n; i++) {
        free(all->entry[i].table);
        buf_release(&all->entry[i].key);
        buf_release(&all->entry[i].val);
    }
    free(all->entry);
}

/* All bytes of a small value; of a large one the first, the last and some
 * between. */
static void flip_value(const struct entry *e, size_t every)
{
    struct place p = {.table = e->table, .key = buf_view(&e->key)};
    size_t n = e->val.n, k = steps(n), i;

    for (i = below(STEP); i < k; i += STEP) {
        p.at = i;
        if (n > SMALL)
            p.at = i < 4 ? i : i + 4 >= k ? n - (k - i) : 4 + below(n - 8);
        flip_byte(&p, buf_view(&e->val), flips % every == 0);
    }
}

static void test_values(void **unused)
{
    struct entries all = {0};
    size_t i;

    (void)unused;
    store = open_store(index_dir, STORE_WRITE);
    txn = begin(store);
    assert_int_equal(problems(), 0);
    assert_int_equal(txn_list_dbs(txn, add_table, &all, &err), 0);
    for (i = 0; i < all.n; i++)
        flip_value(&all.entry[i], all.bytes / STEP / RUNS + 1);
    assert_int_equal(problems(), 0);
    commit(txn);
    store_close(store);
    print_message("# %zu values, %u flips, %u of them harmless, %u queries\n",
                  all.n, flips, unseen, runs);
    assert_true(unseen < flips / 100);
    assert_int_equal(run_query(index_dir, 0), 0);
    release(&all);
}

/* --- the file itself --- */

static void read_all(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    size_t n;

    assert_non_null(f);
    do {
        assert_int_equal(buf_reserve(out, 65536), 0);
        n = fread(out->p + out->n, 1, out->cap - out->n, f);
        out->n += n;
    } while (n > 0);
    fclose(f);
}

static void write_all_of(const char *path, struct view v)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(v.p, 1, v.n, f), v.n);
    assert_int_equal(fclose(f), 0);
}

/* Damage of one kind or another: a bit, a byte, some bytes of noise, a page of
 * zeros, two pages swapped, the end cut off. */
static void harm(struct buf *b, unsigned kind)
{
    uint32_t at = below((uint32_t)b->n), page = at & ~4095u, i;
    uint32_t other = below((uint32_t)b->n) & ~4095u;
    uint8_t keep[4096];

    switch (kind % 7) {
    case 0:
        b->p[at] ^= (uint8_t)(1u << below(8));
        break;
    case 1:
        b->p[at] = (uint8_t)below(256);
        break;
    case 2:
        for (i = 0; i < 16 && at + i < b->n; i++)
            b->p[at + i] = (uint8_t)below(256);
        break;
    case 3: /* header and first pointers of a page */
        b->p[page + below(64)] ^= (uint8_t)(1 + below(255));
        break;
    case 4:
        memset(b->p + page, 0, 4096);
        break;
    case 5:
        memcpy(keep, b->p + page, 4096);
        memcpy(b->p + page, b->p + other, 4096);
        memcpy(b->p + other, keep, 4096);
        break;
    default:
        b->n = at + 1;
    }
}

static bool allowed(int status)
{
    return status == 0 || status == 1 || status == 3 || status == 5;
}

static void test_file(void **unused)
{
    struct buf sound = {0}, b = {0};
    char *path, *copy, *db, *lock;
    unsigned i, bad = 0, checks[8] = {0};

    (void)unused;
    assert_true(asprintf(&path, "%s/index-00000001.mdb", index_dir) > 0 &&
                asprintf(&db, "%s/copy", dir) > 0 &&
                asprintf(&copy, "%s/index-00000001.mdb", db) > 0 &&
                asprintf(&lock, "%s-lock", copy) > 0);
    {
        const char *argv[] = {"cp", "-r", index_dir, db, NULL};

        assert_int_equal(run(argv), 0);
    }
    read_all(path, &sound);
    assert_int_equal(sound.n % 4096, 0);
    for (i = 0; i < COPIES; i++) {
        int status[3], k;

        buf_clear(&b);
        assert_int_equal(buf_add(&b, buf_view(&sound)), 0);
        harm(&b, i);
        unlink(lock);
        write_all_of(copy, buf_view(&b));
        status[0] = run_query(db, i / 7);
        status[1] = run_query(db, i / 7 + 4);
        status[2] = run_check(db);
        checks[status[2] < 7 ? status[2] : 7]++;
        for (k = 0; k < 3; k++)
            if (!allowed(status[k])) {
                print_message("# copy %u, damage %u: %s: exit %d\n", i, i % 7,
                              k < 2 ? "query" : "indexer --check", status[k]);
                bad++;
            }
        if (getenv("FLIP_KEEP") &&
            !(allowed(status[0]) && allowed(status[1]) && allowed(status[2]))) {
            char *kept;

            assert_true(asprintf(&kept, "%s/%03u.mdb", getenv("FLIP_KEEP"), i) >
                        0);
            write_all_of(kept, buf_view(&b));
            free(kept);
        }
    }
    print_message("# --check of %d copies: %u sound, %u refused, %u damaged\n",
                  COPIES, checks[0], checks[3], checks[5]);
    if (bad)
        fail_msg("%u of %d runs ended badly", bad, 3 * COPIES);
    buf_release(&sound);
    buf_release(&b);
    free(path);
    free(copy);
    free(db);
    free(lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_values),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
