#include "query/lex_word.h"

#include "text/unicode.h"
#include "text/utf8.h"

/* What a word consists of, character by character. */
struct makeup {
    size_t chars;     /* that are no wildcards */
    size_t before;    /* of them, those in front of the first wildcard */
    size_t wildcards; /* of the pattern */
    bool stars;       /* one of them is a * */
    bool other;       /* something that is neither word nor wildcard */
    bool unspaced;    /* a script without spaces */
    bool letters;     /* any at all */
};

static bool is_word(int32_t c)
{
    const struct unicode_class *u = unicode_class(c);

    return u->is_word || u->is_mark;
}

static void look_at(struct view v, struct makeup *m)
{
    size_t i = 0;
    unsigned len;

    memset(m, 0, sizeof *m);
    while (i < v.n) {
        int32_t c = utf8_decode(v.p + i, v.p + v.n, &len);

        i += len;
        if (c == '*' || c == '?') {
            m->wildcards++;
            m->stars |= c == '*';
            continue;
        }
        m->letters |= is_word(c);
        m->other |= !is_word(c);
        m->unspaced |= script_unspaced(unicode_class(c)->script);
        m->chars++;
        m->before += m->wildcards == 0;
    }
}

size_t lex_number(struct view v, uint32_t *n)
{
    size_t i = 0;

    *n = 0;
    while (i < v.n && i < 5 && v.p[i] >= '0' && v.p[i] <= '9')
        *n = *n * 10 + (uint32_t)(v.p[i++] - '0');
    return i;
}

size_t lex_boost(struct view v, double *factor)
{
    uint32_t n, part = 0;
    double scale = 1;
    size_t i, digits, k;

    *factor = 1;
    if (v.n < 2 || v.p[0] != '^')
        return 0;
    digits = lex_number(view_sub(v, 1, v.n), &n);
    i = 1 + digits;
    if (i < v.n && v.p[i] == '.') {
        k = lex_number(view_sub(v, i + 1, v.n), &part);
        digits += k;
        i += 1 + k;
        for (; k > 0; k--)
            scale *= 10;
    }
    *factor = n + part / scale;
    return digits && v.p[i - 1] != '.' && *factor <= LEX_BOOST_MAX ? i : 0;
}

size_t lex_boost_tail(struct view word)
{
    double factor;
    size_t at = word.n, len;

    while (at > 0 && ((word.p[at - 1] >= '0' && word.p[at - 1] <= '9') ||
                      word.p[at - 1] == '.'))
        at--;
    if (at < 2 || word.p[at - 1] != '^')
        return 0;
    len = lex_boost(view_sub(word, at - 1, word.n), &factor);
    return len == word.n - (at - 1) ? len : 0;
}

bool lex_like_number(struct view v)
{
    return v.n > 0 && ((v.p[0] >= '0' && v.p[0] <= '9') ||
                       memchr("+-.", v.p[0], 3) != NULL);
}

void lex_boost_note(struct view boost, struct notes *notes)
{
    if (boost.n == 1 || lex_like_number(view_sub(boost, 1, boost.n)))
        notes_wrong(notes, boost,
                    "'%.*s': ^ goes with a number from 0 to %d; it is searched "
                    "as text",
                    NOTE_VIEW(boost), LEX_BOOST_MAX);
}

/* Takes ~, ~1 or ~2 off: true with the number, 0 for none. */
static bool split_fuzzy(struct view *v, uint32_t *distance)
{
    size_t n = v->n;

    *distance = 0;
    while (n > 0 && v->p[n - 1] >= '0' && v->p[n - 1] <= '9')
        n--;
    if (n < 2 || v->p[n - 1] != '~' || v->n - n > 5)
        return false;
    lex_number(view_sub(*v, n, v->n), distance);
    if (n < v->n && *distance == 0)
        *distance = UINT32_MAX; /* ~0 is none */
    *v = view_sub(*v, 0, n - 1);
    return true;
}

static bool fuzzy(struct lex_item *item, struct notes *notes)
{
    struct view word = item->text;
    struct makeup m;
    uint32_t distance;

    if (!split_fuzzy(&word, &distance))
        return false;
    look_at(word, &m);
    if (!m.letters)
        return false;
    if (distance == 0)
        distance = m.chars < LEX_FUZZY_LONG ? 1 : 2;
    if (m.other || m.unspaced || m.wildcards || distance > 2 ||
        m.chars < distance + 2) {
        notes_wrong(notes, item->text,
                    distance > 2 ? "'%.*s': ~1 and ~2 are what may follow a "
                                   "word; it is searched as text"
                                 : "'%.*s': ~ goes with one word, of at least "
                                   "3 letters for ~1 and 4 for ~2; it is "
                                   "searched as text",
                    NOTE_VIEW(item->text));
        return false;
    }
    item->kind = LEX_FUZZY;
    item->text = word;
    item->number = distance;
    return true;
}

bool lex_punctuation(uint8_t c)
{
    return memchr(".,;:!?", c, 6) != NULL;
}

static bool pattern(struct lex_item *item, struct notes *notes)
{
    struct view v = item->text;
    struct makeup m;

    while (v.n && lex_punctuation(v.p[v.n - 1]))
        v.n--;
    look_at(v, &m);
    if (!m.wildcards || !m.letters)
        return false;
    if (!m.other && !m.unspaced &&
        (m.before >= 2 || (m.before == 1 && m.chars >= 3))) {
        item->kind = LEX_PATTERN;
        item->text = v;
        return true;
    }
    /* **this** is no try at one, and an address may hold a ? */
    if (m.stars && v.p[v.n - 1] == '*' ? v.p[0] != '*' : !m.other)
        notes_wrong(notes, item->text,
                    "'%.*s': * and ? go with one word and two letters before "
                    "them, or one and two behind; it is searched as text",
                    NOTE_VIEW(item->text));
    return false;
}

void lex_exact(struct view word, struct notes *notes)
{
    struct view v = word;
    uint32_t distance;

    if (memchr(v.p, '*', v.n) || split_fuzzy(&v, &distance))
        notes_wrong(notes, word,
                    "'=%.*s': behind = a word has no * and no ~; it is "
                    "searched as text",
                    NOTE_VIEW(word));
}

void lex_word(struct lex_item *item, struct notes *notes)
{
    struct view v = item->text;
    struct makeup m;
    size_t n = v.n;

    if (pattern(item, notes) || fuzzy(item, notes))
        return;
    item->kind = LEX_WORD;
    while (n > 0 && v.p[n - 1] != '^')
        n--;
    if (n < 2 || v.p[n - 2] == '^')
        return;
    look_at(v, &m);
    if (m.letters)
        lex_boost_note(view_sub(v, n - 1, v.n), notes);
}

static bool is_letter(struct view v, size_t i)
{
    return i < v.n && (v.p[i] >= 0x80 ||
                       ((v.p[i] | 0x20) >= 'a' && (v.p[i] | 0x20) <= 'z'));
}

/* Whether it is letters with a * behind two of them or between one and two, or
 * a ? between two. */
static bool looks_wild(struct view word)
{
    bool wild = false;
    size_t i;

    for (i = 0; i < word.n; i++) {
        if (i == 0 && word.p[i] == '*') /* **this** is no try at one */
            return false;
        if (word.p[i] == '*')
            wild |= i > 1 ? is_letter(word, i - 1) && is_letter(word, i - 2)
                          : is_letter(word, 2) && is_letter(word, 3);
        else if (word.p[i] == '?')
            wild |= i > 0 && is_letter(word, i - 1) && is_letter(word, i + 1);
        else if (!is_letter(word, i))
            return false;
    }
    return wild;
}

/* Whether it is letters with a ~ behind them, and perhaps a number. */
static bool looks_fuzzy(struct view word)
{
    uint32_t distance;
    size_t i;

    if (!split_fuzzy(&word, &distance))
        return false;
    for (i = 0; i < word.n && is_letter(word, i); i++)
        ;
    return i == word.n;
}

/* The word without punctuation behind it, which a ? may be. */
static struct view without_punctuation(struct view v)
{
    while (v.n && lex_punctuation(v.p[v.n - 1]))
        v.n--;
    return v;
}

bool lex_slot(struct lex_item *item, struct notes *notes)
{
    item->text = without_punctuation(item->text);
    if (looks_wild(item->text))
        return pattern(item, notes);
    return looks_fuzzy(item->text) && fuzzy(item, notes);
}
