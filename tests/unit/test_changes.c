/* --changes-since on an index whose log lacks or breaks a generation. */
#include <sys/stat.h>
#include <unistd.h>

#include "index/changelog.h"
#include "index/record.h"
#include "indexer/report.h"
#include "indexer/run.h"
#include "query/ask.h"
#include "tests/unit/temp_store.h"

/* An index of three generations, a document each. */
static void build(const char *dir)
{
    char *operand[] = {"docs"};
    struct run_options o = {
        .dir = "index",
        .operand = operand,
        .noperands = 1,
        .memory = 64 << 20,
        .max_purge = 100,
        .level = LEVEL_QUIET,
    };
    char name[32];
    FILE *f;
    int i;

    if (chdir(dir) < 0 || mkdir("docs", 0777) < 0)
        fail_msg("%s", dir);
    for (i = 1; i <= 3; i++) {
        snprintf(name, sizeof name, "docs/%d.txt", i);
        f = fopen(name, "wb");
        assert_non_null(f);
        fprintf(f, "document %d\n", i);
        fclose(f);
        assert_int_equal(run(&o), 0);
    }
}

/* Puts a record in place of that of a generation; NULL deletes it. */
static void set_log(uint64_t generation, const char *bytes, size_t n)
{
    struct store *s = open_store("index", STORE_WRITE);
    struct txn *t = begin(s);
    store_db db = table(t, "log");
    struct err err = {0};
    uint8_t key[8];

    put_be64(key, generation);
    assert_int_equal(
        bytes ? record_put(t, db, view_of(key, 8), view_of(bytes, n), &err)
              : record_del(t, db, view_of(key, 8), &err),
        0);
    commit(t);
    store_close(s);
}

/* What is said of the changes since; the code in *rc. */
static const char *since(uint64_t generation, int *rc)
{
    static struct buf out;
    const char *dir = "index";
    struct settings settings = {
        .mode = MODE_CHANGES, .db = &dir, .ndbs = 1, .since = generation};
    struct err err = {0};
    struct session s;

    session_init(&s, &settings, &err);
    assert_int_equal(session_open(&s), 0);
    *rc = ask_changes(&s);
    buf_clear(&out);
    if (*rc < 0) {
        assert_int_equal(s.out.n, 0);
        buf_adds(&out, err.msg);
    } else {
        buf_add(&out, buf_view(&s.out));
    }
    session_close(&s);
    return buf_cstr(&out);
}

static void a_log_that_lacks_generations(void **state)
{
    int rc;

    build(*state);
    assert_string_equal(since(1, &rc), "added           2  docs/2.txt\n"
                                       "added           3  docs/3.txt\n");
    assert_int_equal(rc, 1);
    set_log(2, NULL, 0);
    assert_string_equal(since(2, &rc), "added           3  docs/3.txt\n");
    assert_non_null(strstr(since(1, &rc), "does not reach back to"));
    assert_int_equal(rc, ERR_NOTFOUND);
    assert_non_null(strstr(since(0, &rc), "does not reach back to"));
    assert_string_equal(since(3, &rc), "");
    assert_int_equal(rc, 0);
    assert_non_null(strstr(since(4, &rc), "generation 3"));
    assert_int_equal(rc, ERR_USAGE);
    assert_int_equal(chdir("/"), 0);
}

static void a_log_that_lies(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
    } rows[] = {
        {"", 0},
        {"\x01\x01\x03\x04", 4},  /* a document that was never */
        {"\x01\x05\x03\x03", 4},  /* an operation that is none */
        {"\x01\x04\x03\x03x", 5}, /* a path that is cut */
        {"\x01\x02\x01\xff\xff\xff\xff\x0f", 8},
    };
    size_t i;
    int rc;

    build(*state);
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        set_log(3, rows[i].bytes, rows[i].n);
        assert_non_null(strstr(since(2, &rc), "index damaged"));
        assert_int_equal(rc, ERR_CORRUPT);
    }
    set_log(3, "\x01\x01\x02\x03", 4); /* a document of the one before */
    assert_string_equal(since(2, &rc), "added           2  docs/2.txt\n"
                                       "added           3  docs/3.txt\n");
    assert_non_null(strstr(since(1, &rc), "index damaged"));
    set_log(3, "\x03\x03\x01\x03\x02\x02\x01x\x01\x03\x03", 11);
    assert_string_equal(since(0, &rc), "added           3  docs/3.txt\n");
    assert_string_equal(since(2, &rc), "changed         3  docs/3.txt\n"
                                       "removed         2  x\n");
    assert_int_equal(chdir("/"), 0);
}

/* What became of a document that moved, as of each generation. */
static void documents_that_move(void **state)
{
    int rc;

    build(*state);
    set_log(2, "\x02\x01\x02\x02\x04\x01\x01y", 8);
    set_log(3, "\x02\x01\x03\x03\x04\x01\x01z", 8);
    assert_string_equal(since(2, &rc), "renamed         1  z -> docs/1.txt\n"
                                       "added           3  docs/3.txt\n");
    assert_string_equal(since(1, &rc), "renamed         1  y -> docs/1.txt\n"
                                       "added           2  docs/2.txt\n"
                                       "added           3  docs/3.txt\n");
    assert_string_equal(since(0, &rc), "added           1  docs/1.txt\n"
                                       "added           2  docs/2.txt\n"
                                       "added           3  docs/3.txt\n");
    /* moved and removed: where it was; moved and replaced: from there */
    set_log(3,
            "\x04\x04\x01\x01y\x02\x01\x01z\x04\x02\x01w"
            "\x01\x03\x03",
            16);
    assert_string_equal(since(2, &rc), "renamed         2  w -> docs/2.txt\n"
                                       "added           3  docs/3.txt\n"
                                       "removed         1  y\n");
    set_log(3, "\x03\x04\x01\x01y\x03\x01\x03\x01\x03\x03", 11);
    assert_string_equal(since(2, &rc), "changed         3  y -> docs/3.txt\n");
    assert_int_equal(chdir("/"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(a_log_that_lacks_generations),
        in_dir(a_log_that_lies),
        in_dir(documents_that_move),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
