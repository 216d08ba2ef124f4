/* Runs of scripts without spaces: overlapping bigrams of grapheme clusters,
 * and the last cluster alone. */
#include "text/scan.h"
#include "text/words.h"

enum { ONE = 3 }; /* bytes of an ideograph */

/* The vowels that UAX #29 counts to the cluster before them although they are
 * letters: Thai and Lao sara am. */
static bool is_spacing_vowel(int32_t c)
{
    return c == 0xE33 || c == 0xEB3;
}

/* Whether the bytes at `at` (at <= s->end) are one of U+4E00 to U+9F7F: three bytes, and a
 * word character of the script, which belongs to no cluster before it. */
static bool is_ideograph(const struct scan *s, uint32_t at)
{
    const uint8_t *p = s->text.p + at;

    return s->end - at >= ONE && p[0] >= 0xE4 && p[0] <= 0xE9 &&
           (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 &&
           (p[0] > 0xE4 || p[1] >= 0xB8) && (p[0] < 0xE9 || p[1] < 0xBE);
}

/* Measures the cluster at byte `at`, whose first character takes `len` bytes:
 * the fields named cluster. */
static void measure(struct scan *s, uint32_t at, unsigned len)
{
    struct segment_char ch;

    at += len;
    s->cluster_end = at;
    s->cluster_follows = 0;
    s->cluster_broken = false;
    if (s->run == SCRIPT_CJK && !s->general && is_ideograph(s, at)) {
        s->cluster_follows = ONE; /* as nearly always in Chinese */
        s->cluster_next = at;
        return;
    }
    for (; at < s->end; at += ch.len) {
        ch = scan_char(s, at);
        if (is_spacing_vowel(ch.c) || scan_shows(&ch)) {
            s->cluster_end = at + ch.len;
        } else if (!segment_ignores(ch.wb)) {
            if (ch.cls->script == s->run && ch.cls->is_word && !ch.cls->grows)
                s->cluster_follows = (uint8_t)ch.len;
            break;
        } else if (ch.c == 0xAD && ch.len > 2) {
            s->cluster_broken = true;
        }
    }
    s->cluster_next = at;
}

void scan_run(struct scan *s, struct piece *p)
{
    struct segment_char ch;

    if (!s->run) {
        ch = scan_char(s, s->at);
        s->run = ch.cls->script;
        measure(s, s->at, ch.len);
    }
    p->start = s->at;
    p->end = s->cluster_end;
    p->kind = TOKEN_UNIGRAM;
    p->linked = p->divided = p->grows = p->coded = false;
    p->broken = s->cluster_broken;
    s->at = s->cluster_next;
    if (!s->cluster_follows) {
        s->run = 0;
        return;
    }
    measure(s, s->at, s->cluster_follows);
    p->end = s->cluster_end;
    p->kind = TOKEN_BIGRAM;
    p->broken |= s->cluster_broken;
}

/* Bytes of the character at `at` if it does nothing but part what is beside it:
 * ASCII but letters and digits, and the punctuation of Chinese. 0: of another, or
 * at the end. */
static unsigned parts(const struct scan *s, uint32_t at)
{
    const uint8_t *p = s->text.p + at;

    if (at == s->end)
        return 0;
    if (p[0] < 0x80)
        return !(p[0] >= '0' && p[0] <= '9') &&
               !((p[0] | 0x20) >= 'a' && (p[0] | 0x20) <= 'z');
    if (s->end - at < ONE)
        return 0;
    if (p[0] == 0xE3 && p[1] == 0x80) /* U+3000 to U+3011 but letters */
        return p[2] >= 0x80 && p[2] <= 0x91 && (p[2] < 0x84 || p[2] > 0x87)
                   ? ONE
                   : 0;
    if (p[0] == 0xEF && p[1] == 0xBC) /* U+FF01 to U+FF1F: ! ( ) , : ; ? */
        return memchr("\x81\x88\x89\x8C\x9A\x9B\x9F", p[2], 7) ? ONE : 0;
    return 0;
}

/* Whether a run ends at `at`, whatever comes behind. */
static bool ends_run(const struct scan *s, uint32_t at)
{
    return at == s->end || s->text.p[at] < 0x80 || parts(s, at);
}

/* The next character that is one of a run, from s->at on: true where the scan is
 * within a run or comes upon one first. */
static bool find_run(const struct scan *s, uint32_t *at)
{
    unsigned len;

    *at = s->at;
    if (s->run)
        return s->run == SCRIPT_CJK && s->cluster_follows == ONE &&
               s->cluster_end == *at + ONE && s->cluster_next == *at + ONE;
    if (*at < s->number_end)
        return false;
    while ((len = parts(s, *at)) > 0)
        *at += len;
    return is_ideograph(s, *at);
}

/* From a character of a run on: its tokens as long as each character is one
 * cluster; sets the scan behind them. */
static unsigned take_run(struct scan *s, uint32_t at, struct plain *out,
                         unsigned max)
{
    bool follows = s->run || is_ideograph(s, at + ONE), third;
    unsigned n = 0;

    for (; n < max && follows; at += ONE, follows = third) {
        third = is_ideograph(s, at + 2 * ONE);
        if (!third && !ends_run(s, at + 2 * ONE))
            break;
        out[n++] = (struct plain){at, 2 * ONE, TOKEN_BIGRAM, 1, ONE};
    }
    if (n < max && !follows && ends_run(s, at + ONE)) {
        out[n++] = (struct plain){at, ONE, TOKEN_UNIGRAM, 1, ONE};
        s->at = at + ONE;
        s->run = 0;
    } else if (n > 0) {
        s->at = at;
        s->run = SCRIPT_CJK;
        s->cluster_end = s->cluster_next = at + ONE;
        s->cluster_follows = follows ? ONE : 0;
        s->cluster_broken = false;
    }
    return n;
}

unsigned scan_chinese(struct scan *s, struct plain *out, unsigned max)
{
    unsigned n = 0, more = 1;
    uint32_t at;

    while (!s->general && more && n < max && find_run(s, &at)) {
        more = take_run(s, at, out + n, max - n);
        n += more;
    }
    return n;
}
