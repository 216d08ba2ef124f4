#include "indexer/formats/mbox.h"

#include <ctype.h>
#include <strings.h>

#include "base/err.h"

/* The next word of v. */
static struct view word(struct view *v)
{
    size_t from = 0, i;

    while (from < v->n && (v->p[from] == ' ' || v->p[from] == '\t'))
        from++;
    for (i = from; i < v->n && v->p[i] > ' '; i++)
        ;
    *v = view_sub(*v, from, v->n);
    i -= from;
    *v = view_sub(*v, i, v->n);
    return view_of(v->p - i, i);
}

static bool one_of(struct view w, const char *names)
{
    char name[4];

    if (w.n != 3)
        return false;
    for (; *names; names += 3) {
        memcpy(name, names, 3);
        name[3] = 0;
        if (strncasecmp(name, (const char *)w.p, 3) == 0)
            return true;
    }
    return false;
}

static bool is_day(struct view w)
{
    return (w.n == 1 || w.n == 2) && isdigit(w.p[0]) && isdigit(w.p[w.n - 1]);
}

static bool is_time(struct view w)
{
    size_t i, colons = 0;

    for (i = 0; i < w.n; i++) {
        if (!isdigit(w.p[i]) && w.p[i] != ':')
            return false;
        colons += w.p[i] == ':';
    }
    return colons == 1 || colons == 2;
}

static bool is_year(struct view w)
{
    return w.n == 4 && isdigit(w.p[0]) && isdigit(w.p[1]) && isdigit(w.p[2]) &&
           isdigit(w.p[3]);
}

/* Whether a line has the date of such a line: "Tue Jan  4 12:00:00 2022", with a
 * zone before the year or behind it. */
static bool is_first(struct view line)
{
    struct view v, w;

    if (line.n < 20 || line.n > MBOX_LINE || memcmp(line.p, "From ", 5) != 0)
        return false;
    for (v = view_sub(line, 5, line.n); (w = word(&v)).n;) {
        struct view rest = v;

        if (one_of(w, "MonTueWedThuFriSatSun") &&
            one_of(word(&rest), "JanFebMarAprMayJunJulAugSepOctNovDec") &&
            is_day(word(&rest)) && is_time(word(&rest))) {
            w = word(&rest);
            return is_year(w) || is_year(word(&rest));
        }
    }
    return false;
}

/* The line that v begins with, without its end. */
static struct view line_of(struct view v)
{
    const uint8_t *nl = v.n ? memchr(v.p, '\n', v.n) : NULL;

    return view_sub(v, 0, nl ? (size_t)(nl - v.p) : v.n);
}

size_t mbox_find(struct view v, size_t at)
{
    for (; at < v.n; at++) {
        const uint8_t *p;

        if (at == 0 || v.p[at - 1] == '\n') {
            if (is_first(line_of(view_sub(v, at, v.n))))
                return at;
        }
        p = memmem(v.p + at, v.n - at, "\nFrom ", 6);
        if (!p)
            break;
        at = (size_t)(p - v.p);
    }
    return v.n;
}

/* The '>' that a line begins with, if "From " is behind them. */
static size_t quotes(struct view v)
{
    size_t n = 0;

    while (n < v.n && v.p[n] == '>')
        n++;
    return v.n - n >= 5 && memcmp(v.p + n, "From ", 5) == 0 ? n : 0;
}

int mbox_message(struct view v, struct buf *out)
{
    size_t line = line_of(v).n + 1, from = line;

    while (line < v.n) {
        const uint8_t *nl;

        if (quotes(view_sub(v, line, v.n))) {
            if (buf_add(out, view_sub(v, from, line)) < 0)
                return ERR_NOMEM;
            from = line + 1;
        }
        nl = memmem(v.p + line, v.n - line, "\n>", 2);
        line = nl ? (size_t)(nl - v.p) + 1 : v.n;
    }
    return from < v.n ? buf_add(out, view_sub(v, from, v.n)) : 0;
}
