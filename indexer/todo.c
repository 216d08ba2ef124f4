#include "indexer/todo.h"

#include "base/bytes.h"
#include "base/err.h"

int todo_add(struct todo *t, enum todo_op op, struct view path)
{
    size_t shared = 0;

    while (shared < path.n && shared < t->last.n &&
           path.p[shared] == t->last.p[shared])
        shared++;
    if (buf_addvar(&t->entries, shared * 4 + op) < 0 ||
        buf_addvar(&t->entries, path.n - shared) < 0 ||
        buf_add(&t->entries, view_sub(path, shared, path.n)) < 0)
        return ERR_NOMEM;
    t->last.n = shared;
    t->reads += op != TODO_REMOVE;
    return buf_add(&t->last, view_sub(path, shared, path.n));
}

int todo_next(struct todo *t, struct todo_entry *out)
{
    struct rd r = rd_of(view_sub(buf_view(&t->entries), t->at, t->entries.n));
    uint64_t head;

    if (t->at == t->entries.n)
        return 0;
    head = rd_varint(&r);
    t->last.n = t->at ? (size_t)(head / 4) : 0;
    if (buf_add(&t->last, rd_bytes(&r, (size_t)rd_varint(&r))) < 0 ||
        !buf_cstr(&t->last))
        return ERR_NOMEM;
    t->at = (size_t)(r.p - t->entries.p);
    out->op = (enum todo_op)(head & 3);
    out->path = buf_view(&t->last);
    return 1;
}

void todo_rewind(struct todo *t)
{
    t->at = 0;
}

void todo_release(struct todo *t)
{
    buf_release(&t->entries);
    buf_release(&t->last);
    t->reads = t->bytes = t->at = 0;
}
