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

/* Measures the cluster at byte `at`, whose first character takes `len` bytes:
 * the fields named cluster. */
static void measure(struct scan *s, uint32_t at, unsigned len)
{
    struct segment_char ch;

    at += len;
    s->cluster_end = at;
    s->cluster_follows = 0;
    s->cluster_broken = false;
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
    p->linked = p->grows = false;
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
