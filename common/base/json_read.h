/*
 * json_read.h - reads one JSON object of scalars (and, kept as text, nested
 * values): a line of --input=jsonl or of --batch. The only file that knows
 * the JSON library.
 *
 *     json_reader_open(&r, &err);
 *     if (json_reader_parse(r, line, &m, &n, &err) == 0)
 *         for (i = 0; i < n; i++)
 *             use(m[i].key, m[i].text);
 *     json_reader_free(r);
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum {
    JSON_READ_DEPTH = 32,     /* deeper nesting is refused */
    JSON_READ_VALUES = 100000 /* so are more values: each takes some 200 bytes
                               * while it is read, however short it is */
};

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_NESTED /* array or object: `text` is its JSON */
};

struct json_member {
    struct view key;
    enum json_kind type;
    struct view text; /* the string, unescaped; else the JSON of the value */
    double number;    /* of JSON_NUMBER; 0 or 1 of JSON_BOOL */
};

struct json_reader;

/* 0 or ERR_NOMEM. */
int json_reader_open(struct json_reader **out, struct err *err);

/* Parses one object. Members are in the order of their keys' first appearance,
 * borrowed until the next call; of members with the same key the last counts
 * and is the only one given. ERR_USAGE with a message (and the byte) for what
 * is no object, is nested too deep, has too many values or a whole number
 * beyond 64 bits; ERR_NOMEM. Ill-formed UTF-8 and unpaired surrogates become U+FFFD; a \u0000
 * stays in a value and ends a key. */
int json_reader_parse(struct json_reader *r, struct view line,
                      const struct json_member **members, size_t *n,
                      struct err *err);

/* Ill-formed sequences of UTF-8 that the last call replaced. */
size_t json_reader_replaced(const struct json_reader *r);

void json_reader_free(struct json_reader *r); /* NULL is allowed */

#endif
