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
static struct roots roots; /* none: the walk of a folder of its own */

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
    roots_release(&roots);
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
static const char *walk_from(const char *folder)
{
    static struct buf out;
    struct walk_entry e;
    struct walk *w;
    int rc;

    buf_clear(&out);
    assert_int_equal(walk_open(&w, folder, &roots), 0);
    while ((rc = walk_next(w, &e)) > 0) {
        assert_int_equal(e.path.p[e.path.n], 0);
        if (e.kind == WALK_FILE)
            assert_int_equal(e.st.st_size, 4);
        buf_addf(&out, "%s%s\n",
                 e.kind == WALK_FILE   ? ""
                 : e.kind == WALK_LOOP ? "@"
                                       : "!",
                 (const char *)e.path.p + strlen(root));
    }
    assert_int_equal(rc, 0);
    walk_close(w);
    return buf_cstr(&out);
}

static const char *walk_all(void)
{
    return walk_from(root);
}

/* The same with the root recorded, and what is taken in of it. */
static const char *walk_with(unsigned flags, const char *patterns)
{
    if (roots.n == 0)
        assert_int_equal(roots_add(&roots, root, ""), 0);
    assert_true(roots_select(&roots.root[0], flags, patterns) >= 0);
    return walk_all();
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
    touch("no.html~");
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
    assert_int_equal(walk_open(&w, "/nonexistent/root", NULL), 0);
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

static void patterns(void **state)
{
    (void)state;
    mkdir("drafts", 0777);
    mkdir("b", 0777);
    mkdir("b/drafts", 0777);
    touch("a.txt");
    touch("a.rst");
    touch("drafts/c.txt");
    touch("b/drafts/d.txt");
    touch("b/drafts/d.rst");
    touch(".hidden.rst");
    assert_int_equal(symlink("nowhere", ".indexignore"), 0);
    assert_string_equal(walk_with(0, "-drafts/\n"), "/a.txt\n");
    assert_string_equal(walk_with(0, "-/drafts/\n"),
                        "/a.txt\n/b/drafts/d.txt\n");
    assert_string_equal(walk_with(0, "-drafts/\n+/b/drafts/\n"),
                        "/a.txt\n/b/drafts/d.txt\n");
    assert_string_equal(walk_with(0, "+/b/drafts/\n-drafts/\n"), "/a.txt\n");
    assert_string_equal(walk_with(0, "+*.rst\n-/drafts\n"),
                        "/a.rst\n/a.txt\n/b/drafts/d.rst\n/b/drafts/d.txt\n");
    /* what is below a folder that is left out is not looked at */
    assert_string_equal(walk_with(0, "-*\n+*.rst\n"), "/a.rst\n");
    assert_string_equal(walk_with(0, "-*\n+*/\n+/b/**/*.rst\n"),
                        "/b/drafts/d.rst\n");
}

static void patterns_before_rules(void **state)
{
    FILE *f;

    (void)state;
    mkdir("d", 0777);
    touch("d/a.txt");
    touch("d/b.txt");
    touch("c.txt");
    f = fopen(".indexignore", "w");
    fputs("d/\nc.txt\n", f);
    fclose(f);
    assert_string_equal(walk_with(0, ""), "");
    assert_string_equal(walk_with(0, "+d/\n"), "/d/a.txt\n/d/b.txt\n");
    f = fopen("d/.indexignore", "w");
    fputs("*.txt\n", f);
    fclose(f);
    assert_string_equal(walk_with(0, "+d/\n"), "");
    assert_string_equal(walk_with(0, "+d/\n+b.*\n+c.txt\n-/c.txt\n"),
                        "/d/b.txt\n");
}

static void hidden(void **state)
{
    (void)state;
    mkdir(".notes", 0777);
    touch(".notes/a.txt");
    touch(".b.txt");
    touch("c.txt");
    mkdir(".git", 0777);
    touch(".git/d.txt");
    mkdir(".index", 0777);
    touch(".index/CURRENT");
    touch(".index/writer.lock");
    touch(".index/e.txt");
    assert_string_equal(walk_with(0, "+*.txt\n"), "/c.txt\n");
    assert_string_equal(walk_with(ROOT_HIDDEN, ""),
                        "/.b.txt\n/.notes/a.txt\n/c.txt\n");
    assert_string_equal(walk_with(ROOT_HIDDEN, "+.git/\n-.notes\n"),
                        "/.b.txt\n/.git/d.txt\n/c.txt\n");
}

static void links_to_folders(void **state)
{
    (void)state;
    mkdir("d", 0777);
    touch("d/a.txt");
    mkdir("e", 0777);
    touch("e/b.txt");
    assert_int_equal(symlink("../e", "d/link"), 0);
    assert_int_equal(symlink("../d", "e/back"), 0);
    assert_int_equal(symlink(".", "self"), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_int_equal(symlink("d/a.txt", "file.txt"), 0);
    assert_string_equal(walk_with(0, ""), "/d/a.txt\n/e/b.txt\n/file.txt\n");
    assert_string_equal(walk_with(ROOT_FOLLOW, ""),
                        "/d/a.txt\n/d/link/b.txt\n@/d/link/back\n"
                        "/e/b.txt\n/e/back/a.txt\n@/e/back/link\n"
                        "/file.txt\n@/self\n");
    /* a pattern for folders fits a link to one */
    assert_string_equal(walk_with(ROOT_FOLLOW, "-link/\n-self/\n-e/\n"),
                        "/d/a.txt\n/file.txt\n");
}

/* The file systems of a machine: /proc is not of that of /. */
static void other_file_systems(void **state)
{
    struct walk_entry e;
    struct walk *w;

    (void)state;
    if (access("/proc/self/status", R_OK) < 0)
        skip();
    assert_int_equal(roots_add(&roots, "/", "/"), 0);
    roots_select(&roots.root[0], 0, "-/*\n+/proc/\n-/proc/*\n+/proc/cpuinfo\n");
    assert_int_equal(walk_open(&w, "/", &roots), 0);
    assert_int_equal(walk_next(w, &e), 1);
    assert_string_equal((const char *)e.path.p, "/proc/cpuinfo");
    assert_int_equal(walk_next(w, &e), 0);
    walk_close(w);
    roots_select(&roots.root[0], ROOT_ONE_FS, roots.root[0].patterns);
    assert_int_equal(walk_open(&w, "/", &roots), 0);
    assert_int_equal(walk_next(w, &e), 0);
    walk_close(w);
}

static void roots_in_roots(void **state)
{
    char inner[64], deep[64];

    (void)state;
    mkdir("in", 0777);
    mkdir("in/deep", 0777);
    mkdir("inner", 0777);
    touch("a.txt");
    touch("in/b.txt");
    touch("in/deep/c.txt");
    touch("inner/d.txt");
    walk_with(0, "-*.txt\n");
    snprintf(inner, sizeof inner, "%s/in", root);
    snprintf(deep, sizeof deep, "%s/in/deep", root);
    assert_int_equal(roots_add(&roots, inner, inner), 0);
    assert_string_equal(walk_from(inner), "/in/b.txt\n/in/deep/c.txt\n");
    assert_string_equal(walk_all(), "");
    assert_string_equal(walk_with(0, ""), "/a.txt\n/inner/d.txt\n");
    assert_string_equal(walk_from(deep), "/in/deep/c.txt\n");
}

/* A folder in a root gives what the walk of the root gives there. */
static void a_folder_in_a_root(void **state)
{
    char d[64], e[64], dot[64];
    FILE *f;

    (void)state;
    mkdir("d", 0777);
    mkdir("d/e", 0777);
    mkdir("d/.dot", 0777);
    touch("d/a.txt");
    touch("d/b.txt");
    touch("d/e/c.txt");
    touch("d/.dot/d.txt");
    f = fopen(".indexignore", "w");
    fputs("/d/a.txt\n", f);
    fclose(f);
    snprintf(d, sizeof d, "%s/d", root);
    snprintf(e, sizeof e, "%s/d/e", root);
    snprintf(dot, sizeof dot, "%s/d/.dot", root);
    walk_with(0, "");
    assert_string_equal(walk_from(d), "/d/b.txt\n/d/e/c.txt\n");
    assert_string_equal(walk_from(e), "/d/e/c.txt\n");
    assert_string_equal(walk_from(dot), "!/d/.dot\n");
    walk_with(ROOT_HIDDEN, "-e/\n-/d/b.txt\n");
    assert_string_equal(walk_from(d), "/d/.dot/d.txt\n");
    assert_string_equal(walk_from(e), "!/d/e\n");
}

static void names_of_all_kinds(void **state)
{
    char name[256], want[512];
    struct buf b = {0};

    (void)state;
    memset(name, 'n', 251);
    strcpy(name + 251, ".txt"); /* 255 bytes, the most there may be */
    touch(name);
    snprintf(want, sizeof want,
             "/-n.txt\n/CURRENT.txt\n/a\nb.txt\n/%s\n"
             "/\xff\xfe.txt\n",
             name);
    touch("-n.txt");
    touch("CURRENT.txt");
    touch("CURRENT"); /* without a writer.lock it makes no index */
    touch("a\nb.txt");
    touch("\xff\xfe.txt");
    assert_string_equal(walk_all(), want);
    buf_adds(&b, "-");
    buf_adds(&b, name);
    buf_adds(&b, "\n-\xff*\n-a?b.txt\n");
    assert_string_equal(walk_with(0, buf_cstr(&b)), "/-n.txt\n/CURRENT.txt\n");
    buf_release(&b);
}

/* What changes under the walk is as it is when the walk gets there. */
static void folders_that_change(void **state)
{
    struct walk_entry e;
    struct walk *w;

    (void)state;
    touch("a.txt");
    mkdir("b", 0777);
    touch("b/x.txt");
    mkdir("c", 0777);
    touch("c/x.txt");
    mkdir("d", 0777);
    touch("d/x.txt");
    mkdir("e", 0777);
    touch("e/x.txt");
    touch("f.txt");
    assert_int_equal(walk_open(&w, root, NULL), 0);
    assert_int_equal(walk_next(w, &e), 1);
    assert_int_equal(system("rm -r b c d f.txt; echo >b; mkfifo f.txt"), 0);
    assert_int_equal(symlink("e", "c"), 0);
    assert_int_equal(walk_next(w, &e), 1);
    assert_string_equal((const char *)e.path.p + strlen(root), "/e/x.txt");
    assert_int_equal(walk_next(w, &e), 0);
    walk_close(w);
}

/* Deeper than a path may be long, than files may be open, than a recursion
 * would bear. */
static void ten_thousand_folders(void **state)
{
    struct walk_entry e;
    struct walk *w;
    int i, n = 0;

    (void)state;
    for (i = 0; i < 10000; i++) {
        if (i % 2000 == 0)
            touch("a.txt");
        if (i % 3000 == 0)
            touch("z.txt"); /* the walk gets there on its way back */
        assert_int_equal(mkdir("d", 0777), 0);
        assert_int_equal(chdir("d"), 0);
    }
    touch("x.txt");
    assert_int_equal(walk_open(&w, root, &roots), 0);
    while (walk_next(w, &e) == 1) {
        assert_int_equal(e.kind, WALK_FILE);
        n++;
    }
    assert_int_equal(n, 5 + 4 + 1);
    assert_int_equal(e.path.n, strlen(root) + strlen("/z.txt"));
    walk_close(w);
}

#define in_root(test)                                                          \
    cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_root(order_is_that_of_whole_paths),
        in_root(what_is_no_text_is_left_out),
        in_root(links),
        in_root(what_cannot_be_read_is_told),
        cmocka_unit_test(a_root_that_is_gone),
        in_root(deep_folders),
        in_root(thousands_of_files),
        in_root(patterns),
        in_root(patterns_before_rules),
        in_root(hidden),
        in_root(links_to_folders),
        in_root(other_file_systems),
        in_root(roots_in_roots),
        in_root(a_folder_in_a_root),
        in_root(names_of_all_kinds),
        in_root(folders_that_change),
        in_root(ten_thousand_folders),
    };

    return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
