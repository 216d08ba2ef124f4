/* dateline.h: the date of a text's first lines, and what is none. Checked by
 * hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/date.h"
#include "indexer/dateline.h"

static const struct {
    const char *text, *date;
} cases[] = {
    /* labels */
    {"Title\nPublished: Sep 11, 2024\n", "2024-09-11"},
    {"Title\n\nPublished September 11, 2024 by Jane Roe\n", "2024-09-11"},
    {"Title\n**Published:** 11 September 2024\n", "2024-09-11"},
    {"Title\nPublished on: 2024-09-11T08:30:00Z\n", "2024-09-11"},
    {"Date: Mon, 18 Nov 2024 10:00:00 +0000\nSubject: x\n", "2024-11-18"},
    {"Posted on November 18, 2024 at 10:00\n", "2024-11-18"},
    {"By Jane Roe | Published: Sep 11, 2024 | 5 min read\n", "2024-09-11"},
    {"Updated: Sep 12, 2024\nPublished: Sep 11, 2024\n", "2024-09-11"},
    {"Updated: Sep 12, 2024\ntext\n", "2024-09-12"},
    {"Published Sep 11, 2024 | Updated Sep 12, 2024\n", "2024-09-11"},
    {"November 18, 2024\nPublished: Sep 11, 2024\n", "2024-09-11"},
    {"Last updated: Sep 12, 2024\n18 November 2024\n", "2024-11-18"},
    {"DATE: 25/12/2024\n", "2024-12-25"},
    {"Titel\nVeröffentlicht am 11. September 2024\n", "2024-09-11"},
    {"Titre\nPublié le 11 septembre 2024 à 10h\n", "2024-09-11"},
    {"Título\nFecha: 11 de septiembre de 2024\n", "2024-09-11"},
    {"标题\n发布时间：2024年9月11日 10:00\n", "2024-09-11"},
    {"标题\n发布日期: 2024-09-11 来源：新华社\n", "2024-09-11"},
    {"제목\n입력 2024.09.11. 10:00\n", "2024-09-11"},
    {"Tiêu đề\nNgày đăng: 11/9/2024\n", ""},
    /* by itself */
    {"Title\nNovember 18, 2024\nBody of the text.\n", "2024-11-18"},
    {"Title\n18 November 2024\n", "2024-11-18"},
    {"Title\nMonday, 18 November 2024\n", "2024-11-18"},
    {"Title\n2024-11-18\n", "2024-11-18"},
    {"Title\n*November 18, 2024*\n", "2024-11-18"},
    {"Title\nNovember 18, 2024, 10:30 GMT\n", "2024-11-18"},
    {"Title\n18 Nov 2024 at 10:30\n", "2024-11-18"},
    {"Title (18 November 2024)\nx\n", ""},
    {"By Jane Roe, November 18, 2024\n", "2024-11-18"},
    {"By Jane Roe | November 18, 2024\n", "2024-11-18"},
    {"Jane Roe • 18 Nov 2024 • 5 min\n", "2024-11-18"},
    {"The Guardian - 18 November 2024\n", "2024-11-18"},
    {"BEIJING, Nov. 18, 2024 (Xinhua) -- The ministry said that the\n",
     "2024-11-18"},
    {"GENEVA, 18 November 2024 – The council met.\n", "2024-11-18"},
    {"Mittwoch, 11. September 2024\n", "2024-09-11"},
    {"2024年9月11日\n正文\n", "2024-09-11"},
    {"2024년 9월 11일\n", "2024-09-11"},
    {"11 กันยายน 2567\n", "2024-09-11"},
    {"\r\nTitle\r\n18 November 2024\r\n", "2024-11-18"},
    {"Network Working Group          18 November 2024\n", "2024-11-18"},
    /* not the text's */
    {"The treaty was signed on 18 November 2024\n", ""},
    {"The treaty was signed on 18 November 2024.\n", ""},
    {"On November 18, 2024, the parties met.\n", ""},
    {"November 18, 2024 was a cold day.\n", ""},
    {"November 18, 2024.\n", ""},
    {"November 18, 2024, marked the start of it.\n", ""},
    {"The war began — 18 November 2024 — and went on.\n", ""},
    {"Report of 18 November 2024\n", ""},
    {"Accessed: November 18, 2024\n", ""},
    {"Deadline: 18 November 2024\n", ""},
    {"Dates of the war: 18 November 2024\n", ""},
    {"Database 2024-11-18 dump\n", ""},
    {"Issuedness: 2024-11-18\n", ""},
    {"in Geneva, 18 November 2024\n", ""},
    {"© 2024 The Publisher\n", ""},
    {"May 5\nNovember 18\n", ""},
    {"31 February 2024\n", ""},
    {"Published: 31 February 2024\n", ""},
    {"Published: 12/11/2024\n", ""},
    {"12/11/2024\n", ""},
    {"Published: yesterday\n", ""},
    {"Published: Sep 2024\n", ""},
    {"Published: 2024-11-180\n", ""},
    {"Call 2024-11-18-44 for help\n", ""},
    {"Volume 18, November 2024\n", ""},
    {"2024\n", ""},
    {"1\n2\n3\n4\n5\n6\n7\n8\n18 November 2024\n", ""},
    {"1\n2\n3\n4\n5\n6\n7\n8\nPublished: 18 November 2024\n", "2024-11-18"},
    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n"
     "Published: 18 November 2024\n",
     ""},
    {"", ""},
    {"\n\n", ""},
    {"|||2024", ""},
    {"Date", ""},
    {"Published:", ""},
    {"By ", ""},
};

static void first_lines(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t days = dateline(view_str(cases[i].text));
        char got[11] = "";

        if (days != DATE_NONE)
            date_text(days, got);
        if (strcmp(got, cases[i].date) != 0)
            fail_msg("'%s' gave '%s'", cases[i].text, got);
    }
}

/* A long line is cut: a date at the cut does not stand by itself. */
static void long_lines(void **state)
{
    char line[400];

    (void)state;
    memset(line, 'x', sizeof line);
    memcpy(line, "18 November 2024 -- ", 20);
    line[sizeof line - 1] = 0;
    assert_int_not_equal(dateline(view_str(line)), DATE_NONE);
    memset(line, ' ', DATELINE_LINE);
    memcpy(line, "By ", 3);
    memcpy(line + DATELINE_LINE - 17, " 18 November 2024", 17);
    memset(line + DATELINE_LINE, 'x', 30);
    assert_int_equal(dateline(view_str(line)), DATE_NONE);
    assert_int_equal(dateline(view_of(NULL, 0)), DATE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_lines),
        cmocka_unit_test(long_lines),
    };

    return cmocka_run_group_tests_name("dateline", tests, NULL, NULL);
}
