/*
 * request.h - a line of --batch: what it asks, or what is wrong with it.
 *
 * A line is a query, or (where its first character is a brace) a JSON object:
 *
 *     {"id":7,"q":"rail port","limit":5,"all":true}
 *
 * In place of "q" there may be "similar", the number or path of a document.
 * `id` is a string, a number or null and comes back as it is. The other keys
 * are options by their long names (settings_member); they hold for this line.
 *
 * Codes of errors, for this and all that follows:
 *
 *     blank        no query in the line, or "q" is blank
 *     too_long     a line of more than 1 MiB
 *     not_json     it begins with { and is no object, or holds a whole number
 *                  beyond 64 bits, or more depth or values than json_read.h
 *     usage        an object without "q" and "similar", or with both
 *     unknown_key  a key that no request has
 *     bad_value    a value that its key cannot have
 *     syntax       a query that cannot be searched: too deep, too many words
 *     no_document  "similar" names none, or one whose text is not stored
 *     no_index     there is no index, or it must not be opened, or not together
 *                  with another
 *     version      an index of another format
 *     damaged      the index is damaged
 *     io           the system refused to read
 *     lost         with --jobs: the process that was to answer was ended, twice
 *     memory       out of memory
 */
#ifndef QUERY_REQUEST_H
#define QUERY_REQUEST_H

#include "query/settings.h"

struct request {
    struct buf id;            /* as JSON: "null" where there is none */
    struct view text;         /* the query; borrowed from line and reader */
    struct view similar;      /* or a document; p is NULL where there is none */
    struct settings settings; /* a copy, with what the line says */
    const char *code;         /* of the error, or NULL */
};

/* Reads a line. 0; negative with r->code and the message of err, which must
 * not be NULL. r->id is filled in either case, r->settings starts as
 * *defaults. */
int request_read(struct request *r, struct json_reader *reader,
                 struct view line, const struct settings *defaults,
                 struct err *err);

/* The code for what a request came to when it was answered. */
const char *request_code(int rc);

void request_release(struct request *r);

#endif
