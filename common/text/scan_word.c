/* Words of scripts with spaces, from any characters: where UAX #29 leaves a
 * segment whole and the text chain does not. */
#include <strings.h>

#include "text/normal.h"
#include "text/scan.h"
#include "text/words.h"

static bool is_dot(int32_t c)
{
    return c == '.' || c == 0xFF0E || c == 0xFE52 || c == 0x2024;
}

static bool is_apostrophe(int32_t c)
{
    return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0xFF07;
}

/* Marks that stand within words like an apostrophe: the Catalan middle dot
 * and its likes, Hebrew quotation marks in acronyms. */
static bool is_inner_mark(int32_t c)
{
    return c == 0xB7 || c == 0x387 || c == 0x2027 || c == 0x55F || c == 0x5F4 ||
           c == '"';
}

static bool is_letter(const struct segment_char *ch)
{
    return ch->wb == WB_ALETTER || ch->wb == WB_HEBREW;
}

/* Whether ch goes on a word of `script` (SCRIPT_COMMON: of none yet). */
static bool continues(const struct segment_char *ch, unsigned script)
{
    unsigned own = ch->cls->script;

    if (ch->wb == WB_NUMERIC)
        return true;
    return is_letter(ch) && !ch->cls->grows && !script_unspaced(own) &&
           (script == SCRIPT_COMMON || own == SCRIPT_COMMON || own == script);
}

static bool is_wordlike_at(const struct scan *s, uint32_t at)
{
    struct segment_char ch;

    if (at >= s->end)
        return false;
    ch = scan_char(s, at);
    return is_letter(&ch) || ch.wb == WB_NUMERIC;
}

/* Behind the possessive 's at byte `at`, or `at` if there is none. */
static uint32_t over_possessive(const struct scan *s, uint32_t at)
{
    struct segment_char ch;
    uint32_t next;

    if (at >= s->end)
        return at;
    ch = scan_char(s, at);
    next = at + ch.len;
    if (!is_apostrophe(ch.c) || next >= s->end ||
        (s->text.p[next] | 0x20) != 's' || is_wordlike_at(s, next + 1))
        return at;
    return next + 1;
}

/* The end of the abbreviation at byte `at`, or 0: two or more single letters
 * of one script with a dot behind each, perhaps not behind the last. */
static uint32_t abbreviation(const struct scan *s, uint32_t at)
{
    unsigned letters = 0, script = SCRIPT_COMMON;
    uint32_t end = 0, shown;
    struct segment_char ch;

    while (at < s->end) {
        ch = scan_char(s, at);
        if (!is_letter(&ch) || !ch.cls->is_word || !continues(&ch, script))
            break;
        script = ch.cls->script ? ch.cls->script : script;
        shown = at += ch.len;
        at = scan_ignored(s, at, s->end, &shown, NULL);
        if (at < s->end) {
            ch = scan_char(s, at);
            if (is_dot(ch.c)) {
                letters++;
                end = at + ch.len;
                at = scan_ignored(s, end, s->end, NULL, NULL);
                continue;
            }
        }
        if (!is_wordlike_at(s, at) &&
            (!is_apostrophe(ch.c) || over_possessive(s, at) > at)) {
            letters++;
            end = shown;
        }
        break;
    }
    return letters >= 2 ? over_possessive(s, end) : 0;
}

/* What a number looks like. */
struct number {
    uint32_t end;
    unsigned dots, commas;
    bool grouped; /* \d{1,3}(,\d{3})+(\.\d+)? */
};

/* n at its end, with `digits` behind the last dot or comma. */
static struct number number_done(struct number n, uint32_t digits)
{
    if (!n.commas || (!n.dots && digits != 3))
        n.grouped = false;
    return n;
}

/* The digits from byte `at` on, with dots and (if asked) commas between. */
static struct number read_number(const struct scan *s, uint32_t at, bool commas)
{
    struct number n = {at, 0, 0, true};
    uint32_t digits = 0, next;
    struct segment_char ch;

    for (;;) {
        for (;; at += ch.len) {
            n.end = at;
            if (at >= s->segment_end)
                return number_done(n, digits);
            ch = scan_char(s, at);
            if (ch.wb == WB_NUMERIC)
                digits++;
            else if (!segment_ignores(ch.wb))
                break;
        }
        if (!is_dot(ch.c) && !(commas && ch.c == ','))
            return number_done(n, digits);
        next = scan_ignored(s, at + ch.len, s->segment_end, NULL, NULL);
        if (next >= s->segment_end || scan_char(s, next).wb != WB_NUMERIC)
            return number_done(n, digits);
        /* Only digits behind a single dot may be of any number. */
        if (n.dots || digits > 3 || (n.commas && digits < 3))
            n.grouped = false;
        n.dots += ch.c != ',';
        n.commas += ch.c == ',';
        digits = 0;
        at = next;
    }
}

/* A digit is at byte `at`: makes the fields on numbers true of it. */
static void enter_number(struct scan *s, uint32_t at)
{
    struct number n;

    if (at >= s->number_end) {
        n = read_number(s, at, true);
        s->number_end = n.end;
        s->grouped = n.grouped;
        s->decimal = n.dots == 1;
        s->decimal_end = n.commas && !n.grouped ? at : n.end;
    }
    if (at >= s->decimal_end) {
        n = read_number(s, at, false);
        s->decimal_end = n.end;
        s->decimal = n.dots == 1;
    }
}

bool scan_elides(const uint8_t *p, size_t n)
{
    static const char *const words[] = {
        "l",     "d",    "j",    "m",     "n",      "s",      "t",      "c",
        "qu",    "un",   "all",  "dall",  "dell",   "nell",   "sull",   "coll",
        "quell", "bell", "sant", "jusqu", "lorsqu", "puisqu", "quoiqu",
    };
    size_t i;

    if (n == 0 || n > 6)
        return false;
    for (i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == n &&
            strncasecmp(words[i], (const char *)p, n) == 0)
            return true;
    return false;
}

/* Whether the letter at byte `at` is a vowel or h when its accents are off. */
static bool is_vowel_at(struct scan *s, uint32_t at)
{
    struct view letter = view_of(s->text.p + at, scan_char(s, at).len);
    uint8_t first = *letter.p;

    if (first >= 0x80) {
        buf_clear(&s->fold);
        buf_clear(&s->plain);
        if (normal_fold(letter, &s->fold) < 0 ||
            normal_unaccent(buf_view(&s->fold), &s->plain) < 0)
            return false; /* not so: scan_init made room */
        first = s->plain.n ? *s->plain.p : 0;
    }
    return first && strchr("aeiouyhAEIOUYH", first);
}

/* Whether the connector ch at byte `at` stays within the word that began at
 * `start`; *cut is set where the word ends behind it. */
static bool connects(struct scan *s, uint32_t start, uint32_t at,
                     const struct segment_char *ch, unsigned script, bool *cut)
{
    struct segment_char next;
    uint32_t behind;

    if (ch->c == ',' || is_dot(ch->c))
        return at < s->number_end &&
               (s->grouped || (ch->c != ',' && s->decimal));
    if (!is_apostrophe(ch->c) && !is_inner_mark(ch->c))
        return false;
    behind = scan_ignored(s, at + ch->len, s->segment_end, NULL, NULL);
    if (behind >= s->segment_end)
        return false;
    next = scan_char(s, behind);
    if (!continues(&next, script))
        return false;
    *cut = is_apostrophe(ch->c) && scan_elides(s->text.p + start, at - start) &&
           is_vowel_at(s, behind);
    return true;
}

void scan_word(struct scan *s, struct piece *p)
{
    struct segment_char ch = scan_char(s, s->at);
    unsigned script = SCRIPT_COMMON;
    uint32_t start = s->at, at = start, end = start;
    bool single = !is_letter(&ch) && ch.wb != WB_NUMERIC;
    bool cut = false;

    p->broken = false;
    if (is_letter(&ch) && (end = abbreviation(s, at)) > 0) {
        p->end = s->at = end;
        /* Rare, and harmless where there is no line end. */
        p->broken = true;
        return;
    }
    end = start;
    while (at < s->segment_end && !cut) {
        ch = scan_char(s, at);
        if (segment_ignores(ch.wb)) {
            at = scan_ignored(s, at, s->segment_end, &end, &p->broken);
            continue;
        }
        if (at > start && single)
            break;
        if (ch.wb == WB_NUMERIC)
            enter_number(s, at);
        if (at > start && !continues(&ch, script) &&
            !connects(s, start, at, &ch, script, &cut))
            break;
        if (ch.cls->script != SCRIPT_COMMON && is_letter(&ch))
            script = ch.cls->script;
        end = at += ch.len;
    }
    p->end = end;
    s->at = cut ? scan_ignored(s, at, s->segment_end, NULL, NULL) : at;
}
