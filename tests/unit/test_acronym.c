/* acronym.h: the pairs that texts state, and what brackets hold besides.
 * Checked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "index/acronyms.h"
#include "text/acronym.h"

/* What a text states: pairs as "SHORT=long form", a | between. */
static const struct {
    const char *text, *pairs;
} cases[] = {
    /* behind the long form */
    {"the Regional Comprehensive Economic Partnership (RCEP) entered",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"Association of Southeast Asian Nations (ASEAN)",
     "ASEAN=Association of Southeast Asian Nations"},
    {"the Asian Infrastructure Investment Bank (“AIIB”)",
     "AIIB=Asian Infrastructure Investment Bank"},
    {"the Asian Infrastructure Investment Bank (\"AIIB\")",
     "AIIB=Asian Infrastructure Investment Bank"},
    {"the Asian Infrastructure Investment Bank (the AIIB)",
     "AIIB=Asian Infrastructure Investment Bank"},
    {"the Asian Infrastructure Investment Bank (hereinafter ‘AIIB’)",
     "AIIB=Asian Infrastructure Investment Bank"},
    {"World Trade Organization (WTO, founded in 1995)",
     "WTO=World Trade Organization"},
    {"“Belt and Road Initiative” (BRI) projects",
     "BRI=Belt and Road Initiative"},
    {"ASEAN Member States (AMS) agreed", "AMS=ASEAN Member States"},
    {"Group of 20 (G20) leaders", "G20=Group of 20"},
    {"United Nations (U.N.) envoys", "U.N.=United Nations"},
    {"U.S. Agency for International Development (USAID)",
     "USAID=U.S. Agency for International Development"},
    {"free trade agreements (FTAs) with", "FTA=free trade agreements"},
    {"research and development (R&D) spending", "R&D=research and development"},
    {"the Department of Defense (DoD)", "DoD=Department of Defense"},
    {"Korea International Cooperation Agency (KOICA)",
     "KOICA=Korea International Cooperation Agency"},
    {"Ministry of Economy, Trade and Industry (METI)",
     "METI=Ministry of Economy, Trade and Industry"},
    {"Comprehensive and Progressive Agreement for Trans-Pacific Partnership "
     "(CPTPP)",
     "CPTPP=Comprehensive and Progressive Agreement for Trans-Pacific "
     "Partnership"},
    {"Economic Research Institute for ASEAN and East Asia (ERIA)",
     "ERIA=Economic Research Institute for ASEAN and East Asia"},
    {"high-speed rail (HSR) lines", "HSR=high-speed rail"},
    {"Kuala Lumpur High Speed Rail (HSR)", "HSR=High Speed Rail"},
    {"Signed. The China-Pakistan Economic Corridor (CPEC)",
     "CPEC=China-Pakistan Economic Corridor"},
    {"People's Liberation Army (PLA)", "PLA=People's Liberation Army"},
    /* as files have it */
    {"Regional Comprehensive\n  Economic Partnership\n(RCEP)",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"Regional Compre-\nhensive Economic Partnership (RCEP)",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"Birds-of-a-\nFeather session (BFS)", "BFS=Birds-of-a-Feather session"},
    {"Regional Comprehensive Economic Partnership12 (RCEP)",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"Regional Comprehensive Economic Partnership [12] (RCEP)",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"**Regional Comprehensive Economic Partnership** (RCEP)",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"* Asian Development Bank (ADB)", "ADB=Asian Development Bank"},
    /* behind the short form, and both within */
    {"RCEP (Regional Comprehensive Economic Partnership) is",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"the ADB (the Asian Development Bank, Manila)",
     "ADB=Asian Development Bank"},
    {"区域全面经济伙伴关系协定（Regional Comprehensive Economic "
     "Partnership，RCEP）于",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"协定Regional Comprehensive Economic Partnership（RCEP）于",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"ความตกลง (Regional Comprehensive Economic Partnership: RCEP) มี",
     "RCEP=Regional Comprehensive Economic Partnership"},
    {"亚投行（AIIB：Asian Infrastructure Investment Bank）",
     "AIIB=Asian Infrastructure Investment Bank"},
    /* other scripts and accents */
    {"Organização Mundial da Saúde (OMS)", "OMS=Organização Mundial da Saúde"},
    {"Association des nations de l’Asie du Sud-Est (ANASE)",
     "ANASE=Association des nations de l’Asie du Sud-Est"},
    {"l'École nationale d'administration (ENA)", ""},
    {"Всемирная организация здравоохранения (ВОЗ)",
     "ВОЗ=Всемирная организация здравоохранения"},
    {"a (b) World Bank Group (WBG) and International Monetary Fund (IMF)",
     "WBG=World Bank Group|IMF=International Monetary Fund"},
    /* what is none */
    {"the railway (see below) and the port (2019)", ""},
    {"the World Bank (Washington)", ""},
    {"the World Bank Group (WB)", ""},
    {"Foreign Minister Wang Yi (CHINA)", ""},
    {"chapter two (II) and part four (IV)", ""},
    {"the price rose by 5 dollars (US$)", ""},
    {"in Bangkok. Regional leaders (RCEP)", ""},
    {"Thailand (THA) and Viet Nam (VNM)", "VNM=Viet Nam"},
    {"trade in Thailand (IT)", ""},
    {"the end.\n\nFirst Second (AFS) x", ""},
    {"Xinhua (XINHUA NEWS AGENCY)", ""},
    {"IMF loans (IMF)", ""},
    {"it was late (he said) in May", ""},
    {"the free trade area (Fta)", ""},
    {"ABCDEFGHIJK (a b c d e f g h i j k)", ""},
    {"a long text (with a bracket that is never closed, and no end", ""},
    {"(", ""},
    {")(", ""},
    {"()", ""},
    {"World Trade Organization (", ""},
};

/* The lines of acronyms_of as in `cases`. */
static void pairs_of(const char *text, struct buf *out)
{
    struct buf lines = {0};
    struct acronym_pair p;
    struct view rest;

    buf_clear(out);
    assert_int_equal(acronyms_of(view_str(text), &lines), 0);
    for (rest = buf_view(&lines); acronym_pair(&rest, &p);) {
        if (out->n)
            buf_addc(out, '|');
        buf_add(out, p.brief);
        buf_addc(out, '=');
        buf_add(out, p.full);
    }
    buf_release(&lines);
}

static void finds_pairs(void **state)
{
    struct buf out = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        pairs_of(cases[i].text, &out);
        if (!view_eq(buf_view(&out), view_str(cases[i].pairs)))
            fail_msg("%s: %.*s, not %s", cases[i].text, (int)out.n,
                     (const char *)out.p, cases[i].pairs);
    }
    buf_release(&out);
}

static void says_where(void **state)
{
    struct acronyms a = {0};
    struct acronym p;

    (void)state;
    acronyms_begin(&a, view_str("(1) World Trade Organization (WTO)"));
    assert_int_equal(acronyms_next(&a, &p), 1);
    assert_int_equal(p.at, 29);
    assert_int_equal(acronyms_next(&a, &p), 0);
    assert_int_equal(acronyms_next(&a, &p), 0);
    acronyms_end(&a);
}

/* Each pair once, and no more than are kept. */
static void keeps_each_once(void **state)
{
    struct buf text = {0}, out = {0};
    struct acronym_pair p;
    struct view rest;
    int i, n = 0;

    (void)state;
    for (i = 0; i < 100; i++)
        buf_addf(&text,
                 "Asian Development Bank (ADB), Xa %cb %cc Yd (X%c%cY). ",
                 'A' + i / 10, 'A' + i % 10, 'A' + i / 10, 'A' + i % 10);
    assert_int_equal(acronyms_of(buf_view(&text), &out), 0);
    for (rest = buf_view(&out); acronym_pair(&rest, &p); n++)
        assert_true(n == 0 || !view_eq(p.brief, view_str("ADB")));
    assert_int_equal(n, ACRONYMS_MAX);
    buf_release(&text);
    buf_release(&out);
}

static void folds_keys(void **state)
{
    const struct acronym_pair p = {view_str("U.N."),
                                   view_str("United Nätions")};
    struct buf out = {0};
    struct view all;
    size_t n;

    (void)state;
    assert_int_equal(acronym_values(&p, &out, &n), 0);
    all = buf_view(&out);
    assert_true(view_eq(view_sub(all, 0, n), view_str("un\002united nations")));
    assert_true(
        view_eq(view_sub(all, n, all.n), view_str("united\003nat\003un")));
    buf_clear(&out);
    assert_false(acronym_head(view_str("united"), &out));
    assert_int_equal(out.n, 0);
    buf_release(&out);
}

/* Bytes of a damaged record. */
static void passes_over_nonsense(void **state)
{
    struct view rest = view_str("\n\t\nA\n\tb\nC\td\nE\t");
    struct acronym_pair p;

    (void)state;
    assert_true(acronym_pair(&rest, &p));
    assert_true(view_eq(p.brief, view_str("C")));
    assert_true(view_eq(p.full, view_str("d")));
    assert_false(acronym_pair(&rest, &p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_pairs),          cmocka_unit_test(says_where),
        cmocka_unit_test(keeps_each_once),      cmocka_unit_test(folds_keys),
        cmocka_unit_test(passes_over_nonsense),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
