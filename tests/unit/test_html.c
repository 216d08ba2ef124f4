/* html.h: what a reader sees, what a page says of itself, and pages that are
 * made to do harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "indexer/formats/html.h"
#include "indexer/formats/html_meta.h"
#include "text/utf8.h"

static struct extract x;
static const struct extract_limits limits = {.text_max = 1 << 26};

static int release(void **state)
{
    (void)state;
    extract_release(&x);
    return 0;
}

static void extract(struct view html)
{
    struct err err = {0};

    extract_clear(&x);
    if (html_extract(html, &limits, &x, &err) != 0)
        fail_msg("%s", err.msg);
    assert_int_equal(utf8_errors(buf_view(&x.text)), 0);
    assert_null(x.text.n ? memchr(x.text.p, 0, x.text.n) : NULL);
}

/* A field's values with " | " between them, "" where there is none. */
static const char *field(const char *name)
{
    static struct buf out;
    size_t at = 0;

    buf_clear(&out);
    while (at < x.fields.n) {
        const char *key = (const char *)x.fields.p + at;
        const char *value = key + strlen(key) + 1;

        at += strlen(key) + strlen(value) + 2;
        if (strcmp(key, name) != 0)
            continue;
        if (out.n)
            assert_int_equal(buf_adds(&out, " | "), 0);
        assert_int_equal(buf_adds(&out, value), 0);
    }
    return buf_cstr(&out);
}

static const struct {
    const char *html, *text;
} pieces[] = {
    {"", ""},
    {"  \n ", ""},
    {"plain", "plain"},
    /* blocks */
    {"<p>a<p>b</p>c", "a\n\nb\n\nc"},
    {"<div>a</div><div>b</div>", "a\nb"},
    {"<h1>T</h1>a<h2>U</h2>b", "a\n\nU\n\nb"}, /* the title is apart */
    {"a<h1>T</h1>b<h2>U</h2>c", "a\n\nT\n\nb\n\nU\n\nc"},
    {"<title>T | Site</title><h1> T </h1>Tab", "Tab"},
    {"<title>T</title>Tab", "Tab"},
    {"<title>T</title>T", ""},
    {"a<br>b<br/><br>c", "a\nb\nc"},
    {"a<hr>b", "a\n\nb"},
    {"x<ul><li>a<li>b <b>c</b></ul>y", "x\n\na\nb c\n\ny"},
    {"<ol><li><p>a</p></li><li><p>b</p></li></ol>", "a\n\nb"},
    {"<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\nb\nc\nd"},
    {"<table><tr><th>a</th><td>b</td></tr><tr><td>c<td>d</table>",
     "a\tb\nc\td"},
    {"<table><tbody><tr><td> a </td><td></td><td>b", "a\tb"},
    {"<pre>a\n  b\n\n c</pre>d", "a\n  b\n\n c\n\nd"},
    {"<pre>a<br>b</pre>", "a\nb"},
    {"<blockquote>q</blockquote>a", "q\n\na"},
    {"<figure><img alt='x'><figcaption>c</figcaption></figure>a", "c\n\na"},
    /* white space */
    {" a \n\t b ", "a b"},
    {"a <b> c</b>d", "a cd"},
    {"<b>a</b><i>b</i>", "ab"},
    {"1<sup>st</sup> x<sup>2</sup> <a href='#a'>b</a><a href='#c'>d</a>",
     "1st x2 bd"},
    {"a<sup><a href='#n1'>1</a></sup> b.<a href='#n2'><sup>2</sup></a>",
     "a 1 b. 2"},
    {"wo<wbr>rd", "word"},
    {"a&nbsp;b <p>&nbsp;</p><p>c", "a b\n\nc"},
    {"soft&shy;ly", "soft\xC2\xADly"},
    {"a\fb", "a b"},
    /* entities */
    {"&lt;b&gt; &amp;amp; &eacute;&#233;&#xe9; &#x4e2d; &hellip;",
     "<b> &amp; ééé 中 …"},
    {"AT&T &unknown; a&b=c", "AT&T &unknown; a&b=c"},
    /* no text at all */
    {"a<script>if (a<b) x('<p>no</p>')</script><style>p{}</style>"
     "<noscript>no</noscript><template>no</template>b",
     "ab"},
    {"a <svg><title>no</title><text>no</text></svg> b", "a b"},
    {"a <select><option>no</select><button>no</button><textarea>no</textarea>b",
     "a b"},
    {"a<!-- no --><!DOCTYPE no><?no?>b", "ab"},
    {"a<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>b", "a漢b"},
    {"<title>T</title>a", "a"},
    /* pictures */
    {"a <img alt='two words'> b", "a two words b"},
    {"a <img alt=logo> <img alt=''> <a href=/><img alt='to the start'></a> b",
     "a b"},
    /* what nobody ended or began */
    {"<p>a<b>b<p>c", "ab\n\nc"},
    {"</p></div>a</table>", "a"},
    {"<p>a<!-- never", "a"},
    {"<p>a<script>never", "a"},
    {"<p>a<![CDATA[b", "a<![CDATA[b"},
    {"<p>a<", "a<"},
    {"<p>a<b", "a"},
    {"<p>a<b c='d", "a"},
    {"<p>a&", "a&"},
    {"<p>a&#", "a"},
};

static void test_pieces(void **state)
{
    size_t i, bad = 0;

    (void)state;
    for (i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        extract(view_str(pieces[i].html));
        if (strcmp(buf_cstr(&x.text), pieces[i].text) == 0)
            continue;
        print_error("%s\n gives: %s\n and not: %s\n", pieces[i].html,
                    buf_cstr(&x.text), pieces[i].text);
        bad++;
    }
    assert_int_equal(bad, 0);
}

/* --- navigation --- */

#define SENTENCE                                                               \
    "The railway opened yesterday and many people waited at the station. "
#define ARTICLE SENTENCE SENTENCE SENTENCE SENTENCE
#define LONG_FORM ARTICLE ARTICLE ARTICLE ARTICLE

/* Beside an article each of these goes … */
static const char *const gone[] = {
    "<nav>no</nav>",
    "<aside>no</aside>",
    "<div role=navigation>no</div>",
    "<div role='Complementary'>no</div>",
    "<header><p>no</p></header>",
    "<footer>no</footer>",
    "<form>no <input></form>",
    "<p hidden>no</p>",
    "<p aria-hidden=true>no</p>",
    "<p style='color: red; display : none'>no</p>",
    "<p style='VISIBILITY:hidden'>no</p>",
    "<nav>no<nav>no</nav>no</nav>",
    "<header>no<nav>no</nav>no</header>",
    "<article>" ARTICLE "<aside>no</aside></article>",
    "<dialog>no</dialog>",
    "<p>a <a role='doc-backlink' href='#r'>no</a>",
};

/* … and of these nothing does. */
static const char *const kept[] = {
    "<article><header>yes</header>" SENTENCE "<footer>yes</footer></article>",
    "<main><footer>yes</footer></main>",
    "<header><h1>yes</h1></header>",
    "<header><div><h1><b>yes</b></h1></div> yes</header>",
    "<section role='doc-endnotes'>yes</section>",
    "<aside role='doc-footnote'>yes</aside>",
    "<p hidden=until-found>yes</p>",
    "<p aria-hidden=false>yes</p>",
    "<p style='display:block'>yes</p>",
    "<form>" LONG_FORM "yes</form>",
    "<div class=sidebar id=nav>yes</div>",
};

static bool has(const char *word)
{
    return strstr(buf_cstr(&x.text), word) != NULL;
}

static void around(const char *piece)
{
    struct buf b = {0};

    assert_int_equal(buf_addf(&b, "before %s behind<p>" ARTICLE, piece), 0);
    extract(buf_view(&b));
    buf_release(&b);
    assert_true(has("before") && has("behind") && has("station"));
    assert_false(has("beforebehind"));
}

static void test_navigation(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof gone / sizeof *gone; i++) {
        around(gone[i]);
        if (has("no"))
            fail_msg("%s: %s", gone[i], buf_cstr(&x.text));
    }
    for (i = 0; i < sizeof kept / sizeof *kept; i++) {
        around(kept[i]);
        if (!has("yes"))
            fail_msg("%s: %s", kept[i], buf_cstr(&x.text));
    }
    extract(view_str("<p>a<span hidden>x</span>b <i hidden>x</i>c"
                     "<i hidden> x</i> d" ARTICLE));
    assert_memory_equal(x.text.p, "ab c d", 6);
}

/* Where hardly anything is left, all stays but the scripts. */
static void test_never_lost(void **state)
{
    (void)state;
    extract(view_str("<nav>one</nav><p>x<aside>" ARTICLE
                     "</aside><script>no</script>"));
    assert_true(has("one") && has("station") && !has("no"));
    extract(view_str("<body style='display:none'><p>" ARTICLE));
    assert_true(has("station"));
    extract(view_str("<nav>menu</nav>"));
    assert_string_equal(buf_cstr(&x.text), "menu");
    extract(view_str("<nav>menu</nav><p>a short note"));
    assert_string_equal(buf_cstr(&x.text), "a short note");
}

/* --- what a page says of itself --- */

static const struct {
    const char *html, *title;
} titles[] = {
    {"<title> A\n title </title>", "A title"},
    {"<title>Rail opens | The News</title><h1>Rail <b>opens</b></h1>",
     "Rail opens"},
    {"<title>Rail opens - The News</title><h1>The News of today</h1>",
     "Rail opens - The News"},
    {"<h1>Rail</h1><h1>Other</h1>", "Rail"},
    {"<h1><img></h1><h1>Rail</h1>", "Rail"},
    {"<nav><h1>Menu</h1></nav><h1>Rail</h1>", "Rail"},
    {"<meta property='og:title' content='Rail &amp; road'><title>x</title>",
     "Rail & road"},
    {"<meta property='og:title' content=' '><title>x</title>", "x"},
    {"<meta name=citation_title content=Paper><title>x</title>", "Paper"},
    {"<title>x</title><svg><title>y</title></svg>", "x"},
    {"<p>x", ""},
};

static const struct {
    const char *html, *date;
} dates[] = {
    {"<meta property='article:published_time' "
     "content='2022-01-04T10:00:00+07:00'>",
     "2022-01-04T10:00:00+07:00"},
    {"<meta name=date content=2020-01-01><meta property="
     "article:published_time content=2021-01-01>",
     "2021-01-01"},
    {"<script type='application/ld+json'>{\"@graph\":[{\"datePublished\" : "
     "\"2022-02-03T01:02:03Z\"}]}</script><meta name=date content=2020-01-01>",
     "2022-02-03T01:02:03Z"},
    {"<script type='application/ld+json'>{\"datePublished\": \"2022-02-03\",,"
     "</script>",
     "2022-02-03"},
    {"<script type='application/ld+json'>{\"datePublished\": 7}</script>", ""},
    {"<script type='application/ld+json'>{\"datePublished\": \"</script>", ""},
    {"<script>{\"datePublished\": \"2022-02-03\"}</script>", ""},
    {"<time itemprop=datePublished datetime=2022-03-04>x</time>", "2022-03-04"},
    {"<meta itemprop=datePublished content=2022-03-04>", "2022-03-04"},
    {"<span itemprop=datePublished>4 March <b>2022</b></span>", "4 March 2022"},
    {"<meta name=citation_publication_date content=2019/05/06>", "2019/05/06"},
    {"<meta name='DC.date.issued' content=2019-05-06>", "2019-05-06"},
    {"<meta name=date content='last week'><meta name=pubdate "
     "content=2019-05-06>",
     "2019-05-06"},
    {"<time>now</time><time datetime=2018-01-02>x</time><time "
     "datetime=2019-01-02>y</time>",
     "2018-01-02"},
    {"<aside><time datetime=2018-01-02>x</time></aside>", ""},
};

static const struct {
    const char *html, *language;
} languages[] = {
    {"<html lang=pt-BR>", "pt-BR"},
    {"<html xml:lang=fr>", "fr"},
    {"<html lang=''><meta http-equiv=Content-Language content=th>", "th"},
    {"<meta property=og:locale content=en_US>", "en_US"},
    {"<p lang=de>x", ""},
};

static void test_meta(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof titles / sizeof *titles; i++) {
        extract(view_str(titles[i].html));
        assert_string_equal(buf_cstr(&x.title), titles[i].title);
    }
    for (i = 0; i < sizeof dates / sizeof *dates; i++) {
        extract(view_str(dates[i].html));
        assert_string_equal(buf_cstr(&x.date), dates[i].date);
    }
    for (i = 0; i < sizeof languages / sizeof *languages; i++) {
        extract(view_str(languages[i].html));
        assert_string_equal(buf_cstr(&x.language), languages[i].language);
    }
}

static void test_fields(void **state)
{
    (void)state;
    extract(view_str(
        "<meta name=author content='A. Writer'>"
        "<meta name=author content=' B.  Writer '>"
        "<meta property=article:author content=https://e.org/a>"
        "<meta name=Description content='&quot;x&quot;\n y'>"
        "<meta name=keywords content='rail, road ,, trade'>"
        "<meta property=article:tag content=border>"
        "<meta property=og:url content=https://e.org/b>"
        "<link rel='alternate canonical' href='https://e.org/c?d=1&amp;e=2'>"
        "<meta property=og:site_name content='The News'>"));
    assert_string_equal(field("author"), "A. Writer | B. Writer");
    assert_string_equal(field("description"), "\"x\" y");
    assert_string_equal(field("keywords"), "rail | road | trade | border");
    assert_string_equal(field("url"), "https://e.org/c?d=1&e=2");
    assert_string_equal(field("site"), "The News");
    extract(view_str("<script type=application/ld+json>{\"author\": [{\"@type"
                     "\": \"Person\", \"name\": \"J\\u00f6rg \\\"J\\\" B\"}]}"
                     "</script><link rel=canonical href='javascript:x'>"));
    assert_string_equal(field("author"), "Jörg \"J\" B");
    assert_string_equal(field("url"), "");
    extract(view_str("<p><span itemprop='author name'>Me</span> wrote"));
    assert_string_equal(field("author"), "Me");
    assert_string_equal(buf_cstr(&x.text), "Me wrote");
}

/* --- whole pages --- */

static void page(const char *name)
{
    char path[128];
    struct buf b = {0};
    FILE *f;
    int c;

    snprintf(path, sizeof path, "tests/formats/html/%s", name);
    f = fopen(path, "rb");
    if (!f)
        fail_msg("no %s", path);
    while ((c = getc(f)) != EOF)
        assert_int_equal(buf_addc(&b, c), 0);
    fclose(f);
    extract(buf_view(&b));
    buf_release(&b);
}

static void test_pandoc(void **state)
{
    (void)state;
    page("pandoc.html");
    assert_string_equal(buf_cstr(&x.title), "Rails across the river");
    assert_string_equal(buf_cstr(&x.date), "2024-03-05");
    assert_string_equal(buf_cstr(&x.language), "en-GB");
    assert_string_equal(field("author"), "Ann Writer");
    assert_string_equal(field("keywords"), "railway | trade");
    assert_true(has("The first train crossed the river on Monday. Nobody"));
    assert_true(has("cement\t120\t3.5\n"));
    assert_true(has("\n\nfruit, by night\nrubber\n"));
    assert_true(has("    if (late)\n        wait();\n"));
    assert_true(has("A note at the foot of the page."));
    assert_true(has("“debt trap” there. 1\n\n")); /* a footnote's number */
    assert_false(has("font-size") || has("{") || has("↩"));
    assert_string_equal(buf_cstr(&x.charset), "");
}

static void test_saved(void **state)
{
    (void)state;
    page("saved.html");
    assert_string_equal(buf_cstr(&x.title),
                        "Café culture returns to Vientiane");
    assert_string_equal(buf_cstr(&x.date), "2023-11-20T08:30:00+07:00");
    assert_string_equal(buf_cstr(&x.charset), "windows-1252");
    assert_false(x.guessed);
    assert_string_equal(field("site"), "The Mekong Post");
    assert_string_equal(field("url"), "https://post.example/2023/11/cafe");
    assert_string_equal(field("author"), "Somchai Écrivain");
    assert_true(has("The cafés of the old quarter — closed since 2020 — are "
                    "full again."));
    assert_true(has("Beans from the plateau"));
    assert_false(has("Subscribe") || has("cookie") || has("Most read") ||
                 has("Copyright") || has("dataLayer"));
}

/* --- harm --- */

static void repeat(struct buf *b, const char *s, size_t n)
{
    while (n-- > 0)
        assert_int_equal(buf_adds(b, s), 0);
}

static const struct {
    const char *before, *again;
    size_t n;
    const char *behind, *text; /* NULL: whatever it is */
} harms[] = {
    {"", "<div>", 1000000, "deep", "deep"},
    {"a", "<b>", 1000000, "deep</b>er", "a\n\ndeep er"},
    {"a", "<nav>", 1000000, "deep", "a\n\ndeep"},
    {"a<p>", "</x>", 200000, "b", "a\n\nb"},
    {"", "<p>", 200000, "b", "b"},
    {"a<p title='", "x", 10000000, "'>b", "a\n\nb"},
    {"a<p title='", "x", 10000000, "", "a"},
    {"a<!--", " -- ", 1000000, "", "a"},
    {"a<script>", "</", 1000000, "", "a"},
    {"a<script>", "<!--<script>", 300000, "</script>b", NULL},
    {"a<p>", "<![CDATA[", 300000, "", NULL},
    {"a<p>", "<", 200000, "b", NULL},
    {"a<p>", "&", 200000, "b", NULL},
    {"a<p>", "&#", 200000, "b", NULL},
    {"a<p>", "<?", 200000, "", NULL},
    {"<!DOCTYPE ", "<!ENTITY a '&a;&a;&a;&a;'>", 100000, "><p>&a;", NULL},
    {"", "<table><tr><td>", 400000, "b", "b"},
    {"<script type=application/ld+json>", "\"author\":", 500000, "</script>b",
     "b"},
    {"", "<meta name=author content=a>", 200000, "b", "b"},
};

static void test_harm(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof harms / sizeof *harms; i++) {
        struct buf b = {0};

        repeat(&b, harms[i].before, 1);
        repeat(&b, harms[i].again, harms[i].n);
        repeat(&b, harms[i].behind, 1);
        extract(buf_view(&b));
        if (harms[i].text)
            assert_string_equal(buf_cstr(&x.text), harms[i].text);
        buf_release(&b);
    }
    extract(view_of("<p>a\0b<b\0c>d", 12));
    assert_string_equal(buf_cstr(&x.text), "a bd");
}

static void test_limit(void **state)
{
    const struct extract_limits small = {.text_max = 100};
    struct err err = {0};

    (void)state;
    extract_clear(&x);
    assert_int_equal(html_extract(view_str("<p>" ARTICLE), &small, &x, &err),
                     ERR_FULL);
    assert_true(x.text.n <= 100);
}

/* A value that is too long ends with a whole character. */
static void test_long_values(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        struct buf b = {0};

        repeat(&b, "<title>", 1);
        repeat(&b, "x", i);
        repeat(&b, "é漢😀", 2000);
        repeat(&b, "</title><p>a", 1);
        extract(buf_view(&b));
        assert_int_equal(utf8_errors(buf_view(&x.title)), 0);
        assert_in_range(x.title.n, HTML_META_VALUE - 4, HTML_META_VALUE);
        assert_string_equal(buf_cstr(&x.text), "a");
        buf_release(&b);
    }
}

/* libxml2 takes time by the square of a tag's attributes: those beyond
 * HTML_ATTRIBUTES go, and nothing else. */
static void test_attributes(void **state)
{
    static const struct {
        const char *before, *behind, *text;
    } tags[] = {
        {"<p>a<p", ">b", "a\n\nb"},
        {"<p>a<img alt='> c'", "/>b", "a > c b"},
        {"<p>a<br title=\"<b>\"/", "/>b", "a\nb"},
        {"<p>a<!-- > -- <p", ">b --><!--><p", "a"},
        {"<script>if (a<b", ") c='<p>';</script><p>a", "a"},
        {"<SCRIPT type=application/ld+json>{\"author\": \"Me\", \"name\": \"<p",
         "\"}</SCRIPT><p>a", "a"},
        {"<p>a<p =", "", "a"},
        {"<p>a<p a='", "", "a"},
        {"<p>a < b", "<p>c", NULL},
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct buf b = {0};

        repeat(&b, tags[i].before, 1);
        for (k = 0; k < 200000; k++)
            assert_int_equal(buf_addf(&b, " a%zu=1", k), 0);
        repeat(&b, tags[i].behind, 1);
        extract(buf_view(&b));
        if (tags[i].text)
            assert_string_equal(buf_cstr(&x.text), tags[i].text);
        if (strstr(tags[i].before, "author"))
            assert_string_equal(field("author"), "Me");
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),     cmocka_unit_test(test_navigation),
        cmocka_unit_test(test_never_lost), cmocka_unit_test(test_meta),
        cmocka_unit_test(test_fields),     cmocka_unit_test(test_pandoc),
        cmocka_unit_test(test_saved),      cmocka_unit_test(test_harm),
        cmocka_unit_test(test_limit),      cmocka_unit_test(test_long_values),
        cmocka_unit_test(test_attributes),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
