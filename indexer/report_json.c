#include "indexer/report_json.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/json_write.h"

int report_open(struct report *r, const char *file, struct err *err)
{
    if (!file)
        return 0;
    r->file = file;
    r->fd = strcmp(file, "-") == 0
                ? dup(STDOUT_FILENO)
                : open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (r->fd < 0)
        return err_sys(err, ERR_IO, errno, "cannot write %s", file);
    return 0;
}

void report_json_close(struct report *r)
{
    if (r->fd >= 0 && r->file)
        close(r->fd);
    r->fd = -1;
    buf_release(&r->lines);
}

/* --- lines --- */

static void put_path(struct report *r, struct json *j, struct view id)
{
    struct roots none = {0};
    struct buf shown = {0};

    if (roots_show(r->roots ? r->roots : &none, id, &shown) < 0)
        j->failed = true;
    else
        json_path(j, buf_view(&shown));
    buf_release(&shown);
}

static void put_id(struct report *r, struct json *j, const char *key,
                   struct view id)
{
    json_key(j, key);
    if (id.n)
        put_path(r, j, id);
    else
        json_null(j);
}

static void put_number(struct json *j, const char *key, uint64_t x, bool known)
{
    json_key(j, key);
    if (known)
        json_uint(j, x);
    else
        json_null(j);
}

static void put_count(struct json *j, const char *key, uint64_t x)
{
    put_number(j, key, x, true);
}

static void put_str(struct json *j, const char *key, struct view v)
{
    json_key(j, key);
    if (v.n)
        json_str(j, v);
    else
        json_null(j);
}

static void put_warning(struct json *j, const char *what, uint64_t n)
{
    struct buf b = {0};

    if (n == 0)
        return;
    if (buf_addf(&b, "%s:%llu", what, (unsigned long long)n) < 0)
        j->failed = true;
    else
        json_str(j, buf_view(&b));
    buf_release(&b);
}

/* Ends the line that began at byte `at`; where memory was out, there is none
 * and the report is broken. */
static void end_line(struct report *r, struct json *j, size_t at)
{
    json_end(j);
    if (!j->failed && buf_addc(&r->lines, '\n') == 0)
        return;
    r->lines.n = at;
    r->error = ENOMEM;
}

void report_json_event(struct report *r, const struct event *e)
{
    static const char *const op[VERDICTS] = {
        "add", "update", "rename", "", "skip", "fail",
    };
    struct json j = {.out = &r->lines};
    size_t at = r->lines.n;

    if (r->fd < 0 || e->again)
        return;
    json_object(&j);
    json_key(&j, "type");
    json_cstr(&j, "file");
    json_key(&j, "op");
    json_cstr(&j, e->removed ? "remove" : op[e->verdict]);
    put_id(r, &j, "path", e->id);
    put_id(r, &j, "old", e->old);
    put_number(&j, "id", e->docid, e->docid > 0);
    put_number(&j, "bytes", e->bytes, e->bytes > 0);
    put_number(&j, "terms", e->length, e->length > 0);
    json_key(&j, "reason");
    json_cstr(&j, e->why);
    json_key(&j, "warnings");
    json_array(&j);
    put_warning(&j,
                e->charset.n == 0                         ? "invalid_utf8"
                : view_eq(e->charset, view_str("utf-16")) ? "invalid_utf16"
                                                          : "invalid_encoding",
                e->errors);
    put_warning(&j, "words_cut", e->cut);
    put_warning(&j, "no_text", e->bare != NULL);
    json_end(&j);
    put_str(&j, "format", e->format);
    put_str(&j, "charset", e->charset);
    json_key(&j, "guessed");
    json_bool(&j, e->guessed);
    end_line(r, &j, at);
}

void report_committed(struct report *r)
{
    size_t at = 0;

    while (r->fd >= 0 && at < r->lines.n && !r->error) {
        ssize_t n = write(r->fd, r->lines.p + at, r->lines.n - at);

        if (n < 0 && errno != EINTR)
            r->error = errno;
        at += n > 0 ? (size_t)n : 0;
    }
    buf_clear(&r->lines);
}

void report_json_error(struct report *r, const struct err *err, int code)
{
    struct json j = {.out = &r->lines};

    if (r->fd < 0)
        return;
    buf_clear(&r->lines); /* of a batch that was not committed */
    json_object(&j);
    json_key(&j, "type");
    json_cstr(&j, "error");
    put_count(&j, "exit", (uint64_t)code);
    json_key(&j, "message");
    json_cstr(&j, err->msg[0] ? err->msg : "out of memory");
    end_line(r, &j, 0);
    report_committed(r);
}

void report_json_end(struct report *r, const struct report_index *ix,
                     double seconds)
{
    struct json j = {.out = &r->lines};
    size_t at = r->lines.n;

    if (r->fd < 0)
        return;
    json_object(&j);
    json_key(&j, "type");
    json_cstr(&j, "end");
    put_count(&j, "schema", 1);
    json_key(&j, "uuid");
    json_cstr(&j, ix->uuid);
    put_count(&j, "generation", ix->generation);
    put_count(&j, "found", report_found(r));
    put_count(&j, "added", r->count[VERDICT_ADDED]);
    put_count(&j, "updated", r->count[VERDICT_UPDATED]);
    put_count(&j, "renamed", r->count[VERDICT_RENAMED]);
    put_count(&j, "removed", r->removed);
    put_count(&j, "unchanged", r->count[VERDICT_UNCHANGED]);
    put_count(&j, "skipped", r->count[VERDICT_SKIPPED]);
    put_count(&j, "failed", r->count[VERDICT_FAILED]);
    json_key(&j, "seconds");
    json_seconds(&j, seconds);
    put_count(&j, "db_bytes", ix->file_bytes);
    put_count(&j, "db_used", ix->used_bytes);
    end_line(r, &j, at);
    report_committed(r);
}
