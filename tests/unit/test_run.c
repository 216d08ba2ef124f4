/* Runs of the indexer over a tree that changes, each compared with what the
 * tree says: which documents there are, what they hold, what their words'
 * postings are. */
#include <fcntl.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "index/document.h"
#include "index/index.h"
#include "indexer/check.h"
#include "indexer/report.h"
#include "indexer/run.h"
#include "indexer/told.h"
#include "text/lexeme.h"

enum { NAMES = 40 };

static char top[] = "/tmp/test_run.XXXXXX";
static char *content[NAMES]; /* of each file of the tree, NULL = not there */
static uint64_t state64;
static struct run_options options;

static uint32_t below(uint32_t n)
{
    state64 = state64 * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state64 >> 33) % n;
}

static int setup(void **state)
{
    (void)state;
    state64 = 42;
    strcpy(top, "/tmp/test_run.XXXXXX");
    if (!mkdtemp(top) || chdir(top) < 0 || mkdir("tree", 0777) < 0 ||
        mkdir("tree/sub", 0777) < 0)
        return -1;
    memset(&options, 0, sizeof options);
    options.dir = "index";
    options.memory = 64 << 20;
    options.max_purge = 20;
    options.level = LEVEL_QUIET;
    return 0;
}

static int teardown(void **state)
{
    char command[64];
    int i;

    (void)state;
    for (i = 0; i < NAMES; i++) {
        free(content[i]);
        content[i] = NULL;
    }
    snprintf(command, sizeof command, "rm -rf %s", top);
    return chdir("/") < 0 || system(command) != 0;
}

/* --- the tree --- */

static const char *name_of(int i)
{
    static char name[64];

    snprintf(name, sizeof name, "tree/%s%d.%s", i % 3 ? "" : "sub/", i,
             i % 2 ? "txt" : "md");
    return name;
}

static void put(int i)
{
    struct buf text = {0};
    uint32_t n = 1 + below(200);
    FILE *f;

    while (n-- > 0)
        buf_addf(&text, below(9) ? "w%u " : "Word%u-part\n", below(50));
    free(content[i]);
    content[i] = strdup(buf_cstr(&text));
    f = fopen(name_of(i), "w");
    assert_non_null(f);
    fputs(content[i], f);
    fclose(f);
    buf_release(&text);
}

static void drop(int i)
{
    if (!content[i])
        return;
    unlink(name_of(i));
    free(content[i]);
    content[i] = NULL;
}

static int go(char *operand)
{
    static char *operands[1];

    operands[0] = operand;
    options.operand = operands;
    options.noperands = operand != NULL;
    return run(&options);
}

/* --- looking --- */

static void complain(void *arg, const char *line)
{
    (void)arg;
    fprintf(stderr, "%s\n", line);
}

static void open_index(struct index *ix)
{
    struct check_report report;
    struct err err = {0};

    if (index_open(ix, "index", &err) < 0 || index_begin(ix, &err) < 0 ||
        check_index(ix, &report, complain, NULL, &err) < 0)
        fail_msg("%s", err.msg);
    assert_int_equal(report.problems, 0);
}

static uint64_t generation(void)
{
    struct index ix;
    uint64_t n;

    open_index(&ix);
    n = ix.manifest.generation;
    index_close(&ix);
    return n;
}

static struct segment *segment_of(struct index *ix, uint32_t docid)
{
    uint32_t i;

    for (i = 0; i < ix->manifest.nsegments; i++)
        if (docid >= ix->segment[i].info.doc_lo &&
            docid <= ix->segment[i].info.doc_hi)
            return &ix->segment[i];
    fail_msg("no segment has document %u", docid);
    return NULL;
}

/* The token's term has an occurrence there, in the form it was written in. */
static void check_token(struct index *ix, uint32_t docid, struct lexer *lx,
                        const struct token *t)
{
    const struct occurrence *o;
    const struct forms *forms;
    struct err err = {0};
    struct postings *p;
    struct lexeme x;
    uint32_t n, i;

    lexer_lexeme(lx, t->raw, t->kind, &x);
    assert_int_equal(postings_open(&p, segment_of(ix, docid), x.term[0], &err),
                     1);
    assert_int_equal(postings_seek(p, docid), 1);
    assert_int_equal(p->docid, docid);
    assert_true(postings_positions(p, &o, &n) >= 0);
    for (i = 0; i < n && o[i].pos != t->pos; i++)
        ;
    assert_true(i < n);
    assert_true(postings_forms(p, &forms) >= 0);
    if (t->kind != TOKEN_JOINED) /* that of a part may have its place */
        assert_true(view_eq(forms->form[o[i].form].text, x.form));
    postings_close(p);
}

static void check_words(struct index *ix, const struct document *d,
                        struct view text)
{
    struct err err = {0};
    struct lexer *lx;
    struct words *w;
    struct token t;

    lexer_open(&lx, "english", &err);
    words_open(&w, text, d->zone, d->nzones);
    while (words_next(w, &t) > 0)
        check_token(ix, d->docid, lx, &t);
    assert_int_equal(words_length(w), d->length);
    words_free(w);
    lexer_free(lx);
}

/* The document of source `id` has this text. */
static void check_document(struct index *ix, const char *id, const char *text)
{
    struct documents *docs;
    struct buf stored = {0};
    struct err err = {0};
    struct document d;
    struct source row;

    assert_int_equal(source_get(ix->txn, view_str(id), &row, &err), 1);
    assert_true(row.docid != 0);
    assert_int_equal(documents_open(&docs, ix->txn, &err), 0);
    assert_int_equal(documents_get(docs, row.docid, &d, &err), 1);
    assert_true(view_eq(d.path, view_str(id)));
    assert_int_equal(documents_text(docs, &d, 0, d.nframes, &stored, &err), 0);
    assert_true(view_eq(buf_view(&stored), view_str(text)));
    assert_true(norms_code(&ix->norms, row.docid) != 0);
    check_words(ix, &d, buf_view(&stored));
    buf_release(&stored);
    documents_close(docs);
}

static void check_tree(void)
{
    char id[256];
    struct index ix;
    uint32_t live = 0;
    int i;

    open_index(&ix);
    for (i = 0; i < NAMES; i++) {
        if (!content[i])
            continue;
        snprintf(id, sizeof id, "%s/%s", top, name_of(i));
        check_document(&ix, id, content[i]);
        live++;
    }
    assert_int_equal(ix.manifest.live_docs, live);
    index_close(&ix);
}

/* --- tests --- */

static void a_tree_that_changes(void **state)
{
    int round, i, k;

    (void)state;
    for (round = 0; round < 40; round++) {
        for (k = (int)below(12); k >= 0; k--) {
            i = (int)below(NAMES);
            if (below(3) > 0)
                put(i);
            else
                drop(i);
        }
        assert_int_equal(go(round % 4 == 3 ? NULL : "tree"), EXIT_FINE);
        check_tree();
    }
}

static void what_did_not_change_is_no_commit(void **state)
{
    struct timespec now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    uint64_t before;
    int i;

    (void)state;
    for (i = 0; i < NAMES; i++)
        put(i);
    usleep(20000); /* beyond the tick of the file system's clock */
    assert_int_equal(go("tree"), EXIT_FINE);
    before = generation();
    assert_int_equal(go("tree"), EXIT_FINE);
    assert_int_equal(go(NULL), EXIT_FINE);
    assert_int_equal(go("tree/sub"), EXIT_FINE);
    assert_int_equal(go("tree/1.txt"), EXIT_FINE);
    assert_int_equal(generation(), before);
    /* a touched file is looked at once */
    utimensat(AT_FDCWD, name_of(1), now, 0);
    usleep(20000);
    assert_int_equal(go("tree"), EXIT_FINE);
    assert_int_equal(generation(), before + 1);
    assert_int_equal(go("tree"), EXIT_FINE);
    assert_int_equal(generation(), before + 1);
    check_tree();
}

/* Same size, same inode, changed within a tick of the clock: again and again,
 * until a run falls between. */
static void changes_within_a_tick(void **state)
{
    int round, fd;

    (void)state;
    for (round = 0; round < 200; round++) {
        free(content[1]);
        content[1] = strdup(round % 2 ? "aaaa\n" : "bbbb\n");
        fd = open(name_of(1), O_WRONLY | O_CREAT, 0666);
        assert_int_equal(write(fd, content[1], 5), 5);
        close(fd);
        assert_int_equal(go("tree"), EXIT_FINE);
    }
    check_tree();
}

static void the_guard(void **state)
{
    uint64_t before;
    int i;

    (void)state;
    for (i = 0; i < NAMES; i++)
        put(i);
    assert_int_equal(go("tree"), EXIT_FINE);
    before = generation();
    for (i = 0; i < 21; i++)
        unlink(name_of(i));
    assert_int_equal(go("tree"), EXIT_GUARD);
    assert_int_equal(go(NULL), EXIT_GUARD);
    assert_int_equal(generation(), before);
    check_tree();
    options.max_purge = 60;
    assert_int_equal(go("tree"), EXIT_FINE);
    for (i = 0; i < 21; i++)
        drop(i);
    check_tree();
    options.max_purge = 99;
    for (; i < NAMES; i++)
        unlink(name_of(i));
    assert_int_equal(go("tree"), EXIT_GUARD); /* empty */
    assert_int_equal(rename("tree", "gone"), 0);
    assert_int_equal(go("tree"), EXIT_GUARD);
    assert_int_equal(go(NULL), EXIT_GUARD);
    check_tree();
    options.max_purge = 100;
    assert_int_equal(go(NULL), EXIT_FINE);
    for (i = 0; i < NAMES; i++) {
        free(content[i]);
        content[i] = NULL;
    }
    check_tree();
}

static void what_is_named_stays(void **state)
{
    struct index ix;
    char id[256];
    FILE *f;

    (void)state;
    put(1);
    f = fopen("tree/notes.rst", "w");
    fputs("named", f);
    fclose(f);
    assert_int_equal(go("tree/notes.rst"), EXIT_FINE);
    assert_int_equal(go("tree"), EXIT_FINE);
    open_index(&ix);
    snprintf(id, sizeof id, "%s/tree/notes.rst", top);
    check_document(&ix, id, "named");
    assert_int_equal(ix.manifest.live_docs, 2);
    index_close(&ix);
    unlink("tree/notes.rst");
    assert_int_equal(go("tree"), EXIT_FINE);
    check_tree();
}

static void what_is_not_there_makes_no_index(void **state)
{
    (void)state;
    assert_int_equal(go("nowhere"), EXIT_FATAL);
    options.language = "klingon";
    assert_int_equal(go("tree"), EXIT_FATAL);
    options.language = NULL;
    assert_true(access("index", F_OK) < 0);
    put(1);
    assert_int_equal(go("tree"), EXIT_FINE);
    options.language = "german";
    assert_int_equal(go("tree"), EXIT_VERSION);
    options.language = "auto";
    assert_int_equal(go("tree"), EXIT_FINE);
    options.no_text = true;
    assert_int_equal(go("tree"), EXIT_VERSION);
    check_tree();
}

static void verdicts(void **state)
{
    char id[256];
    struct source row;
    struct err err = {0};
    struct index ix;
    FILE *f;
    int i;

    (void)state;
    put(1);
    put(3);
    fclose(fopen("tree/empty.txt", "w"));
    f = fopen("tree/binary.txt", "w");
    fwrite("a\0b", 1, 3, f);
    fclose(f);
    f = fopen("tree/huge.txt", "w");
    assert_int_equal(ftruncate(fileno(f), 65 << 20), 0);
    fclose(f);
    for (i = 0; i < 2; i++)
        assert_int_equal(go("tree"), EXIT_FINE);
    check_tree();
    open_index(&ix);
    snprintf(id, sizeof id, "%s/tree/binary.txt", top);
    assert_int_equal(source_get(ix.txn, view_str(id), &row, &err), 1);
    assert_int_equal(row.verdict, SOURCE_SKIPPED);
    assert_int_equal(row.reason, REASON_BINARY);
    index_close(&ix);
    /* a document that turns binary is one no more, and comes back */
    f = fopen(name_of(3), "w");
    fwrite("a\0b", 1, 3, f);
    fclose(f);
    assert_int_equal(go("tree"), EXIT_FINE);
    free(content[3]);
    content[3] = NULL;
    check_tree();
    put(3);
    assert_int_equal(go("tree"), EXIT_FINE);
    check_tree();
    assert_int_equal(go("tree/none.txt"), EXIT_FATAL);
}

/* Paths over 400 bytes have keys that are hashes. */
static void long_paths(void **state)
{
    char path[2000] = "tree", file[2100];
    int depth, round, i;
    struct index ix;

    (void)state;
    for (depth = 0; depth < 6; depth++) {
        size_t n = strlen(path);

        memset(path + n, 'd', 101);
        path[n] = '/';
        path[n + 101] = 0;
        assert_int_equal(mkdir(path, 0777), 0);
    }
    for (round = 0; round < 3; round++) {
        for (i = 0; i < 30; i++) {
            snprintf(file, sizeof file, "%s/%d.txt", path, i);
            if (round < 2 || i % 10) {
                FILE *f = fopen(file, "w");

                fprintf(f, "text %d of round %d", i, round < 2 ? 0 : i);
                fclose(f);
            } else {
                unlink(file);
            }
        }
        assert_int_equal(go("tree"), EXIT_FINE);
        open_index(&ix);
        assert_int_equal(ix.manifest.live_docs, round < 2 ? 30 : 27);
        index_close(&ix);
    }
}

static void records(void **state)
{
    struct index ix;
    FILE *f;

    (void)state;
    options.input = RUN_RECORDS;
    f = fopen("docs.jsonl", "w");
    fputs("{\"id\":\"a\",\"title\":\"One\",\"text\":\"first\"}\n"
          "{\"id\":\"b\",\"text\":\"second\"}\n"
          "no record\n"
          "{\"id\":\"a\",\"title\":\"Two\",\"text\":\"again\"}\n"
          "{\"id\":\"b\",\"text\":\"second\"}\n"
          "{\"id\":\"c\"}\n"
          "{\"id\":\"d\",\"text\":\"fourth\"}\n"
          "{\"id\":\"d\",\"text\":\"\"}\n"
          "{\"id\":\"a\",\"title\":\"Three\",\"text\":\"last\"}\n",
          f);
    fclose(f);
    assert_int_equal(go("docs.jsonl"), EXIT_SOME_FAILED);
    open_index(&ix);
    check_document(&ix, "a", "Three\nlast");
    check_document(&ix, "b", "second");
    assert_int_equal(ix.manifest.live_docs, 2);
    index_close(&ix);
    f = fopen("docs.jsonl", "w");
    fputs("{\"id\":\"b\",\"text\":\"new\"}\n", f);
    fclose(f);
    assert_int_equal(go("docs.jsonl"), EXIT_FINE);
    assert_int_equal(go("docs.jsonl"), EXIT_FINE);
    open_index(&ix);
    check_document(&ix, "a", "Three\nlast");
    check_document(&ix, "b", "new");
    index_close(&ix);
}

static void lists(void **state)
{
    struct index ix;
    char id[256];
    FILE *f;

    (void)state;
    put(1);
    put(2);
    put(3);
    options.input = RUN_LIST;
    options.null = true;
    f = fopen("list", "w");
    fwrite("tree/1.txt\0./tree/../tree/1.txt\0tree/2.md\0", 1, 43, f);
    fclose(f);
    assert_int_equal(go("list"), EXIT_FINE);
    open_index(&ix);
    assert_int_equal(ix.manifest.live_docs, 2);
    snprintf(id, sizeof id, "%s/%s", top, name_of(1));
    check_document(&ix, id, content[1]);
    index_close(&ix);
    options.null = false;
    f = fopen("list", "w");
    fputs("tree/nowhere.txt\n\ntree/sub/3.txt", f);
    fclose(f);
    assert_int_equal(go("list"), EXIT_SOME_FAILED);
    check_tree();
}

/* Bytes that malloc has given out; always 0 under a sanitizer, which finds
 * what is lost in its own way. */
static size_t held(void)
{
    struct mallinfo2 m = mallinfo2();

    return m.uordblks + m.hblkhd;
}

/* What --watch does, with some work, some failures and mostly none. */
static void a_thousand_rounds_keep_no_memory(void **state)
{
    struct told told = {0};
    size_t before = 0;
    int round;

    (void)state;
    options.told = &told;
    options.memory = 64 << 20;
    for (round = 0; round < 1000; round++) {
        if (round % 50 == 0)
            put(round / 50 % 3);
        if (round == 20)
            before = held();
        assert_int_equal(go("tree"), EXIT_FINE);
        told_turn(&told);
    }
    assert_true(held() <= before + 65536);
    check_tree();
    assert_int_equal(rename("tree", "gone"), 0);
    before = held();
    for (round = 0; round < 100; round++) {
        assert_int_equal(go(NULL), EXIT_GUARD);
        told_turn(&told);
    }
    assert_true(held() <= before + 65536);
    assert_int_equal(rename("gone", "tree"), 0);
    told_release(&told);
    options.told = NULL;
}

/* The tree anew, with the records and what was named. */
static void a_rebuild(void **state)
{
    struct index ix;
    int round, i, k;
    FILE *f;

    (void)state;
    f = fopen("docs.jsonl", "w");
    fputs("{\"id\":\"a\",\"title\":\"One\",\"text\":\"old\"}\n", f);
    fclose(f);
    options.input = RUN_RECORDS;
    assert_int_equal(go("docs.jsonl"), EXIT_FINE);
    options.input = RUN_FILES;
    for (round = 0; round < 5; round++) {
        for (k = 0; k < 12; k++) {
            i = (int)below(NAMES);
            if (below(3) > 0)
                put(i);
            else
                drop(i);
        }
        options.rebuild = false;
        assert_int_equal(go("tree"), EXIT_FINE);
        options.rebuild = true;
        options.max_purge = 100;
        for (k = 0; k < 4; k++)
            put((int)below(NAMES));
        assert_int_equal(go(NULL), EXIT_FINE);
        open_index(&ix);
        check_document(&ix, "a", "One\nold");
        for (i = 0, k = 1; i < NAMES; i++)
            k += content[i] != NULL;
        assert_int_equal(ix.manifest.live_docs, k);
        assert_int_equal(ix.manifest.next_docid, k + 1);
        index_close(&ix);
    }
    options.rebuild = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_tree_that_changes, setup, teardown),
        cmocka_unit_test_setup_teardown(what_did_not_change_is_no_commit, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(changes_within_a_tick, setup, teardown),
        cmocka_unit_test_setup_teardown(the_guard, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_named_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_there_makes_no_index, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(verdicts, setup, teardown),
        cmocka_unit_test_setup_teardown(long_paths, setup, teardown),
        cmocka_unit_test_setup_teardown(records, setup, teardown),
        cmocka_unit_test_setup_teardown(lists, setup, teardown),
        cmocka_unit_test_setup_teardown(a_thousand_rounds_keep_no_memory, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_rebuild, setup, teardown),
    };

    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
