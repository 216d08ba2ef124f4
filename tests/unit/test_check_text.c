/* An index whose every value is sound but does not come from its texts: the
 * stored text of a document is replaced, and the check names what differs. */
#include <sys/stat.h>

#include "temp_store.h"

#include "index/docs_key.h"
#include "index/document.h"
#include "index/frame.h"
#include "index/index.h"
#include "indexer/check.h"
#include "indexer/run.h"

static struct err err;
static char said[4000]; /* all lines of the last check */
static struct check_report report;

static void say(void *arg, const char *line)
{
    size_t n = strlen(said);

    (void)arg;
    snprintf(said + n, sizeof said - n, "%s\n", line);
}

enum { MEMORY = 64 << 20 };

/* Problems of the texts, where all else is sound. */
static uint64_t check(const char *dir)
{
    struct index ix;

    *said = 0;
    assert_int_equal(check_open(&ix, dir, &report, say, NULL, &err), 0);
    assert_int_equal(index_begin(&ix, &err), 0);
    assert_int_equal(check_index(&ix, &report, say, NULL, &err), 0);
    assert_string_equal(said, "");
    if (check_texts(&ix, MEMORY, &report, say, NULL, &err) < 0)
        fail_msg("%s", err.msg);
    index_close(&ix);
    return report.problems;
}

/* --- an index --- */

static const char *const texts[] = {
    "A first title\n\nThe harbour and the railway; one harbour more.\n",
    "The second\n\nNobody reads about bridges here.\nUS trade, us too.\n",
    "Third\n\nA caf\303\251 beside the harbour.\n",
};

enum { TEXTS = sizeof texts / sizeof *texts };

static void write_text(const char *folder, unsigned number, const char *text)
{
    char path[200];
    FILE *f;

    snprintf(path, sizeof path, "%s/%u.txt", folder, number);
    f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* Indexes dir/docs into dir/index. */
static void make_index(const char *dir, bool no_text, char out[200])
{
    static char docs[180];
    char *operand[] = {docs, NULL};
    struct run_options o = {.operand = operand,
                            .noperands = 1,
                            .memory = MEMORY,
                            .max_purge = 20,
                            .no_text = no_text};
    unsigned i;

    snprintf(out, 200, "%s/index", dir);
    snprintf(docs, sizeof docs, "%s/docs", dir);
    assert_int_equal(mkdir(docs, 0700), 0);
    for (i = 0; i < TEXTS; i++)
        write_text(docs, i + 1, texts[i]);
    o.dir = out;
    assert_int_equal(run(&o), EXIT_FINE);
}

/* Replaces the one frame of a document by one of another text as long. */
static void replace_text(const char *dir, uint32_t docid, const char *text)
{
    struct store *s = open_store(dir, STORE_WRITE);
    struct txn *t = begin(s);
    struct docs_key key = docs_key(docid);
    store_db db = table(t, "docs");
    struct documents *ds;
    struct document d;
    struct frame_packer *p;
    struct view packed;

    assert_int_equal(strlen(text), strlen(texts[docid - 1]));
    assert_int_equal(frame_packer_open(&p, &err), 0);
    assert_int_equal(frame_pack(p, view_str(text), &packed, &err), 0);
    assert_int_equal(documents_open(&ds, t, &err), 0);
    assert_int_equal(documents_get(ds, docid, &d, &err), 1);
    assert_int_equal(d.nframes, 1);
    assert_int_equal(
        txn_del(t, db, docs_text(&key, d.frame[0].packed - 1), &err), 1);
    d.frame[0].packed = (uint32_t)packed.n;
    assert_int_equal(document_rewrite(t, &d, &err), 0);
    put(t, db, docs_text(&key, d.frame[0].packed - 1), packed);
    documents_close(ds);
    frame_packer_free(p);
    commit(t);
    store_close(s);
}

/* The text differs, the check says `what`, and is content with the old one. */
static void assert_said(const char *dir, uint32_t docid, const char *text,
                        const char *what)
{
    replace_text(dir, docid, text);
    assert_true(check(dir) > 0);
    if (!strstr(said, what))
        fail_msg("not \"%s\" but: %s", what, said);
    replace_text(dir, docid, texts[docid - 1]);
    assert_int_equal(check(dir), 0);
}

/* --- */

static void test_terms(void **dir)
{
    char index[200];

    make_index(*dir, false, index);
    assert_int_equal(check(index), 0);
    assert_int_equal(report.textless, 0);
    assert_said(
        index, 1,
        "A first title\n\nThe harbour and the railway; one harvest more.\n",
        "document 1: term \"harbour\" has count 1 in its text, 2 in the index");
    assert_said(
        index, 1,
        "A first title\n\nThe railway and the harbour; one harbour more.\n",
        "document 1: term \"harbour\" is at other positions in its text");
    assert_said(
        index, 1,
        "A first title\n\nThe harbour and the Railway; one harbour more.\n",
        "document 1: term \"railway\" is written in another way in its text");
    assert_said(
        index, 2,
        "The second\n\nNobody reads about fridges here.\nUS trade, us too.\n",
        "document 2: term \"bridg\" is in the index but not in its text");
    assert_said(
        index, 2,
        "The second\n\nNobody reads about bridges here.\nUS arade, us too.\n",
        "document 2: term \"arad\" is in its text but not in the index");
    assert_said(index, 3, "Third\n\nA caf\303\251 beside the Harbour.\n",
                "document 3: term \"harbour\" is written in another way");
}

/* Several documents: each gets a line for its terms and one for its first and
 * last lines. */
static void test_documents(void **dir)
{
    char index[200];

    make_index(*dir, false, index);
    replace_text(
        index, 1,
        "A first title\n\nThe harbour and the railway! one harbour mare.\n");
    replace_text(index, 3, "Third\n\nA cafe! beside the harbour.\n");
    assert_int_equal(check(index), 4);
    assert_non_null(strstr(said, "document 1: "));
    assert_null(strstr(said, "document 2: "));
    assert_non_null(strstr(said, "document 3: "));
}

/* What the record says of the text. */
static void test_record(void **dir)
{
    char index[200];

    make_index(*dir, false, index);
    assert_said(
        index, 1,
        "A first title.\nThe harbour and the railway; one harbour more.\n",
        "its title and zones are not those of its text");
    assert_said(
        index, 2,
        "The second\n\nNobody reads about bridges here.\nUS ...... us too.\n",
        "its length is not that of its text");
}

static void test_no_text(void **dir)
{
    char index[200];

    make_index(*dir, true, index);
    assert_int_equal(check(index), 0);
    assert_int_equal(report.textless, TEXTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_terms),
        in_dir(test_documents),
        in_dir(test_record),
        in_dir(test_no_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
