#include "text/segment.h"

/* What the rules remember of the segment so far. */
struct context {
    enum word_break last;   /* class of the character just before */
    enum word_break prev;   /* the same without what WB4 ignores */
    enum word_break prev2;  /* and the one before that */
    bool flag_half;         /* an odd number of regional indicators */
    const uint8_t *p, *end; /* the character in question; the text's end */
    bool tailored;
};

static bool is_line_end(enum word_break wb)
{
    return wb == WB_CR || wb == WB_LF || wb == WB_NEWLINE;
}

static bool is_letter(enum word_break wb)
{
    return wb == WB_ALETTER || wb == WB_HEBREW;
}

static bool is_mid_letter(enum word_break wb)
{
    return wb == WB_MIDLETTER || wb == WB_MIDNUMLET || wb == WB_SINGLE_QUOTE;
}

static bool is_mid_number(enum word_break wb)
{
    return wb == WB_MIDNUM || wb == WB_MIDNUMLET || wb == WB_SINGLE_QUOTE;
}

/* The class of the character behind p that counts. */
static enum word_break look_ahead(const struct context *x, unsigned len)
{
    const uint8_t *p = x->p + len;

    while (p < x->end) {
        struct segment_char ch = segment_char(p, x->end, x->tailored);

        if (!segment_ignores(ch.wb))
            return ch.wb;
        p += ch.len;
    }
    return WB_OTHER;
}

/* Rules WB5 to WB7c: x->prev is a letter. */
static bool joins_letter(const struct context *x, const struct segment_char *ch)
{
    if (is_letter(ch->wb) || ch->wb == WB_NUMERIC || ch->wb == WB_EXTENDNUMLET)
        return true;
    if (x->prev == WB_HEBREW && ch->wb == WB_SINGLE_QUOTE)
        return true;
    if (x->prev == WB_HEBREW && ch->wb == WB_DOUBLE_QUOTE)
        return look_ahead(x, ch->len) == WB_HEBREW;
    return is_mid_letter(ch->wb) && is_letter(look_ahead(x, ch->len));
}

/* Rules WB5 to WB16: whether no boundary is before ch. */
static bool joins(const struct context *x, const struct segment_char *ch)
{
    switch (x->prev) {
    case WB_ALETTER:
    case WB_HEBREW:
        return joins_letter(x, ch);
    case WB_NUMERIC:
        if (is_mid_number(ch->wb))
            return look_ahead(x, ch->len) == WB_NUMERIC;
        return ch->wb == WB_NUMERIC || is_letter(ch->wb) ||
               ch->wb == WB_EXTENDNUMLET;
    case WB_KATAKANA:
        return ch->wb == WB_KATAKANA || ch->wb == WB_EXTENDNUMLET;
    case WB_EXTENDNUMLET:
        return ch->wb == WB_EXTENDNUMLET || is_letter(ch->wb) ||
               ch->wb == WB_NUMERIC || ch->wb == WB_KATAKANA;
    case WB_DOUBLE_QUOTE:
        return x->prev2 == WB_HEBREW && ch->wb == WB_HEBREW;
    case WB_REGIONAL:
        return ch->wb == WB_REGIONAL && x->flag_half;
    case WB_MIDLETTER:
        return is_letter(x->prev2) && is_letter(ch->wb);
    case WB_MIDNUM:
        return x->prev2 == WB_NUMERIC && ch->wb == WB_NUMERIC;
    case WB_MIDNUMLET:
    case WB_SINGLE_QUOTE:
        return (is_letter(x->prev2) && is_letter(ch->wb)) ||
               (x->prev2 == WB_NUMERIC && ch->wb == WB_NUMERIC);
    default:
        return false;
    }
}

/* Whether ch at x->p belongs to the segment; remembers it if so. */
static bool take(struct context *x, const struct segment_char *ch)
{
    if (is_line_end(ch->wb)) /* WB3b */
        return false;
    if (segment_ignores(ch->wb)) { /* WB4 */
        x->last = ch->wb;
        return true;
    }
    if (!(x->last == WB_ZWJ && ch->cls->is_pictographic) &&     /* WB3c */
        !(x->last == WB_WSEGSPACE && ch->wb == WB_WSEGSPACE) && /* WB3d */
        !joins(x, ch))
        return false;
    x->flag_half = ch->wb == WB_REGIONAL && !x->flag_half;
    x->prev2 = x->prev;
    x->prev = x->last = ch->wb;
    return true;
}

void segmenter_init(struct segmenter *s, struct view text)
{
    s->text = text;
    s->at = 0;
    s->tailored = false;
}

bool segmenter_next(struct segmenter *s, size_t *from, size_t *to)
{
    struct context x = {.p = s->text.p + s->at, .end = s->text.p + s->text.n};
    struct segment_char ch;

    if (s->at >= s->text.n)
        return false;
    x.tailored = s->tailored;
    ch = segment_char(x.p, x.end, x.tailored);
    x.last = x.prev = ch.wb;
    x.prev2 = WB_OTHER;
    x.flag_half = ch.wb == WB_REGIONAL;
    x.p += ch.len;
    if (ch.wb == WB_CR && x.p < x.end && *x.p == '\n') { /* WB3 */
        x.p++;
    } else if (!is_line_end(ch.wb)) { /* WB3a */
        while (x.p < x.end) {
            ch = segment_char(x.p, x.end, x.tailored);
            if (!take(&x, &ch))
                break;
            x.p += ch.len;
        }
    }
    *from = s->at;
    *to = s->at = (size_t)(x.p - s->text.p);
    return true;
}

unsigned segment_line_end(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *from = p;
    unsigned lines = 0;
    bool page = false;

    for (; p < end; p++) {
        if (*p == '\n' || (*p == '\r' && !(end - p > 1 && p[1] == '\n')))
            lines++;
        else if (*p == '\f')
            page = true;
        else if (*p != ' ' && *p != '\t' && *p != '\r')
            break;
    }
    return lines == 1 || page ? (unsigned)(p - from) : 0;
}

unsigned segment_soft_hyphen(const uint8_t *p, const uint8_t *end)
{
    return 2 + segment_line_end(p + 2, end);
}
