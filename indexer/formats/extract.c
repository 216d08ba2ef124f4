#include "indexer/formats/extract.h"

static int add_text(struct buf *b, struct view v)
{
    size_t i, at = b->n;

    if (buf_add(b, v) < 0)
        return ERR_NOMEM;
    for (i = at; i < b->n; i++)
        if (b->p[i] == 0)
            b->p[i] = ' ';
    return buf_add(b, view_of("", 1)); /* its NUL */
}

int extract_field(struct extract *x, const char *name, struct view value)
{
    size_t before = x->fields.n;

    if (value.n == 0)
        return 0;
    if (add_text(&x->fields, view_str(name)) < 0 ||
        add_text(&x->fields, value) < 0) {
        x->fields.n = before;
        return ERR_NOMEM;
    }
    return 0;
}

void extract_drop_title(struct extract *x)
{
    size_t n = x->title.n;

    if (n == 0 || x->text.n < n || memcmp(x->text.p, x->title.p, n) != 0 ||
        (n < x->text.n && x->text.p[n] != '\n'))
        return;
    while (n < x->text.n && x->text.p[n] == '\n')
        n++;
    x->text.n -= n;
    memmove(x->text.p, x->text.p + n, x->text.n);
}

void extract_clear(struct extract *x)
{
    buf_clear(&x->text);
    buf_clear(&x->title);
    buf_clear(&x->date);
    buf_clear(&x->language);
    buf_clear(&x->fields);
    buf_clear(&x->charset);
    x->guessed = false;
}

void extract_release(struct extract *x)
{
    buf_release(&x->text);
    buf_release(&x->title);
    buf_release(&x->date);
    buf_release(&x->language);
    buf_release(&x->fields);
    buf_release(&x->charset);
    x->guessed = false;
}
