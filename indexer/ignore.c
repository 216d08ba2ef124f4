#include "indexer/ignore.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "base/err.h"
#include "indexer/vec.h"

/* The line without what gitignore(5) says does not count at its end: a CR,
 * and blanks that no backslash keeps. */
static struct view trimmed(struct view line)
{
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    while (line.n > 0 && line.p[line.n - 1] == ' ' &&
           !(line.n > 1 && line.p[line.n - 2] == '\\'))
        line.n--;
    return line;
}

/* Adds the segments of a rule, a NUL behind each. */
static int add_segments(struct ignore *ig, struct ignore_rule *r,
                        struct view line)
{
    size_t from = 0, i;

    r->at = (uint32_t)ig->text.n;
    for (i = 0; i <= line.n; i++) {
        if (i < line.n && line.p[i] != '/')
            continue;
        if (i > from) {
            if (buf_add(&ig->text, view_sub(line, from, i)) < 0 ||
                buf_addc(&ig->text, 0) < 0)
                return ERR_NOMEM;
            r->n++;
        }
        from = i + 1;
    }
    return 0;
}

static int add_rule(struct ignore *ig, struct view line)
{
    struct ignore_rule *more, r = {0};

    line = trimmed(line);
    if (line.n == 0 || line.p[0] == '#' || memchr(line.p, 0, line.n))
        return 0;
    if (line.p[0] == '!') {
        r.negated = true;
        line = view_sub(line, 1, line.n);
    }
    if (line.n > 0 && line.p[line.n - 1] == '/') {
        r.folder = true;
        line.n--;
    }
    r.anchored = line.n > 0 && memchr(line.p, '/', line.n);
    if (add_segments(ig, &r, line) < 0)
        return ERR_NOMEM;
    if (r.n == 0)
        return 0;
    more = vec_grow(ig->rule, &ig->rule_cap, ig->nrules + 1, sizeof *more);
    if (!more)
        return ERR_NOMEM;
    ig->rule = more;
    ig->rule[ig->nrules++] = r;
    return 0;
}

static int add_rules(struct ignore *ig, struct view rules)
{
    static const uint8_t bom[] = {0xEF, 0xBB, 0xBF};
    size_t from = 0, i;

    if (rules.n >= sizeof bom && memcmp(rules.p, bom, sizeof bom) == 0)
        from = sizeof bom;
    for (i = from; i <= rules.n; i++) {
        if (i < rules.n && rules.p[i] != '\n')
            continue;
        if (add_rule(ig, view_sub(rules, from, i)) < 0)
            return ERR_NOMEM;
        from = i + 1;
    }
    return 0;
}

int ignore_enter(struct ignore *ig, size_t base, struct view rules)
{
    struct ignore_level *more =
        vec_grow(ig->level, &ig->level_cap, ig->depth + 1, sizeof *more);

    if (!more)
        return ERR_NOMEM;
    ig->level = more;
    more[ig->depth].base = base;
    more[ig->depth].text = ig->text.n;
    more[ig->depth].rule = ig->nrules;
    ig->depth++;
    if (rules.n > 0 && add_rules(ig, rules) < 0) {
        ignore_leave(ig);
        return ERR_NOMEM;
    }
    return 0;
}

void ignore_leave(struct ignore *ig)
{
    const struct ignore_level *l = &ig->level[--ig->depth];

    ig->text.n = l->text;
    ig->nrules = l->rule;
}

/* One segment of a rule against the part of the path up to its next slash. */
static bool fits_part(const char *segment, const char *path, size_t n)
{
    char part[256]; /* NAME_MAX and a NUL */

    if (n >= sizeof part)
        return false;
    memcpy(part, path, n);
    part[n] = 0;
    return fnmatch(segment, part, 0) == 0;
}

/* An anchored rule against the path below its folder. A segment "**" stands
 * for any number of folders, and at the end for anything below. Where a part
 * does not fit, the last "**" takes one folder more: that is enough, since an
 * earlier one could only take what the last one can. */
static bool fits(const char *segment, uint32_t n, const char *path)
{
    const char *again_segment = NULL, *again_path = NULL;
    uint32_t again_n = 0;

    for (;;) {
        size_t part = strcspn(path, "/");

        if (n > 0 && strcmp(segment, "**") == 0) {
            if (n == 1)
                return *path != 0;
            again_segment = segment += 3;
            again_n = --n;
            again_path = path;
            continue;
        }
        if (n > 0 && *path && fits_part(segment, path, part)) {
            segment += strlen(segment) + 1;
            n--;
            path += part + (path[part] == '/');
            if (n == 0 && *path == 0)
                return true;
            continue;
        }
        if (!again_path || !*again_path)
            return false;
        again_path += strcspn(again_path, "/");
        again_path += *again_path == '/';
        segment = again_segment;
        n = again_n;
        path = again_path;
    }
}

bool ignore_match(const struct ignore *ig, const char *path, bool folder)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t depth = ig->depth, i;

    for (i = ig->nrules; i-- > 0;) {
        const struct ignore_rule *r = &ig->rule[i];
        const char *segment = (const char *)ig->text.p + r->at;

        while (depth > 0 && ig->level[depth - 1].rule > i)
            depth--;
        if (r->folder && !folder)
            continue;
        if (r->anchored ? fits(segment, r->n, path + ig->level[depth - 1].base)
                        : fits_part(segment, name, strlen(name)))
            return !r->negated;
    }
    return false;
}

void ignore_release(struct ignore *ig)
{
    buf_release(&ig->text);
    free(ig->rule);
    free(ig->level);
    memset(ig, 0, sizeof *ig);
}
