/*
 * json_write.h - writes JSON into a buf, commas and escapes looked after.
 *
 *     struct json j = {.out = &buf};
 *     json_object(&j);
 *     json_key(&j, "total"); json_uint(&j, 87);
 *     json_end(&j);
 *     if (j.failed) ...   // memory ran out somewhere: one check at the end
 *
 * Strings: UTF-8 goes out as it is, control characters and DEL as \u00XX,
 * U+2028/2029 escaped, ill-formed bytes as U+FFFD. A path that is not UTF-8 is
 * {"b64":"…"}. Numbers that are not finite are null. No white space.
 */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum { JSON_DEPTH = 32 };

struct json {
    struct buf *out;
    bool failed;
    int depth;
    char close[JSON_DEPTH]; /* '}' or ']' of each open level */
    bool comma[JSON_DEPTH + 1];
    bool after_key;
};

void json_object(struct json *j);
void json_array(struct json *j);
void json_end(struct json *j); /* closes the innermost object or array */
void json_key(struct json *j, const char *key);
void json_key_view(struct json *j, struct view key);
void json_str(struct json *j, struct view v);
void json_cstr(struct json *j, const char *s); /* NULL gives null */
void json_path(struct json *j, struct view path);
void json_int(struct json *j, int64_t x);
void json_uint(struct json *j, uint64_t x);
void json_score(struct json *j, double x);   /* "%.9g" */
void json_seconds(struct json *j, double x); /* "%.6f", zeros trimmed */
void json_bool(struct json *j, bool x);
void json_null(struct json *j);

#endif
