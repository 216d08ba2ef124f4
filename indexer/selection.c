#include "indexer/selection.h"

#include <string.h>

static const char *const flag_names[] = {"hidden", "follow", "one-file-system"};

void selection_flag(struct selection *s, unsigned flag)
{
    s->given = true;
    s->flags |= flag;
}

int selection_pattern(struct selection *s, bool in, const char *pattern,
                      struct err *err)
{
    const char *option = in ? "include" : "exclude";

    s->given = true;
    if (!*pattern)
        return 0;
    if (*pattern == '!')
        return err_set(err, ERR_USAGE,
                       "--%s: no '!' before a pattern; that is --%s=%s (or "
                       "'\\!' for a name that begins with it)",
                       option, in ? "exclude" : "include", pattern + 1);
    if (strchr(pattern, '\n'))
        return err_set(err, ERR_USAGE,
                       "--%s: a line end in a pattern; '?' stands for it",
                       option);
    if (pattern[strspn(pattern, "/")] == 0)
        return err_set(err, ERR_USAGE, "--%s: '%s' names nothing", option,
                       pattern);
    if (buf_addf(&s->patterns, "%c%s\n", in ? '+' : '-', pattern) < 0 ||
        !buf_cstr(&s->patterns))
        return err_nomem(err);
    return 0;
}

/* The root of that very path, or NULL with a message. */
static struct root *root_named(const struct roots *roots, const char *path,
                               struct err *err)
{
    const struct root *outer;
    size_t i;

    for (i = 0; i < roots->n; i++)
        if (strcmp(roots->root[i].path, path) == 0)
            return &roots->root[i];
    outer = roots_of(roots, view_str(path));
    err_set(err, ERR_USAGE,
            "%s lies in %s, with which it is recorded what is taken in: name "
            "that folder beside --include, --exclude, --hidden, --follow and "
            "--one-file-system",
            path, outer ? outer->path : "no folder");
    return NULL;
}

int selection_alone(struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "--include, --exclude, --hidden, --follow and "
                   "--one-file-system are recorded with a folder: name it");
}

int selection_record(const struct selection *s, const struct sources *sources,
                     struct roots *roots, bool *changed, struct err *err)
{
    const char *patterns = s->patterns.n ? (const char *)s->patterns.p : "";
    size_t i;
    int rc = 0;

    if (!s->given)
        return 0;
    if (sources->nfolders == 0)
        return selection_alone(err);
    for (i = 0; i < sources->nfolders && rc >= 0; i++) {
        struct root *root =
            root_named(roots, sources_name(sources, sources->folder[i]), err);

        if (!root)
            return ERR_USAGE;
        rc = roots_select(root, s->flags, patterns);
        if (rc > 0)
            *changed = true;
    }
    return rc < 0 ? err_nomem(err) : 0;
}

int selection_text(const struct root *root, struct buf *out)
{
    const char *p = root->patterns;
    unsigned i;

    for (i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
        if ((root->flags & 1u << i) &&
            buf_addf(out, " --%s", flag_names[i]) < 0)
            return ERR_NOMEM;
    while (*p) {
        int n = (int)strcspn(p, "\n");

        if (buf_addf(out, " --%s=%.*s", *p == '+' ? "include" : "exclude",
                     n - 1, p + 1) < 0)
            return ERR_NOMEM;
        p += n + (p[n] == '\n');
    }
    return 0;
}

void selection_release(struct selection *s)
{
    buf_release(&s->patterns);
}
