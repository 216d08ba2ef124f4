#include "indexer/front.h"

struct view line_at(struct view text, size_t at, size_t *next)
{
    const uint8_t *end =
        at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;
    size_t to = end ? (size_t)(end - text.p) : text.n;

    *next = end ? to + 1 : to;
    if (to > at && text.p[to - 1] == '\r')
        to--;
    return view_sub(text, at, to);
}

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' ||
           c == '\v';
}

struct view trim(struct view v)
{
    while (v.n > 0 && blank(v.p[v.n - 1]))
        v.n--;
    while (v.n > 0 && blank(v.p[0]))
        v = view_sub(v, 1, v.n);
    return v;
}

static bool is(struct view line, const char *mark)
{
    while (line.n > 0 && blank(line.p[line.n - 1]))
        line.n--;
    return view_eq(line, view_str(mark));
}

static bool key_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c >= 0x80;
}

/* Splits "key: value"; false where the line is none. */
static bool split(struct view line, struct view *key, struct view *value)
{
    size_t n = 0;

    while (n < line.n && (key_byte(line.p[n]) || (n > 0 && line.p[n] == ' ')))
        n++;
    if (n == 0 || n == line.n || line.p[n] != ':' ||
        (n + 1 < line.n && !blank(line.p[n + 1])))
        return false;
    *key = trim(view_sub(line, 0, n));
    *value = trim(view_sub(line, n + 1, line.n));
    return true;
}

size_t front_end(struct view text, size_t at, size_t max, size_t *body)
{
    size_t stop = text.n - at > max ? at + max : text.n, next;
    struct view line, key, value;
    bool first = true;

    if (!is(line_at(text, at, &next), "---") || next == text.n)
        return at;
    *body = next;
    while (next < stop) {
        line = line_at(text, next, &next);
        if (is(line, "---") || is(line, "..."))
            return first ? at : next;
        if (!first || trim(line).n == 0 || line.p[0] == '#')
            continue;
        /* a rule over a paragraph is no front matter */
        if (!split(line, &key, &value))
            return at;
        first = false;
    }
    return at;
}

/* A value without what is YAML about it. */
static struct view plain(struct view v)
{
    size_t i;

    if (v.n >= 2 && (v.p[0] == '"' || v.p[0] == '\'') && v.p[v.n - 1] == v.p[0])
        return view_sub(v, 1, v.n - 1);
    if (v.n >= 2 && v.p[0] == '[' && v.p[v.n - 1] == ']')
        return trim(view_sub(v, 1, v.n - 1));
    if (v.n > 0 && (v.p[0] == '|' || v.p[0] == '>')) {
        for (i = 1; i < v.n && strchr("+-0123456789", v.p[i]); i++)
            ;
        if (i == v.n)
            v.n = 0;
    }
    return v;
}

bool front_next(struct view text, size_t *at, size_t end,
                struct front_line *out)
{
    while (*at < end) {
        struct view line = line_at(text, *at, at), key;
        bool inner = line.n > 0 && (blank(line.p[0]) || line.p[0] == '-');

        if (is(line, "---") || is(line, "..."))
            return false;
        line = trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        out->key = view_of(NULL, 0);
        if (line.n > 1 && line.p[0] == '-' && blank(line.p[1]))
            line = trim(view_sub(line, 1, line.n));
        out->value = line;
        if (split(line, &key, &out->value) && !inner)
            out->key = key;
        out->value = plain(out->value);
        return true;
    }
    return false;
}
