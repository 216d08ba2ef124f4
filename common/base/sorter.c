#include "base/sorter.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/temp_file.h"

/* A record's bytes: sizes of key and value, key, value. */
struct sizes {
    uint32_t key;
    uint32_t value;
};

static struct sizes sizes_at(const uint8_t *p)
{
    struct sizes n;

    memcpy(&n, p, sizeof n);
    return n;
}

static struct view key_at(const uint8_t *p)
{
    return view_of(p + sizeof(struct sizes), sizes_at(p).key);
}

static struct view value_at(const uint8_t *p)
{
    struct sizes n = sizes_at(p);

    return view_of(p + sizeof n + n.key, n.value);
}

static int by_key(const void *a, const void *b, void *bytes)
{
    const size_t *x = a, *y = b;
    const uint8_t *p = bytes;

    return view_cmp(key_at(p + *x), key_at(p + *y));
}

static void sort(struct sorter *s)
{
    if (!s->ordered && s->n)
        qsort_r(s->record, s->n, sizeof *s->record, by_key, s->bytes.p);
    s->ordered = true;
}

/* Writes what is in memory as a run. */
static int store(struct sorter *s, struct err *err)
{
    struct sorter_run *more = realloc(s->run, (s->nruns + 1) * sizeof *s->run);
    struct buf out = {0};
    size_t i;
    int rc = 0;

    if (!more)
        return err_nomem(err);
    s->run = more;
    if (s->nruns == 0) {
        rc = temp_file_open(err);
        if (rc < 0)
            return rc;
        s->fd = rc;
        rc = 0;
    }
    memset(&s->run[s->nruns], 0, sizeof *s->run);
    s->run[s->nruns++].start = s->stored;
    sort(s);
    for (i = 0; i < s->n && rc == 0; i++) {
        const uint8_t *p = s->bytes.p + s->record[i];
        struct sizes n = sizes_at(p);

        if (buf_add(&out, view_of(p, sizeof n + n.key + n.value)) < 0)
            rc = err_nomem(err);
        if (rc == 0 && (out.n >= 1 << 16 || i + 1 == s->n)) {
            rc = temp_file_add(s->fd, buf_view(&out), err);
            s->stored += out.n;
            buf_clear(&out);
        }
    }
    s->run[s->nruns - 1].end = s->stored;
    buf_release(&out);
    buf_clear(&s->bytes);
    s->n = 0;
    return rc;
}

static size_t memory_of(const struct sorter *s)
{
    return s->memory ? s->memory : SORTER_MEMORY;
}

int sorter_add(struct sorter *s, struct view key, struct view value,
               struct err *err)
{
    struct sizes n = {(uint32_t)key.n, (uint32_t)value.n};
    size_t start, all = sizeof n + key.n + value.n;
    int rc = 0;

    /* half of the memory stays free for a buffer that doubles */
    if (s->n &&
        2 * (s->bytes.n + all + s->n * sizeof *s->record) > memory_of(s))
        rc = store(s, err);
    if (rc < 0)
        return rc;
    if (s->n == s->cap) {
        size_t cap = s->cap ? 2 * s->cap : 1024;
        size_t *more = realloc(s->record, cap * sizeof *more);

        if (!more)
            return err_nomem(err);
        s->record = more;
        s->cap = cap;
    }
    start = s->bytes.n;
    if (buf_reserve(&s->bytes, all) < 0)
        return err_nomem(err);
    buf_add(&s->bytes, view_of(&n, sizeof n));
    buf_add(&s->bytes, key);
    buf_add(&s->bytes, value);
    s->ordered = s->n == 0 ||
                 (s->ordered &&
                  view_cmp(key_at(s->bytes.p + s->record[s->n - 1]), key) <= 0);
    s->record[s->n++] = start;
    return 0;
}

/* --- merging --- */

/* Reads on until the window has `need` bytes unused. */
static int fill(struct sorter *s, struct sorter_run *r, size_t need,
                struct err *err)
{
    size_t chunk = memory_of(s) / 2 / s->nruns;
    ssize_t n;

    if (chunk < SORTER_CHUNK)
        chunk = SORTER_CHUNK;
    if (chunk > 1 << 20)
        chunk = 1 << 20;
    if (r->used) {
        memmove(r->window.p, r->window.p + r->used, r->window.n - r->used);
        r->window.n -= r->used;
        r->used = 0;
    }
    while (r->window.n < need && r->at < r->end) {
        size_t want = chunk > need ? chunk : need;

        want -= r->window.n;
        if (want > r->end - r->at)
            want = (size_t)(r->end - r->at);
        if (buf_reserve(&r->window, want) < 0)
            return err_nomem(err);
        n = pread(s->fd, r->window.p + r->window.n, want, (off_t)r->at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_sys(err, ERR_IO, n < 0 ? errno : EIO,
                           "cannot read a temporary file");
        r->window.n += (size_t)n;
        r->at += (uint64_t)n;
    }
    return 0;
}

/* Puts the run on its next record: 1, 0 at its end. */
static int advance(struct sorter *s, struct sorter_run *r, struct err *err)
{
    struct sizes n;
    size_t all = sizeof n;
    const uint8_t *p;
    int rc = 0;

    if (r->window.n - r->used < all)
        rc = fill(s, r, all, err);
    if (rc < 0 || r->window.n - r->used < all)
        return rc;
    n = sizes_at(r->window.p + r->used);
    all += n.key;
    all += n.value;
    if (r->window.n - r->used < all)
        rc = fill(s, r, all, err);
    if (rc < 0)
        return rc;
    p = r->window.p + r->used;
    r->key = key_at(p);
    r->value = value_at(p);
    r->used += all;
    return 1;
}

static bool before(const struct sorter *s, size_t a, size_t b)
{
    return view_cmp(s->run[s->heap[a]].key, s->run[s->heap[b]].key) < 0;
}

static void sift(struct sorter *s, size_t i)
{
    size_t least, t;

    for (;; i = least) {
        least = i;
        if (2 * i + 1 < s->nheap && before(s, 2 * i + 1, least))
            least = 2 * i + 1;
        if (2 * i + 2 < s->nheap && before(s, 2 * i + 2, least))
            least = 2 * i + 2;
        if (least == i)
            return;
        t = s->heap[i];
        s->heap[i] = s->heap[least];
        s->heap[least] = t;
    }
}

int sorter_rewind(struct sorter *s, struct err *err)
{
    size_t i;
    int rc = 0;

    s->at = 0;
    if (s->nruns == 0) {
        sort(s);
        return 0;
    }
    if (s->n)
        rc = store(s, err);
    buf_release(&s->bytes); /* the windows take its place */
    free(s->heap);
    s->heap = malloc(s->nruns * sizeof *s->heap);
    if (rc == 0 && !s->heap)
        rc = err_nomem(err);
    s->nheap = 0;
    s->moved = false;
    for (i = 0; i < s->nruns && rc == 0; i++) {
        s->run[i].at = s->run[i].start;
        s->run[i].used = s->run[i].window.n = 0;
        rc = advance(s, &s->run[i], err);
        if (rc > 0)
            s->heap[s->nheap++] = i;
        rc = rc < 0 ? rc : 0;
    }
    for (i = s->nheap; rc == 0 && i-- > 0;)
        sift(s, i);
    return rc;
}

int sorter_next(struct sorter *s, struct view *value, struct err *err)
{
    int rc;

    if (s->nruns == 0) {
        if (s->at == s->n)
            return 0;
        *value = value_at(s->bytes.p + s->record[s->at++]);
        return 1;
    }
    if (s->moved && s->nheap) {
        rc = advance(s, &s->run[s->heap[0]], err);
        if (rc < 0)
            return rc;
        if (rc == 0)
            s->heap[0] = s->heap[--s->nheap];
        sift(s, 0);
    }
    s->moved = true;
    if (s->nheap == 0)
        return 0;
    *value = s->run[s->heap[0]].value;
    return 1;
}

void sorter_release(struct sorter *s)
{
    size_t i;

    for (i = 0; i < s->nruns; i++)
        buf_release(&s->run[i].window);
    if (s->nruns)
        close(s->fd);
    free(s->run);
    free(s->heap);
    free(s->record);
    buf_release(&s->bytes);
    memset(s, 0, sizeof *s);
}
