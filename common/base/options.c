#include "base/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 63, LINE = 79, HELP_COLUMN = 28 };

void options_init(struct options *o, const struct option *table, int argc,
                  char **argv)
{
    memset(o, 0, sizeof *o);
    o->table = table;
    o->argc = argc;
    o->argv = argv;
    o->at = 1;
}

/* Headings have an empty name and are never found. */
static const struct option *find(const struct option *t, const char *name,
                                 size_t n)
{
    for (; n > 0 && t->name; t++)
        if (strlen(t->name) == n && memcmp(t->name, name, n) == 0)
            return t;
    return NULL;
}

const struct option *options_find(const struct option *table, const char *name)
{
    return find(table, name, strlen(name));
}

static const struct option *find_letter(const struct option *t, char letter)
{
    for (; letter && t->name; t++)
        if (t->letter == letter)
            return t;
    return NULL;
}

/* Edits (insert, delete, replace, swap neighbours) that make b of a: the
 * optimal string alignment distance. Longer words than WORD_MAX are far from
 * everything. */
static unsigned distance(const char *a, size_t na, const char *b)
{
    size_t nb = strlen(b), i, j;
    unsigned rows[3][WORD_MAX + 1], *two = rows[0], *one = rows[1],
                                    *row = rows[2], *swap, d;

    if (na > WORD_MAX || nb > WORD_MAX)
        return WORD_MAX;
    for (j = 0; j <= nb; j++)
        one[j] = (unsigned)j;
    for (i = 1; i <= na; i++) {
        row[0] = (unsigned)i;
        for (j = 1; j <= nb; j++) {
            d = one[j - 1] + (a[i - 1] != b[j - 1]);
            if (one[j] + 1 < d)
                d = one[j] + 1;
            if (row[j - 1] + 1 < d)
                d = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1] && two[j - 2] + 1 < d)
                d = two[j - 2] + 1;
            row[j] = d;
        }
        swap = two;
        two = one;
        one = row;
        row = swap;
    }
    return one[nb];
}

struct nearest {
    const char *word; /* what was asked for, n bytes */
    size_t n;
    unsigned limit; /* a distance from here on is no longer near */
    const char *best;
};

static void nearest_init(struct nearest *x, const char *word, size_t n)
{
    x->word = word;
    x->n = n;
    x->limit = (unsigned)(n / 3) + 2;
    x->best = NULL;
}

static void nearest_try(struct nearest *x, const char *candidate)
{
    unsigned d = distance(x->word, x->n, candidate);

    /* Somebody who wrote a beginning means the rest. */
    if (x->n >= 3 && strncmp(x->word, candidate, x->n) == 0)
        d = 0;
    if (d < x->limit && d < x->n) {
        x->limit = d;
        x->best = candidate;
    }
}

const char *nearest_word(const char *word, const char *const *words)
{
    struct nearest x;

    nearest_init(&x, word, strlen(word));
    for (; *words; words++)
        nearest_try(&x, *words);
    return x.best;
}

static int unknown_long(const struct option *t, const char *name, size_t n,
                        struct err *err)
{
    struct nearest x;

    nearest_init(&x, name, n);
    for (; t->name; t++)
        if (t->name[0])
            nearest_try(&x, t->name);
    if (x.best)
        return err_set(err, ERR_USAGE,
                       "unknown option --%.*s; did you mean --%s?", (int)n,
                       name, x.best);
    return err_set(err, ERR_USAGE, "unknown option --%.*s", (int)n, name);
}

static int next_long(struct options *o, const char *arg, struct err *err)
{
    size_t n = strcspn(arg, "=");
    const struct option *t = find(o->table, arg, n);

    if (!t)
        return unknown_long(o->table, arg, n, err);
    o->option = t;
    o->id = t->id;
    o->value = arg[n] ? arg + n + 1 : NULL;
    if (t->kind == OPTION_FLAG && o->value)
        return err_set(err, ERR_USAGE, "option --%s takes no value", t->name);
    if (t->kind == OPTION_VALUE && !o->value) {
        if (o->at >= o->argc)
            return err_set(err, ERR_USAGE, "option --%s needs a value%s%s",
                           t->name, t->arg ? ": " : "", t->arg ? t->arg : "");
        o->value = o->argv[o->at++];
    }
    return 1;
}

static bool is_number(const char *s)
{
    size_t whole = strspn(s, "0123456789");

    s += whole;
    if (whole && *s == '.' && s[1])
        s += 1 + strspn(s + 1, "0123456789");
    return whole && !*s;
}

/* The letter at o->bundle, which points into the argument `arg`. */
static int next_short(struct options *o, const char *arg, struct err *err)
{
    char letter = *o->bundle++;
    const struct option *t = find_letter(o->table, letter), *l;

    if (!t) {
        l = options_find(o->table, arg + 1);
        if (l)
            return err_set(err, ERR_USAGE,
                           "unknown option %s; did you mean --%s?", arg,
                           l->name);
        return err_set(err, ERR_USAGE,
                       "unknown option -%.1s in '%s'; quote the query if that "
                       "is part of it, or put -- before it",
                       (unsigned char)letter < 0x80 ? o->bundle - 1 : "?", arg);
    }
    o->option = t;
    o->id = t->id;
    if (t->kind != OPTION_FLAG && is_number(o->bundle)) {
        o->value = o->bundle;
        o->bundle = NULL;
    } else if (t->kind == OPTION_VALUE && *o->bundle) {
        return err_set(err, ERR_USAGE,
                       "'%s': the value of -%c must follow a blank; quote the "
                       "query if that is part of it, or put -- before it",
                       arg, letter);
    } else if (t->kind == OPTION_VALUE) {
        if (o->at >= o->argc)
            return err_set(err, ERR_USAGE, "option -%c needs a value%s%s",
                           letter, t->arg ? ": " : "", t->arg ? t->arg : "");
        o->value = o->argv[o->at++];
    }
    if (o->bundle && !*o->bundle)
        o->bundle = NULL;
    return 1;
}

int options_next(struct options *o, struct err *err)
{
    const char *arg;

    o->value = NULL;
    o->option = NULL;
    o->id = OPTION_OPERAND;
    if (o->bundle)
        return next_short(o, o->argv[o->at - 1], err);
    if (!o->ended && o->at < o->argc && strcmp(o->argv[o->at], "--") == 0) {
        o->ended = true;
        o->at++;
    }
    if (o->at >= o->argc)
        return 0;
    arg = o->argv[o->at++];
    if (o->ended || arg[0] != '-' || !arg[1]) {
        o->value = arg;
        return 1;
    }
    if (arg[1] == '-')
        return next_long(o, arg + 2, err);
    o->bundle = arg + 1;
    return next_short(o, arg, err);
}

/* "  -n, --limit N" */
static int help_left(const struct option *t, struct buf *out)
{
    if (buf_adds(out, "  ") < 0)
        return ERR_NOMEM;
    if (t->letter ? buf_addf(out, "-%c, ", t->letter) : buf_adds(out, "    "))
        return ERR_NOMEM;
    if (buf_addf(out, "--%s", t->name) < 0)
        return ERR_NOMEM;
    if (t->kind == OPTION_VALUE)
        return buf_addf(out, " %s", t->arg ? t->arg : "VALUE");
    if (t->kind == OPTION_OPTIONAL)
        return buf_addf(out, "[=%s]", t->arg ? t->arg : "VALUE");
    return 0;
}

/* The help text, broken at blanks to stay in its column. */
static int help_right(const char *help, size_t at, size_t column,
                      struct buf *out)
{
    size_t n, room = LINE - column;

    for (;;) {
        while (at++ < column)
            if (buf_addc(out, ' ') < 0)
                return ERR_NOMEM;
        n = strlen(help);
        if (n > room) {
            for (n = room; n > 0 && help[n] != ' '; n--)
                ;
            if (n == 0)
                n = strcspn(help, " ");
        }
        if (buf_add(out, view_of(help, n)) < 0 || buf_addc(out, '\n') < 0)
            return ERR_NOMEM;
        help += n;
        help += strspn(help, " ");
        if (!*help)
            return 0;
        at = 0;
    }
}

int options_help(const struct option *table, struct buf *out)
{
    const struct option *t;
    size_t column = 0, n;
    struct buf left = {0};
    int rc = ERR_NOMEM;

    for (t = table; t->name; t++) {
        buf_clear(&left);
        if (help_left(t, &left) < 0)
            goto out;
        if (t->name[0] && t->help && left.n + 2 > column &&
            left.n + 2 <= HELP_COLUMN)
            column = left.n + 2;
    }
    for (t = table; t->name; t++) {
        if (!t->help)
            continue;
        if (!t->name[0]) {
            if (buf_addf(out, "%s%s\n", t == table ? "" : "\n", t->help) < 0)
                goto out;
            continue;
        }
        n = out->n;
        if (help_left(t, out) < 0)
            goto out;
        n = out->n - n;
        if (n + 2 > column) {
            if (buf_addc(out, '\n') < 0)
                goto out;
            n = 0;
        }
        if (help_right(t->help, n, column, out) < 0)
            goto out;
    }
    rc = 0;
out:
    buf_release(&left);
    return rc;
}

static int bad_value(const struct options *o, struct err *err, const char *what)
{
    return err_set(err, ERR_USAGE, "--%s: '%s' is not %s", o->option->name,
                   o->value ? o->value : "", what);
}

int option_uint(const struct options *o, uint64_t max, uint64_t *out,
                struct err *err)
{
    const char *s = o->value ? o->value : "";
    char *end;
    unsigned long long x;

    if (!*s || s[strspn(s, "0123456789")])
        return bad_value(o, err, "a whole number");
    errno = 0;
    x = strtoull(s, &end, 10);
    if (errno || x > max)
        return err_set(err, ERR_USAGE, "--%s: %s is more than %llu",
                       o->option->name, s, (unsigned long long)max);
    *out = x;
    return 0;
}

int option_double(const struct options *o, double min, double max, double *out,
                  struct err *err)
{
    const char *s = o->value ? o->value : "";
    char *end;
    double x;

    /* strtod alone would take " 1", "0x1p3", "inf" and "nan". */
    if (!*s || s[strspn(s, "+-.0123456789eE")])
        return bad_value(o, err, "a number");
    x = strtod(s, &end);
    if (end == s || *end || !isfinite(x))
        return bad_value(o, err, "a number");
    if (x < min || x > max)
        return err_set(err, ERR_USAGE, "--%s: %s is not between %g and %g",
                       o->option->name, s, min, max);
    *out = x;
    return 0;
}

int option_size(const struct options *o, uint64_t *out, struct err *err)
{
    static const char units[] = "KMGT";
    const char *s = o->value ? o->value : "", *unit;
    char *end;
    unsigned long long x;
    unsigned shift = 0;

    errno = 0;
    if (*s < '0' || *s > '9')
        return bad_value(o, err, "a size such as 512K, 64M or 1G");
    x = strtoull(s, &end, 10);
    if (*end) {
        unit = strchr(units, *end & ~0x20);
        shift = unit && *unit ? 10 * (unsigned)(unit - units + 1) : 0;
        if (!shift || end[1])
            return bad_value(o, err, "a size such as 512K, 64M or 1G");
    }
    if (errno || x > UINT64_MAX >> shift)
        return bad_value(o, err, "a size that fits 64 bits");
    *out = (uint64_t)x << shift;
    return 0;
}

int option_choice(const struct options *o, const char *const *words, int *out,
                  struct err *err)
{
    const char *value = o->value ? o->value : "";
    struct buf list = {0};
    int i;

    for (i = 0; words[i]; i++)
        if (strcmp(words[i], value) == 0) {
            *out = i;
            return 0;
        }
    for (i = 0; words[i]; i++)
        if (buf_addf(&list, "%s%s", i ? ", " : "", words[i]) < 0)
            break;
    err_set(err, ERR_USAGE, "--%s: '%s' is none of %s", o->option->name, value,
            buf_cstr(&list) ? (char *)list.p : "its words");
    buf_release(&list);
    return ERR_USAGE;
}
