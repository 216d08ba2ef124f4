/* pool.h: answers in order, whatever becomes of the workers. */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "query/pool.h"
#include "tests/unit/temp_store.h"

enum { BIG = 1 << 20 };

/* What processes tell each other. */
struct shared {
    atomic_uint asked;  /* lines that were begun */
    atomic_uint deaths; /* of workers */
    atomic_uint early;  /* lines begun while the first waited */
};

struct asking {
    struct pool pool;
    struct session session;
    struct settings settings;
    struct err err;
    struct shared *shared;
    unsigned n;          /* lines */
    unsigned given;      /* of them */
    unsigned taken;      /* answers */
    unsigned lost;       /* … */
    bool damaged;        /* the last that was lost */
    unsigned enough;     /* stop after so many; 0: do not */
    const char *special; /* what is special about … */
    unsigned which;      /* … this line */
};

static bool is_special(const struct asking *a, const char *how, uint64_t line)
{
    return strcmp(a->special, how) == 0 && line == a->which;
}

static int next(void *arg, struct worker_line *line, struct view *text)
{
    static char name[32];
    struct asking *a = arg;

    if (a->given == a->n)
        return is_special(a, "unreadable", a->n)
                   ? err_set(&a->err, ERR_IO, "cannot read")
                   : 0;
    line->number = a->given;
    line->too_long = a->given % 5 == 0;
    *text = view_of(name,
                    (size_t)snprintf(name, sizeof name, "line %u", a->given++));
    return 1;
}

/* In a worker, where no test can fail. */
static void must(bool that)
{
    if (!that)
        _exit(99);
}

static int ask(void *arg, struct session *s, struct worker_line line,
               struct view text)
{
    const struct asking *a = arg;
    float us = (float)line.number;
    unsigned i;

    a->shared->asked++;
    if (is_special(a, "dies", line.number) ||
        (is_special(a, "dies once", line.number) && a->shared->deaths++ == 0))
        raise(SIGKILL);
    if (is_special(a, "bus", line.number))
        raise(SIGBUS);
    if (is_special(a, "fails", line.number))
        return err_set(s->err, ERR_CORRUPT, "line %u fails",
                       (unsigned)line.number);
    if (is_special(a, "slow", line.number)) {
        usleep(300000);
        a->shared->early = a->shared->asked;
    }
    if (line.number % 97 == 0)
        usleep(2000);
    must(line.too_long == (line.number % 5 == 0));
    must(buf_add(&s->out, text) == 0);
    if (strcmp(a->special, "slow") == 0)
        for (i = 0; i < BIG / 16; i++)
            must(buf_adds(&s->out, "................") == 0);
    must(buf_adds(&s->messages, "m") == 0);
    must(buf_add(&s->timing.us, view_of(&us, sizeof us)) == 0);
    return line.number % 3 == 0;
}

static int take(void *arg, int rc)
{
    struct asking *a = arg;
    struct session *s = &a->session;
    char name[32];

    if (rc < 0)
        return rc;
    snprintf(name, sizeof name, "line %u", a->taken);
    if (rc == 2) /* lost */
        snprintf(name, sizeof name, "lost %u", a->taken);
    else
        assert_int_equal(rc, a->taken % 3 == 0);
    assert_true(s->out.n >= strlen(name));
    assert_memory_equal(s->out.p, name, strlen(name));
    if (rc != 2)
        assert_int_equal(s->messages.n, 1);
    buf_clear(&s->out); /* else it would be printed */
    buf_clear(&s->messages);
    a->taken++;
    return a->enough && a->taken == a->enough;
}

static int lost(void *arg, struct worker_line line, struct view text,
                bool damaged)
{
    struct asking *a = arg;

    assert_int_equal(line.number, a->which);
    assert_int_equal(memcmp(text.p, "line ", 5), 0);
    a->lost++;
    a->damaged = damaged;
    assert_int_equal(
        buf_addf(&a->session.out, "lost %u", (unsigned)line.number), 0);
    return 2;
}

static int run(struct asking *a, unsigned jobs, unsigned n, const char *special,
               unsigned which)
{
    a->n = n;
    a->special = special;
    a->which = which;
    a->shared = mmap(NULL, sizeof *a->shared, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(a->shared != MAP_FAILED);
    a->pool = (struct pool){.session = &a->session,
                            .jobs = jobs,
                            .arg = a,
                            .fd = -1,
                            .next = next,
                            .ask = ask,
                            .take = take,
                            .lost = lost};
    session_init(&a->session, &a->settings, &a->err);
    return pool_run(&a->pool);
}

static void done(struct asking *a)
{
    munmap(a->shared, sizeof *a->shared);
    session_close(&a->session);
}

static void test_order(void **state)
{
    static const unsigned jobs[] = {2, 3, 8, POOL_JOBS_MAX};
    static const unsigned lines[] = {0, 1, 2, 3, 17, 64, 65, 2000};
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof jobs / sizeof *jobs; i++)
        for (k = 0; k < sizeof lines / sizeof *lines; k++) {
            struct asking a = {0};

            assert_int_equal(run(&a, jobs[i], lines[k], "", 0), 0);
            assert_int_equal(a.taken, lines[k]);
            assert_int_equal(a.session.timing.us.n, lines[k] * sizeof(float));
            assert_int_equal(a.shared->asked, lines[k]);
            done(&a);
        }
}

/* A worker that ends takes no answer with it, and no line but the one that
 * ends it. */
static void test_deaths(void **state)
{
    static const unsigned which[] = {0, 1, 100, 299};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof which / sizeof *which; i++) {
        struct asking a = {0}, b = {0}, c = {0};

        assert_int_equal(run(&a, 3, 300, "dies once", which[i]), 0);
        assert_int_equal(a.taken, 300);
        assert_int_equal(a.lost, 0);
        assert_int_equal(a.shared->deaths, 2); /* one, and the second asking */
        done(&a);
        assert_int_equal(run(&b, 3, 300, "dies", which[i]), 0);
        assert_int_equal(b.taken, 300);
        assert_int_equal(b.lost, 1);
        assert_false(b.damaged);
        done(&b);
#ifndef __SANITIZE_ADDRESS__
        assert_int_equal(run(&c, 3, 300, "bus", which[i]), 0);
        assert_int_equal(c.taken, 300);
        assert_int_equal(c.lost, 1);
        assert_true(c.damaged);
        done(&c);
#else
        (void)c;
#endif
    }
}

static void test_ends_early(void **state)
{
    struct asking a = {.enough = 40}, b = {0}, c = {0};

    (void)state;
    assert_int_equal(run(&a, 4, 100000, "", 0), 0);
    assert_int_equal(a.taken, 40);
    done(&a);
    assert_int_equal(run(&b, 4, 100000, "fails", 77), ERR_CORRUPT);
    assert_string_equal(b.err.msg, "line 77 fails");
    assert_int_equal(b.taken, 77);
    done(&b);
    assert_int_equal(run(&c, 4, 500, "unreadable", 500), ERR_IO);
    assert_string_equal(c.err.msg, "cannot read");
    assert_int_equal(c.taken, 500);
    done(&c);
}

/* While the first line is slow, others are worked at, but not so many that
 * their answers, of a megabyte each, fill the memory. */
static void test_bounded(void **state)
{
    struct asking a = {0};

    (void)state;
    assert_int_equal(run(&a, 4, 200, "slow", 0), 0);
    assert_int_equal(a.taken, 200);
    assert_in_range(a.shared->early, 4, 24);
    done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_deaths),
        cmocka_unit_test(test_ends_early),
        cmocka_unit_test(test_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
