/* session.h: a reader without a slot reads again what was overwritten. */
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "query/session.h"
#include "tests/unit/temp_store.h"

static void take_turns(int to, int from)
{
    char c = 0;

    if (write(to, &c, 1) != 1 || read(from, &c, 1) != 1)
        _exit(99);
}

/* Root may write to any lock file, so a child gives up its rights first. */
static int read_without_slot(const char *dir, int to, int from)
{
    struct settings settings = {.db = &dir, .ndbs = 1};
    struct err err = {0};
    struct session s;
    struct session_mark mark;
    int rc, i;

    if (setgid(65534) < 0 || setuid(65534) < 0)
        return 77;
    session_init(&s, &settings, &err);
    rc = 1;
    if (session_begin(&s) < 0 || buf_adds(&s.out, "before") < 0)
        return 1;
    mark = session_mark(&s);
    if (session_again(&s, &mark, &rc)) /* nothing has changed */
        return 2;
    for (i = 1;; i++) {
        if (buf_adds(&s.out, "torn") < 0 || buf_adds(&s.messages, "x") < 0)
            return 3;
        take_turns(to, from); /* two commits */
        if (!session_again(&s, &mark, &rc))
            break;
        if (s.out.n != strlen("before") || s.messages.n || s.index->txn)
            return 4;
        if (session_begin(&s) < 0)
            return 5;
    }
    /* not for ever */
    if (rc != ERR_BUSY || i < 3 || s.out.n != strlen("before"))
        return 6;
    if (session_begin(&s) < 0 || session_again(&s, &mark, &rc))
        return 7;
    session_close(&s);
    return 0;
}

static void test_again(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    int there[2], back[2], status;
    char c;
    pid_t pid;

    commit_entry(w, "t", "k", "v");
    assert_int_equal(chmod(*state, 0755), 0);
    assert_int_equal(pipe(there) | pipe(back), 0);
    pid = fork();
    if (pid == 0) {
        close(back[0]);
        close(there[1]);
        _exit(read_without_slot(*state, back[1], there[0]));
    }
    close(back[1]);
    close(there[0]);
    while (read(back[0], &c, 1) == 1) {
        commit_entry(w, "t", "k", "w");
        commit_entry(w, "t", "k", "x");
        assert_int_equal(write(there[1], "", 1), 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(back[0]);
    close(there[1]);
    store_close(w);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {in_dir(test_again)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
