/*
 * meta.h - what a text says about itself: title, date, language, fields, and
 * which stretches of it are searched.
 *
 * A file may begin with front matter, a block of `key: value` lines between
 * lines of `---`. Its values are searched, its keys are not; `title`, `date`
 * (or `published`, `pubdate`, `publication_date`, `date_published`,
 * `published_at`) and `lang` (or `language`) count as such, other values are
 * kept as fields. It is read as people write it and not as YAML: a value is a
 * range of the text, without the quotes around it; indented lines and `- items`
 * belong to the key above.
 *
 * Title: that of the front matter, else the first Markdown heading (of a .md
 * file), else the first line that is not empty, no running head and no number
 * (furniture_title). Date: that of the front matter
 * or record, else that of the file's name and folders, else that of the first
 * lines (dateline.h). What has none is dated by the file's time, but that is no
 * part of what the text says: see source_day.
 *
 *     struct meta m = {0};
 *     if (meta_of_file(&m, text, path) < 0) ...
 *     meta_release(&m);
 */
#ifndef INDEXER_META_H
#define INDEXER_META_H

#include "index/document.h"
#include "text/detect.h"

enum {
    META_TITLE = 300,   /* bytes of a title that are searched as such */
    META_SHOWN = 200,   /* characters of a title that are shown */
    META_FIELD = 1024,  /* bytes of a field that are kept */
    META_FIELDS = 64,   /* fields of a document */
    META_FRONT = 65536, /* bytes of front matter */
    META_LANGUAGE = 32  /* bytes of a language's name */
};

struct meta {
    struct zone *zone; /* ascending */
    size_t nzones, zone_cap;
    uint32_t title_start, title_len; /* the range to show; len 0 = none */
    int32_t date;                    /* or DATE_NONE */
    uint8_t date_source;             /* enum date_source */
    struct field *field;             /* borrows from the text */
    size_t nfields, field_cap;
    char language[META_LANGUAGE]; /* as given, in lower case; "" = unknown */
    bool detected;                /* the language is what the text looks like */
    struct buf acronyms;  /* what the text states of them (index/acronyms.h) */
    struct buf furniture; /* its marks (text/furniture.h): both are filled by
                           * whoever takes the document in */
};

/* What a file says; *m is filled anew, its memory used again. 0, ERR_NOMEM. */
int meta_of_file(struct meta *m, struct view text, struct view path);

/* What a record says whose text begins with title_len bytes of title and,
 * unless that is 0, a line end. `date` and `language` may be empty. */
int meta_of_record(struct meta *m, struct view text, size_t title_len,
                   struct view date, struct view language);

/* What a file of another format says (formats/extract.h), whose text is as that
 * of a record; without a title it has that of a file's text. */
int meta_of_extract(struct meta *m, struct view text, size_t title_len,
                    struct view path, struct view date, struct view language);

/* What is known of a document whose text is stored; m's fields borrow from d. */
int meta_of_document(struct meta *m, const struct document *d);

/* The language by the text, unless the document says it; a name it gives
 * ("english", "eng") becomes a code. */
void meta_detect(struct meta *m, const struct detector *d, struct view text);

/* Keeps a field, or not, where there are too many or its name is none that a
 * user may give (index/fields.h). 0 or ERR_NOMEM. */
int meta_field(struct meta *m, struct view name, struct view value);

/* Where, for marks of furniture, the body of a text with those zones begins:
 * with its title if that is a line of it. */
size_t meta_edge(const struct zone *zone, size_t n);

/* Whether a document has that title and those zones. */
bool meta_agrees(const struct meta *m, const struct document *d);

void meta_release(struct meta *m);

#endif
