/* Runs of scripts without spaces: overlapping bigrams of grapheme clusters,
 * and the last cluster alone. */
#include "text/scan.h"
#include "text/words.h"

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

    return s->end - at >= 3 && p[0] >= 0xE4 && p[0] <= 0xE9 &&
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
        s->cluster_follows = 3; /* as nearly always in Chinese */
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

unsigned scan_bigrams(struct scan *s, struct plain *out, unsigned max)
{
    enum { ONE = 3 }; /* bytes of a character, which is a cluster */
    uint32_t at = s->at;
    unsigned n;

    if (s->general || s->run != SCRIPT_CJK || s->cluster_follows != ONE ||
        s->cluster_end != at + ONE || s->cluster_next != at + ONE)
        return 0;
    /* the second of a bigram is a cluster where a third follows */
    for (n = 0; n < max && is_ideograph(s, at + 2 * ONE); n++, at += ONE)
        out[n] = (struct plain){at, 2 * ONE, TOKEN_BIGRAM, 1, ONE};
    s->at = at;
    s->cluster_end = s->cluster_next = at + ONE;
    return n;
}
