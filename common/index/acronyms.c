#include "index/acronyms.h"

int acronym_values(const struct acronym_pair *p, struct buf *out, size_t *n)
{
    size_t from = out->n, full, second;

    if (acronym_fold_brief(p->brief, out) < 0)
        return ERR_NOMEM;
    *n = out->n - from; /* of the short form, for now */
    if (buf_addc(out, ACRONYM_FULL_MARK) < 0)
        return ERR_NOMEM;
    full = out->n;
    if (acronym_fold_full(p->full, out) < 0)
        return ERR_NOMEM;
    second = out->n;
    /* what is copied lies in `out` itself, which must not move */
    if (buf_reserve(out, second - from + ACRONYM_HEAD) < 0)
        return ERR_NOMEM;
    if (!acronym_head(view_of(out->p + full, second - full), out) ||
        buf_add(out, view_of(out->p + from, *n)) < 0)
        out->n = second;
    *n = second - from;
    if (*n > FIELDS_VALUE || out->n - second > FIELDS_VALUE || out->n == second)
        out->n = from;
    return 0;
}

int acronym_rows(struct field_walk *w, struct txn *t, struct view prefix,
                 struct err *err)
{
    struct buf key = {0};

    if (buf_adds(&key, ACRONYMS_FIELD) < 0 || buf_addc(&key, 0) < 0 ||
        buf_add(&key, prefix) < 0) {
        buf_release(&key);
        memset(w, 0, sizeof *w);
        return err_nomem(err);
    }
    return fields_walk_keys(w, t, key, err);
}

int acronym_words_open(struct acronym_words *w, struct txn *t, struct err *err)
{
    store_db db;
    int rc = txn_open_db(t, "field", false, &db, err);

    memset(w, 0, sizeof *w);
    if (rc > 0)
        rc = cursor_open(&w->cursor, t, db, err);
    return rc < 0 ? rc : 0;
}

/* The byte that follows the word in the first row not before it and `mark`; 0
 * where there is no such row. */
static int mark_from(struct acronym_words *w, struct view word, int mark)
{
    struct view key, val;
    size_t n;
    int rc;

    buf_clear(&w->key);
    if (buf_adds(&w->key, ACRONYMS_FIELD) < 0 || buf_addc(&w->key, 0) < 0 ||
        buf_add(&w->key, word) < 0)
        return ERR_NOMEM;
    n = w->key.n;
    if (buf_addc(&w->key, mark) < 0)
        return ERR_NOMEM;
    rc = cursor_seek(w->cursor, buf_view(&w->key), &key, &val);
    if (rc <= 0 || key.n <= n || memcmp(key.p, w->key.p, n) != 0)
        return rc < 0 ? rc : 0;
    return key.p[n];
}

int acronym_begins(struct acronym_words *w, struct view head)
{
    int mark = w->cursor ? mark_from(w, head, 0) : 0;

    return mark > 0 ? 1 : mark;
}

int acronym_word(struct acronym_words *w, struct view word)
{
    int mark, is = 0;

    if (!w->cursor || word.n == 0 || word.n > FIELDS_VALUE)
        return 0;
    mark = mark_from(w, word, ACRONYM_FULL_MARK);
    if (mark == ACRONYM_FULL_MARK) {
        is = ACRONYM_IS_BRIEF;
        mark = mark_from(w, word, ACRONYM_BRIEF_MARK);
    }
    return mark < 0 ? mark
                    : is | (mark == ACRONYM_BRIEF_MARK ? ACRONYM_IS_HEAD : 0);
}

void acronym_words_close(struct acronym_words *w)
{
    cursor_close(w->cursor);
    buf_release(&w->key);
    memset(w, 0, sizeof *w);
}
