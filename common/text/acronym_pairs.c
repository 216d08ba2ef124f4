#include "text/acronym_pairs.h"

#include <string.h>

#include "base/err.h"
#include "text/acronym.h"
#include "text/normal.h"
#include "text/unicode.h"
#include "text/utf8.h"

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
    if (end > next + ACRONYM_HEAD)
        end = next + ACRONYM_HEAD;
    return buf_add(out, view_sub(v, from, to)) == 0 &&
           buf_addc(out, ACRONYM_BRIEF_MARK) == 0 &&
           buf_add(out, view_sub(v, next, end)) == 0 &&
           buf_addc(out, ACRONYM_BRIEF_MARK) == 0;
}
