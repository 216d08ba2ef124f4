#include "indexer/jsonl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json_read.h"
#include "indexer/vec.h"

enum {
    BLOCK = 1 << 18, /* bytes asked for at a time */
    KEEP = 1 << 20   /* a longer line leaves no memory behind */
};

struct jsonl {
    int fd;
    const char *name; /* for messages; borrowed */
    size_t max;
    struct json_reader *reader;
    struct buf in; /* read and not given out yet, from `at` on */
    size_t at;
    bool ended; /* nothing is left behind `in` */
    uint64_t line;
    struct field *field;
    size_t field_cap;
};

int jsonl_open(struct jsonl **out, const char *path, size_t max,
               struct err *err)
{
    struct jsonl *j = calloc(1, sizeof *j);
    bool in = strcmp(path, "-") == 0;
    int rc;

    *out = NULL;
    if (!j)
        return err_nomem(err);
    j->name = in ? "standard input" : path;
    j->max = max;
    j->fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (j->fd < 0) {
        rc = err_sys(err, ERR_IO, errno, "cannot open %s", path);
        free(j);
        return rc;
    }
    rc = json_reader_open(&j->reader, err);
    if (rc < 0) {
        jsonl_close(j);
        return rc;
    }
    *out = j;
    return 0;
}

void jsonl_close(struct jsonl *j)
{
    if (!j)
        return;
    if (j->fd != STDIN_FILENO)
        close(j->fd);
    json_reader_free(j->reader);
    buf_release(&j->in);
    free(j->field);
    free(j);
}

/* Reads on: 1, 0 at the end or when stopped, ERR_IO, ERR_NOMEM. */
static int fill(struct jsonl *j, const volatile sig_atomic_t *stop,
                struct err *err)
{
    ssize_t n;

    if (j->ended)
        return 0;
    if (j->at > 0) {
        memmove(j->in.p, j->in.p + j->at, j->in.n - j->at);
        j->in.n -= j->at;
        j->at = 0;
        if (j->in.n < KEEP / 4 && j->in.cap > KEEP) {
            struct buf small = {0};

            if (buf_add(&small, buf_view(&j->in)) < 0)
                return err_nomem(err);
            buf_release(&j->in);
            j->in = small;
        }
    }
    if (buf_reserve(&j->in, BLOCK) < 0)
        return err_nomem(err);
    do
        n = read(j->fd, j->in.p + j->in.n, BLOCK);
    while (n < 0 && errno == EINTR && !*stop);
    if (n < 0 && errno != EINTR)
        return err_sys(err, ERR_IO, errno, "cannot read %s", j->name);
    if (n <= 0) {
        j->ended = true;
        return 0;
    }
    j->in.n += (size_t)n;
    return 1;
}

/* The next line without its end: 1, 0 at the end of all. One that is too long
 * is passed over: ERR_USAGE. */
static int next_line(struct jsonl *j, struct view *line,
                     const volatile sig_atomic_t *stop, struct err *err)
{
    size_t seen = 0;
    bool skip = false;
    const uint8_t *nl;
    int rc;

    for (;;) {
        struct view rest = view_sub(buf_view(&j->in), j->at, j->in.n);

        nl = rest.n > seen ? memchr(rest.p + seen, '\n', rest.n - seen) : NULL;
        if (nl)
            break;
        seen = rest.n;
        if (seen > j->max) {
            skip = true;
            j->at = j->in.n;
            seen = 0;
        }
        rc = fill(j, stop, err);
        if (rc < 0 || *stop)
            return rc < 0 ? rc : 0;
        if (rc == 0)
            break;
    }
    line->p = j->in.p ? j->in.p + j->at : NULL;
    line->n = nl ? (size_t)(nl - line->p) : j->in.n - j->at;
    if (!nl && line->n == 0 && !skip)
        return 0;
    j->at += line->n + (nl != NULL);
    j->line++;
    if (skip || line->n > j->max)
        return err_set(err, ERR_USAGE, "longer than %zu bytes (--max-size)",
                       j->max);
    return 1;
}

static bool blank(struct view v)
{
    size_t i;

    for (i = 0; i < v.n; i++)
        if (v.p[i] != ' ' && v.p[i] != '\t' && v.p[i] != '\r')
            return false;
    return true;
}

static bool key_is(const struct json_member *m, const char *key)
{
    return view_eq(m->key, view_str(key));
}

/* What a member says, into *out. */
static int take(struct record *out, const struct json_member *m)
{
    bool scalar = m->type != JSON_NULL && m->type != JSON_NESTED;
    struct view *to = NULL;

    if (key_is(m, "id"))
        to = &out->id;
    else if (key_is(m, "title"))
        to = &out->title;
    else if (key_is(m, "text"))
        to = &out->text;
    else if (key_is(m, "date"))
        to = &out->date;
    else if (key_is(m, "lang") || key_is(m, "language"))
        to = &out->language;
    if (to && m->type != JSON_NULL) {
        if (!scalar)
            return ERR_USAGE;
        *to = m->text;
    } else if (!to && scalar) {
        out->field[out->nfields].name = m->key;
        out->field[out->nfields++].value = m->text;
    }
    return 0;
}

static int parse(struct jsonl *j, struct record *out, struct err *err)
{
    const struct json_member *m;
    struct field *more;
    size_t n, i;
    int rc = json_reader_parse(j->reader, out->raw, &m, &n, err);

    if (rc < 0)
        return rc;
    more = vec_grow(j->field, &j->field_cap, n, sizeof *more);
    if (!more && n)
        return err_nomem(err);
    out->field = j->field = more;
    out->replaced = json_reader_replaced(j->reader);
    for (i = 0; i < n; i++)
        if (take(out, &m[i]) < 0)
            return err_set(err, ERR_USAGE, "the value of \"%.*s\" is no string",
                           (int)m[i].key.n, (const char *)m[i].key.p);
    if (out->id.n == 0)
        return err_set(err, ERR_USAGE, "no \"id\"");
    return 1;
}

int jsonl_next(struct jsonl *j, struct record *out,
               const volatile sig_atomic_t *stop, struct err *err)
{
    int rc;

    memset(out, 0, sizeof *out);
    do {
        rc = next_line(j, &out->raw, stop, err);
        out->line = j->line;
    } while (rc > 0 && blank(out->raw));
    return rc > 0 ? parse(j, out, err) : rc;
}
