/* furniture.h: running lines, edge lines, titles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/furniture.h"

static struct furniture marks(const char *text, size_t body)
{
    struct buf out = {0};
    struct furniture f;

    assert_int_equal(furniture_marks(view_str(text), body, &out), 0);
    furniture_read(buf_view(&out), &f);
    buf_release(&out);
    return f;
}

static bool runs(const struct furniture *f, const char *line)
{
    return furniture_runs(f, view_str(line));
}

static int edge(const struct furniture *f, const char *line)
{
    return furniture_edge(f, view_str(line));
}

static void test_running(void **state)
{
    struct furniture f = marks("The Journal  12\none\n- 1 -\n"
                               "\fTHE JOURNAL 13\ntwo\n\n- 2 -\n"
                               "\f  The Journal 14\n\nthree\nxx\nyy\n - 3 -\n",
                               0);

    (void)state;
    assert_int_equal(f.nrunning, 2);
    assert_true(runs(&f, "the journal 999"));
    assert_true(runs(&f, "\f The Journal 1\r"));
    assert_true(runs(&f, "- 44 -"));
    assert_false(runs(&f, "one"));
    assert_false(runs(&f, "The Journal"));
    assert_false(runs(&f, ""));
    f = marks("i\na\n\fii\nb\n\fiii\nc\n", 0); /* Roman numbers */
    assert_true(runs(&f, "xiv"));
    assert_true(runs(&f, "7"));
    f = marks("Head\na\n\fHead\nb\n", 0); /* two pages are not enough */
    assert_int_equal(f.nrunning, 0);
    f = marks("Head\nHead\nHead\nHead\n\fb\n\fc\n", 0); /* nor is one */
    assert_int_equal(f.nrunning, 0);
    f = marks("a\nb\nHead\nc\nd\n\fe\nf\nHead\ng\nh\n\fi\nj\nHead\nk\nl", 0);
    assert_int_equal(f.nrunning, 0); /* amid the pages */
    f = marks("\f\f\f\f", 0);
    assert_int_equal(f.nrunning + f.nedges, 0);
}

static void test_edges(void **state)
{
    struct buf text = {0}, out = {0};
    struct furniture f = marks("1\n2\n\n3\n", 2);
    char line[16];
    int i;

    (void)state;
    assert_int_equal(f.nedges, 2);
    assert_int_equal(edge(&f, "1"), -1); /* before the body */
    assert_int_equal(edge(&f, " 2\r\n"), 0);
    assert_int_equal(edge(&f, "3"), 1);
    assert_int_equal(edge(&f, ""), -1);
    for (i = 0; i < 100; i++)
        assert_int_equal(buf_addf(&text, "%d\n\n", i), 0);
    assert_int_equal(furniture_marks(buf_view(&text), 0, &out), 0);
    furniture_read(buf_view(&out), &f);
    assert_int_equal(f.nedges, FURNITURE_EDGES);
    for (i = 0; i < 100; i++) {
        snprintf(line, sizeof line, "%d", i);
        assert_int_equal(edge(&f, line) >= 0,
                         i < FURNITURE_FIRST || i >= 100 - FURNITURE_LAST);
    }
    buf_release(&text);
    buf_release(&out);
    f = marks("a\na\na\nb", 0); /* each once */
    assert_int_equal(f.nedges, 2);
    f = marks("", 0);
    assert_int_equal(f.nedges, 0);
}

static void test_damaged(void **state)
{
    static const char *const bad[] = {"", "\1", "\2abc", "\1ab", "\21abc"};
    struct furniture f;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        furniture_read(view_str(bad[i]), &f);
        assert_int_equal(f.nrunning + f.nedges, 0);
    }
    furniture_read(view_str("\1abcdef"), &f);
    assert_int_equal(f.nrunning, 1);
    assert_int_equal(f.nedges, 1);
    assert_int_equal(f.edge[0], 'd' | 'e' << 8 | 'f' << 16);
}

static void test_title(void **state)
{
    static const struct {
        const char *text, *title;
    } table[] = {
        {"", ""},
        {"\n \nA title\nmore", "A title"},
        {"12\n\nA title\n", "A title"},
        {"- 3 -\nA title\n", "A title"},
        {"Page 3 of 12\nA title\n", "A title"},
        {"Pages of Paris\nmore\n", "Pages of Paris"},
        {"1984 again\nmore\n", "1984 again"},
        {"1\n2\n3\n", "1"}, /* nothing better */
        {"Skip to main content\nMenu\nA title\n", "A title"},
        {"Menu\n", "Menu"},
        {"Menus for all\nx", "Menus for all"},
        {"---\nx", "---"},
        {"A title\fmore", "A title"},
        {"Journal 1\nA title\na\n\fJournal 2\nb\n\fJournal 3\nc\n", "A title"},
        {"Journal 1\n\fJournal 2\n\fJournal 3\n", "Journal 1"},
        {"\xe7\xac\xac\xe4\xb8\x80\xe7\xab\xa0\nx",
         "\xe7\xac\xac\xe4\xb8\x80\xe7\xab\xa0"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct view t = furniture_title(view_str(table[i].text), 0);

        assert_int_equal(t.n, strlen(table[i].title));
        assert_memory_equal(t.n ? (const void *)t.p : "", table[i].title, t.n);
    }
}

static void test_links(void **state)
{
    (void)state;
    assert_true(furniture_link(view_str("Rail opens")));
    assert_false(furniture_link(view_str("Rail opens.")));
    assert_false(furniture_link(view_str("\xe5\xae\x8c\xe3\x80\x82")));
}

/* A line's end is found wherever it is, from either side. */
static void test_lines(void **state)
{
    char text[80];
    size_t end, next;
    struct view v = view_of((const uint8_t *)text, sizeof text), line;

    (void)state;
    for (end = 0; end < sizeof text; end++) {
        memset(text, 'x', sizeof text);
        text[end] = end % 2 ? '\n' : '\f';
        line = furniture_line(v, 0, &next);
        assert_int_equal(line.n, end);
        assert_int_equal(next, end + 1);
        line = furniture_line(v, next, &next);
        assert_int_equal(line.n, sizeof text - end - 1);
        assert_int_equal(next, sizeof text);
        assert_int_equal(furniture_line_before(v, end + 1), 0);
        if (end + 1 < sizeof text)
            assert_int_equal(furniture_line_before(v, sizeof text), end + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_running), cmocka_unit_test(test_edges),
        cmocka_unit_test(test_damaged), cmocka_unit_test(test_title),
        cmocka_unit_test(test_links),   cmocka_unit_test(test_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
