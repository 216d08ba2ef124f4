#include "indexer/retake.h"

#include <stdlib.h>
#include <string.h>

#include "index/acronyms.h"
#include "indexer/vec.h"
#include "text/furniture.h"

int retake_open(struct retake *r, struct index *ix, size_t budget,
                struct err *err)
{
    struct view chain = config_value(buf_view(&ix->config), "chain");
    int rc;

    memset(r, 0, sizeof *r);
    if (!view_eq(chain, view_str(lexer_version())))
        return err_set(err, ERR_VERSION,
                       "the index was made by text chain %.*s; this is %s, "
                       "which cannot check its text",
                       (int)chain.n, (const char *)chain.p, lexer_version());
    rc = documents_open(&r->docs, ix->txn, err);
    if (rc == 0)
        rc = lexers_open(&r->lexers, buf_cstr(&ix->language), err);
    if (rc == 0 &&
        ((lexers_are_auto(r->lexers) && detector_open(&r->detector) < 0) ||
         invert_open(&r->invert, r->lexers, budget, 0) < 0))
        rc = err_nomem(err);
    return rc;
}

void retake_close(struct retake *r)
{
    invert_free(r->invert);
    lexers_free(r->lexers);
    detector_free(r->detector);
    documents_close(r->docs);
    buf_release(&r->text);
    buf_release(&r->fact);
    meta_release(&r->meta);
    free(r->checks.at);
    free(r->docid);
    memset(r, 0, sizeof *r);
}

int retake_add(struct retake *r, uint32_t docid, struct document *d,
               struct inverted *found, struct err *err)
{
    int rc = documents_get(r->docs, docid, d, err);
    uint32_t *more;

    if (rc <= 0 || !(d->flags & DOCUMENT_TEXT))
        return rc < 0 ? rc : 0;
    buf_clear(&r->text);
    rc = documents_text(r->docs, d, 0, d->nframes, &r->text, err);
    if (rc < 0)
        return rc;
    more = vec_grow(r->docid, &r->cap, r->ndocs + 1, sizeof *more);
    if (!more)
        return err_nomem(err);
    r->docid = more;
    r->checks.n = 0;
    rc = invert_add(r->invert, lexers_number(r->lexers, d->language),
                    buf_view(&r->text), d->zone, d->nzones, &r->checks, found);
    if (rc == ERR_FULL)
        return err_set(err, ERR_FULL,
                       "document %u has too many different words for --memory",
                       docid);
    if (rc < 0)
        return err_nomem(err);
    r->docid[r->ndocs++] = docid;
    return 1;
}

/* --- the record --- */

/* Whether frames begin where their record says: line, page, paragraph and
 * position; and whether there are as many pages. */
static bool frames_fit(const struct retake *r, const struct document *d)
{
    const struct checkpoint *cp = r->checks.at, *end = cp + r->checks.n;
    struct paragraphs par = PARAGRAPHS_NONE;
    uint32_t line = 1, page = 1, pos = 0, at = 0;
    size_t i;

    for (i = 0; i < d->nframes; i++) {
        const struct frame_info *f = &d->frame[i];
        bool restart = i == 0;

        paragraphs_count(&par, view_sub(buf_view(&r->text), at, f->start));
        for (; at < f->start; at++) {
            line += r->text.p[at] == '\n';
            page += r->text.p[at] == '\f';
        }
        for (; cp < end && cp->byte <= f->start; cp++) {
            pos = cp->pos;
            restart = cp->byte == f->start;
        }
        if (f->line != line || f->page != page || f->pos != pos ||
            f->restart != restart || f->paragraphs.n != par.n ||
            f->paragraphs.ends != par.ends)
            return false;
    }
    for (; d->nframes && at < r->text.n; at++)
        page += r->text.p[at] == '\f';
    return d->pages == page;
}

/* Whether the record has r->fact under that name. */
static bool fact_fits(const struct retake *r, const struct document *d,
                      const char *name)
{
    struct view stated = {NULL, 0};
    size_t i;

    for (i = 0; i < d->nfields; i++)
        if (view_eq(d->field[i].name, view_str(name)))
            stated = d->field[i].value;
    return view_eq(buf_view(&r->fact), stated);
}

/* Whether the record states the acronyms that the text does. */
static bool acronyms_fit(struct retake *r, const struct document *d)
{
    buf_clear(&r->fact);
    return acronyms_of(buf_view(&r->text), &r->fact) < 0 ||
           fact_fits(r, d, ACRONYMS_FIELD);
}

/* Whether it has the marks of its text's furniture. */
static bool furniture_fits(struct retake *r, const struct document *d)
{
    buf_clear(&r->fact);
    return furniture_marks(buf_view(&r->text), meta_edge(d->zone, d->nzones),
                           &r->fact) < 0 ||
           fact_fits(r, d, FURNITURE_FIELD);
}

#define LINES_DIFFER "its first and last lines are not those of its text"

const char *retake_differs(struct retake *r, const struct document *d,
                           const struct inverted *found)
{
    struct view text = buf_view(&r->text);

    if (d->length != found->length)
        return "its length is not that of its text";
    if (!frames_fit(r, d))
        return "its frames begin elsewhere in its text";
    if (!acronyms_fit(r, d))
        return "its acronyms are not those of its text";
    /* title and date of these were given beside their text */
    if (d->flags & (DOCUMENT_RECORD | DOCUMENT_EXTRACTED) ||
        meta_of_file(&r->meta, text, d->path) < 0)
        return furniture_fits(r, d) ? NULL : LINES_DIFFER;
    if (!meta_agrees(&r->meta, d))
        return "its title and zones are not those of its text";
    if (d->date != r->meta.date)
        return "its date is not that of its text or name";
    if (r->detector)
        meta_detect(&r->meta, r->detector, text);
    if (!view_eq(d->language, view_str(r->meta.language)))
        return "its language is not that of its text";
    return furniture_fits(r, d) ? NULL : LINES_DIFFER;
}

/* --- */

int retake_sort(struct retake *r, struct err *err)
{
    return invert_sort(r->invert) < 0 ? err_nomem(err) : 0;
}

void retake_clear(struct retake *r)
{
    invert_clear(r->invert, false);
    r->ndocs = 0;
}
