/* formats/worker.h with this program as the worker: what comes back, limits,
 * another worker after one that was ended, and no descriptor in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "indexer/formats/filter.h"
#include "indexer/formats/worker.h"

static volatile sig_atomic_t stop;

struct trial {
    struct worker *w;
    struct derived d;
    struct file_filter *f;
    struct filters filters;
    struct err err;
};

static void begin(struct trial *t, unsigned seconds)
{
    const struct worker_options o = {
        .seconds = seconds, .memory = (uint64_t)512 << 20, .stop = &stop};

    memset(t, 0, sizeof *t);
    assert_int_equal(worker_open(&t->w, &o, &t->err), 0);
}

static void end(struct trial *t)
{
    worker_close(t->w);
    filters_release(&t->filters);
    extract_release(&t->d.x);
}

static int run(struct trial *t, const char *path, struct view bytes,
               const char *command, size_t max)
{
    struct request r = {
        .bytes = bytes, .path = view_str(path), .text_max = max};

    if (command) {
        struct buf spec = {0};

        filters_release(&t->filters);
        assert_int_equal(buf_addf(&spec, "x=%s", command), 0);
        assert_int_equal(filters_add(&t->filters, buf_cstr(&spec), &t->err), 0);
        r.filter = buf_view(&t->filters.filter[0].words);
        buf_release(&spec);
    }
    t->err.msg[0] = 0;
    return worker_extract(t->w, &r, &t->d, &t->err);
}

static void gives(struct trial *t, const char *text)
{
    assert_true(view_eq(buf_view(&t->d.x.text), view_str(text)));
}

static const uint8_t packed[] = {/* "hello\n" by gzip -n */
                                 0x1f, 0x8b, 0x08, 0,    0,    0,    0,
                                 0,    0,    3,    0xcb, 0x48, 0xcd, 0xc9,
                                 0xc9, 0xe7, 0x02, 0,    0x20, 0x30, 0x3a,
                                 0x36, 6,    0,    0,    0};

static void test_files(void **state)
{
    struct view gz = view_of(packed, sizeof packed);
    struct trial t;
    int i;

    (void)state;
    begin(&t, 60);
    for (i = 0; i < 3; i++) {
        assert_int_equal(run(&t, "/a/b.md.gz", gz, NULL, 100), 0);
        gives(&t, "hello\n");
        assert_int_equal(t.d.format, FORMAT_TEXT);
        assert_int_equal(t.d.packed, FORMAT_GZIP);
        assert_true(view_eq(t.d.name, view_str("/a/b.md")));
        assert_int_equal(run(&t, "/a/b.gz", view_sub(gz, 0, 20), NULL, 100),
                         ERR_USAGE);
        assert_string_equal(t.err.msg, "damaged gzip: it ends too early");
        assert_int_equal(run(&t, "/a/b.gz", gz, NULL, 5), ERR_FULL);
    }
    end(&t);
}

static void test_limits(void **state)
{
    struct timespec from, to;
    struct trial t;

    (void)state;
    begin(&t, 1);
    clock_gettime(CLOCK_MONOTONIC, &from);
    assert_int_equal(run(&t, "/a.x", view_str("in"), "sleep 600", 100),
                     ERR_FULL);
    clock_gettime(CLOCK_MONOTONIC, &to);
    assert_true(to.tv_sec - from.tv_sec < 30);
    assert_non_null(strstr(t.err.msg, "took longer than 1 s"));
    assert_int_equal(run(&t, "/a.x", view_str("in"), "cat", 100), 0);
    gives(&t, "in");
    assert_int_equal(run(&t, "/a.x", view_str("in"), "true", 100), 0);
    gives(&t, "");
    assert_int_equal(run(&t, "/a.x", view_str("in"), "cat", 1), ERR_FULL);
    assert_int_equal(run(&t, "/a.x", view_str("in"), "cat", 2), 0);
    assert_int_equal(
        run(&t, "/a.x", view_str("in"), "sh -c 'kill -ABRT $PPID'", 100),
        ERR_USAGE);
    assert_non_null(strstr(t.err.msg, "SIGABRT"));
    stop = 1;
    assert_int_equal(run(&t, "/a.x", view_str("in"), "sleep 600", 100),
                     ERR_STOPPED);
    stop = 0;
    end(&t);
}

/* Neither the worker nor what it runs has a descriptor of ours. */
static void test_descriptors(void **state)
{
    int fd = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
    struct trial t;

    (void)state;
    assert_true(dup2(fd, 77) == 77);
    begin(&t, 60);
    assert_int_equal(run(&t, "/a.x", view_str(""),
                         "sh -c 'ls /proc/$PPID/fd /proc/self/fd'", 1000),
                     0);
    assert_int_equal(buf_addc(&t.d.x.text, 0), 0);
    assert_null(strstr((char *)t.d.x.text.p, "77"));
    end(&t);
    close(77);
    close(fd);
}

/* A large file and a large text go through the same pair of sockets. */
static void test_large(void **state)
{
    struct buf b = {0};
    struct trial t;
    size_t n = 20 << 20;

    (void)state;
    assert_int_equal(buf_reserve(&b, n), 0);
    memset(b.p, 'a', n);
    b.n = n;
    begin(&t, 60);
    assert_int_equal(run(&t, "/a.x", buf_view(&b), "cat", n), 0);
    assert_true(view_eq(buf_view(&b), buf_view(&t.d.x.text)));
    end(&t);
    buf_release(&b);
}

static void words_are(const char *spec, const char *words, size_t n)
{
    struct filters f = {0};
    struct err err = {0};

    assert_int_equal(filters_add(&f, spec, &err), 0);
    assert_true(view_eq(buf_view(&f.filter[0].words), view_of(words, n)));
    assert_ptr_equal(filters_find(&f, view_str("/a/b.DOC")), &f.filter[0]);
    assert_null(filters_find(&f, view_str("/a/b.docx")));
    assert_null(filters_find(&f, view_str("doc")));
    assert_null(filters_find(&f, view_str(".doc")));
    filters_release(&f);
}

#define WORDS(spec, words) words_are(spec, words, sizeof(words))

static void test_filters(void **state)
{
    (void)state;
    WORDS("doc=antiword", "antiword");
    WORDS(".doc= antiword  -m {} ", "antiword\0-m\0{}");
    WORDS("doc=a 'b  c'\"d\" ''", "a\0b  cd\0");
    WORDS("doc=a \\'b\\ c \"\\\"\\\\\\n\" '\\'", "a\0'b c\0\"\\\\n\0\\");
    WORDS("doc=a=b\\", "a=b\\");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),       cmocka_unit_test(test_limits),
        cmocka_unit_test(test_descriptors), cmocka_unit_test(test_large),
        cmocka_unit_test(test_filters),
    };

    if (worker_wanted(argc, argv))
        return worker_main();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
