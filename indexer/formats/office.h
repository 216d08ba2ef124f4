/*
 * office.h - what docx, odt and epub have in common: a ZIP archive with parts
 * that are XML, one of which says who wrote it when.
 */
#ifndef INDEXER_FORMATS_OFFICE_H
#define INDEXER_FORMATS_OFFICE_H

#include "indexer/formats/extract.h"
#include "indexer/formats/xml.h"
#include "indexer/formats/zip.h"

/* Of extract.h's shape. Encrypted files are ERR_REFUSED.
 *
 * The text of a docx is what stands in it: insertions of tracked changes, not
 * deletions; text boxes behind the paragraph that holds them, foot and end
 * notes behind all else, without their numbers; no headers, footers, comments
 * and field codes. Cells of a table end in tabs, rows in line ends; pages where
 * Word has noted that they ended, or where a page break stands. */
int docx_extract(struct view bytes, const struct extract_limits *limits,
                 struct extract *x, struct err *err);
int odt_extract(struct view bytes, const struct extract_limits *limits,
                struct extract *x, struct err *err); /* the same */
/* Chapters in the order of reading, each a page. */
int epub_extract(struct view bytes, const struct extract_limits *limits,
                 struct extract *x, struct err *err);

/* Reads a part that is XML: 1; 0 where there is no such part; errors of zip.h
 * and xml.h, with the part's name. */
int office_part(struct zip *z, struct view name,
                const struct xml_handler *handler, void *arg, struct err *err);

/* What the elements of Dublin Core and their like declare. */
struct office_properties {
    struct extract *x;
    int reads;            /* the property that is being read, or -1 */
    unsigned depth;       /* elements in it */
    struct buf value;     /* of it */
    struct buf date[3];   /* created, dated, changed */
    struct buf author[2]; /* who began it; the others, NUL behind each */
};

/* Handlers of a part that has such elements, among others; `arg` of each is a
 * struct office_properties. */
extern const struct xml_handler office_properties_handler;

/* Puts into p->x what there was. 0 or ERR_NOMEM. */
int office_properties_take(struct office_properties *p, struct err *err);

void office_properties_release(struct office_properties *p);

#endif
