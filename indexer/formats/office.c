#include "indexer/formats/office.h"

#include <stdio.h>

/* Puts the part's name in front of a message. */
static int in_part(int rc, struct view name, struct err *err)
{
    char msg[sizeof err->msg];

    if (!err || (rc != ERR_USAGE && rc != ERR_REFUSED))
        return rc;
    snprintf(msg, sizeof msg, "%s", err->msg);
    return err_set(err, rc, "%.*s: %s", name.n < 100 ? (int)name.n : 100,
                   (const char *)name.p, msg);
}

int office_part(struct zip *z, struct view name,
                const struct xml_handler *handler, void *arg, struct err *err)
{
    struct xml *x = NULL;
    struct view piece;
    int rc = zip_find(z, name, err);

    if (rc <= 0)
        return in_part(rc, name, err);
    rc = xml_open(&x, handler, arg, err);
    while (rc == 0 && (rc = zip_read(z, &piece, err)) > 0)
        rc = xml_feed(x, piece, err);
    if (rc == 0)
        rc = xml_finish(x, err);
    xml_close(x);
    return rc == 0 ? 1 : in_part(rc, name, err);
}

/* --- properties --- */

enum property {
    TITLE,
    LANGUAGE,
    AUTHOR,
    BEGINNER,
    CREATED,
    DATE,
    CHANGED,
    FIELDS /* these are kept as they are */
};

static const struct {
    const char *element;
    enum property property;
    const char *field;
} properties[] = {
    {"title", TITLE, NULL},
    {"language", LANGUAGE, NULL},
    {"creator", AUTHOR, NULL},
    {"initial-creator", BEGINNER, NULL},
    {"created", CREATED, NULL},
    {"creation-date", CREATED, NULL},
    {"date", DATE, NULL},
    {"modified", CHANGED, NULL},
    {"description", FIELDS, "description"},
    {"subject", FIELDS, "subject"},
    {"keywords", FIELDS, "keywords"},
    {"keyword", FIELDS, "keywords"},
    {"publisher", FIELDS, "publisher"},
};

enum { PROPERTIES = sizeof properties / sizeof *properties };

static int start(void *arg, const struct xml_element *e, struct err *err)
{
    struct office_properties *p = arg;
    int i;

    (void)err;
    if (p->depth > 0) {
        p->depth++;
        return 0;
    }
    p->reads = -1;
    for (i = 0; i < PROPERTIES && p->reads < 0; i++)
        if (strcmp(e->name, properties[i].element) == 0)
            p->reads = i;
    p->depth = p->reads >= 0;
    buf_clear(&p->value);
    return 0;
}

static int text(void *arg, struct view v, struct err *err)
{
    struct office_properties *p = arg;

    return p->depth && buf_add(&p->value, v) < 0 ? err_nomem(err) : 0;
}

static struct view trim(struct view v)
{
    while (v.n && v.p[0] <= ' ')
        v = view_sub(v, 1, v.n);
    while (v.n && v.p[v.n - 1] <= ' ')
        v.n--;
    return v;
}

static int set_first(struct buf *to, struct view v)
{
    return to->n ? 0 : buf_add(to, v);
}

static int add_author(struct buf *to, struct view v)
{
    return v.n == 0 || (buf_add(to, v) == 0 && buf_addc(to, 0) == 0)
               ? 0
               : ERR_NOMEM;
}

static int end(void *arg, const struct xml_element *e, struct err *err)
{
    struct office_properties *p = arg;
    struct view v = trim(buf_view(&p->value));
    int rc = 0;

    (void)e;
    if (p->depth == 0 || --p->depth > 0)
        return 0;
    switch (properties[p->reads].property) {
    case TITLE:
        rc = set_first(&p->x->title, v);
        break;
    case LANGUAGE:
        rc = set_first(&p->x->language, v);
        break;
    case BEGINNER:
        rc = add_author(&p->author[0], v);
        break;
    case AUTHOR:
        rc = add_author(&p->author[1], v);
        break;
    case CREATED:
    case DATE:
    case CHANGED:
        rc = set_first(&p->date[properties[p->reads].property - CREATED], v);
        break;
    default:
        rc = extract_field(p->x, properties[p->reads].field, v);
    }
    return rc < 0 ? err_nomem(err) : 0;
}

const struct xml_handler office_properties_handler = {start, end, text};

int office_properties_take(struct office_properties *p, struct err *err)
{
    const struct buf *author = &p->author[p->author[0].n == 0];
    size_t at = 0, i;

    for (i = 0; i < 3; i++)
        if (set_first(&p->x->date, buf_view(&p->date[i])) < 0)
            return err_nomem(err);
    while (at < author->n) {
        const char *name = (const char *)author->p + at;

        if (extract_field(p->x, "author", view_str(name)) < 0)
            return err_nomem(err);
        at += strlen(name) + 1;
    }
    return 0;
}

void office_properties_release(struct office_properties *p)
{
    size_t i;

    buf_release(&p->value);
    for (i = 0; i < 3; i++)
        buf_release(&p->date[i]);
    for (i = 0; i < 2; i++)
        buf_release(&p->author[i]);
}
