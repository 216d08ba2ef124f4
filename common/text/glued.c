#include "text/glued.h"

#include "text/normal.h"
#include "text/segment.h"

enum { LETTERS = 3 }; /* of a word with a number behind it, at least */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Letters of v; 0 where anything but letters, their marks and apostrophes is
 * in it. */
static size_t letters(struct view v)
{
    const uint8_t *p = v.p, *end = v.p + v.n;
    struct segment_char ch;
    size_t n = 0;

    for (; p < end; p += ch.len) {
        ch = segment_char(p, end, true);
        if (ch.wb == WB_ALETTER || ch.wb == WB_HEBREW)
            n++;
        else if (!segment_ignores(ch.wb) && ch.c != '\'' && ch.c != 0x2019)
            return 0;
    }
    return n;
}

static size_t behind(struct view token)
{
    size_t n = 0;

    while (n < token.n && n <= GLUED_DIGITS &&
           is_digit(token.p[token.n - 1 - n]))
        n++;
    if (n == 0 || n > GLUED_DIGITS ||
        letters(view_sub(token, 0, token.n - n)) < LETTERS)
        return 0;
    return n;
}

/* Whether the letter at p has a small one. */
static bool is_capital(const uint8_t *p, const uint8_t *end,
                       struct buf *scratch)
{
    struct view letter = view_of(p, segment_char(p, end, true).len);

    if (*p < 0x80)
        return *p >= 'A' && *p <= 'Z';
    buf_clear(scratch);
    return normal_fold(letter, scratch) == 0 &&
           !view_eq(buf_view(scratch), letter);
}

static size_t before(struct view token, struct buf *scratch)
{
    size_t n = 0;

    while (n < token.n && n <= GLUED_DIGITS && is_digit(token.p[n]))
        n++;
    if (n == 0 || n > GLUED_DIGITS || n == token.n ||
        !is_capital(token.p + n, token.p + token.n, scratch) ||
        letters(view_sub(token, n, token.n)) == 0)
        return 0;
    return n;
}

/* Whether . ; or U+201D ends v. */
static bool ends_sentence(struct view v)
{
    if (v.n > 0 && (v.p[v.n - 1] == '.' || v.p[v.n - 1] == ';'))
        return true;
    return v.n >= 3 && memcmp(v.p + v.n - 3, "\xE2\x80\x9D", 3) == 0;
}

struct glued glued_find(struct view text, uint32_t from, uint32_t start,
                        uint32_t end, struct buf *scratch)
{
    struct view token = view_sub(text, start, end);
    struct glued g = {0, (uint8_t)behind(token)};

    if (!g.behind && ends_sentence(view_sub(text, from, start)))
        g.before = (uint8_t)before(token, scratch);
    return g;
}
