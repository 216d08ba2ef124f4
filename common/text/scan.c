#include "text/scan.h"

#include "base/bytes.h"
#include "base/err.h"
#include "text/words.h"

/* What a byte is to the fast way. All other ASCII only separates: ':', ';',
 * '_' and '"' split words whatever is beside them. */
enum byte_class {
    LETTER = 1,
    DIGIT = 2,
    HIGH = 4,  /* not ASCII */
    JOINT = 8, /* - . , ' may join what is beside them */
    CODE = 16, /* + / = _ - of encoded bytes */
    SPACED = LETTER | DIGIT
};

/* clang-format off */
#define L LETTER
#define D DIGIT
#define H HIGH
#define J JOINT
#define C CODE
#define HIGH16 H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H
static const uint8_t byte_class[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 00 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 10 */
    0, 0, 0, 0, 0, 0, 0, J, 0, 0, 0, C, J, C | J, J, C, /* 20 */
    D, D, D, D, D, D, D, D, D, D, 0, 0, 0, C, 0, 0, /* 30 */
    0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* 40 */
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, C, /* 50 */
    0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* 60 */
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0, /* 70 */
    HIGH16, HIGH16, HIGH16, HIGH16, HIGH16, HIGH16, HIGH16, HIGH16,
};
#undef L
#undef D
#undef H
#undef J
#undef C
#undef HIGH16
/* clang-format on */

static bool is_hyphen(int32_t c)
{
    return c == '-' || c == 0x2010 || c == 0x2011 || c == 0x2013;
}

uint32_t scan_ignored(const struct scan *s, uint32_t at, uint32_t limit,
                      uint32_t *visible, bool *broken)
{
    struct segment_char ch;

    for (; at < limit && s->text.p[at] >= 0x80; at += ch.len) {
        ch = scan_char(s, at);
        if (!segment_ignores(ch.wb))
            break;
        if (visible && scan_shows(&ch))
            *visible = at + ch.len;
        if (broken && ch.c == 0xAD && ch.len > 2)
            *broken = true;
    }
    return at;
}

/* Says of p, a word that ends before byte `at`, whether a compound goes on
 * there: a hyphen and a word of a spaced script, at once or, but for U+2013,
 * which divides no words, at the beginning of the next line. */
static void find_link(const struct scan *s, uint32_t at, struct piece *p)
{
    const uint8_t *text = s->text.p;
    struct segment_char ch;
    uint32_t next;

    if (at >= s->end)
        return;
    ch = scan_char(s, at);
    if (!is_hyphen(ch.c))
        return;
    at = scan_ignored(s, at + ch.len, s->end, NULL, NULL);
    next = at;
    if (ch.c != 0x2013)
        next += segment_line_end(text + at, text + s->end);
    if (next >= s->end)
        return;
    ch = scan_char(s, next);
    p->divided = next > at && scan_is_spaced(&ch);
    p->linked = scan_is_spaced(&ch);
}

/* The high bit of each byte of x that is an ASCII letter or digit. Sums of
 * seven bits do not carry into the next byte. */
static uint64_t spaced_bytes(uint64_t x)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t c = x & 0x7F * ones;
    uint64_t low = c | 0x20 * ones;
    uint64_t letter =
        (low + (0x80 - 'a') * ones) & ~(low + (0x7F - 'z') * ones);
    uint64_t digit = (c + (0x80 - '0') * ones) & ~(c + (0x7F - '9') * ones);

    return (letter | digit) & ~x & 0x80 * ones;
}

/* Behind the ASCII letters and digits from byte `at` on. Eight bytes at a
 * time: a loop over bytes mispredicts the end of nearly every word. */
static uint32_t over_spaced(const struct scan *s, uint32_t at)
{
    const uint8_t *text = s->text.p;
    uint64_t rest;

    for (; s->end - at >= 8; at += 8) {
        rest = spaced_bytes(get_u64(text + at)) ^ 0x8080808080808080u;
        if (rest)
            return at + (uint32_t)__builtin_ctzll(rest) / 8;
    }
    while (at < s->end && byte_class[text[at]] & SPACED)
        at++;
    return at;
}

/* Behind the letters, digits and + / = _ - from byte `at` on. */
static uint32_t over_code(const struct scan *s, uint32_t at)
{
    while (at < s->end && byte_class[s->text.p[at]] & (SPACED | CODE))
        at++;
    return at;
}

/* The end of the encoded bytes that begin with the word at byte `start`, or 0
 * where they are none. A run is looked at once, from its first word on. */
static uint32_t code_end(struct scan *s, uint32_t start)
{
    const uint8_t *text = s->text.p;
    uint32_t from = start, at, first, last = start;
    unsigned lines = 0, len;

    if (start < s->uncoded)
        return 0;
    at = first = over_code(s, start);
    while (at - from >= SCAN_CODED) {
        lines++;
        last = at;
        len = segment_line_end(text + at, text + s->end);
        if (len == 0)
            break;
        from = at + len;
        at = over_code(s, from);
    }
    if (lines >= SCAN_LINES)
        return last;
    if (first - start > SCAN_RUN)
        return first;
    s->uncoded = first;
    return 0;
}

/* Whether encoded bytes begin with the word at byte `start`: makes a token of
 * them. */
static bool scan_code(struct scan *s, uint32_t start, struct piece *p)
{
    uint32_t end = code_end(s, start);

    if (end == 0)
        return false;
    p->coded = true;
    p->end = s->at = s->segment_end = end;
    return true;
}

/* Whether the word [start, at) is short and, as nearly all are, followed by
 * what encoded bytes do not contain. */
static inline bool is_short(const struct scan *s, uint32_t start, uint32_t at)
{
    return at - start < SCAN_CODED &&
           !(at < s->end && byte_class[s->text.p[at]] & CODE);
}

/* Bytes of the apostrophe at byte `at`, straight or curly, or 0. */
static unsigned apostrophe(const struct scan *s, uint32_t at)
{
    const uint8_t *p = s->text.p + at;

    if (*p == '\'')
        return 1;
    if (s->end - at >= 3 && p[0] == 0xE2 && p[1] == 0x80 && p[2] == 0x99)
        return 3;
    return 0;
}

static void begin(struct piece *p, uint32_t start)
{
    p->start = start;
    p->kind = TOKEN_WORD;
    p->linked = p->divided = p->grows = p->broken = p->coded = false;
}

/* The fast way: the next token, if it is ASCII and nothing beside it asks for
 * more. Otherwise false, with s->at where the general way must look. */
static bool scan_fast(struct scan *s, struct piece *p)
{
    const uint8_t *text = s->text.p;
    uint32_t at = s->at, end = s->end, start;
    unsigned len, next;

    while (at < end && !(byte_class[text[at]] & (SPACED | HIGH)))
        at++;
    s->at = start = at;
    if (at == end || byte_class[text[at]] == HIGH)
        return false;
    begin(p, start);
    for (;;) {
        at = over_spaced(s, at);
        if (!is_short(s, start, at) && scan_code(s, start, p))
            return true;
        p->end = s->at = at;
        if (at == end || !(byte_class[text[at]] & (HIGH | JOINT)))
            return true;
        len = apostrophe(s, at);
        if (len == 0)
            break;
        next = at + len < end ? byte_class[text[at + len]] : 0;
        if (next & HIGH)
            break;
        if (!(next & byte_class[text[at - 1]] & SPACED)) {
            s->at = at + len;
            return true;
        }
        at += len;
        if (scan_elides(text + start, at - len - start)) {
            if (strchr("aeiouyhAEIOUYH", text[at])) {
                p->end = s->at = at;
                return true;
            }
        }
    }
    next = at + 1 < end ? byte_class[text[at + 1]] : 0;
    if (text[at] == '-') {
        if (next & SPACED)
            p->linked = true;
        else
            find_link(s, at, p);
        return true;
    }
    /* A dot or comma: only in numbers and abbreviations is it more than a
     * separator. */
    if (text[at] < 0x80 && !(next & HIGH)) {
        if (byte_class[text[at - 1]] == DIGIT)
            len = next & DIGIT;
        else
            len = text[at] == '.' && at - start == 1 && next & LETTER;
        if (!len)
            return true;
    }
    s->at = start;
    return false;
}

static void enter_segment(struct scan *s)
{
    struct segmenter g;
    size_t from, to = s->end;

    segmenter_init(&g, view_of(s->text.p, s->end));
    g.at = s->at;
    g.tailored = true;
    segmenter_next(&g, &from, &to);
    s->segment_end = (uint32_t)to;
}

/* The general way: the next token of the segment that holds s->at; false,
 * with s->at at the segment's end, when it has none. */
static bool scan_general(struct scan *s, struct piece *p)
{
    struct segment_char ch;

    if (s->at >= s->segment_end)
        enter_segment(s);
    for (;; s->at += ch.len) {
        if (s->at >= s->segment_end)
            return false;
        ch = scan_char(s, s->at);
        if (ch.cls->is_word)
            break;
    }
    begin(p, s->at);
    if (ch.len == 1 && !is_short(s, s->at, over_spaced(s, s->at)) &&
        scan_code(s, s->at, p))
        return true;
    if (ch.cls->grows) {
        p->grows = true;
        p->end = s->at += ch.len;
    } else if (script_unspaced(ch.cls->script)) {
        scan_run(s, p);
    } else {
        scan_word(s, p);
        find_link(s, s->at, p);
    }
    return true;
}

int scan_init(struct scan *s)
{
    enum { ONE_CHARACTER = 256 }; /* any decomposition, and then some */

    if (buf_reserve(&s->fold, ONE_CHARACTER) < 0)
        return ERR_NOMEM;
    return buf_reserve(&s->plain, ONE_CHARACTER);
}

void scan_start(struct scan *s, struct view text, uint32_t from, uint32_t to)
{
    s->text = text;
    s->at = from;
    s->end = to;
    s->segment_end = s->number_end = s->decimal_end = s->uncoded = from;
    s->run = 0;
}

bool scan_next(struct scan *s, struct piece *p)
{
    while (s->run == 0 && s->at < s->end) {
        if (!s->general && s->at >= s->number_end && scan_fast(s, p))
            return true;
        if (s->at < s->end && scan_general(s, p))
            return true;
    }
    if (s->run == 0)
        return false;
    scan_run(s, p);
    return true;
}

void scan_release(struct scan *s)
{
    buf_release(&s->fold);
    buf_release(&s->plain);
}
