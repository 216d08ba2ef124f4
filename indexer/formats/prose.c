#include "indexer/formats/prose.h"

static bool blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int prose_verbatim(struct prose *f, struct view v, struct err *err)
{
    static const char *const breaks[] = {"", " ", "\t", "\n", "\n\n"};
    const char *with = f->out->n ? breaks[f->next] : "";
    bool page = f->out->n && f->page;
    size_t more = v.n + strlen(with) + page;

    if (v.n == 0)
        return 0;
    if (more > f->max || f->out->n > f->max - more)
        return err_set(err, ERR_FULL, "more than %zu bytes of text", f->max);
    f->next = PROSE_NONE;
    f->page = false;
    if (buf_reserve(f->out, more) < 0)
        return err_nomem(err);
    buf_put(f->out, view_str(with));
    if (page)
        buf_put(f->out, view_str("\f"));
    buf_put(f->out, v);
    return 0;
}

int prose_text(struct prose *f, struct view v, struct err *err)
{
    size_t i = 0;
    int rc = 0;

    while (i < v.n && rc == 0) {
        size_t from = i;

        while (i < v.n && !blank(v.p[i]))
            i++;
        rc = prose_verbatim(f, view_sub(v, from, i), err);
        if (i < v.n)
            prose_break(f, PROSE_SPACE);
        while (i < v.n && blank(v.p[i]))
            i++;
    }
    return rc;
}
