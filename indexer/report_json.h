/*
 * report_json.h - the lines of --report, shared with report.c.
 */
#ifndef INDEXER_REPORT_JSON_H
#define INDEXER_REPORT_JSON_H

#include "indexer/report.h"

/* Sources that have a verdict. */
uint64_t report_found(const struct report *r);

void report_json_event(struct report *r, const struct event *e);
void report_json_error(struct report *r, const struct err *err, int code);
void report_json_end(struct report *r, const struct report_index *ix,
                     double seconds);
void report_json_close(struct report *r);

#endif
