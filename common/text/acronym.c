#include "text/acronym.h"

#include <string.h>

#include "base/err.h"
#include "text/normal.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum {
    WINDOW = 240,  /* bytes before a bracket that are looked at */
    INSIDE = 220,  /* and within */
    BRIEF_MAX = 16 /* letters of a short form, folded */
};

/* A short form as it is compared. */
struct brief {
    struct view text;
    uint32_t letter[BRIEF_MAX];
    unsigned n;
};

void acronyms_begin(struct acronyms *a, struct view text)
{
    a->text = text;
    a->ascii = a->wide = SIZE_MAX; /* not sought yet */
}

void acronyms_end(struct acronyms *a)
{
    buf_release(&a->line);
    buf_release(&a->raw);
    buf_release(&a->fold);
}

/* --- characters --- */

static bool blank(int32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 ||
           c == 0x202F;
}

/* Most of most texts. */
static bool letter(int32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

static bool is_any(int32_t c, const int32_t *set)
{
    while (*set && *set != c)
        set++;
    return *set != 0;
}

static bool quote(int32_t c)
{
    static const int32_t set[] = {'"',    '\'', 0x2018, 0x2019, 0x201C, 0x201D,
                                  0x201E, 0xAB, 0xBB,   0x300A, 0x300B, 0x300C,
                                  0x300D, '*',  '_',    0};

    return !letter(c) && is_any(c, set);
}

/* What a long form cannot reach across. */
static bool ends_phrase(int32_t c)
{
    static const int32_t set[] = {
        '!',    '?',    ':',  ';',  '(',    ')',    '[',  ']',    '{',
        '}',    '"',    '|',  '<',  '>',    '=',    '\f', 0x2018, 0x201C,
        0x201D, 0x201E, 0xAB, 0xBB, 0x2014, 0x2022, 0xB7, 0x25CF, 0};

    if (c < 0x80)
        return !letter(c) && c != ' ' && is_any(c, set);
    return is_any(c, set) || script_unspaced(unicode_class(c)->script) ||
           (c >= 0x3001 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF1F);
}

/* The character that ends at byte `end`; *start gets where it begins. */
static int32_t before(struct view v, size_t end, size_t *start)
{
    unsigned len;
    size_t i = end - 1;

    while (i > 0 && end - i < 4 && (v.p[i] & 0xC0) == 0x80)
        i--;
    *start = i;
    return utf8_decode(v.p + i, v.p + end, &len);
}

static struct view trim_end(struct view v, bool quotes)
{
    size_t at;
    int32_t c;

    while (v.n > 0) {
        c = before(v, v.n, &at);
        if (!blank(c) && !(quotes && quote(c)))
            break;
        v.n = at;
    }
    return v;
}

static struct view trim(struct view v, bool quotes)
{
    unsigned len;
    int32_t c;

    v = trim_end(v, quotes);
    while (v.n > 0) {
        c = utf8_decode(v.p, v.p + v.n, &len);
        if (!blank(c) && !(quotes && quote(c)))
            break;
        v = view_sub(v, len, v.n);
    }
    return v;
}

/* v without case and accents, in a->fold. */
static int fold(struct acronyms *a, struct view v)
{
    struct buf *out = &a->fold;

    buf_clear(out);
    if (buf_reserve(out, v.n) < 0)
        return ERR_NOMEM;
    for (; out->n < v.n && v.p[out->n] < 0x80; out->n++)
        out->p[out->n] = v.p[out->n] >= 'A' && v.p[out->n] <= 'Z'
                             ? v.p[out->n] | 0x20
                             : v.p[out->n];
    if (out->n == v.n)
        return 0;
    buf_clear(out);
    buf_clear(&a->raw);
    if (normal_fold(v, &a->raw) < 0)
        return ERR_NOMEM;
    return normal_unaccent(buf_view(&a->raw), out);
}

/* --- short forms --- */

/* Whether the character v has another one in lower case: 1, 0, ERR_NOMEM. */
static int capital(struct acronyms *a, struct view v)
{
    if (v.n == 1)
        return v.p[0] >= 'A' && v.p[0] <= 'Z';
    buf_clear(&a->raw);
    if (normal_fold(v, &a->raw) < 0)
        return ERR_NOMEM;
    return !view_eq(v, buf_view(&a->raw));
}

/* Whether v is written as a short form is: 1, 0, ERR_NOMEM. */
static int looks_brief(struct acronyms *a, struct view v)
{
    unsigned n = 0, letters = 0, capitals = 0, len;
    size_t i;
    int rc;

    if (v.n < 2 || v.n > 4 * ACRONYM_BRIEF)
        return 0;
    for (i = 0; i < v.n; i += len, n++) {
        int32_t c = utf8_decode(v.p + i, v.p + v.n, &len);
        const struct unicode_class *class = unicode_class(c);

        if (script_unspaced(class->script) ||
            (!class->is_word && !class->is_mark &&
             (i == 0 || c >= 0x80 || !strchr(".-/&+", (int)c))))
            return 0;
        if (!class->is_word || class->word_break == WB_NUMERIC)
            continue;
        rc = capital(a, view_sub(v, i, i + len));
        if (rc < 0)
            return rc;
        letters++;
        capitals += rc > 0;
    }
    return n >= 2 && n <= ACRONYM_BRIEF && letters > 0 &&
           (capitals == letters || (capitals >= 2 && 2 * capitals >= letters));
}

/* The letters and digits of the short form v, a plural s left out: 1; 0 where it
 * is none; ERR_NOMEM. */
static int take_brief(struct acronyms *a, struct view v, struct brief *b)
{
    unsigned len;
    size_t i;
    int rc;

    v = trim(v, true);
    if (v.n > 2 && v.p[v.n - 1] == 's' && v.p[v.n - 2] >= 'A' &&
        v.p[v.n - 2] <= 'Z')
        v.n--;
    rc = looks_brief(a, v);
    if (rc <= 0)
        return rc;
    b->text = v;
    b->n = 0;
    if (fold(a, v) < 0)
        return ERR_NOMEM;
    for (i = 0; i < a->fold.n; i += len) {
        int32_t c = utf8_decode(a->fold.p + i, a->fold.p + a->fold.n, &len);

        if (!unicode_class(c)->is_word)
            continue;
        if (b->n == BRIEF_MAX)
            return 0;
        b->letter[b->n++] = (uint32_t)c;
    }
    return b->n >= 2;
}

/* --- where a long form is sought --- */

/* Words that nothing of a short form need stand for, and that begin none. */
static bool function_word(struct view w)
{
    static const char words[] =
        " a an and as at by for from in into its of on or that the their to "
        "with y e o u de del der des di do da das dos du d die das den en et "
        "el "
        "for fur la las le les los l au aux und van von zur zum i w na dan "
        "dei ";
    char key[8] = " ";

    if (w.n == 0 || w.n > sizeof key - 3)
        return w.n == 0;
    memcpy(key + 1, w.p, w.n);
    key[w.n + 1] = ' ';
    key[w.n + 2] = 0;
    return strstr(words, key) != NULL;
}

/* Whether the line ends in a word of letters with a footnote's number, which
 * begins at *at. */
static bool footnote(struct view line, size_t *at)
{
    size_t i = line.n, k;

    while (i > 0 && line.p[i - 1] >= '0' && line.p[i - 1] <= '9')
        i--;
    *at = i;
    if (i == line.n || line.n - i > 2)
        return false;
    for (k = i; k > 0 && line.p[k - 1] >= 'a' && line.p[k - 1] <= 'z'; k--)
        ;
    return i - k >= 3;
}

/* Appends a stretch of text to a->line: blanks become one space, a word parted
 * at a line's end is joined. */
static int add_line(struct acronyms *a, struct view v)
{
    struct buf *line = &a->line;
    bool broken;
    unsigned len;
    size_t i, at;
    int rc = 0;

    buf_clear(line);
    if (buf_reserve(line, v.n) < 0)
        return ERR_NOMEM;
    for (i = 0; i < v.n && rc == 0; i += len) {
        int32_t c = v.p[i];

        if (letter(c)) {
            line->p[line->n++] = v.p[i];
            len = 1;
            continue;
        }
        c = utf8_decode(v.p + i, v.p + v.n, &len);
        if (c == 0xAD || c == 0x200B || c == 0xFEFF)
            continue;
        if (!blank(c)) {
            rc = buf_add(line, view_sub(v, i, i + len));
            continue;
        }
        for (broken = false; i < v.n; i += len) {
            c = utf8_decode(v.p + i, v.p + v.n, &len);
            if (!blank(c))
                break;
            broken |= c == '\n';
        }
        len = 0;
        if (broken && i < v.n && line->n > 1 && line->p[line->n - 1] == '-' &&
            line->p[line->n - 2] != ' ') {
            line->n -= v.p[i] >= 'a' && v.p[i] <= 'z';
            continue;
        }
        if (footnote(buf_view(line), &at))
            line->n = at;
        if (line->n && i < v.n)
            rc = buf_addc(line, ' ');
    }
    if (footnote(buf_view(line), &at))
        line->n = at;
    return rc;
}

/* Adds the letters of one word of the line. */
static int add_word(struct acronyms *a, struct view w)
{
    unsigned len, first = 2;
    bool digit = false;
    size_t i;

    if (fold(a, w) < 0)
        return ERR_NOMEM;
    for (i = 0; i < a->fold.n; i += len) {
        int32_t c = utf8_decode(a->fold.p + i, a->fold.p + a->fold.n, &len);
        const struct unicode_class *class = unicode_class(c);
        bool number = class->word_break == WB_NUMERIC;

        if (class->is_mark)
            continue;
        if (!class->is_word) { /* a hyphen, an apostrophe */
            first = first ? first : 1;
            continue;
        }
        if (number && !digit && !first)
            first = 1;
        digit = number;
        if (a->nletters < ACRONYM_LETTERS) {
            a->letter[a->nletters] = (uint32_t)c;
            a->word[a->nletters] = (uint8_t)a->nwords;
            a->first[a->nletters++] = (uint8_t)first;
        }
        first = 0;
    }
    return 0;
}

/* Cuts the last `most` words of the line into letters. */
static int cut_line(struct acronyms *a, unsigned most)
{
    struct view line = buf_view(&a->line), w;
    size_t i, from = line.n, to;
    unsigned n = 0;

    while (from > 0 && n < most) {
        while (from > 0 && line.p[from - 1] != ' ')
            from--;
        if (++n < most && from > 0)
            from--;
    }
    a->nwords = a->nletters = 0;
    for (i = from; i < line.n && a->nwords < ACRONYM_LETTERS - 1; i = to + 1) {
        for (to = i; to < line.n && line.p[to] != ' '; to++)
            ;
        w = view_sub(line, i, to);
        if (add_word(a, w) < 0)
            return ERR_NOMEM;
        a->start[a->nwords] = (uint16_t)i;
        if (a->nwords == 0)
            a->passed[0] = 0;
        a->passed[a->nwords + 1] =
            (uint8_t)(a->passed[a->nwords] +
                      !function_word(buf_view(&a->fold)));
        a->nwords++;
    }
    return 0;
}

/* --- alignment --- */

/* The letters of a short form so far, the last one being letter `at`. */
struct state {
    uint8_t at;
    uint8_t begin;  /* the letter that the first one is */
    uint8_t passed; /* words passed over */
    uint8_t inner;  /* letters that begin no part of a word */
};

static unsigned cost(const struct state *s)
{
    return 3u * s->passed + 2u * s->inner;
}

/* The best way on from any of n states to letter j: false where none leads
 * there. */
static bool go_on(const struct acronyms *a, const struct state *from,
                  unsigned n, unsigned j, struct state *best)
{
    bool found = false;
    unsigned k, w = a->word[j];

    for (k = 0; k < n && from[k].at < j; k++) {
        struct state s = from[k];
        unsigned v = a->word[s.at];

        if (!a->first[j] && v != w)
            continue;
        s.at = (uint8_t)j;
        s.inner = (uint8_t)(s.inner + !a->first[j]);
        if (v != w)
            s.passed = (uint8_t)(s.passed + a->passed[w] - a->passed[v + 1]);
        if (!found || cost(&s) <= cost(best)) /* the shortest of equal ones */
            *best = s;
        found = true;
    }
    return found;
}

/* Whether an alignment is as good as it has to be. */
static bool good(const struct state *s, unsigned letters)
{
    if (s->inner)
        return s->passed == 0 && 2u * s->inner <= letters;
    return s->passed <= (letters > 3 ? 2 : letters - 2);
}

/* Aligns the short form with the words that were cut, to the end of them and, if
 * so wanted, from their beginning: the number of the word at which the best
 * alignment begins, or -1. */
static int align(const struct acronyms *a, const struct brief *b, bool whole)
{
    struct state one[ACRONYM_LETTERS], two[ACRONYM_LETTERS];
    struct state *from = one, *to = two, *swap, s;
    const struct state *best = NULL;
    unsigned i, j, n = 0, m;

    for (j = 0; j < a->nletters; j++) {
        unsigned w = a->word[j];

        if (a->letter[j] == b->letter[0] && a->first[j] == 2 &&
            a->passed[w + 1] > a->passed[w] && !(whole && w))
            from[n++] = (struct state){(uint8_t)j, (uint8_t)j, 0, 0};
    }
    for (i = 1; i < b->n && n > 0; i++) {
        for (j = m = 0; j < a->nletters; j++)
            if (a->letter[j] == b->letter[i] && go_on(a, from, n, j, &s))
                to[m++] = s;
        swap = from;
        from = to;
        to = swap;
        n = m;
    }
    for (j = 0; j < n; j++)
        if (a->word[from[j].at] == a->nwords - 1u &&
            (!best || cost(&from[j]) <= cost(best)))
            best = &from[j];
    return best && good(best, b->n) ? a->word[best->begin] : -1;
}

/* Whether v has the short form as a word in it. */
static bool has_word(struct view v, struct view word)
{
    size_t i, k;

    for (i = 0; i < v.n; i = k + 1) {
        for (k = i; k < v.n && v.p[k] != ' '; k++)
            ;
        if (view_eq(view_sub(v, i, k), word))
            return true;
    }
    return false;
}

/* Words of a long form at most. */
static unsigned most_words(const struct brief *b)
{
    return b->n + 5 < 2 * b->n ? b->n + 5 : 2 * b->n;
}

/* Looks for b in the line, at its end or all of it: 1 with the long form, 0,
 * ERR_NOMEM. */
static int find(struct acronyms *a, const struct brief *b, bool whole,
                struct acronym *out)
{
    unsigned most = most_words(b);
    int first;

    while (a->line.n &&
           strchr(" ,.*_'", a->line.p[a->line.n - 1])) /* and no 0 is there */
        a->line.n--;
    if (a->line.n == 0 || cut_line(a, whole ? most + 1 : most) < 0)
        return a->line.n == 0 ? 0 : ERR_NOMEM;
    if (whole && a->nwords > most)
        return 0;
    first = align(a, b, whole);
    if (first < 0 || (unsigned)first + 2 > a->nwords)
        return 0;
    out->brief = b->text;
    out->full = view_sub(buf_view(&a->line), a->start[first], a->line.n);
    out->full = trim(out->full, true);
    return out->full.n <= ACRONYM_FULL && out->full.n > b->text.n &&
           !has_word(out->full, b->text);
}

/* --- brackets --- */

/* Where the phrase of up to `words` words begins that ends at byte `end` of the
 * text. */
static size_t phrase_start(struct view t, size_t end, unsigned words)
{
    size_t i = end, at, prev, least = end > WINDOW ? end - WINDOW : 0;
    unsigned lines = 0;

    while (i > least) {
        int32_t c = t.p[i - 1], b;

        if (letter(c)) {
            lines = 0;
            i--;
            continue;
        }
        if (c == ' ' && i < end && t.p[i] != ' ' && words-- == 1)
            return i;
        c = before(t, i, &at);
        lines = c == '\n' ? lines + 1 : blank(c) ? lines : 0;
        if (lines > 1 || c == 0 || (ends_phrase(c) && c != 0x2019))
            return i;
        b = at > 0 ? before(t, at, &prev) : ' ';
        if ((c == '-' || c == 0x2013) && blank(b) && i < end && blank(t.p[i]))
            return i;
        /* a full stop, unless behind a single letter */
        if (c == '.' && i < end && blank(t.p[i]) &&
            !(at > 0 && t.p[at - 1] >= 'A' && t.p[at - 1] <= 'Z' &&
              (at == 1 || blank(t.p[at - 2]) || t.p[at - 2] == '.')))
            return i;
        i = at;
    }
    while (least > 0 && i < end && !blank(t.p[i])) /* a word cut off */
        i++;
    return i;
}

/* The end of what stands before the bracket at `at`: without blanks, a closing
 * quotation mark, a reference as [1]. */
static size_t phrase_end(struct view t, size_t at)
{
    struct view v = trim_end(view_sub(t, 0, at), true);
    size_t i;

    if (v.n > 2 && v.p[v.n - 1] == ']') {
        for (i = v.n - 2; i > 0 && v.p[i] >= '0' && v.p[i] <= '9'; i--)
            ;
        if (v.p[i] == '[')
            v = trim_end(view_sub(v, 0, i), true);
    }
    return v.n;
}

/* What is between the bracket that opens before byte `from` and the one that
 * closes; empty where none does soon. */
static struct view inside(struct view t, size_t from)
{
    size_t most = t.n - from < INSIDE ? t.n - from : INSIDE, i = 0;
    const uint8_t *p = t.p + from, *end = memchr(p, ')', most);

    if (end)
        most = (size_t)(end - p);
    while (i < most && (end = memchr(p + i, 0xEF, most - i))) {
        i = (size_t)(end - p) + 1;
        if (i + 1 < most && end[1] == 0xBC && end[2] == 0x89)
            return view_of(p, i - 1);
    }
    return view_of(p, p + most < t.p + t.n && p[most] == ')' ? most : 0);
}

/* Whether v may have a short form in it, as far as a glance tells: a word with
 * two capitals, or a capital and a digit. */
static bool glance(struct view v)
{
    unsigned capitals = 0, digits = 0;
    size_t i;

    for (i = 0; i < v.n; i++) {
        uint8_t c = v.p[i];

        if (c >= 'A' && c <= 'Z')
            capitals++;
        else if (c >= '0' && c <= '9')
            digits++;
        else if (c >= 0x80)
            return true;
        else if (c == ' ' || c == '\n')
            capitals = digits = 0;
        if (capitals && capitals + digits > 1)
            return true;
    }
    return false;
}

/* The word that ends at byte `end` of the text. */
static struct view word_before(struct view t, size_t end)
{
    size_t i = end;

    while (i > 0 && end - i <= 4 * ACRONYM_BRIEF &&
           (letter(t.p[i - 1]) ||
            (!blank(t.p[i - 1]) && !strchr("(,;:\"", t.p[i - 1]))))
        i--;
    return view_sub(t, i, end);
}

/* A comma or the like. */
static bool parts(int32_t c)
{
    return c == ',' || c == ';' || c == ':' || c == 0xFF0C || c == 0xFF1B ||
           c == 0xFF1A || c == 0x3001;
}

/* Cuts v at the first or last of these: false where there is none. */
static bool part(struct view v, bool last, struct view *left,
                 struct view *right)
{
    bool found = false;
    unsigned len;
    size_t i;

    for (i = 0, len = 1; i < v.n && (last || !found); i += len)
        if (letter(v.p[i]))
            len = 1;
        else if (parts(utf8_decode(v.p + i, v.p + v.n, &len))) {
            *left = view_sub(v, 0, i);
            *right = view_sub(v, i + len, v.n);
            found = true;
        }
    return found;
}

/* A short form behind a few words as in "hereinafter the AIIB". */
static struct view last_word(struct view v)
{
    struct view w = trim(v, true);
    size_t i = w.n, words = 0;

    while (i > 0 && w.p[i - 1] != ' ')
        i--;
    w = view_sub(w, i, w.n);
    for (v.n = 0; i > 0; i--)
        words += v.p[i - 1] == ' ';
    return words > 5 ? view_of(w.p, 0) : w;
}

/* "long form (SHORT)". */
static int brief_inside(struct acronyms *a, struct view in, size_t at,
                        struct acronym *out)
{
    struct view left = in, right;
    struct brief b;
    size_t end;
    int rc;

    part(in, false, &left, &right);
    rc = take_brief(a, last_word(left), &b);
    if (rc <= 0)
        return rc;
    end = phrase_end(a->text, at);
    if (end == 0)
        return 0;
    rc = add_line(
        a, view_sub(a->text, phrase_start(a->text, end, most_words(&b)), end));
    return rc < 0 ? rc : find(a, &b, false, out);
}

/* All of v as the long form of b, but for an article. */
static int whole_phrase(struct acronyms *a, struct view v,
                        const struct brief *b, struct acronym *out)
{
    struct view t = trim(v, true);
    int rc;

    if (t.n > 4 && (memcmp(t.p, "the ", 4) == 0 || memcmp(t.p, "The ", 4) == 0))
        t = view_sub(t, 4, t.n);
    rc = add_line(a, t);
    return rc < 0 ? rc : find(a, b, true, out);
}

/* "SHORT (long form)". */
static int brief_before(struct acronyms *a, struct view in, size_t at,
                        struct acronym *out)
{
    struct view left, right;
    struct brief b;
    int rc = take_brief(a, word_before(a->text, phrase_end(a->text, at)), &b);

    if (rc <= 0)
        return rc;
    rc = whole_phrase(a, in, &b, out);
    if (rc == 0 && part(in, false, &left, &right))
        rc = whole_phrase(a, left, &b, out);
    return rc;
}

/* "(long form, SHORT)" and "(SHORT, long form)". */
static int both_inside(struct acronyms *a, struct view in, struct acronym *out)
{
    struct view left, right;
    struct brief b;
    int rc = 0;

    if (!part(in, true, &left, &right))
        return 0;
    rc = take_brief(a, last_word(right), &b);
    if (rc > 0)
        rc = whole_phrase(a, left, &b, out);
    if (rc != 0 || !part(in, false, &left, &right))
        return rc;
    rc = take_brief(a, left, &b);
    return rc > 0 ? whole_phrase(a, right, &b, out) : rc;
}

static int bracket(struct acronyms *a, size_t at, size_t len,
                   struct acronym *out)
{
    struct view in = inside(a->text, at + len), t = a->text;
    size_t before = at;
    bool brief, word;
    int rc = 0;

    if (in.n < 2)
        return 0;
    brief = glance(in);
    while (before > 0 && t.p[before - 1] == ' ')
        before--;
    word = memchr(in.p, ' ', in.n) && glance(word_before(t, before));
    if ((!brief && !word) || memchr(in.p, '(', in.n) ||
        memmem(in.p, in.n, "\n\n", 2))
        return 0;
    out->at = at;
    in = trim(in, false);
    if (brief)
        rc = brief_inside(a, in, at, out);
    if (rc == 0 && word)
        rc = brief_before(a, in, at, out);
    return rc == 0 && brief ? both_inside(a, in, out) : rc;
}

/* --- scan --- */

/* The next bracket at or behind byte `from`; the text's end where there is
 * none. */
static size_t next_ascii(struct view t, size_t from)
{
    const uint8_t *p = from < t.n ? memchr(t.p + from, '(', t.n - from) : NULL;

    return p ? (size_t)(p - t.p) : t.n;
}

/* The same for U+FF08. */
static size_t next_wide(struct view t, size_t from)
{
    const uint8_t *p;

    for (; from < t.n; from++) {
        p = memchr(t.p + from, 0xEF, t.n - from);
        if (!p)
            break;
        from = (size_t)(p - t.p);
        if (t.n - from > 2 && p[1] == 0xBC && p[2] == 0x88)
            return from;
    }
    return t.n;
}

int acronyms_next(struct acronyms *a, struct acronym *out)
{
    size_t at, len;
    int rc = 0;

    if (a->ascii == SIZE_MAX) {
        a->ascii = next_ascii(a->text, 0);
        a->wide = next_wide(a->text, 0);
    }
    while (rc == 0) {
        at = a->ascii < a->wide ? a->ascii : a->wide;
        if (at >= a->text.n)
            return 0;
        len = at == a->ascii ? 1 : 3;
        rc = bracket(a, at, len, out);
        if (len == 1)
            a->ascii = next_ascii(a->text, at + 1);
        else
            a->wide = next_wide(a->text, at + 3);
    }
    return rc;
}
