#include "indexer/formats/html_attributes.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct scan {
    uint8_t *at, *end;
};

static bool letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_blanks(struct scan *s)
{
    while (s->at < s->end && blank(*s->at))
        s->at++;
}

/* Goes behind the next c, or to the end. */
static void skip_to(struct scan *s, uint8_t c)
{
    uint8_t *p =
        s->at < s->end ? memchr(s->at, c, (size_t)(s->end - s->at)) : NULL;

    s->at = p ? p + 1 : s->end;
}

/* Goes behind what ends a comment, or to the end. */
static void skip_comment(struct scan *s)
{
    for (s->at += 2; s->at < s->end;) {
        skip_to(s, '>');
        if (memcmp(s->at - 3, "-->", 3) == 0)
            return;
    }
}

/* Goes to the end tag of an element whose content has no tags. */
static void skip_raw(struct scan *s, const char *name, size_t n)
{
    while (s->at < s->end) {
        skip_to(s, '<');
        if ((size_t)(s->end - s->at) > n && s->at[0] == '/' &&
            strncasecmp((const char *)s->at + 1, name, n) == 0)
            return;
    }
}

/* Goes behind an attribute. */
static void skip_attribute(struct scan *s)
{
    while (s->at < s->end && !blank(*s->at) && *s->at != '=' && *s->at != '>' &&
           *s->at != '/')
        s->at++;
    skip_blanks(s);
    if (s->at == s->end || *s->at != '=')
        return;
    s->at++;
    skip_blanks(s);
    if (s->at < s->end && (*s->at == '"' || *s->at == '\'')) {
        s->at++;
        skip_to(s, s->at[-1]);
        return;
    }
    while (s->at < s->end && !blank(*s->at) && *s->at != '>')
        s->at++;
}

/* Goes behind a tag from the end of its name, with blanks instead of the
 * attributes that are too many. */
static void bound(struct scan *s)
{
    uint8_t *excess = NULL;
    size_t n = 0;

    for (;;) {
        while (s->at < s->end && (blank(*s->at) || *s->at == '/'))
            s->at++;
        if (s->at == s->end || *s->at == '>')
            break;
        if (n++ == HTML_ATTRIBUTES)
            excess = s->at;
        if (*s->at == '=') /* no name */
            s->at++;
        skip_attribute(s);
    }
    if (excess)
        memset(excess, ' ', (size_t)(s->at - excess));
}

void html_bound_attributes(uint8_t *page, size_t n)
{
    static const char *const raw[] = {"script", "style"};
    struct scan s = {page, n > 0 ? page + n : page};

    while (skip_to(&s, '<'), s.at < s.end) {
        const uint8_t *name = s.at;
        size_t i, len;

        if (s.end - s.at > 3 && memcmp(s.at, "!--", 3) == 0)
            skip_comment(&s);
        if (!letter(*name))
            continue;
        while (s.at < s.end && !blank(*s.at) && *s.at != '>' && *s.at != '/')
            s.at++;
        len = (size_t)(s.at - name);
        bound(&s);
        for (i = 0; i < sizeof raw / sizeof *raw; i++)
            if (len == strlen(raw[i]) &&
                strncasecmp((const char *)name, raw[i], len) == 0)
                skip_raw(&s, raw[i], len);
    }
}
