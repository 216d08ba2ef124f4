#include "query/lex.h"

#include "index/column.h"
#include "query/lex_word.h"
#include "query/when.h"
#include "text/unicode.h"
#include "text/utf8.h"

void lex_init(struct lex *lx, struct view text, struct notes *notes)
{
    memset(lx, 0, sizeof *lx);
    lx->text = text;
    lx->notes = notes;
    lx->last = LEX_END;
}

/* The character at byte i and its length; 0 and 0 at the end. */
static int32_t char_at(const struct lex *lx, size_t i, unsigned *len)
{
    *len = 0;
    if (i >= lx->text.n)
        return 0;
    return utf8_decode(lx->text.p + i, lx->text.p + lx->text.n, len);
}

static bool is_blank(int32_t c)
{
    if (c >= 0 && (c <= ' ' || c == 0x7f || c == 0x85 || c == 0xa0))
        return true;
    return c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

size_t lex_blank(struct view v)
{
    unsigned len;
    int32_t c;

    if (v.n == 0)
        return 0;
    c = utf8_decode(v.p, v.p + v.n, &len);
    return is_blank(c) ? len : 0;
}

static bool blank_or_end(const struct lex *lx, size_t i)
{
    unsigned len;
    int32_t c = char_at(lx, i, &len);

    return len == 0 || is_blank(c);
}

static bool is_word(int32_t c)
{
    return unicode_class(c)->is_word;
}

static bool is_letter(int32_t c)
{
    const struct unicode_class *u = unicode_class(c);

    /* is_word is letters and numbers: of these go digits, and ½ or ² */
    return u->is_word && u->word_break != WB_NUMERIC &&
           !(u->script == SCRIPT_COMMON && u->word_break == WB_OTHER);
}

/* Quotes that open a phrase anywhere; a straight one needs its place. */
static bool is_curly(int32_t c)
{
    return c == 0x201c || c == 0x201e;
}

static bool is_quote(int32_t c)
{
    return c == '"' || is_curly(c);
}

/* Where the first of the characters a or b (0 = none) stands from byte i. */
static bool find(const struct lex *lx, size_t i, int32_t a, int32_t b,
                 size_t *at, unsigned *len)
{
    while (i < lx->text.n) {
        int32_t c = char_at(lx, i, len);

        if (c == a || (b && c == b)) {
            *at = i;
            return true;
        }
        i += *len;
    }
    return false;
}

/* The phrase whose opening quote `open` ended before byte i. */
static void phrase(struct lex *lx, size_t i, int32_t open,
                   struct lex_item *item)
{
    size_t end;
    unsigned len;
    bool closed;

    if (open == '"')
        closed = find(lx, i, '"', 0, &end, &len) ||
                 find(lx, i, 0x201d, 0, &end, &len);
    else
        closed = find(lx, i, 0x201d, open == 0x201e ? 0x201c : 0, &end, &len) ||
                 find(lx, i, '"', 0, &end, &len);
    if (!closed) {
        end = lx->text.n;
        len = 0;
        if (!blank_or_end(lx, i))
            notes_wrong(lx->notes, view_sub(lx->text, i - 1, i),
                        "a quote is not closed: it ends with the query");
    }
    item->kind = LEX_PHRASE;
    item->text = view_sub(lx->text, i, end);
    lx->at = end + len;
}

/* The end of the word that begins at byte i. */
static size_t word_end(const struct lex *lx, size_t i)
{
    size_t start = i;
    unsigned len, open = 0;

    for (;;) {
        int32_t c = char_at(lx, i, &len);

        if (len == 0 || is_blank(c))
            break;
        if (i > start &&
            (is_curly(c) || (c == '"' && !blank_or_end(lx, i + 1))))
            break;
        if (c == '(')
            open++;
        if (c == ')') {
            if (open == 0 && lx->depth > 0)
                break;
            if (open)
                open--;
        }
        i += len;
    }
    return i;
}

/* A lower-case ASCII name and a colon at byte i: its length without the
 * colon, or 0. */
static size_t field_name(const struct lex *lx, size_t i)
{
    size_t n = 0;

    while (i + n < lx->text.n && lx->text.p[i + n] >= 'a' &&
           lx->text.p[i + n] <= 'z')
        n++;
    return i + n < lx->text.n && lx->text.p[i + n] == ':' ? n : 0;
}

/* Fields whose value ends with the blank behind it, and what it has to be. */
static bool is_digits(struct view v)
{
    size_t k;

    for (k = 0; k < v.n; k++)
        if (v.p[k] < '0' || v.p[k] > '9')
            return false;
    return k > 0 && k <= 10;
}

static bool is_range(struct view v)
{
    struct period p;

    return when_range(v, 0, &p);
}

static bool is_language(struct view v)
{
    uint8_t letters[2];

    return column_language(v, letters);
}

static bool is_any(struct view v)
{
    return v.n > 0;
}

static const struct valued {
    const char *name;
    enum lex_kind kind;
    bool (*fits)(struct view v);
    const char *wants;
} valued[] = {
    {"path", LEX_PATH, is_any, "a part of a path"},
    {"id", LEX_ID, is_digits, "a number"},
    {"date", LEX_DATE, is_range, "a date as 2022, 2022-03 or 2021..2022-06"},
    {"lang", LEX_LANG, is_language, "a language as en"},
};

/* The field of that name whose value ends with the blank, or NULL. */
static const struct valued *valued_of(struct view name)
{
    size_t k;

    for (k = 0; k < sizeof valued / sizeof *valued; k++)
        if (view_eq(name, view_str(valued[k].name)))
            return &valued[k];
    return NULL;
}

/* path:TEXT and its like, whose value begins at byte i. */
static bool value(struct lex *lx, size_t i, const struct valued *field,
                  struct lex_item *item)
{
    unsigned len;
    int32_t c = char_at(lx, i, &len);
    struct period p;
    size_t end;

    if (is_quote(c)) {
        phrase(lx, i + len, c, item);
    } else {
        end = word_end(lx, i);
        item->text = view_sub(lx->text, i, end);
        lx->at = end;
    }
    item->kind = field->kind;
    if (field->fits(item->text)) {
        if (field->kind == LEX_DATE &&
            when_range(item->text, when_today(), &p) && p.from >= p.to)
            notes_wrong(lx->notes, item->text,
                        "date:%.*s ends before it begins",
                        NOTE_VIEW(item->text));
        return true;
    }
    if (item->text.n > 0)
        notes_wrong(lx->notes, item->text,
                    "%s: wants %s: '%.*s' is searched as text", field->name,
                    field->wants, NOTE_VIEW(item->text));
    return false;
}

/* A field at byte lx->at, if there is one: fills *item. */
static bool field(struct lex *lx, struct lex_item *item)
{
    size_t start = lx->at, n = field_name(lx, start), i = start + n + 1;
    struct view name = view_sub(lx->text, start, start + n);
    const struct valued *known = valued_of(name);
    bool title = view_eq(name, view_str("title"));
    unsigned len;
    int32_t c;

    if (n == 0)
        return false;
    c = char_at(lx, i, &len);
    if (c == ')' || blank_or_end(lx, i)) {
        if (title || known)
            notes_wrong(lx->notes, view_sub(lx->text, start, i),
                        "nothing stands right behind '%.*s:': it is searched "
                        "as text",
                        NOTE_VIEW(name));
        return false;
    }
    if (title) {
        item->kind = LEX_TITLE;
        item->text = view_of(NULL, 0);
        lx->at = i;
        return true;
    }
    if (known) {
        if (value(lx, i, known, item))
            return true;
        lx->at = start;
        return false;
    }
    if (n > 1 && (is_word(c) || is_quote(c)))
        notes_wrong(lx->notes, name,
                    "there is no field '%.*s': it is searched as text",
                    NOTE_VIEW(name));
    return false;
}

/* Whether what stands alone may end before byte i. */
static bool ends_alone(const struct lex *lx, size_t i)
{
    unsigned len;
    int32_t c = char_at(lx, i, &len);

    return len == 0 || is_blank(c) || is_quote(c) || c == '(' ||
           (c == ')' && lx->depth > 0);
}

/* NEAR or NEAR/n at byte lx->at: its length, or 0. */
static size_t beside(const struct lex *lx, uint32_t *number)
{
    struct view rest = view_sub(lx->text, lx->at, lx->text.n);
    size_t n;

    *number = LEX_NEAR;
    if (rest.n < 4 || memcmp(rest.p, "NEAR", 4) != 0)
        return 0;
    if (ends_alone(lx, lx->at + 4))
        return 4;
    if (rest.p[4] != '/')
        return 0;
    n = 5 + lex_number(view_sub(rest, 5, rest.n), number);
    if (*number >= 1 && *number <= LEX_NEAR_MAX && ends_alone(lx, lx->at + n))
        return n;
    rest.n = word_end(lx, lx->at) - lx->at;
    notes_wrong(lx->notes, rest,
                "'%.*s': the number is from 1 to %d; it is searched as text",
                NOTE_VIEW(rest), LEX_NEAR_MAX);
    return 0;
}

/* AND, OR, NOT standing alone at byte lx->at, or LEX_END. */
static enum lex_kind keyword(const struct lex *lx, size_t *len)
{
    static const struct {
        const char *name;
        enum lex_kind kind;
    } all[] = {{"AND", LEX_AND}, {"OR", LEX_OR}, {"NOT", LEX_NOT}};
    size_t k;

    for (k = 0; k < sizeof all / sizeof *all; k++) {
        size_t n = strlen(all[k].name);

        if (lx->text.n - lx->at < n ||
            memcmp(lx->text.p + lx->at, all[k].name, n) != 0)
            continue;
        if (ends_alone(lx, lx->at + n)) {
            *len = n;
            return all[k].kind;
        }
    }
    return LEX_END;
}

/* Behind the phrase *item: ~n makes it one of words near each other. */
static void within(struct lex *lx, struct lex_item *item)
{
    struct view rest = view_sub(lx->text, lx->at, lx->text.n);
    uint32_t number;
    double factor;
    size_t n;

    if (rest.n == 0 || rest.p[0] != '~')
        return;
    n = 1 + lex_number(view_sub(rest, 1, rest.n), &number);
    if (n > 1 && number <= LEX_NEAR_MAX &&
        (ends_alone(lx, lx->at + n) ||
         lex_boost(view_sub(rest, n, rest.n), &factor))) {
        item->kind = LEX_WITHIN;
        item->number = number;
        lx->at += n;
    } else if (ends_alone(lx, lx->at + 1) ||
               lex_like_number(view_sub(rest, 1, rest.n))) {
        notes_wrong(lx->notes, view_sub(rest, 0, n),
                    "a ~ behind a phrase goes with a number up to %d",
                    LEX_NEAR_MAX);
    }
}

/* What a boost may follow without a blank. */
static bool takes_boost(enum lex_kind k)
{
    return (k >= LEX_WORD && k <= LEX_WITHIN) || k == LEX_CLOSE;
}

/* A boost at byte lx->at: its length, or 0. */
static size_t boost(const struct lex *lx, double *factor)
{
    size_t n = lex_boost(view_sub(lx->text, lx->at, lx->text.n), factor);

    return n && ends_alone(lx, lx->at + n) ? n : 0;
}

/* Notes a ~ or ^ right behind a phrase or group that cannot be taken. */
static void note_behind(const struct lex *lx)
{
    struct view rest = view_sub(lx->text, lx->at, word_end(lx, lx->at));

    if (rest.p[0] == '~' && lx->last == LEX_CLOSE)
        notes_wrong(lx->notes, rest,
                    "a ~ goes behind a word or a phrase, not behind a group");
    else if (rest.p[0] == '^' && takes_boost(lx->last))
        lex_boost_note(rest, lx->notes);
}

static int take(struct lex *lx, struct lex_item *item, enum lex_kind kind,
                size_t n)
{
    item->kind = kind;
    item->text = view_sub(lx->text, lx->at, lx->at + n);
    lx->at += n;
    lx->last = kind;
    return kind != LEX_END;
}

static int open_group(struct lex *lx, struct lex_item *item, struct err *err)
{
    if (++lx->depth > LEX_DEPTH)
        return err_set(err, ERR_USAGE,
                       "the query nests parentheses more than %d deep",
                       LEX_DEPTH);
    return take(lx, item, LEX_OPEN, 1);
}

/* Skips white space, and what closes no group. True if there was any, or
 * what came before has the same effect. */
static bool skip(struct lex *lx)
{
    bool fresh = lx->last == LEX_END || lx->last == LEX_OPEN;
    unsigned len;
    int32_t c;

    for (;;) {
        c = char_at(lx, lx->at, &len);
        if (len == 0)
            return fresh;
        if (is_blank(c)) {
            fresh = true;
        } else if (c == ')' && lx->depth == 0) {
            notes_wrong(lx->notes, view_sub(lx->text, lx->at, lx->at + 1),
                        "a ')' closes no group: it is skipped");
        } else {
            return fresh;
        }
        lx->at += len;
    }
}

int lex_next(struct lex *lx, struct lex_item *item, struct err *err)
{
    bool fresh = skip(lx);
    /* right behind a sign, a field or a keyword an item may begin, too */
    bool sign = !fresh && (lx->last == LEX_PLUS || lx->last == LEX_MINUS);
    bool begins =
        fresh || sign || (lx->last != LEX_WORD && lx->last != LEX_EXACT);
    bool glued = !fresh && lx->last == LEX_TITLE;
    unsigned len, nlen;
    size_t n = 0;
    int32_t c = char_at(lx, lx->at, &len), next;
    enum lex_kind kind;

    if (len == 0)
        return take(lx, item, LEX_END, 0);
    next = char_at(lx, lx->at + len, &nlen);
    if (is_quote(c)) {
        phrase(lx, lx->at + len, c, item);
        within(lx, item);
        lx->last = item->kind;
        return 1;
    }
    if (c == '(' && begins)
        return open_group(lx, item, err);
    if (c == ')' && lx->depth > 0) {
        lx->depth--;
        return take(lx, item, LEX_CLOSE, 1);
    }
    if (fresh && c == '-' && (is_letter(next) || is_quote(next) || next == '('))
        return take(lx, item, LEX_MINUS, 1);
    if (fresh && c == '+' &&
        (is_word(next) || is_quote(next) || next == '(' || next == '='))
        return take(lx, item, LEX_PLUS, 1);
    if ((fresh || sign || glued) && c == '=' && is_word(next)) {
        lx->at++;
        n = word_end(lx, lx->at) - lx->at;
        n -= lex_boost_tail(view_sub(lx->text, lx->at, lx->at + n));
        lex_exact(view_sub(lx->text, lx->at, lx->at + n), lx->notes);
        return take(lx, item, LEX_EXACT, n);
    }
    if (fresh && (kind = keyword(lx, &n)) != LEX_END)
        return take(lx, item, kind, n);
    if (fresh && (n = beside(lx, &item->number)) > 0)
        return take(lx, item, LEX_BESIDE, n);
    if (!fresh && takes_boost(lx->last) && (n = boost(lx, &item->factor)) > 0)
        return take(lx, item, LEX_BOOST, n);
    if ((fresh || sign) && field(lx, item)) {
        lx->last = item->kind;
        return 1;
    }
    if (!fresh)
        note_behind(lx);
    n = word_end(lx, lx->at) - lx->at;
    n -= lex_boost_tail(view_sub(lx->text, lx->at, lx->at + n));
    take(lx, item, LEX_WORD, n ? n : len);
    lex_word(item, lx->notes);
    lx->last = item->kind;
    return 1;
}
