#include "text/char_ref.h"

#include "text/utf8.h"

enum { REF_MAX = 8 }; /* bytes of the longest name */

/* U+00A0 and on. */
static const char latin1[][REF_MAX] = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar",
    "sect",   "uml",    "copy",   "ordf",   "laquo",  "not",    "shy",
    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",   "acute",
    "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",
    "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",
    "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute",
    "Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",
    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",   "times",
    "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",
    "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave",
    "iacute", "icirc",  "iuml",   "eth",    "ntilde", "ograve", "oacute",
    "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave", "uacute",
    "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

static const struct {
    char name[REF_MAX];
    uint16_t c;
} others[] = {{"amp", '&'},      {"lt", '<'},       {"gt", '>'},
              {"quot", '"'},     {"apos", '\''},    {"hyph", '-'},
              {"blank", ' '},    {"ndash", 0x2013}, {"mdash", 0x2014},
              {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C},
              {"rdquo", 0x201D}, {"bull", 0x2022},  {"hellip", 0x2026}};

/* What HTML reads for 128 and on; 0 where it is the number itself. */
static const uint16_t windows1252[] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static uint32_t named(struct view name)
{
    size_t i;

    for (i = 0; i < sizeof others / sizeof *others; i++)
        if (view_eq(name, view_str(others[i].name)))
            return others[i].c;
    for (i = 0; i < sizeof latin1 / sizeof *latin1; i++)
        if (view_eq(name, view_str(latin1[i])))
            return 0xA0 + (uint32_t)i;
    return 0;
}

static unsigned digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - (unsigned)'0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 16;
}

/* The number behind "&#", up to its ';' at *at. */
static bool number(struct view v, size_t *at, uint32_t *c)
{
    unsigned base = v.n > 2 && (v.p[2] | 0x20) == 'x' ? 16 : 10;
    size_t from = base == 16 ? 3 : 2;
    uint32_t x = 0;

    for (*at = from; *at < v.n && digit(v.p[*at]) < base; ++*at)
        if (x <= 0x10FFFF)
            x = x * base + digit(v.p[*at]);
    if (x >= 128 && x < 160 && windows1252[x - 128])
        x = windows1252[x - 128];
    if (x == 0 || x > 0x10FFFF || (x >= 0xD800 && x <= 0xDFFF))
        x = UTF8_REPLACEMENT;
    *c = x;
    return *at > from;
}

size_t char_ref(struct view v, uint32_t *c)
{
    size_t at = 1;
    uint32_t x = 0;

    if (v.n < 2 || v.p[0] != '&')
        return 0;
    if (v.p[1] == '#') {
        if (!number(v, &at, &x))
            return 0;
    } else {
        while (at < v.n && at <= REF_MAX && v.p[at] != ';')
            at++;
        x = named(view_sub(v, 1, at));
    }
    if (x == 0 || at == v.n || v.p[at] != ';')
        return 0;
    *c = x;
    return at + 1;
}
