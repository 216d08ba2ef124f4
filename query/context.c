#include "query/context.h"

#include "query/shown.h"
#include "text/normal.h"
#include "text/segment.h"

/* Bytes of the cluster at `at`, and the columns it takes. Negative where
 * memory is out. */
static int cluster(struct view v, size_t at, unsigned *width)
{
    uint8_t c = v.p[at];
    struct buf safe = {0};
    size_t n = 1;

    *width = 1;
    if (c < 0x80 && (at + 1 == v.n || v.p[at + 1] < 0x80))
        return 1;
    n = normal_cluster(view_sub(v, at, v.n));
    if (n == 0)
        return 1;
    if (shown_safe(&safe, view_sub(v, at, at + n), false) < 0)
        return -1;
    *width = (unsigned)normal_width(buf_view(&safe));
    buf_release(&safe);
    return (int)n;
}

/* v on one line: in `line`, to be released. */
static int one_line(struct view v, bool blank, struct buf *line)
{
    return shown_line(line, v, &blank);
}

static int width_of(struct view v, unsigned *width)
{
    size_t at = 0;
    unsigned w;
    int n;

    *width = 0;
    for (; at < v.n; at += (size_t)n) {
        n = cluster(v, at, &w);
        if (n < 0)
            return -1;
        *width += w;
    }
    return 0;
}

int context_width(struct view v, unsigned *width)
{
    struct buf line = {0};
    int rc = one_line(v, false, &line);

    if (rc == 0)
        rc = width_of(buf_view(&line), width);
    buf_release(&line);
    return rc;
}

int context_before(struct view v, unsigned columns, struct buf *out,
                   unsigned *width, bool *all)
{
    struct buf line = {0};
    struct view text;
    size_t at = 0;
    unsigned w;
    int n = 1, rc = one_line(v, true, &line);

    text = buf_view(&line);
    if (rc == 0)
        rc = width_of(text, width);
    *all = rc == 0 && *width <= columns;
    while (rc == 0 && at < text.n && (*width > columns || text.p[at] == ' ')) {
        n = cluster(text, at, &w);
        if (n < 0)
            rc = n;
        at += n < 0 ? 0 : (size_t)n;
        *width -= w;
    }
    if (rc == 0)
        rc = buf_add(out, view_sub(text, at, text.n));
    buf_release(&line);
    return rc;
}

int context_behind(struct view v, unsigned columns, struct buf *out,
                   unsigned *width, bool *all)
{
    struct buf line = {0};
    struct view text;
    size_t at = 0;
    unsigned w;
    int n, rc = one_line(v, false, &line);

    text = buf_view(&line);
    *width = 0;
    while (rc == 0 && at < text.n) {
        n = cluster(text, at, &w);
        if (n < 0)
            rc = n;
        else if (*width + w > columns)
            break;
        *width += w;
        at += n < 0 ? 0 : (size_t)n;
    }
    *all = rc == 0 && at == text.n;
    for (; at > 0 && text.p[at - 1] == ' '; at--)
        --*width;
    if (rc == 0)
        rc = buf_add(out, view_sub(text, 0, at));
    buf_release(&line);
    return rc;
}

/* --- keys --- */

static bool is_word(struct view v)
{
    unsigned len;
    size_t i;

    for (i = 0; i < v.n; i += len)
        if (unicode_class(utf8_decode(v.p + i, v.p + v.n, &len))->is_word)
            return true;
    return false;
}

/* Appends a word and what ends it. 1 where the key is full. */
static int add_word(struct buf *out, size_t begin, struct view word)
{
    if (normal_fold(word, out) < 0)
        return -1;
    if (out->n - begin >= CONTEXT_KEY) {
        out->n = begin + CONTEXT_KEY;
        return 1;
    }
    return buf_addc(out, 0);
}

int context_key(struct view v, bool behind, bool cut, struct buf *out)
{
    struct view word[CONTEXT_WORDS];
    struct segmenter s;
    size_t from, to, n = 0, i, begin = out->n;
    bool first = true;
    int rc = 0;

    segmenter_init(&s, v);
    while (segmenter_next(&s, &from, &to)) {
        bool half = cut && (behind ? to == v.n : first);

        first = false;
        if (half || !is_word(view_sub(v, from, to)))
            continue;
        if (behind && n == CONTEXT_WORDS)
            break;
        word[n++ % CONTEXT_WORDS] = view_sub(v, from, to);
    }
    for (i = 0; i < n && i < CONTEXT_WORDS && rc == 0; i++)
        rc = add_word(out, begin,
                      word[(behind ? i : n - 1 - i) % CONTEXT_WORDS]);
    return rc < 0 ? rc : buf_addc(out, 0);
}
