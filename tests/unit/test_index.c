/* index.h: one moment of an index, and where an index lies. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "index/index.h"
#include "tests/unit/temp_store.h"

static const char CONFIG[] = "chain=1\nlanguage=english\nempty=\nlang=x\n";

/* A commit of one segment without terms and `docs` documents. */
static void commit_docs(struct store *s, uint32_t docs)
{
    struct manifest m;
    struct err err = {0};
    struct roots r = {0};
    struct txn *t = begin(s);
    char name[16];
    uint32_t i;

    assert_true(manifest_read(t, &m, &err) >= 0);
    m.generation++;
    m.config_hash = hash64(view_str(CONFIG));
    m.segment[m.nsegments++] = (struct segment_info){
        .number = m.next_segment++,
        .doc_lo = m.next_docid,
        .doc_hi = m.next_docid + docs - 1,
        .docs = docs,
        .positions = 100 * docs,
    };
    for (i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%c%08x", "px"[i], m.next_segment - 1);
        table(t, name);
    }
    for (i = 0; i < docs; i++) {
        uint8_t code = norm_encode(100);

        assert_int_equal(norms_write(t, m.next_docid++, &code, 1, &err), 0);
    }
    m.live_docs += docs;
    assert_int_equal(roots_add(&r, "/home/me/docs", "docs"), 0);
    assert_int_equal(roots_write(t, &r, &err), 0);
    assert_int_equal(config_write(t, view_str(CONFIG), &err), 0);
    assert_int_equal(manifest_write(t, &m, &err), 0);
    commit(t);
    roots_release(&r);
}

static void test_nothing_committed(void **state)
{
    struct index ix;
    struct err err = {0};

    assert_int_equal(index_open(&ix, *state, &err), ERR_NOTFOUND);
    index_close(&ix);
    store_close(open_store(*state, STORE_WRITE));
    assert_int_equal(index_open(&ix, *state, &err), 0);
    if (index_begin(&ix, &err) < 0)
        fail_msg("%s", err.msg);
    assert_int_equal(ix.manifest.generation, 0);
    assert_int_equal(ix.manifest.nsegments, 0);
    assert_int_equal(index_docs(&ix), 0);
    assert_int_equal(norms_code(&ix.norms, 1), 0);
    assert_string_equal(buf_cstr(&ix.language), "");
    index_close(&ix);
    index_close(&ix);
}

static void test_newest_commit(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    struct index ix;
    struct err err = {0};

    commit_docs(w, 3);
    assert_int_equal(index_open(&ix, *state, &err), 0);
    if (index_begin(&ix, &err) < 0)
        fail_msg("%s", err.msg);
    assert_int_equal(ix.manifest.generation, 1);
    assert_int_equal(ix.segment[0].info.number, 1);
    assert_int_equal(index_docs(&ix), 3);
    assert_int_equal(index_positions(&ix), 300);
    assert_int_equal(norms_code(&ix.norms, 3), norm_encode(100));
    assert_int_equal(norms_code(&ix.norms, 4), 0);
    assert_string_equal((const char *)ix.language.p, "english");
    assert_string_equal(ix.roots.root[0].name, "docs");
    commit_docs(w, 2);
    assert_int_equal(index_docs(&ix), 3);
    assert_int_equal(norms_code(&ix.norms, 4), 0);
    assert_int_equal(index_begin(&ix, &err), 0); /* ends the other */
    assert_int_equal(index_docs(&ix), 5);
    assert_int_equal(norms_code(&ix.norms, 4), norm_encode(100));
    index_end(&ix);
    index_end(&ix);
    assert_null(ix.txn);

    /* another data file, while the reader stays */
    store_close(w);
    w = open_store(*state, STORE_BUILD);
    commit_docs(w, 6);
    assert_int_equal(store_publish(w, &err), 0);
    commit_docs(w, 1);
    assert_int_equal(index_begin(&ix, &err), 0);
    assert_int_equal(index_docs(&ix), 7);
    index_close(&ix);
    store_close(w);
}

static void test_damaged(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    struct index ix;
    struct err err = {0};
    struct txn *t;

    commit_docs(w, 3);
    assert_int_equal(index_open(&ix, *state, &err), 0);

    t = begin(w);
    assert_int_equal(config_write(t, view_str("language=german\n"), &err), 0);
    commit(t);
    assert_int_equal(index_begin(&ix, &err), ERR_CORRUPT);
    assert_null(ix.txn);

    t = begin(w);
    assert_int_equal(config_write(t, view_str(CONFIG), &err), 0);
    assert_int_equal(txn_drop_db(t, "p00000001", &err), 1);
    commit(t);
    assert_int_equal(index_begin(&ix, &err), ERR_CORRUPT);
    assert_null(ix.txn);
    assert_int_equal(ix.manifest.nsegments, 0);

    t = begin(w);
    table(t, "p00000001");
    damage(t, table(t, "meta"), view_str("config"), 3);
    commit(t);
    assert_int_equal(index_begin(&ix, &err), ERR_CORRUPT);
    index_close(&ix);
    store_close(w);
}

static void check_value(const char *config, const char *key, const char *want)
{
    struct view v = config_value(view_str(config), key);

    assert_true(view_eq(v, view_str(want)));
}

static void test_config_value(void **state)
{
    (void)state;
    check_value(CONFIG, "chain", "1");
    check_value(CONFIG, "language", "english");
    check_value(CONFIG, "lang", "x");
    check_value(CONFIG, "empty", "");
    check_value(CONFIG, "none", "");
    check_value(CONFIG, "english", "");
    check_value("a=1\nb=2", "b", "2");
    check_value("a=1\n\n\nb=2=3\n", "b", "2=3");
    check_value("", "b", "");
    check_value("b", "b", "");
}

static void expect_found(const char *named, bool make, const char *want)
{
    struct buf b = {0};
    struct err err = {0};

    if (index_find(named, make, &b, &err) < 0)
        fail_msg("%s", err.msg);
    assert_string_equal(buf_cstr(&b), want);
    buf_release(&b);
}

static void test_find(void **state)
{
    char here[400], index[400], cwd[400], *dir = realpath(*state, NULL);
    struct err err = {0};
    struct buf b = {0};

    assert_non_null(getcwd(cwd, sizeof cwd));
    unsetenv("INDEX_DB");
    snprintf(here, sizeof here, "%s/a", dir);
    assert_int_equal(mkdir(here, 0777), 0);
    snprintf(here, sizeof here, "%s/a/b", dir);
    assert_int_equal(mkdir(here, 0777), 0);
    assert_int_equal(chdir(here), 0);

    /* none yet: nothing is made but the name */
    assert_int_equal(index_find(NULL, false, &b, &err), ERR_NOTFOUND);
    snprintf(index, sizeof index, "%s/a/b/.index", dir);
    expect_found(NULL, true, index);
    assert_int_equal(access(index, F_OK), -1);

    /* the nearest above; a file of that name is none */
    snprintf(index, sizeof index, "%s/.index", dir);
    assert_int_equal(mkdir(index, 0777), 0);
    expect_found(NULL, false, index);
    snprintf(index, sizeof index, "%s/a/b/.index", dir);
    fclose(fopen(index, "w"));
    snprintf(index, sizeof index, "%s/.index", dir);
    expect_found(NULL, true, index);
    snprintf(index, sizeof index, "%s/a/.index", dir);
    assert_int_equal(mkdir(index, 0777), 0);
    expect_found(NULL, true, index);

    setenv("INDEX_DB", "/some/where", 1);
    expect_found(NULL, false, "/some/where");
    expect_found("x", false, "x");
    assert_int_equal(index_find("", false, &b, &err), ERR_USAGE);
    setenv("INDEX_DB", "", 1);
    expect_found(NULL, false, index);
    unsetenv("INDEX_DB");

    /* a stranger's is not opened by walking into a folder */
    if (chown(index, 12345, 12345) == 0) {
        assert_int_equal(index_find(NULL, true, &b, &err), ERR_REFUSED);
        expect_found(index, false, index);
    }
    assert_int_equal(chdir("/"), 0);
    if (access("/.index", F_OK) < 0)
        expect_found(NULL, true, "/.index");
    assert_int_equal(chdir(cwd), 0);
    buf_release(&b);
    free(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_nothing_committed),
        in_dir(test_newest_commit),
        in_dir(test_damaged),
        cmocka_unit_test(test_config_value),
        in_dir(test_find),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
