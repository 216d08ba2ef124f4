#include <stdio.h>
#include <stdlib.h>

#include "base/json_read.h"
#include "tests/oracle/collection.h"
#include "text/utf8.h"

static char *copy(struct view v)
{
    return must(strndup((const char *)v.p, v.n));
}

/* --- records --- */

void collection_add_jsonl(struct collection *c, const char *file)
{
    FILE *f = fopen(file, "r");
    struct json_reader *r;
    const struct json_member *m;
    struct err err = {0};
    char *line = NULL;
    size_t cap = 0, n, i;
    ssize_t len;

    if (!f || json_reader_open(&r, &err) < 0)
        die("%s: cannot be read", file);
    while ((len = getline(&line, &cap, f)) > 0) {
        struct view id = {0}, title = {0}, text = {0};
        struct zone zone[2];
        struct doc d = {0};

        if (json_reader_parse(r, view_of(line, (size_t)len), &m, &n, &err) < 0)
            die("%s: %s", file, err.msg);
        for (i = 0; i < n; i++) {
            if (view_eq(m[i].key, view_str("id")))
                id = m[i].text;
            else if (view_eq(m[i].key, view_str("title")))
                title = m[i].text;
            else if (view_eq(m[i].key, view_str("text")))
                text = m[i].text;
        }
        d.id = copy(id);
        buf_add(&d.text, title);
        if (title.n)
            buf_addc(&d.text, '\n');
        buf_add(&d.text, text);
        zone[0] = (struct zone){0, (uint32_t)title.n, true};
        zone[1] = (struct zone){(uint32_t)(d.text.n - text.n),
                                (uint32_t)d.text.n, false};
        collection_kill(c, d.id);
        if (d.text.n) {
            collection_add(c, d, title.n ? zone : zone + 1, title.n ? 2 : 1);
        } else {
            free(d.id);
            buf_release(&d.text);
        }
    }
    json_reader_free(r);
    free(line);
    fclose(f);
}

/* --- files ---
 *
 * A title is that of the front matter, else the first heading of a .md file,
 * else the first line that is not empty. Of front matter only the values are
 * searched. */

enum { ZONES = 64 };

struct zones {
    struct zone zone[ZONES];
    size_t n;
    bool titled;
};

static void add_zone(struct zones *z, size_t start, size_t end, bool title)
{
    if (start >= end)
        return;
    if (z->n == ZONES)
        die("too much front matter");
    z->zone[z->n++] = (struct zone){(uint32_t)start, (uint32_t)end, title};
    z->titled |= title;
}

static size_t line_end(struct view text, size_t at)
{
    while (at < text.n && text.p[at] != '\n')
        at++;
    return at;
}

static bool starts(struct view text, size_t at, const char *s)
{
    size_t n = strlen(s);

    return text.n - at >= n && memcmp(text.p + at, s, n) == 0;
}

/* The line [from, to) without blanks and line ends around it. */
static void trim(struct view text, size_t *from, size_t *to)
{
    while (*from < *to && strchr(" \t\r\n", text.p[*from]) && text.p[*from])
        ++*from;
    while (*from < *to && strchr(" \t\r\n", text.p[*to - 1]) && text.p[*to - 1])
        --*to;
}

/* The values of "key: value" lines between lines of "---"; returns the byte
 * behind them. */
static size_t front_matter(struct view text, size_t at, struct zones *z)
{
    size_t end, from, to;

    if (!starts(text, at, "---\n"))
        return at;
    for (at += 4; !starts(text, at, "---\n"); at = end + 1) {
        end = line_end(text, at);
        for (from = at; from < end && text.p[from] != ':'; from++)
            ;
        if (from == end)
            die("front matter of a form the oracle does not read");
        from++;
        to = end;
        trim(text, &from, &to);
        if (to - from >= 2 && (text.p[from] == '"' || text.p[from] == '\'') &&
            text.p[to - 1] == text.p[from]) {
            from++;
            to--;
        }
        add_zone(z, from, to, starts(text, at, "title:"));
    }
    return at + 4;
}

/* The title in the body that begins at `at`. */
static void find_title(struct view text, size_t at, bool headings, size_t *from,
                       size_t *to)
{
    size_t i, end, marks;

    for (i = at; headings && i < text.n; i = end + 1) {
        end = line_end(text, i);
        for (marks = 0; i + marks < end && text.p[i + marks] == '#'; marks++)
            ;
        if (marks && starts(text, i + marks, " ")) {
            *from = i + marks;
            *to = end;
            trim(text, from, to);
            return;
        }
    }
    for (i = at; i < text.n; i = end + 1) {
        end = line_end(text, i);
        *from = i;
        *to = end;
        trim(text, from, to);
        if (*from < *to)
            return;
    }
    *from = *to = at;
}

static void read_all(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "r");
    size_t n;

    if (!f)
        die("%s: cannot be read", path);
    do {
        if (buf_reserve(out, 65536) < 0)
            die("out of memory");
        n = fread(out->p + out->n, 1, 65536, f);
        out->n += n;
    } while (n > 0);
    fclose(f);
}

/* What is no UTF-8 is Latin-1: corpus/ has one such article. */
static void decode(struct buf *b)
{
    struct buf out = {0};
    size_t i;

    if (utf8_errors(buf_view(b)) == 0)
        return;
    for (i = 0; i < b->n; i++)
        if ((b->p[i] < 0x80 ? buf_addc(&out, b->p[i])
                            : buf_addc(&out, 0xC0 | b->p[i] >> 6) |
                                  buf_addc(&out, 0x80 | (b->p[i] & 0x3F))) < 0)
            die("out of memory");
    buf_release(b);
    *b = out;
}

void collection_add_files(struct collection *c, const char *list)
{
    FILE *f = fopen(list, "r");
    char *line = NULL;
    size_t cap = 0, at, from, to;
    ssize_t len;

    if (!f)
        die("%s: cannot be read", list);
    while ((len = getline(&line, &cap, f)) > 0) {
        struct zones z = {0};
        struct doc d = {0};
        struct view path, text;

        if (line[len - 1] == '\n')
            len--;
        path = view_of(line, (size_t)len);
        d.id = copy(path);
        read_all(d.id, &d.text);
        decode(&d.text);
        text = buf_view(&d.text);
        at = starts(text, 0, "\xef\xbb\xbf") ? 3 : 0;
        at = front_matter(text, at, &z);
        from = to = at;
        if (!z.titled)
            find_title(text, at, path.n > 3 && starts(path, path.n - 3, ".md"),
                       &from, &to);
        add_zone(&z, at, from, false);
        add_zone(&z, from, to, true);
        add_zone(&z, to, text.n, false);
        collection_add(c, d, z.zone, z.n);
    }
    free(line);
    fclose(f);
}
