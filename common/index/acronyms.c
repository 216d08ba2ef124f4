#include "index/acronyms.h"

#include "text/acronym.h"
#include "text/normal.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { HEAD = 3 }; /* bytes of a long form's second word in its row */

/* Whether `lines` has this one. */
static bool has_line(struct view lines, struct view line)
{
    size_t i, end;

    for (i = 0; i < lines.n; i = end + 1) {
        for (end = i; end < lines.n && lines.p[end] != '\n'; end++)
            ;
        if (view_eq(view_sub(lines, i, end), line))
            return true;
    }
    return false;
}

int acronyms_of(struct view text, struct buf *out)
{
    struct acronyms a = {0};
    struct acronym pair;
    size_t from = out->n, at, n = 0;
    int rc;

    acronyms_begin(&a, text);
    while ((rc = acronyms_next(&a, &pair)) > 0 && n < ACRONYMS_MAX) {
        at = out->n;
        if (buf_add(out, pair.brief) < 0 || buf_addc(out, '\t') < 0 ||
            buf_add(out, pair.full) < 0) {
            rc = ERR_NOMEM;
            break;
        }
        if (has_line(view_of(out->p + from, at - from),
                     view_of(out->p + at, out->n - at))) {
            out->n = at;
        } else if (buf_addc(out, '\n') < 0) {
            rc = ERR_NOMEM;
            break;
        } else {
            n++;
        }
    }
    acronyms_end(&a);
    return rc < 0 ? rc : 0;
}

bool acronym_pair(struct view *rest, struct acronym_pair *out)
{
    while (rest->n > 0) {
        const uint8_t *end = memchr(rest->p, '\n', rest->n), *tab;
        size_t n = end ? (size_t)(end - rest->p) : rest->n;

        tab = memchr(rest->p, '\t', n);
        if (tab) {
            out->brief = view_of(rest->p, (size_t)(tab - rest->p));
            out->full = view_sub(*rest, out->brief.n + 1, n);
        }
        *rest = view_sub(*rest, end ? n + 1 : n, rest->n);
        if (tab && out->brief.n && out->full.n)
            return true;
    }
    return false;
}

/* Case and accents go, and what would end a key or its parts. */
static int fold(struct view v, struct buf *out)
{
    struct buf raw = {0};
    size_t from = out->n, i;
    int rc;

    for (i = 0; i < v.n && v.p[i] < 0x80; i++)
        ;
    if (i == v.n) {
        rc = buf_add(out, v);
    } else {
        rc = normal_fold(v, &raw);
        if (rc == 0)
            rc = normal_unaccent(buf_view(&raw), out);
        buf_release(&raw);
    }
    for (i = from; rc == 0 && i < out->n; i++)
        if (out->p[i] >= 'A' && out->p[i] <= 'Z')
            out->p[i] |= 0x20;
        else if (out->p[i] < ' ')
            out->p[i] = ' ';
    return rc;
}

int acronym_fold_brief(struct view brief, struct buf *out)
{
    size_t from = out->n, i, n = from;
    int rc = fold(brief, out);

    for (i = from; rc == 0 && i < out->n; i++)
        if (out->p[i] != '.')
            out->p[n++] = out->p[i];
    out->n = rc == 0 ? n : from;
    return rc;
}

int acronym_fold_full(struct view full, struct buf *out)
{
    return fold(full, out);
}

/* The first letter or digit of v from byte i on, or the first character that is
 * neither. */
static size_t skip(struct view v, size_t i, bool word)
{
    unsigned len;

    for (; i < v.n; i += len) {
        const struct unicode_class *c =
            unicode_class(utf8_decode(v.p + i, v.p + v.n, &len));

        if ((c->is_word || c->is_mark) != word)
            break;
    }
    return i;
}

bool acronym_head(struct view v, struct buf *out)
{
    size_t from = skip(v, 0, false), to = skip(v, from, true);
    size_t next = skip(v, to, false), end = skip(v, next, true);

    if (next == end)
        return false;
    if (end > next + HEAD)
        end = next + HEAD;
    return buf_add(out, view_sub(v, from, to)) == 0 &&
           buf_addc(out, ACRONYM_BRIEF_MARK) == 0 &&
           buf_add(out, view_sub(v, next, end)) == 0 &&
           buf_addc(out, ACRONYM_BRIEF_MARK) == 0;
}

int acronym_values(const struct acronym_pair *p, struct buf *out, size_t *n)
{
    size_t from = out->n, full, second;

    if (acronym_fold_brief(p->brief, out) < 0)
        return ERR_NOMEM;
    *n = out->n - from; /* of the short form, for now */
    if (buf_addc(out, ACRONYM_FULL_MARK) < 0)
        return ERR_NOMEM;
    full = out->n;
    if (acronym_fold_full(p->full, out) < 0)
        return ERR_NOMEM;
    second = out->n;
    /* what is copied lies in `out` itself, which must not move */
    if (buf_reserve(out, second - from + HEAD) < 0)
        return ERR_NOMEM;
    if (!acronym_head(view_of(out->p + full, second - full), out) ||
        buf_add(out, view_of(out->p + from, *n)) < 0)
        out->n = second;
    *n = second - from;
    if (*n > FIELDS_VALUE || out->n - second > FIELDS_VALUE || out->n == second)
        out->n = from;
    return 0;
}

int acronym_rows(struct field_walk *w, struct txn *t, struct view prefix,
                 struct err *err)
{
    struct buf key = {0};

    if (buf_adds(&key, ACRONYMS_FIELD) < 0 || buf_addc(&key, 0) < 0 ||
        buf_add(&key, prefix) < 0) {
        buf_release(&key);
        memset(w, 0, sizeof *w);
        return err_nomem(err);
    }
    return fields_walk_keys(w, t, key, err);
}

int acronym_words_open(struct acronym_words *w, struct txn *t, struct err *err)
{
    store_db db;
    int rc = txn_open_db(t, "field", false, &db, err);

    memset(w, 0, sizeof *w);
    if (rc > 0)
        rc = cursor_open(&w->cursor, t, db, err);
    return rc < 0 ? rc : 0;
}

/* The byte that follows the word in the first row not before it and `mark`; 0
 * where there is no such row. */
static int mark_from(struct acronym_words *w, struct view word, int mark)
{
    struct view key, val;
    size_t n;
    int rc;

    buf_clear(&w->key);
    if (buf_adds(&w->key, ACRONYMS_FIELD) < 0 || buf_addc(&w->key, 0) < 0 ||
        buf_add(&w->key, word) < 0)
        return ERR_NOMEM;
    n = w->key.n;
    if (buf_addc(&w->key, mark) < 0)
        return ERR_NOMEM;
    rc = cursor_seek(w->cursor, buf_view(&w->key), &key, &val);
    if (rc <= 0 || key.n <= n || memcmp(key.p, w->key.p, n) != 0)
        return rc < 0 ? rc : 0;
    return key.p[n];
}

int acronym_begins(struct acronym_words *w, struct view head)
{
    int mark = w->cursor ? mark_from(w, head, 0) : 0;

    return mark > 0 ? 1 : mark;
}

int acronym_word(struct acronym_words *w, struct view word)
{
    int mark, is = 0;

    if (!w->cursor || word.n == 0 || word.n > FIELDS_VALUE)
        return 0;
    mark = mark_from(w, word, ACRONYM_FULL_MARK);
    if (mark == ACRONYM_FULL_MARK) {
        is = ACRONYM_IS_BRIEF;
        mark = mark_from(w, word, ACRONYM_BRIEF_MARK);
    }
    return mark < 0 ? mark
                    : is | (mark == ACRONYM_BRIEF_MARK ? ACRONYM_IS_HEAD : 0);
}

void acronym_words_close(struct acronym_words *w)
{
    cursor_close(w->cursor);
    buf_release(&w->key);
    memset(w, 0, sizeof *w);
}
