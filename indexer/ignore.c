#include "indexer/ignore.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "indexer/vec.h"

enum { MAX_BYTES = 1 << 20 }; /* of a file of rules that are read */

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

/* Adds the rule of a pattern, if it has any segment. */
static int add_pattern(struct ignore *ig, struct view line, bool negated)
{
    struct ignore_rule *more, r = {.negated = negated};

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

static int add_line(struct ignore *ig, struct view line)
{
    bool negated;

    line = trimmed(line);
    if (line.n == 0 || line.p[0] == '#' || memchr(line.p, 0, line.n))
        return 0;
    negated = line.p[0] == '!';
    return add_pattern(ig, view_sub(line, negated, line.n), negated);
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
        if (add_line(ig, view_sub(rules, from, i)) < 0)
            return ERR_NOMEM;
        from = i + 1;
    }
    return 0;
}

static int add_level(struct ignore *ig, size_t base)
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
    return 0;
}

int ignore_enter(struct ignore *ig, size_t base, struct view rules)
{
    int rc = add_level(ig, base);

    if (rc == 0 && rules.n > 0 && add_rules(ig, rules) < 0) {
        ignore_leave(ig);
        rc = ERR_NOMEM;
    }
    return rc;
}

/* Appends the file's bytes: 0, ERR_NOMEM, errno. */
static int read_rules(int file, struct buf *out)
{
    ssize_t n = 1;

    while (n > 0 && out->n < MAX_BYTES) {
        if (buf_reserve(out, 4096) < 0)
            return ERR_NOMEM;
        n = read(file, out->p + out->n, 4096);
        if (n < 0)
            return errno;
        out->n += (size_t)n;
    }
    return 0;
}

int ignore_read(struct ignore *ig, int folder, size_t base)
{
    struct buf b = {0};
    struct stat st = {0};
    int file, rc = 0;

    if (fstatat(folder, IGNORE_FILE, &st, 0) < 0 && errno != ENOENT)
        return errno;
    if (S_ISREG(st.st_mode)) { /* a device is not even opened */
        file = openat(folder, IGNORE_FILE,
                      O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (file < 0)
            return errno;
        rc = read_rules(file, &b);
        close(file);
    }
    if (rc == 0)
        rc = ignore_enter(ig, base, buf_view(&b));
    buf_release(&b);
    return rc;
}

int ignore_patterns(struct ignore *ig, size_t base, const char *patterns)
{
    int rc = add_level(ig, base);
    const char *p = patterns;

    while (rc == 0 && *p) {
        size_t n = strcspn(p, "\n");

        rc = add_pattern(ig, view_of(p + 1, n - 1), *p == '+');
        p += n + (p[n] == '\n');
        if (rc < 0)
            ignore_leave(ig);
    }
    return rc;
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

enum ignore_verdict ignore_match(const struct ignore *ig, const char *path,
                                 bool folder)
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
            return r->negated ? IGNORE_IN : IGNORE_OUT;
    }
    return IGNORE_NO_RULE;
}

void ignore_release(struct ignore *ig)
{
    buf_release(&ig->text);
    free(ig->rule);
    free(ig->level);
    memset(ig, 0, sizeof *ig);
}
