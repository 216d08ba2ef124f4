#include "indexer/formats/filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "indexer/formats/child.h"
#include "indexer/formats/extract.h"
#include "indexer/read.h"
#include "indexer/vec.h"

void filters_release(struct filters *f)
{
    size_t i;

    for (i = 0; i < f->n; i++) {
        buf_release(&f->filter[i].suffix);
        buf_release(&f->filter[i].words);
    }
    free(f->filter);
    memset(f, 0, sizeof *f);
}

/* --- reading one --- */

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Appends the quoted stretch behind *p, which is left at its end. */
static int quoted(const char **p, struct buf *out)
{
    char quote = *(*p)++;

    while (**p && **p != quote) {
        if (quote == '"' && **p == '\\' && ((*p)[1] == '"' || (*p)[1] == '\\'))
            (*p)++;
        if (buf_addc(out, *(*p)++) < 0)
            return ERR_NOMEM;
    }
    return *(*p) ? (++*p, 0) : ERR_USAGE;
}

/* Appends the word at *p and its NUL. ERR_USAGE: a quote is open. */
static int word(const char **p, struct buf *out)
{
    int rc = 0;

    while (rc == 0 && **p && !blank(**p)) {
        if (**p == '\'' || **p == '"') {
            rc = quoted(p, out);
            continue;
        }
        if (**p == '\\' && (*p)[1])
            (*p)++;
        rc = buf_addc(out, *(*p)++);
    }
    return rc < 0 ? rc : buf_addc(out, 0);
}

static int words(const char *p, struct buf *out)
{
    int rc = 0;

    for (;;) {
        while (blank(*p))
            p++;
        if (rc < 0 || !*p)
            return rc;
        rc = word(&p, out);
    }
}

int filters_add(struct filters *f, const char *spec, struct err *err)
{
    const char *equals = strchr(spec, '=');
    struct file_filter *one;
    int rc;

    if (*spec == '.')
        spec++;
    if (!equals || equals <= spec || memchr(spec, '/', (size_t)(equals - spec)))
        return err_set(err, ERR_USAGE,
                       "--filter: '%.100s' is not EXT=COMMAND, such as "
                       "'doc=antiword {}'",
                       spec);
    one = vec_grow(f->filter, &f->cap, f->n + 1, sizeof *one);
    if (!one)
        return err_nomem(err);
    f->filter = one;
    one += f->n++;
    memset(one, 0, sizeof *one);
    rc = buf_addc(&one->suffix, '.');
    if (rc == 0)
        rc = buf_add(&one->suffix, view_of(spec, (size_t)(equals - spec)));
    if (rc == 0)
        rc = words(equals + 1, &one->words);
    if (rc == ERR_USAGE)
        return err_set(err, rc, "--filter: a quote is not closed in '%.200s'",
                       spec);
    if (rc < 0)
        return err_nomem(err);
    if (one->words.n == 0 || one->words.p[0] == 0)
        return err_set(err, ERR_USAGE, "--filter: '%.100s' names no command",
                       spec);
    return 0;
}

const struct file_filter *filters_find(const struct filters *f,
                                       struct view path)
{
    size_t i = f ? f->n : 0;

    while (i-- > 0) {
        struct view s = buf_view(&f->filter[i].suffix);

        if (path.n > s.n && strncasecmp((const char *)path.p + path.n - s.n,
                                        (const char *)s.p, s.n) == 0)
            return &f->filter[i];
    }
    return NULL;
}

/* --- running it --- */

/* Appends a word with the path in place of each {}, and its NUL. */
static int fill(struct view w, struct view path, bool *named, struct buf *out)
{
    size_t i = 0;
    int rc = 0;

    while (i < w.n && rc == 0) {
        if (i + 1 < w.n && w.p[i] == '{' && w.p[i + 1] == '}') {
            *named = true;
            rc = buf_add(out, path);
            i += 2;
        } else {
            rc = buf_addc(out, w.p[i++]);
        }
    }
    return rc < 0 ? rc : buf_addc(out, 0);
}

/* Fills all words; returns how many, or ERR_NOMEM. */
static int fill_words(struct view words, struct view path, bool *named,
                      struct buf *out)
{
    int n = 0;

    while (words.n) {
        const uint8_t *end = memchr(words.p, 0, words.n);
        size_t len = end ? (size_t)(end - words.p) : words.n;

        if (fill(view_sub(words, 0, len), path, named, out) < 0)
            return ERR_NOMEM;
        words = view_sub(words, end ? len + 1 : len, words.n);
        n++;
    }
    return n;
}

static const char **pointers(const struct buf *words, int n)
{
    const char **argv = calloc((size_t)n + 1, sizeof *argv);
    const char *p = (const char *)words->p;
    int i;

    for (i = 0; argv && i < n; i++) {
        argv[i] = p;
        p += strlen(p) + 1;
    }
    return argv;
}

static int failed(const char *name, const struct child *end, struct err *err)
{
    struct buf why = {0};
    int rc =
        child_failure(end, &why) < 0 || !buf_cstr(&why)
            ? err_nomem(err)
            : err_set(err, ERR_USAGE, "%.100s: %.300s", name, buf_cstr(&why));

    buf_release(&why);
    return rc;
}

int filter_extract(struct view words, struct view path, struct view bytes,
                   const struct extract_limits *limits, struct extract *x,
                   struct err *err)
{
    struct buf filled = {0};
    const char **argv = NULL;
    const char *binary;
    struct child end;
    bool named = false;
    int n = fill_words(words, path, &named, &filled), rc;

    if (n > 0)
        argv = pointers(&filled, n);
    if (!argv) {
        buf_release(&filled);
        return err_nomem(err);
    }
    rc = child_run(argv, named ? view_of(NULL, 0) : bytes, limits->text_max,
                   &x->text, &end, err);
    if (rc == ERR_NOTFOUND)
        err_set(err, rc, "there is no program %.200s", argv[0]);
    else if (rc == 0 && end.status != 0)
        rc = failed(argv[0], &end, err);
    else if (rc == 0 && (binary = read_binary(buf_view(&x->text))))
        rc = err_set(err, ERR_USAGE, "what %.100s writes is no text (%s)",
                     argv[0], binary);
    free(argv);
    buf_release(&filled);
    return rc;
}
