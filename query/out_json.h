/*
 * out_json.h - members that JSON answers have in common.
 */
#ifndef QUERY_OUT_JSON_H
#define QUERY_OUT_JSON_H

#include "base/json_write.h"
#include "query/answer.h"

/* schema, tool, index, query. */
void out_json_head(struct json *j, struct answer *a);

/* "index": a folder as it was named, or null. */
void out_json_index(struct json *j, const char *name);

/* "2022-01-04" or null. */
void out_json_date(struct json *j, int32_t days);

#endif
