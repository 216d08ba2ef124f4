#include "indexer/term_write.h"

enum {
    BLOCK_MAX = 1024, /* bytes of a block: a search goes through half of it */
    ROOM_MIN = 96     /* a rest of a page that is not worth a block */
};

/* The largest block under a key, on a page of its own choice. */
static size_t block_max(const struct table *tb, size_t keylen)
{
    size_t max = table_inline_max(tb, keylen);

    return max < BLOCK_MAX ? max : BLOCK_MAX;
}

/* How large the block that waits may become: what the page being filled has
 * room for, unless it is on its way to the next page already. */
static size_t block_limit(const struct term_writer *w, size_t keylen,
                          size_t size)
{
    size_t room = table_room(w->table, keylen);
    size_t max = block_max(w->table, keylen);

    return room < ROOM_MIN || room > max || size + SEAL > room ? max : room;
}

size_t term_writer_max(const struct term_writer *w, struct view term)
{
    return block_max(w->table, term.n) - SEAL - term_entry_max(term.n, 0);
}

static struct term_entry entry_of(const struct term_writer *w, struct view term,
                                  struct view record)
{
    struct term_entry e = {.record = record};

    if (w->block.n > 0)
        while (e.shared < w->last_n && e.shared < term.n &&
               w->last[e.shared] == term.p[e.shared])
            e.shared++;
    e.rest = view_sub(term, e.shared, term.n);
    return e;
}

int term_writer_flush(struct term_writer *w, struct err *err)
{
    int rc;

    if (w->block.n == 0)
        return 0;
    if (buf_reserve(&w->block, SEAL) < 0)
        return err_nomem(err);
    rc = table_put_sealed(w->table, view_of(w->last, w->last_n), w->block.p,
                          w->block.n, err);
    buf_clear(&w->block);
    return rc;
}

int term_writer_add(struct term_writer *w, struct view term, struct view record,
                    struct err *err)
{
    struct term_entry e = entry_of(w, term, record);
    size_t before = w->block.n;

    if (buf_reserve(&w->block, term_entry_max(term.n, record.n)) < 0)
        return err_nomem(err);
    w->block.n = (size_t)(term_entry_put(w->block.p + before, &e) - w->block.p);
    if (before > 0 && w->block.n + SEAL > block_limit(w, term.n, before)) {
        int rc;

        w->block.n = before; /* takes it out again */
        rc = term_writer_flush(w, err);
        if (rc < 0)
            return rc;
        e = entry_of(w, term, record);
        w->block.n = (size_t)(term_entry_put(w->block.p, &e) - w->block.p);
    }
    memcpy(w->last, term.p, term.n);
    w->last_n = term.n;
    return 0;
}

void term_writer_release(struct term_writer *w)
{
    buf_release(&w->block);
}
