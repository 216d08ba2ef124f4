#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "indexer/walk.h"

static char root[] = "/tmp/test_walk.XXXXXX";

static int make_root(void **state)
{
    (void)state;
    strcpy(root, "/tmp/test_walk.XXXXXX");
    return mkdtemp(root) ? chdir(root) : -1;
}

static int remove_root(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", root,
             root);
    return chdir("/") < 0 || system(command) < 0;
}

static void touch(const char *path)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs("text", f);
    fclose(f);
}

/* The walk's paths below the root, a line each; failed ones with a '!'. */
static const char *walk_all(void)
{
    static struct buf out;
    struct walk_entry e;
    struct walk *w;
    int rc;

    buf_clear(&out);
    assert_int_equal(walk_open(&w, root), 0);
    while ((rc = walk_next(w, &e)) > 0) {
        assert_int_equal(e.path.p[e.path.n], 0);
        if (e.kind == WALK_FILE)
            assert_int_equal(e.st.st_size, 4);
        buf_addf(&out, "%s%s\n", e.kind == WALK_FILE ? "" : "!",
                 (const char *)e.path.p + strlen(root));
    }
    assert_int_equal(rc, 0);
    walk_close(w);
    return buf_cstr(&out);
}

static void order_is_that_of_whole_paths(void **state)
{
    (void)state;
    mkdir("a", 0777);
    mkdir("a/b", 0777);
    mkdir("b", 0777);
    touch("a.txt");
    touch("a-1.txt");
    touch("a0.txt");
    touch("a/z.txt");
    touch("a/b/c.md");
    touch("a/b.txt");
    touch("a/b-.text");
    touch("b/\xff.txt");
    touch("b/a.txt");
    assert_string_equal(walk_all(), "/a-1.txt\n/a.txt\n/a/b-.text\n/a/b.txt\n"
                                    "/a/b/c.md\n/a/z.txt\n/a0.txt\n"
                                    "/b/a.txt\n/b/\xff.txt\n");
}

static void what_is_no_text_is_left_out(void **state)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)state;
    touch("yes.txt");
    touch("YES.MD");
    touch("new\nline.text");
    touch(".hidden.txt");
    touch("no.html");
    touch("txt");
    touch("x.txt~");
    mkdir(".git", 0777);
    touch(".git/a.txt");
    mkdir("folder.txt", 0777);
    touch("folder.txt/in.txt");
    mkdir("empty", 0777);
    assert_int_equal(mkfifo("fifo.txt", 0666), 0);
    strcpy(name.sun_path, "socket.txt");
    assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    close(fd);
    mkdir("index", 0777);
    touch("index/CURRENT");
    touch("index/writer.lock");
    touch("index/inside.txt");
    assert_string_equal(walk_all(), "/YES.MD\n/folder.txt/in.txt\n"
                                    "/new\nline.text\n/yes.txt\n");
}

static void links(void **state)
{
    (void)state;
    mkdir("d", 0777);
    touch("d/a.txt");
    assert_int_equal(symlink("d/a.txt", "file.txt"), 0);
    assert_int_equal(symlink("d", "folder"), 0);
    assert_int_equal(symlink("d", "folder.txt"), 0);
    assert_int_equal(symlink("nowhere", "dangling.txt"), 0);
    assert_int_equal(symlink("loop.txt", "loop.txt"), 0);
    assert_int_equal(symlink("/dev/null", "device.txt"), 0);
    assert_int_equal(symlink("..", "d/up"), 0);
    assert_string_equal(walk_all(), "/d/a.txt\n/file.txt\n");
}

static void what_cannot_be_read_is_told(void **state)
{
    (void)state;
    mkdir("a", 0777);
    touch("a/a.txt");
    mkdir("b", 0777);
    touch("b/b.txt");
    touch("c.txt");
    chmod("a", 0);
    chmod("b", 0444);
    chmod(".", 0755);
    if (geteuid() == 0)
        assert_int_equal(seteuid(65534), 0);
    assert_string_equal(walk_all(), "!/a\n!/b/b.txt\n/c.txt\n");
    assert_int_equal(seteuid(getuid()), 0);
    prctl(PR_SET_DUMPABLE, 1); /* or the leak checker cannot look */
}

static void a_root_that_is_gone(void **state)
{
    struct walk_entry e;
    struct walk *w;

    (void)state;
    assert_int_equal(walk_open(&w, "/nonexistent/root"), 0);
    assert_int_equal(walk_next(w, &e), 1);
    assert_int_equal(e.kind, WALK_BAD_FOLDER);
    assert_int_equal(walk_next(w, &e), 0);
    walk_close(w);
}

static void deep_folders(void **state)
{
    struct buf want = {0};
    int i;

    (void)state;
    for (i = 0; i < 200; i++) {
        buf_adds(&want, "/d");
        assert_int_equal(mkdir("d", 0777), 0);
        assert_int_equal(chdir("d"), 0);
    }
    touch("x.txt");
    buf_adds(&want, "/x.txt\n");
    assert_string_equal(walk_all(), buf_cstr(&want));
    buf_release(&want);
}

static void thousands_of_files(void **state)
{
    char name[32];
    int i, lines = 0;
    const char *p;

    (void)state;
    for (i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "%d.txt", (i * 7919) % 3000);
        touch(name);
    }
    for (p = walk_all(); (p = strchr(p, '\n')); p++)
        lines++;
    assert_int_equal(lines, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(order_is_that_of_whole_paths, make_root,
                                        remove_root),
        cmocka_unit_test_setup_teardown(what_is_no_text_is_left_out, make_root,
                                        remove_root),
        cmocka_unit_test_setup_teardown(links, make_root, remove_root),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_told, make_root,
                                        remove_root),
        cmocka_unit_test(a_root_that_is_gone),
        cmocka_unit_test_setup_teardown(deep_folders, make_root, remove_root),
        cmocka_unit_test_setup_teardown(thousands_of_files, make_root,
                                        remove_root),
    };

    return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
