/*
 * dateline.h - the date that the first lines of a text give it.
 *
 * A date there is the text's own only where the line says so: behind a label
 * ("Published: Sep 11, 2024", "Veröffentlicht am 11. September 2024"), or
 * where it stands by itself, between the ends of the line, bars and dashes
 * ("By Jane Roe | November 18, 2024", "BEIJING, Nov. 18, 2024 (Xinhua) --").
 * Any other, in a sentence, tells of something else. A label of publishing
 * goes before a date by itself, and that before a label of an update.
 *
 * Looked at are lines that are not empty: DATELINE_LABELLED of them for labels,
 * DATELINE_ALONE for dates by themselves. Cost: one pass over these lines.
 */
#ifndef INDEXER_DATELINE_H
#define INDEXER_DATELINE_H

#include <stdint.h>

#include "base/buf.h"

enum {
    DATELINE_LABELLED = 20, /* lines */
    DATELINE_ALONE = 8,
    DATELINE_LINE = 200 /* bytes of a line that are looked at */
};

/* Days since 1970-01-01, or DATE_NONE. */
int32_t dateline(struct view text);

#endif
