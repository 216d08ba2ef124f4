/*
 * A data file of LMDB: its pages are walked, and where nothing is found wrong
 * LMDB itself reads every entry.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "index/pages.h"
#include "index/store.h"
#include "tests/fuzz/fuzz.h"

static char dir[] = "/tmp/fuzz-pages-XXXXXX";
static char path[64];

static void in_folder(const char *name, const char *text, size_t n)
{
    int fd;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, text, n) != (ssize_t)n || close(fd) < 0)
        abort();
}

static void remove_folder(void)
{
    static const char *const names[] = {"CURRENT", "index-00000001.mdb-lock",
                                        "index-00000001.mdb"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}

static void make_folder(void)
{
    static bool made;

    if (made)
        return;
    made = true;
    if (!mkdtemp(dir) || atexit(remove_folder) != 0)
        abort();
    in_folder("CURRENT", "index-00000001.mdb\n", 19);
}

static void count(void *arg, const char *line)
{
    uint64_t *lines = arg;

    *lines += *line != 0;
}

/* Whether the walk finds nothing wrong. */
static bool passes(void)
{
    struct pages_report report;
    struct err err = {0};
    struct pages *p;
    uint64_t lines = 0;
    int rc = pages_open(&p, path, &err);

    if (rc == 0)
        rc = pages_walk(p, PAGES_NEWEST, &report, count, &lines, &err);
    pages_close(p);
    if (rc < 0 ? !err.msg[0] : rc == 0 || lines != report.problems)
        abort();
    return rc > 0 && lines == 0;
}

static int read_table(void *arg, struct view name)
{
    struct err err = {0};
    struct txn *t = arg;
    struct view key, val;
    struct cursor *c;
    char text[512];
    size_t sum = 0, i;
    store_db db;

    if (memchr(name.p, 0, name.n)) /* no name to ask for */
        return 0;
    memcpy(text, name.p, name.n);
    text[name.n] = 0;
    if (txn_open_db(t, text, false, &db, &err) <= 0)
        return err.code == ERR_FULL ? 0 : -1;
    if (cursor_open(&c, t, db, &err) < 0)
        return -1;
    while (cursor_next(c, &key, &val) > 0)
        for (i = 0; i < val.n; i++)
            sum += val.p[i];
    cursor_close(c);
    return err.code || sum == SIZE_MAX ? -1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct store *s;
    struct txn *t;

    make_folder();
    in_folder("index-00000001.mdb", (const char *)data, size);
    if (!passes())
        return 0;
    if (store_open(&s, dir, STORE_READ, &err) < 0)
        return 0; /* its end is missing, and was free */
    if (txn_begin(&t, s, &err) < 0 || txn_list_dbs(t, read_table, t, &err) < 0)
        abort();
    txn_abort(t);
    store_close(s);
    return 0;
}
