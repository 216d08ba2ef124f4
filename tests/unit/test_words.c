/* Tokens and positions: the tailorings one by one, then properties that hold
 * for any text: both ways of cutting agree, and every clean point is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "text/utf8.h"
#include "text/words.h"

/* Every token as "pos:raw", "pos+span:raw" if joined, "pos~raw" for a bigram,
 * "pos^raw" for a cluster alone, "pos=raw" for a second reading, with a space
 * between. */
static void show(const struct token *t, struct buf *out)
{
    static const char mark[] = "::~^=";

    if (out->n)
        buf_addc(out, ' ');
    buf_addf(out, "%u", t->pos);
    if (t->kind == TOKEN_JOINED || t->span > 1)
        buf_addf(out, "+%u", t->span);
    buf_addc(out, mark[t->kind]);
    buf_add(out, t->raw);
}

static void cut(struct view text, bool general, struct buf *out)
{
    struct words *w;
    struct token t;
    int rc;

    assert_int_equal(words_open(&w, text, NULL, 0), 0);
    if (general)
        words_force_general(w);
    while ((rc = words_next(w, &t)) > 0)
        show(&t, out);
    assert_int_equal(rc, 0);
    words_free(w);
}

static void expect_bytes(struct view text, const char *want)
{
    struct buf got = {0};
    int general;

    for (general = 0; general < 2; general++) {
        buf_clear(&got);
        cut(text, general, &got);
        assert_string_equal(buf_cstr(&got), want);
    }
    buf_release(&got);
}

static void expect(const char *text, const char *want)
{
    expect_bytes(view_str(text), want);
}

static void test_words(void **state)
{
    (void)state;
    expect("", "");
    expect(" \t\r\n.,;!?", "");
    expect("a", "0:a");
    expect("The belt, and the road.", "0:The 1:belt 2:and 3:the 4:road");
    expect("exports.The", "0:exports 1:The");
    expect("file_name title:foo a;b", "0:file 1:name 2:title 3:foo 4:a 5:b");
    expect("https://www.aiib.org/en/a.html",
           "0:https 1:www 2:aiib 3:org 4:en 5:a 6:html");
    expect("me@aiib.org", "0:me 1:aiib 2:org");
    expect("“debt trap”", "0:debt 1:trap");
    expect("RMB500m G20 5G", "0:RMB500m 1:G20 2:5G");
    expect("C++ C# .NET", "0:C 1:C 2:NET");
    expect("m² x²y", "0:m 1:² 2:x 3:² 4:y");
    expect("Xi Jinping Ürümqi Đà Nẵng", "0:Xi 1:Jinping 2:Ürümqi 3:Đà 4:Nẵng");
    expect("e\u0301t\u0301", "0:e\u0301t\u0301");
    expect("Москва Αθήνα القاهرة", "0:Москва 1:Αθήνα 2:القاهرة");
    expect("col·lecció צה\"ל", "0:col·lecció 1:צה\"ל");
}

static void test_numbers(void **state)
{
    (void)state;
    expect("1.7 72.93% US$1.7bn v1.7", "0:1.7 1:72.93 2:US 3:1.7bn 4:v1.7");
    expect("18.11.2024 1.2.3.4", "0:18 1:11 2:2024 3:1 4:2 5:3 6:4");
    expect("1,000 12,345,678.90 RMB1,000m",
           "0:1,000 1:12,345,678.90 2:RMB1,000m");
    expect("1,00 1000,000 1,0000 1,000,00",
           "0:1 1:00 2:1000 3:000 4:1 5:0000 6:1 7:000 8:00");
    expect("10.5,11.5 1,000.5.6", "0:10.5 1:11.5 2:1 3:000 4:5 5:6");
    expect("2019,2020,2021", "0:2019 1:2020 2:2021");
    expect("1:2 3;4 5_6", "0:1 1:2 2:3 3:4 4:5 5:6");
    expect("1'000.50 '90s 1. 2", "0:1'000.50 1:90s 2:1 3:2");
    expect("１.７ ٣٫١٤ 1\u200B.7", "0:１.７ 1:٣٫١٤ 2:1\u200B.7");
}

static void test_abbreviations(void **state)
{
    (void)state;
    expect("U.S. e.g. i.e., U.K", "0:U.S. 1:e.g. 2:i.e. 3:U.K");
    expect("U.K.-led", "0:U.K. 0+2:U.K.led 1:led");
    expect("J.R.R.Tolkien J.Smith Ph.D. A. B.",
           "0:J.R.R. 1:Tolkien 2:J 3:Smith 4:Ph 5:D 6:A 7:B");
    expect("U.S.'s U.S.’s U.S's", "0:U.S.'s 1:U.S.’s 2:U.S's");
    expect("(U.S.) 'U.S.' a.b.com", "0:U.S. 1:U.S. 2:a.b. 3:com");
    expect("т.е. х.2", "0:т.е. 1:х 2:2");
}

static void test_apostrophes(void **state)
{
    (void)state;
    expect("China's China’s states’ 'tis don't",
           "0:China's 1:China’s 2:states 3:tis 4:don't");
    expect("Xi’an O'Brien aujourd'hui", "0:Xi’an 1:O'Brien 2:aujourd'hui");
    expect("l'économie L’Homme qu'il dell'arte d'Œuvre",
           "0:l' 1:économie 2:L’ 3:Homme 4:qu' 5:il 6:dell' 7:arte 8:d' "
           "9:Œuvre");
    expect("l'avant-garde", "0:l' 1:avant 1+2:avantgarde 2:garde");
    expect("c'mon N'Djamena l'2", "0:c'mon 1:N'Djamena 2:l 3:2");
    expect("a''b a'-b rock'n'roll", "0:a 1:b 2:a 3:b 4:rock'n'roll");
}

static void test_compounds(void **state)
{
    (void)state;
    expect("people-to-people", "0:people 0+3:peopletopeople 1:to 2:people");
    expect("people‑to‑people", "0:people 0+3:peopletopeople 1:to 2:people");
    expect("people–to–people", "0:people 0+3:peopletopeople 1:to 2:people");
    expect("China—Laos 5‒6 a―b", "0:China 1:Laos 2:5 3:6 4:a 5:b");
    expect("COVID-19 2021–22", "0:COVID 0+2:COVID19 1:19 2:2021 2+2:202122 "
                               "3:22");
    expect("-a- -b --c a--b a -b a- b", "0:a 1:b 2:c 3:a 4:b 5:a 6:b 7:a 8:b");
    expect("1-2-3-4-5-6-7-8", "0:1 0+8:12345678 1:2 2:3 3:4 4:5 5:6 6:7 7:8");
    expect("1-2-3-4-5-6-7-8-9 a-b",
           "0:1 1:2 2:3 3:4 4:5 5:6 6:7 7:8 8:9 9:a 9+2:ab 10:b");
    expect("foo.bar-baz.com", "0:foo 1:bar 1+2:barbaz 2:baz 3:com");
    expect("China-Laos's 中-A A-中", "0:China 0+2:ChinaLaos's 1:Laos's 2^中 "
                                     "3:A 4:A 5^中");
    expect("1.7-fold", "0:1.7 0+2:1.7fold 1:fold");
    expect("a-\u200Bb", "0:a 0+2:ab 1:b");
}

/* A hyphen at a line end: the word that it may divide, and the compound. */
static void test_line_ends(void **state)
{
    const char *parts = "0:infra 1:structure";
    const char *both = "0:infra 0+2:infrastructure 1:structure";

    (void)state;
    expect("infra-\nstructure", both);
    expect("infra-\r\nstructure", both);
    expect("infra-\rstructure", both);
    expect("infra- \t\n  structure", both);
    expect("infra\u2010\nstructure", both);
    expect("infra\u2011\nstructure", both);
    expect("infra-\n\fstructure", both);
    expect("infra-\n\n\f\n structure", both);
    expect("infra-\fstructure", both);
    expect("infra-\n\nstructure", parts);
    expect("infra-\r\n\r\nstructure", parts);
    expect("infra- structure", parts);
    expect("infra -\nstructure", parts);
    expect("infra--\nstructure", parts);
    expect("infra-\n-structure", parts);
    expect("infra\u2013\nstructure", parts);
    expect("infra\u2014\nstructure", parts);
    expect("a-\n b-\n", "0:a 0+2:ab 1:b");
    expect("China-\nLaos 2019-\n2020",
           "0:China 0+2:ChinaLaos 1:Laos 2:2019 2+2:20192020 3:2020");
    expect("people-to-\npeople",
           "0:people 0+3:peopletopeople 1:to 1+2=topeople 2:people");
    expect("infra-\nstructure-led",
           "0:infra 0+3:infrastructureled 0+2=infrastructure 1:structure "
           "2:led");
    expect("in-\nfra-struc-\nture",
           "0:in 0+4:infrastructure 0+2=infra 1:fra 2:struc 2+2=structure "
           "3:ture");
    expect("é-\nt中 中-\nA", "0:é 0+2:ét 1:t 2^中 3^中 4:A");
    expect("1-2-3-4-5-6-7-8-\n9 a-\nb-3-4-5-6-7-8-9",
           "0:1 1:2 2:3 3:4 4:5 5:6 6:7 7:8 8:9 9:a 9+2=ab 10:b 11:3 12:4 13:5 "
           "14:6 15:7 16:8 17:9");
}

/* A footnote's number glued to a word leaves the word findable. */
static void test_glued(void **state)
{
    (void)state;
    expect("policy12 HSR1", "0:policy12 0=policy 1:HSR1 1=HSR");
    expect("policy123 policy1234 po12 x86 G20",
           "0:policy123 0=policy 1:policy1234 2:po12 3:x86 4:G20");
    expect("COVID-19 5G 1990s RMB500m US$1.7bn B2B4 3rd",
           "0:COVID 0+2:COVID19 1:19 2:5G 3:1990s 4:RMB500m 5:US 6:1.7bn "
           "7:B2B4 8:3rd");
    expect("réformé4 Китай12 ab\u0301c1",
           "0:réformé4 0=réformé 1:Китай12 1=Китай 2:ab\u0301c1 "
           "2=ab\u0301c");
    expect("China’s12 policy.1 policy’1",
           "0:China’s12 0=China’s 1:policy 2:1 3:policy 4:1");
    expect("war.2In peace;13The end.”3Who",
           "0:war 1:2In 1=In 2:peace 3:13The 3=The 4:end 5:3Who 5=Who");
    expect("war.2China’s war.2État", "0:war 1:2China’s 1=China’s 2:war "
                                     "3:2État 3=État");
    expect("war.2in war.1234In war, 2In war,2In .5G3 (2In war. 2In",
           "0:war 1:2in 2:war 3:1234In 4:war 5:2In 6:war 7:2In 8:5G3 9:2In "
           "10:war 11:2In");
    expect("U.S.2In 1.2In", "0:U.S. 1:2In 2:1.2In");
    expect("China-Laos12", "0:China 0+2:ChinaLaos12 1:Laos12 1=Laos");
    expect("infra-\nstructure12 a.2In-\ndia",
           "0:infra 0+2:infrastructure12 0+2=infrastructure 1:structure12 "
           "1=structure 2:a 3:2In 3+2:2India 3+2=India 3=In 4:dia");
    expect("infra\u00AD\nstructure12", "0:infrastructure12 0=infrastructure");
    expect("pol\u00AD\r\n  icy12", "0:policy12 0=policy");
}

static void repeat(struct buf *out, const char *what, unsigned n)
{
    while (n-- > 0)
        buf_adds(out, what);
}

/* What `text` gives when each % stands for n times "ab/+". */
static void expect_coded(const char *text, unsigned n, const char *want)
{
    struct buf full = {0}, tokens = {0};
    const char *p;

    for (p = text; *p; p++)
        if (*p == '%')
            repeat(&full, "ab/+", n);
        else
            buf_addc(&full, *p);
    for (p = want; *p; p++)
        if (*p == '%')
            repeat(&tokens, "ab/+", 15);
        else
            buf_addc(&tokens, *p);
    expect_bytes(buf_view(&full), buf_cstr(&tokens));
    buf_release(&full);
    buf_release(&tokens);
}

static void test_coded(void **state)
{
    (void)state;
    expect_coded("the key %= end", 50, "0:the 1:key 2:% 3:end");
    expect_coded("the key:%.é", 51, "0:the 1:key 2:% 3:é");
    expect_coded("% end", 2, "0:ab 1:ab 2:end");
    expect_coded("%\n%\n%\n%\nend %\r\n %\r\n%\r\n%\r\n%", 15, "0:% 1:end 2:%");
    expect_coded("%\n%\n%\n%\n\n", 19, "0:%");
    expect_coded("%\n%\n%\n%-\nend", 15, "0:% 1:end");
    expect_coded("é%\n中%", 60, "0:éab 1:% 2^中 3:%");
}

static void test_unspaced(void **state)
{
    (void)state;
    expect("习近平主席", "0~习近 1~近平 2~平主 3~主席 4^席");
    expect("中老铁路RCEP协定", "0~中老 1~老铁 2~铁路 3^路 4:RCEP 5~协定 6^定");
    expect("是。了 2023年3月", "0^是 1^了 2:2023 3^年 4:3 5^月");
    expect("カタカナ語", "0~カタ 1~タカ 2~カナ 3~ナ語 4^語");
    expect("データ々 ｶﾞ", "0~デー 1~ータ 2~タ々 3^々 4^ｶﾞ");
    expect("รถไฟ", "0~รถ 1~ถไ 2~ไฟ 3^ฟ");
    expect("น้ำมัน", "0~น้ำมั 1~มัน 2^น");
    expect("中ไท", "0^中 1~ไท 2^ท");
    expect("KTX열차", "0:KTX 1:열차");
    expect("中\u200B国\u00AD\n人 か\u3099",
           "0~中\u200B国 1~国人 2^人 3^か\u3099");
}

static void test_invisible(void **state)
{
    (void)state;
    expect("soft\u00ADhyphen", "0:soft\u00ADhyphen");
    expect("infra\u00AD\nstructure", "0:infrastructure");
    expect("infra\u00AD\r\nstructure", "0:infrastructure");
    expect("in\u00AD\nfra-struc\u00AD\nture",
           "0:infra 0+2:infrastructure 1:structure");
    expect("a\u00AD\n", "0:a");
    expect("a\u00AD b", "0:a 1:b");
    expect("zero\u200Bwidth \uFEFFbom a\u200Cb",
           "0:zero\u200Bwidth 1:bom 2:a\u200Cb");
    expect("no\u00A0break\r\nnext", "0:no 1:break 2:next");
    expect_bytes(view_of("a\0b\0", 4), "0:a 1:b");
    expect("a\xFFz\xC3", "0:a 1:z");
}

static void test_growing(void **state)
{
    (void)state;
    expect("½ 5℃ 3㎏", "0:1 1:2 2:5 3:C 4:3 5:㎏");
    expect("㈱ ㍿", "0^株 1~株式 2~式会 3~会社 4^社");
    expect("中㍻国 a½-b", "0^中 1~平成 2^成 3^国 4:a 5:1 6:2 7:b");
    expect("word™ next", "0:word 1:next");
    expect("㏂", "0:a.m.");
}

static void test_zones(void **state)
{
    const char *text = "One two\nthree four\nfive-six\n";
    struct zone zones[] = {
        {0, 7, true}, {8, 18, false}, {19, 23, false}, {24, 99, true}};
    struct buf got = {0};
    struct words *w;
    struct token t;
    bool title = false;

    (void)state;
    assert_int_equal(words_open(&w, view_str(text), zones, 4), 0);
    while (words_next(w, &t) > 0) {
        show(&t, &got);
        title = t.title;
    }
    assert_string_equal(buf_cstr(&got),
                        "0:One 1:two 102:three 103:four 104:five 205:six");
    assert_true(title);
    assert_int_equal(words_length(w), 6);
    assert_int_equal(words_position(w), 206);
    words_reset(w, view_str("again"), NULL, 0);
    assert_int_equal(words_next(w, &t), 1);
    assert_int_equal(t.pos, 0);
    assert_false(t.title);
    assert_int_equal(words_next(w, &t), 0);
    assert_int_equal(words_next(w, &t), 0);
    words_free(w);
    words_free(NULL);
    buf_release(&got);
}

/* clang-format off */
static const char *const units[] = {
    "a", "b", "S", "s", "l", "qu", "word", "1", "22", "333", "000", ".", ".",
    ",", ",", "'", "’", "-", "-", "–", "‑", "—", ":", ";", "_", "\"", " ", " ",
    "\n", "\r\n", "-\n", "- \r\n ", "\f", ".2In", ";3", "”1", "In", "1",
    "abc12", "abc", "\u00AD", "\u00AD\n", "\u200B", "\uFEFF", "\u200D",
    "\u200C", "\u0301", "é", "É", "œ", "я", "ל", "ا", "ß", "中", "国", "カ",
    "ー", "ไ", "ท", "ำ", "ກ", "ຳ", "က", "ာ", "ក", "្", "ㄅ", "ｶ", "ﾞ", "열",
    "½", "㈱", "℃", "²", "①", "Ⅳ", "ﷺ", "·", "״", "．", "，", "٣", "٫", "٬",
    "“", "\u00A0", "\u202F", "😀", "🇦", "\U0001F3FD", "㊗", "\x01",
    "\x7F", "\xFF", "\xC3", "\xE2\x80", "\xE0\xB8", "(", "/", "ª", "µ", "˂",
};
/* clang-format on */

static void random_text(struct buf *out, unsigned n)
{
    unsigned i;

    buf_clear(out);
    for (i = 0; i < n; i++) {
        uint32_t c = (uint32_t)rand() % (rand() % 2 ? 0x3200 : 0x110000);
        uint8_t p[4];

        if (rand() % 16 == 0)
            buf_addc(out, rand() % 256);
        else if (rand() % 8 == 0)
            buf_add(out, view_of(p, utf8_encode(c, p)));
        else
            buf_adds(out,
                     units[(size_t)rand() % (sizeof units / sizeof *units)]);
    }
}

static unsigned random_zones(struct zone *z, unsigned max, uint32_t n)
{
    unsigned count = (unsigned)rand() % (max + 1), i;
    uint32_t at = 0;

    for (i = 0; i < count; i++) {
        z[i].start = at + (uint32_t)rand() % 4;
        z[i].end = z[i].start + (uint32_t)rand() % (n / 2 + 1);
        z[i].title = rand() % 4 == 0;
        at = z[i].end;
    }
    return count;
}

enum { MAX_TOKENS = 1024, MAX_ZONES = 4 };

/* A whole scan: its tokens, and what words_clean said behind each. */
struct scanned {
    struct buf raw; /* all raws one after the other */
    struct token t[MAX_TOKENS];
    struct {
        bool clean;
        uint32_t byte, pos;
    } at[MAX_TOKENS + 1]; /* [i]: before token i */
    unsigned n;
};

static void scan_all(struct scanned *s, struct words *w)
{
    struct token *t;
    int rc;

    buf_clear(&s->raw);
    for (s->n = 0;; s->n++) {
        assert_true(s->n < MAX_TOKENS);
        s->at[s->n].clean = words_clean(w, &s->at[s->n].byte, &s->at[s->n].pos);
        t = &s->t[s->n];
        rc = words_next(w, t);
        if (rc <= 0)
            break;
        assert_int_equal(buf_add(&s->raw, t->raw), 0);
    }
    assert_int_equal(rc, 0);
    words_free(w);
}

/* The same by way of words_plain, where what may be restarted is checked by
 * restarting. */
static void scan_plain_first(struct scanned *s, struct words *w,
                             struct view text)
{
    struct plain plain[64];
    uint8_t room[PLAIN_MAX];
    unsigned n, i;
    uint32_t pos;
    bool title, joined;
    int rc;

    buf_clear(&s->raw);
    s->n = 0;
    do {
        n = words_plain(w, plain, rand() % 2 ? 64 : 3, &pos, &title);
        assert_true(s->n + n < MAX_TOKENS);
        for (i = 0; i < n; i++) {
            struct token *t = &s->t[s->n++];

            joined = plain[i].span > 1;
            *t = (struct token){.start = plain[i].start,
                                .end = plain[i].start + plain[i].n,
                                .pos = joined ? pos - 1 : pos++,
                                .span = plain[i].span,
                                .kind = plain[i].kind,
                                .title = title};
            t->raw = plain_raw(text, &plain[i], room);
            s->at[s->n].clean = plain[i].next > 0;
            s->at[s->n].byte = t->start + plain[i].next;
            s->at[s->n].pos = pos;
            assert_int_equal(buf_add(&s->raw, t->raw), 0);
        }
        rc = words_next(w, &s->t[s->n]);
        if (rc > 0) {
            assert_int_equal(buf_add(&s->raw, s->t[s->n++].raw), 0);
            s->at[s->n].clean = false;
        }
    } while (rc > 0);
    assert_int_equal(rc, 0);
    words_free(w);
}

static void check_same(const struct scanned *a, unsigned from,
                       const struct scanned *b)
{
    size_t skip = 0;
    unsigned i;

    assert_int_equal(a->n - from, b->n);
    for (i = 0; i < from; i++)
        skip += a->t[i].raw.n;
    assert_true(view_eq(view_sub(buf_view(&a->raw), skip, a->raw.n),
                        buf_view(&b->raw)));
    for (i = 0; i < b->n; i++) {
        const struct token *x = &a->t[from + i], *y = &b->t[i];

        assert_int_equal(x->start, y->start);
        assert_int_equal(x->end, y->end);
        assert_int_equal(x->pos, y->pos);
        assert_int_equal(x->span, y->span);
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->title, y->title);
        assert_int_equal(x->raw.n, y->raw.n);
    }
}

static void check_tokens(const struct scanned *s, struct view text)
{
    unsigned i;

    for (i = 0; i < s->n; i++) {
        const struct token *t = &s->t[i], *before = i ? t - 1 : NULL;

        assert_true(t->start < t->end && t->end <= text.n);
        assert_true(t->raw.n > 0 && t->raw.n <= WORDS_RAW_MAX);
        assert_true(t->kind == TOKEN_JOINED   ? t->span > 1
                    : t->kind == TOKEN_SECOND ? t->span > 0
                                              : t->span == 1);
        assert_true(t->span <= WORDS_MAX_PARTS);
        if (t->kind == TOKEN_SECOND)
            assert_true(before && before->pos == t->pos);
        else if (t->kind == TOKEN_JOINED)
            assert_true(before && before->start == t->start &&
                        before->pos == t->pos);
        else if (before)
            assert_true(t->pos > before->pos);
    }
}

static void check_plain(const struct scanned *whole, struct view text,
                        const struct zone *z, unsigned nz)
{
    static struct scanned plain, other;
    struct words *w;
    unsigned i;

    assert_int_equal(words_open(&w, text, z, nz), 0);
    plain.at[0].clean = false;
    scan_plain_first(&plain, w, text);
    check_same(whole, 0, &plain);
    for (i = 1; i <= plain.n; i++) {
        if (!plain.at[i].clean)
            continue;
        assert_int_equal(
            words_open_at(&w, text, z, nz, plain.at[i].byte, plain.at[i].pos),
            0);
        scan_all(&other, w);
        check_same(whole, i, &other);
    }
    buf_release(&plain.raw);
    buf_release(&other.raw);
}

/* Words that are only counted are those of the whole scan, and what comes
 * behind them is what came there. */
static void check_skip(const struct scanned *whole, struct view text,
                       const struct zone *z, unsigned nz, unsigned step)
{
    const struct token *x = whole->t, *end = x + whole->n;
    struct words *w;
    struct token t;
    uint32_t pos;

    assert_int_equal(words_open(&w, text, z, nz), 0);
    for (;;) {
        pos = words_position(w);
        if (words_skip(w, pos + step))
            assert_true(pos + step - words_position(w) <= WORDS_NEAR);
        for (; x < end && x->pos >= pos && x->pos < words_position(w); x++)
            assert_true(x->kind == TOKEN_JOINED ||
                        (x->kind == TOKEN_WORD && x->span == 1));
        if (words_next(w, &t) <= 0)
            break;
        assert_true(x < end && x->start == t.start && x->end == t.end &&
                    x->pos == t.pos && x->kind == t.kind);
        x++;
    }
    assert_ptr_equal(x, end);
    words_free(w);
}

static void check_text(struct view text, const struct zone *z, unsigned nz)
{
    static struct scanned whole, other;
    struct words *w;
    unsigned i;

    assert_int_equal(words_open(&w, text, z, nz), 0);
    scan_all(&whole, w);
    check_tokens(&whole, text);
    assert_int_equal(words_open(&w, text, z, nz), 0);
    words_force_general(w);
    scan_all(&other, w);
    check_same(&whole, 0, &other);
    for (i = 0; i <= whole.n; i++)
        assert_int_equal(whole.at[i].clean, other.at[i].clean);
    for (i = 0; i <= whole.n; i++) {
        if (!whole.at[i].clean)
            continue;
        assert_int_equal(
            words_open_at(&w, text, z, nz, whole.at[i].byte, whole.at[i].pos),
            0);
        scan_all(&other, w);
        check_same(&whole, i, &other);
    }
    check_plain(&whole, text, z, nz);
    check_skip(&whole, text, z, nz, 33);
    check_skip(&whole, text, z, nz, 100);
    buf_release(&whole.raw);
    buf_release(&other.raw);
}

static void test_random(void **state)
{
    struct zone z[MAX_ZONES];
    struct buf text = {0};
    unsigned round, nz;

    (void)state;
    srand(1);
    for (round = 0; round < 30000; round++) {
        random_text(&text, 1 + (unsigned)rand() % 24);
        nz = random_zones(z, round % 2 ? MAX_ZONES : 0, (uint32_t)text.n);
        check_text(buf_view(&text), z, nz);
    }
    buf_release(&text);
}

/* Texts long enough for words_plain: words and blanks, and now and then
 * something else. */
static void test_random_plain(void **state)
{
    struct zone z[MAX_ZONES];
    struct buf text = {0};
    unsigned round, nz, i, n;

    (void)state;
    srand(2);
    for (round = 0; round < 1000; round++) {
        buf_clear(&text);
        n = (unsigned)rand() % 120;
        for (i = 0; i < n; i++) {
            size_t k = rand() % 8 ? (size_t)rand() % 9
                                  : (size_t)rand() % 256 %
                                        (sizeof units / sizeof *units);

            buf_adds(&text, units[k]);
            if (rand() % 2)
                buf_addc(&text, " ,.-\n'"[rand() % 6]);
            else if (rand() % 2)
                buf_addc(&text, ' ');
        }
        nz = random_zones(z, round % 2 ? MAX_ZONES : 0, (uint32_t)text.n);
        check_text(buf_view(&text), z, nz);
    }
    buf_release(&text);
}

/* Compounds of short words, up to more parts than are joined, with apostrophes
 * in them: where each lies in the 64 bytes that are looked at at once, and what
 * ends it, must not matter. */
static void test_random_compounds(void **state)
{
    static const char *const words[] = {"a",  "well", "known", "7",  "19", "d",
                                        "It", "Hui",  "l",     "qu", "eau"};
    static const char *const rare[] = {"é", "’", "x2", ".", "1,0", "--", "-\n"};
    struct buf text = {0};
    unsigned round, i, n;

    (void)state;
    srand(4);
    for (round = 0; round < 800; round++) {
        buf_clear(&text);
        n = (unsigned)rand() % 80;
        for (i = 0; i < n; i++) {
            buf_adds(&text, words[rand() % 11]);
            if (rand() % 40 == 0)
                buf_adds(&text, rare[rand() % 7]);
            buf_addc(&text, "-- '--\n -'"[rand() % (round % 2 ? 10 : 7)]);
        }
        check_text(buf_view(&text), NULL, 0);
    }
    buf_release(&text);
}

/* Runs of Chinese, with what ends them, what goes with a character and what is
 * only half of one. */
static void test_random_chinese(void **state)
{
    static const char *const runs[] = {"中", "国", "一", "鿿", "齿"};
    static const char *const beside[] = {
        "，",     "。", "（",        "\n",         " ",        "a",
        "7",      "々", "か",        "\u0301",     "\u00AD\n", "ー",
        "\u200D", "𠀀", "\xE3\x80",  "\xEF\xBC",   "\xE4",     "\u3099",
        "1,0",    "ｱ",  "\xE3\x80z", "\xEF\xBC\n", "'",        "-"};
    struct zone z[MAX_ZONES];
    struct buf text = {0};
    unsigned round, nz, i, n;

    (void)state;
    srand(5);
    for (round = 0; round < 5000; round++) {
        buf_clear(&text);
        for (i = (unsigned)rand() % 12; i > 0; i--) {
            for (n = (unsigned)rand() % 6; n > 0; n--)
                buf_adds(&text, runs[rand() % 5]);
            buf_adds(&text, beside[rand() % (round % 2 ? 24 : 6)]);
        }
        nz = random_zones(z, round % 5 ? 0 : MAX_ZONES, (uint32_t)text.n);
        check_text(buf_view(&text), z, nz);
    }
    buf_release(&text);
}

/* Runs about as long as encoded bytes are, with lines and other text. */
static void test_random_coded(void **state)
{
    static const char *const beside[] = {"\n", "\n", "\n", "\r\n ", "\n\n",
                                         "\f", " ",  ",",  "é",     "中",
                                         "-",  "’",  "—",  ".2In ", "½"};
    static const char *const runs[] = {"a", "7", "ab/", "c-", "d+e=", "0_"};
    static const unsigned lengths[] = {1, 20, 59, 60, 61, 64, 199, 200, 201};
    struct zone z[MAX_ZONES];
    struct buf text = {0};
    unsigned round, nz, i, n;

    (void)state;
    srand(3);
    for (round = 0; round < 3000; round++) {
        buf_clear(&text);
        for (i = rand() % 9; i > 0; i--) {
            const char *unit = runs[rand() % 6];
            size_t end = text.n + lengths[rand() % (round % 2 ? 9 : 5)];

            while (text.n < end)
                buf_adds(&text, unit);
            text.n = end;
            for (n = rand() % 8 == 0; n <= 1; n++)
                buf_adds(&text, beside[rand() % (round % 3 ? 15 : 4)]);
        }
        nz = random_zones(z, round % 5 ? 0 : MAX_ZONES, (uint32_t)text.n);
        check_text(buf_view(&text), z, nz);
    }
    buf_release(&text);
}

/* A long text of everything that looks ahead or joins, alone and mixed with
 * letters: each must take time in proportion, or this would not end. */
static void test_hostile(void **state)
{
    enum { SIZE = 1 << 16 };
    struct buf text = {0};
    struct words *w;
    struct token t;
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof units / sizeof *units; i++) {
        for (k = 0; k < 6; k++) {
            static const char *const beside[] = {"",   "a",  "1",
                                                 "a.", "中", "-a"};

            buf_clear(&text);
            while (text.n < SIZE) {
                buf_adds(&text, beside[k]);
                buf_adds(&text, units[i]);
            }
            assert_int_equal(words_open(&w, buf_view(&text), NULL, 0), 0);
            while (words_next(w, &t) > 0)
                assert_true(t.raw.n <= WORDS_RAW_MAX);
            words_free(w);
        }
    }
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_abbreviations),
        cmocka_unit_test(test_apostrophes),
        cmocka_unit_test(test_compounds),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_glued),
        cmocka_unit_test(test_coded),
        cmocka_unit_test(test_unspaced),
        cmocka_unit_test(test_invisible),
        cmocka_unit_test(test_growing),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_random_plain),
        cmocka_unit_test(test_random_compounds),
        cmocka_unit_test(test_random_chinese),
        cmocka_unit_test(test_random_coded),
        cmocka_unit_test(test_hostile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
