/* The walk over LMDB's pages: whatever a store does, its file passes; a damaged
 * byte of meta pages, page headers, pointers or nodes is told, or LMDB reads
 * the file as before. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp_store.h"

#include "base/bytes.h"
#include "index/page.h"
#include "index/pages.h"

static struct err err;
static struct pages_report report;
static char said[600]; /* the first problem of the last walk */

static uint64_t state = 4;

static uint32_t below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

static void say(void *arg, const char *line)
{
    (void)arg;
    if (!*said)
        snprintf(said, sizeof said, "%s", line);
}

/* Problems of the newest commit; an error of pages_open is one. */
static uint64_t walk(const char *path)
{
    struct pages *p;
    int rc = pages_open(&p, path, &err);

    *said = 0;
    if (rc == 0)
        rc = pages_walk(p, PAGES_NEWEST, &report, say, NULL, &err);
    pages_close(p);
    if (rc > 0)
        return report.problems;
    assert_int_equal(rc, ERR_CORRUPT);
    say(NULL, err.msg);
    return 1;
}

static void assert_sound(const char *path)
{
    if (walk(path) > 0)
        fail_msg("%s", said);
    assert_true(report.pages > 0);
}

static void assert_told(const char *path, const char *what)
{
    assert_true(walk(path) > 0);
    if (!strstr(said, what))
        fail_msg("\"%s\" is not: %s", said, what);
}

/* --- filling --- */

static void put_number(struct txn *t, store_db db, uint32_t number, size_t n)
{
    uint8_t key[40] = {0}, val[8192];

    put_be32(key, number * 2654435761u); /* all over the table */
    memset(val, (int)number, n);
    put(t, db, view_of(key, 4 + number % 37), view_of(val, n));
}

static void del_number(struct txn *t, store_db db, uint32_t number)
{
    uint8_t key[40] = {0};

    put_be32(key, number * 2654435761u);
    assert_true(txn_del(t, db, view_of(key, 4 + number % 37), &err) >= 0);
}

/* Tables of several levels, with values in pages of their own. */
static void fill(struct store *s, uint32_t n)
{
    struct txn *t = begin(s);
    store_db few = table(t, "few"), many = table(t, "many");
    uint32_t i;

    for (i = 0; i < n; i++)
        put_number(t, many, i, i % 5 ? i % 300 : 3000);
    for (i = 0; i < 3; i++)
        put_number(t, few, i, store_max_value(s));
    table(t, "none");
    commit(t);
}

/* --- what a store does --- */

static void test_empty(void **dir)
{
    struct store *s = open_store(*dir, STORE_WRITE);

    walk(store_path(s));
    assert_int_equal(report.problems, 0);
    commit_entry(s, "one", "key", "value");
    assert_sound(store_path(s));
    store_close(s);
}

static void test_changes(void **dir)
{
    struct store *s = open_store(*dir, STORE_BUILD);
    uint32_t round, i;

    fill(s, 2000);
    assert_int_equal(store_publish(s, &err), 0);
    assert_sound(store_path(s));
    for (round = 0; round < 60; round++) {
        struct txn *t = begin(s);
        store_db many = table(t, "many"), more;
        uint32_t n = below(4) ? below(40) : below(3000);

        for (i = 0; i < n; i++) {
            if (below(2))
                del_number(t, many, below(3000));
            else
                put_number(t, many, below(3000), below(below(3) ? 300 : 4081));
        }
        if (round % 5 == 1)
            assert_true(txn_drop_db(t, "more", &err) >= 0);
        more = table(t, "more");
        for (i = 0; i < n / 2; i++)
            put_number(t, more, i, below(1000));
        if (round % 7 == 3)
            txn_abort(t);
        else
            commit(t);
        assert_sound(store_path(s));
    }
    store_close(s);
}

/* A copy that LMDB makes without the free pages. */
static void test_copy(void **dir)
{
    struct store *s = open_store(*dir, STORE_WRITE), *copy;
    uint64_t bytes;
    char to[4096];

    fill(s, 2000);
    snprintf(to, sizeof to, "%s/copy", (const char *)*dir);
    assert_int_equal(store_backup(s, to, &bytes, &err), 0);
    store_close(s);
    copy = open_store(to, STORE_WRITE);
    assert_sound(store_path(copy));
    commit_entry(copy, "few", "key", "value");
    assert_sound(store_path(copy));
    store_close(copy);
}

/* All that is there goes, table by table and then entry by entry. */
static void test_emptied(void **dir)
{
    struct store *s = open_store(*dir, STORE_WRITE);
    struct txn *t;
    uint32_t i;

    fill(s, 1500);
    t = begin(s);
    assert_int_equal(txn_drop_db(t, "few", &err), 1);
    commit(t);
    assert_sound(store_path(s));
    for (i = 0; i < 1500; i += 300) {
        uint32_t k;

        t = begin(s);
        for (k = i; k < i + 300; k++)
            del_number(t, table(t, "many"), k);
        commit(t);
        assert_sound(store_path(s));
    }
    store_close(s);
}

/* A reader's commit stays whole while others come; and it is told when its
 * meta page is gone. */
static void test_beside_writer(void **dir)
{
    struct store *w = open_store(*dir, STORE_WRITE), *r;
    struct pages *p;
    struct txn *t;
    uint64_t commit_number;
    uint32_t i;

    fill(w, 1000);
    r = open_store(*dir, STORE_READ);
    t = begin(r);
    commit_number = txn_commit_number(t);
    assert_int_equal(pages_open(&p, store_path(r), &err), 0);
    fill(w, 900);
    *said = 0;
    assert_int_equal(pages_walk(p, commit_number, &report, say, NULL, &err), 1);
    assert_string_equal(said, "");
    assert_true(report.pages > 100);
    for (i = 0; i < 3; i++)
        fill(w, 900 - i);
    assert_int_equal(pages_walk(p, commit_number, &report, say, NULL, &err), 0);
    pages_close(p);
    txn_abort(t);
    t = begin(w);
    assert_int_equal(txn_commit_number(t), commit_number + 4);
    txn_abort(t);
    store_close(r);
    store_close(w);
}

static void test_no_file(void **dir)
{
    char path[200];
    struct pages *p;

    assert_int_equal(pages_open(&p, *dir, &err), ERR_CORRUPT);
    snprintf(path, sizeof path, "%s/none", (char *)*dir);
    assert_int_equal(pages_open(&p, path, &err), ERR_NOTFOUND);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(pages_open(&p, path, &err), ERR_CORRUPT);
    assert_null(p);
}

/* --- a file that was written and may be damaged --- */

struct file {
    int fd;
    char *path;
    struct buf sound; /* its bytes as written */
    uint64_t entries; /* that LMDB finds */
};

static int count_table(void *arg, struct view name)
{
    uint64_t *n = ((void **)arg)[0];
    struct txn *t = ((void **)arg)[1];
    struct cursor *c;
    struct view key, val;
    char text[32] = "";
    store_db db;
    int rc;

    memcpy(text, name.p, name.n < 31 ? name.n : 31);
    if (txn_open_db(t, text, false, &db, &err) <= 0 ||
        cursor_open(&c, t, db, &err) < 0)
        return -1;
    for (rc = cursor_first(c, &key, &val); rc > 0;
         rc = cursor_next(c, &key, &val))
        *n += val.n == 0 || val.p[0] <= val.p[val.n - 1] + 256;
    cursor_close(c);
    return rc;
}

/* How many entries LMDB finds; all of them are read. */
static uint64_t count_entries(const char *dir)
{
    struct store *s;
    struct txn *t;
    uint64_t n = 0;
    int rc = store_open(&s, dir, STORE_READ, &err);

    if (rc < 0)
        return UINT64_MAX;
    rc = txn_begin(&t, s, &err);
    if (rc == 0) {
        void *arg[] = {&n, t};

        rc = txn_list_dbs(t, count_table, arg, &err);
    }
    txn_abort(rc < 0 ? NULL : t);
    store_close(s);
    return rc < 0 ? UINT64_MAX : n;
}

/* The same in a process that may end of it. */
static bool as_before(const struct file *f, const char *dir)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        alarm(10);
        _exit(count_entries(dir) == f->entries ? 0 : 1);
    }
    assert_true(pid > 0);
    while (waitpid(pid, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Some commits: both meta pages are in use, and there are free pages. */
static void open_file(struct file *f, const char *dir)
{
    struct store *s = open_store(dir, STORE_WRITE);
    struct txn *t;
    struct stat st;
    uint32_t i;

    memset(f, 0, sizeof *f);
    fill(s, 400);
    t = begin(s);
    for (i = 0; i < 150; i++)
        del_number(t, table(t, "many"), i);
    commit(t);
    commit_entry(s, "last", "key", "value");
    f->path = strdup(store_path(s));
    store_close(s);
    f->fd = open(f->path, O_RDWR);
    assert_true(f->fd >= 0);
    assert_int_equal(fstat(f->fd, &st), 0);
    assert_int_equal(buf_reserve(&f->sound, (size_t)st.st_size), 0);
    assert_int_equal(pread(f->fd, f->sound.p, (size_t)st.st_size, 0),
                     st.st_size);
    f->sound.n = (size_t)st.st_size;
    f->entries = count_entries(dir);
    assert_int_equal(f->entries, 400 - 150 + 3 + 1);
    assert_sound(f->path);
}

static void close_file(struct file *f)
{
    close(f->fd);
    free(f->path);
    buf_release(&f->sound);
}

static void write_at(struct file *f, uint64_t at, const void *p, size_t n)
{
    assert_int_equal(pwrite(f->fd, p, n, (off_t)at), n);
}

static void restore(struct file *f)
{
    write_at(f, 0, f->sound.p, f->sound.n);
}

/* --- every byte --- */

enum { PAGE = 4096 };

static unsigned flips, told;

static void flip(struct file *f, const char *dir, size_t at)
{
    uint8_t damaged = f->sound.p[at] ^ (uint8_t)(1 + below(255));

    flips++;
    write_at(f, at, &damaged, 1);
    if (walk(f->path) > 0)
        told++;
    else if (!as_before(f, dir))
        fail_msg("page %zu, byte %zu: %02x for %02x is not told", at / PAGE,
                 at % PAGE, damaged, f->sound.p[at]);
    write_at(f, at, &f->sound.p[at], 1);
}

/* Whether a page is in use: then its kind is looked at. */
static bool in_use(struct file *f, size_t from)
{
    uint64_t problems;

    write_at(f, from + 10, "\x10", 1);
    problems = walk(f->path);
    write_at(f, from + 10, f->sound.p + from + 10, 1);
    return problems > 0;
}

/* Pointers, headers of nodes and the numbers of overflow pages. */
static void flip_nodes(struct file *f, const char *dir, size_t from)
{
    const uint8_t *p = f->sound.p + from;
    struct page_node node;
    size_t i, n;

    for (n = 0; n < page_nodes(p); n++) {
        size_t at = get_u16(p + PAGE_HEADER + 2 * n);

        page_node(p, n, &node);
        for (i = 0; i < 2; i++)
            flip(f, dir, from + PAGE_HEADER + 2 * n + i);
        for (i = 0; i < 8; i++)
            flip(f, dir, from + at + i);
        for (i = 0; node.run && i < 8; i++)
            flip(f, dir, from + at + 8 + node.key.n + i);
    }
}

static void test_every_byte(void **dir)
{
    struct file f;
    size_t at, i;

    open_file(&f, *dir);
    assert_int_equal(f.sound.n % PAGE, 0);
    for (at = 0; at < PAGE_META_END; at++) {
        flip(&f, *dir, at);
        flip(&f, *dir, PAGE + at);
    }
    for (at = 2 * PAGE; at < f.sound.n; at += PAGE) {
        if (!in_use(&f, at))
            continue;
        for (i = 0; i < PAGE_HEADER; i++)
            flip(&f, *dir, at + i);
        if (get_u16(f.sound.p + at + 10) != PAGE_OVERFLOW)
            flip_nodes(&f, *dir, at);
    }
    print_message("# %u flips, %u told\n", flips, told);
    assert_true(flips > 4000 && told > flips / 10 * 9);
    assert_sound(f.path);
    close_file(&f);
}

/* --- kinds of damage --- */

/* Where the meta page of the newest commit begins. */
static size_t newest(const struct file *f)
{
    const uint8_t *p = f->sound.p + PAGE_HEADER + 128;

    return get_u64(p) < get_u64(p + PAGE) ? PAGE : 0;
}

static struct page_meta meta_of(const struct file *f)
{
    struct page_meta m;
    size_t at = newest(f);

    assert_null(page_meta(f->sound.p + at, at / PAGE, &m));
    return m;
}

static uint64_t child(const struct file *f, uint64_t page, size_t i)
{
    struct page_node n;

    page_node(f->sound.p + page * PAGE, i, &n);
    return n.child;
}

/* The record of table "many", as a place in the file. */
static size_t record_of_many(const struct file *f, struct page_tree *out)
{
    const uint8_t *p = f->sound.p + meta_of(f).table.root * PAGE;
    struct page_node n;
    size_t i;

    for (i = 0; i < page_nodes(p); i++) {
        page_node(p, i, &n);
        if (view_eq(n.key, view_str("many"))) {
            page_tree(n.data.p, out);
            return (size_t)(n.data.p - f->sound.p);
        }
    }
    fail_msg("no such table");
    return 0;
}

static void set_child(struct file *f, uint64_t page, size_t i, uint64_t to)
{
    const uint8_t *p = f->sound.p + page * PAGE;
    uint8_t low[4];

    put_u32(low, (uint32_t)to);
    write_at(f, page * PAGE + get_u16(p + PAGE_HEADER + 2 * i), low, 4);
}

static void test_branches(void **dir)
{
    struct file f;
    struct page_tree many;
    uint8_t number[8];
    size_t at;

    open_file(&f, *dir);
    at = record_of_many(&f, &many);
    assert_int_equal(many.depth, 2);
    set_child(&f, many.root, 1, child(&f, many.root, 0));
    assert_told(f.path, "table many is in use twice");
    set_child(&f, many.root, 1, many.root); /* a loop */
    assert_told(f.path, "table many is in use twice");
    set_child(&f, many.root, 1, 1u << 30);
    assert_told(f.path, "of table many is not in the file");
    set_child(&f, many.root, 1, 1);
    assert_told(f.path, "page 1 of table many is not in the file");
    set_child(&f, many.root, 1, child(&f, many.root, 0));
    set_child(&f, many.root, 0, child(&f, many.root, 1));
    assert_told(f.path, "its keys are not those that lead to it");
    restore(&f);
    put_u64(number, many.entries + 1);
    write_at(&f, at + 32, number, 8);
    assert_told(f.path, "table many has 250 entries, not 251");
    restore(&f);
    put_u64(number, many.leaves - 1);
    write_at(&f, at + 16, number, 8);
    assert_told(f.path, "branch, leaf and overflow pages");
    restore(&f);
    write_at(&f, at + 6, "\x11", 1);
    assert_told(f.path, "table many has a depth that does not come about");
    write_at(&f, at + 6, "\x03", 1);
    assert_told(f.path, "it should be a branch");
    restore(&f);
    write_at(&f, at + 4, "\x04", 1);
    assert_told(f.path, "table many sorts in another way");
    close_file(&f);
}

static void test_free_list(void **dir)
{
    struct file f;
    struct page_meta m;
    struct page_node n;
    uint8_t number[8];
    size_t at;

    open_file(&f, *dir);
    m = meta_of(&f);
    assert_int_equal(m.free.depth, 1);
    page_node(f.sound.p + m.free.root * PAGE, 0, &n);
    at = (size_t)(n.data.p - f.sound.p);
    assert_true(get_u64(n.data.p) > 1);
    put_u64(number, get_u64(n.data.p) - 1);
    write_at(&f, at, number, 8); /* the last one is in no list now */
    assert_told(f.path, "1 pages are neither in use nor free");
    put_u64(number, UINT64_MAX);
    write_at(&f, at, number, 8);
    assert_told(f.path, "an entry is cut short");
    restore(&f);
    put_u64(number, get_u64(n.data.p + 16));
    write_at(&f, at + 8, number, 8);
    assert_told(f.path, "is out of order");
    put_u64(number, m.last + 1);
    write_at(&f, at + 8, number, 8);
    assert_told(f.path, "is out of order");
    restore(&f);
    put_u64(number, m.table.root);
    write_at(&f, at + 8, number, 8);
    assert_true(walk(f.path) > 0);
    close_file(&f);
}

static void test_meta(void **dir)
{
    struct file f;
    struct page_meta m;
    uint8_t number[8];
    size_t at;

    open_file(&f, *dir);
    m = meta_of(&f);
    at = newest(&f) + PAGE_HEADER;
    put_u64(number, m.commit + 2);
    write_at(&f, at + 128, number, 8);
    assert_told(f.path, "are not of adjacent commits");
    put_u64(number, m.commit + 1);
    write_at(&f, at + 128, number, 8);
    assert_told(f.path, "its commit belongs to the other meta page");
    restore(&f);
    put_u64(number, UINT64_MAX / 2);
    write_at(&f, at + 120, number, 8);
    assert_told(f.path, "the number of pages is impossible");
    put_u64(number, m.last + 1);
    write_at(&f, at + 120, number, 8);
    assert_told(f.path, "the file lacks its last 1 pages");
    put_u64(number, m.last - 1);
    write_at(&f, at + 120, number, 8);
    assert_true(walk(f.path) > 0);
    restore(&f);
    assert_int_equal(ftruncate(f.fd, (off_t)(f.sound.n / 2)), 0);
    assert_true(walk(f.path) > 0);
    assert_int_equal(ftruncate(f.fd, PAGE), 0);
    assert_told(f.path, "is cut short");
    close_file(&f);
}

/* A crash behind a commit may leave the file without its last pages, all of
 * them free. */
static void test_free_end(void **dir)
{
    struct store *s = open_store(*dir, STORE_WRITE);
    struct stat st;
    struct txn *t;
    char *path;
    uint32_t i;

    commit_entry(s, "one", "key", "value");
    t = begin(s);
    for (i = 0; i < 50; i++) /* taken and freed within a commit */
        put_number(t, table(t, "two"), i, 4000);
    assert_int_equal(txn_drop_db(t, "two", &err), 1);
    commit(t);
    for (i = 0; i < 3; i++) /* which take the lowest pages that are free */
        commit_entry(s, "one", "key", "value");
    path = strdup(store_path(s));
    store_close(s);
    assert_sound(path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - 3 * PAGE), 0);
    assert_told(path, "the file lacks its last 3 pages, all free ones");
    assert_int_equal(truncate(path, 3 * PAGE), 0);
    assert_told(path, "is not in the file");
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_empty),         in_dir(test_changes),
        in_dir(test_copy),          in_dir(test_emptied),
        in_dir(test_beside_writer), in_dir(test_no_file),
        in_dir(test_every_byte),    in_dir(test_branches),
        in_dir(test_free_list),     in_dir(test_meta),
        in_dir(test_free_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
