/*
 * options.h - one table of options gives parsing, help and suggestions.
 *
 * The rules of both programs (query(1), indexer(1)): long options take a
 * required value as --opt=value or --opt value, an optional one as
 * --opt=value only; a value glued to a short option must be a number (-n5),
 * so that `-durian` is an error that says "quote the query" and not
 * `-d urian`; short flags may be bundled (-lq); options may follow operands;
 * "--" ends them; "-" is an operand. An unknown long option is an error that
 * names the nearest one; a unique prefix is not enough.
 *
 *     options_init(&o, table, argc, argv);
 *     while ((rc = options_next(&o, &err)) > 0)
 *         switch (o.id) {
 *         case OPTION_OPERAND: add(o.value); break;
 *         case 'n': ...
 *         }
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum option_kind { OPTION_FLAG, OPTION_VALUE, OPTION_OPTIONAL };
enum { OPTION_OPERAND = 0 };

struct option {
    int id;           /* what options_next gives; above 0 */
    char letter;      /* short form, or 0 */
    const char *name; /* long form without dashes; NULL ends the table;
                            * "" with help alone is a heading */
    enum option_kind kind;
    const char *arg;  /* name of the value in help, or NULL */
    const char *help; /* one line */
};

struct options {
    const struct option *table;
    int argc;
    char **argv;
    int at;             /* next argument */
    const char *bundle; /* rest of a bundle of short flags, or NULL */
    bool ended;         /* "--" was seen */
    int id;             /* of what was found, OPTION_OPERAND for an operand */
    const char *value;  /* operand or value; NULL for a flag */
    const struct option *option;
};

void options_init(struct options *o, const struct option *table, int argc,
                  char **argv);

/* 1 with id and value, 0 at the end, ERR_USAGE with a message. */
int options_next(struct options *o, struct err *err);

/* Appends the table as help text: "  -n, --limit N    show N hits (10)". */
int options_help(const struct option *table, struct buf *out);

/* Finds the option of a long name (for batch requests), or NULL. */
const struct option *options_find(const struct option *table, const char *name);

/* Values. Each 0, or ERR_USAGE with a message that names the option. */
int option_uint(const struct options *o, uint64_t max, uint64_t *out,
                struct err *err);
int option_double(const struct options *o, double min, double max, double *out,
                  struct err *err);
/* "64M", "1G", "512K", "1048576". */
int option_size(const struct options *o, uint64_t *out, struct err *err);
/* Index of the value in a NULL-ended list of words. */
int option_choice(const struct options *o, const char *const *words, int *out,
                  struct err *err);

/* The word of a NULL-ended list that is nearest to `word` in edit distance,
 * or NULL if none is near: for "did you mean". */
const char *nearest_word(const char *word, const char *const *words);

#endif
