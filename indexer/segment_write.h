/*
 * segment_write.h - writes one segment: terms in byte order, each with its
 * postings in docid order, into tables p and x by appending (FORMAT.md).
 *
 * A term is written in one go: _term, then _posting for each document, then
 * _end_term. What the head says (df, cf, bounds) must be known beforehand,
 * since it sorts before the chunks; _end_term checks that it came true. Memory
 * does not grow with a term's postings.
 *
 *     segment_writer_open(&w, txn, number, doc_lo, &err);
 *     for each term {
 *         segment_writer_term(w, term, &info, forms, nforms, &err);
 *         for each document
 *             segment_writer_posting(w, docid, tf, code, occ, &err);
 *         segment_writer_end_term(w, &err);
 *     }
 *     segment_writer_close(w, &info, &err);
 *
 * All return 0 or a negative code; after a failure only segment_writer_free
 * (and the end of the transaction) is left to do.
 */
#ifndef INDEXER_SEGMENT_WRITE_H
#define INDEXER_SEGMENT_WRITE_H

#include "index/postings.h"

struct segment_writer;

/* Makes tables p%08x and x%08x, which must not be there yet (or be empty). No
 * docid is below doc_lo, which the segment's info must have as well. */
int segment_writer_open(struct segment_writer **out, struct txn *t,
                        uint32_t number, uint32_t doc_lo, struct err *err);

/* Goes on in another transaction, after the commit of the first one; also
 * amidst a term. So none need grow past 64 MB. */
int segment_writer_move(struct segment_writer *w, struct txn *t,
                        struct err *err);

/* `term` is above every term before it: 1 to TERM_MAX bytes, none of them 0.
 * Forms by falling count (their counts are stored for chunked terms); none
 * stand for one, the term itself over one position; no text is empty. All is
 * copied. max_tf is the largest tf, 255 if larger; min_len the smallest length
 * code. ERR_FULL where cf passes 32 bits. */
int segment_writer_term(struct segment_writer *w, struct view term,
                        const struct term_info *info, const struct form *forms,
                        uint32_t nforms, struct err *err);

/* Docids ascend. tf occurrences, tf > 0, positions ascending without
 * duplicates, forms below nforms; `code` is the document's length code, not
 * 0. */
int segment_writer_posting(struct segment_writer *w, uint32_t docid,
                           uint32_t tf, uint8_t code,
                           const struct occurrence *occ, struct err *err);

/* Whether the term begun has chunks: then its postings may also come in bulk,
 * n documents by _docs, and later their occurrences by _occurrences, all of
 * them before the next _posting. Each position is counted from the one before
 * it in the document, the first from 0. */
bool segment_writer_chunked(const struct segment_writer *w);
int segment_writer_docs(struct segment_writer *w, const uint32_t *docid,
                        const uint32_t *tf, const uint8_t *code, uint32_t n,
                        struct err *err);
int segment_writer_occurrences(struct segment_writer *w, const uint32_t *delta,
                               const uint32_t *form, uint32_t n,
                               struct err *err);

/* ERR_CORRUPT if the postings were not those the info told. */
int segment_writer_end_term(struct segment_writer *w, struct err *err);

/* The inline record of a term in another segment, in its parts. */
struct inline_part {
    uint32_t doc_lo; /* of that segment */
    uint32_t df;
    uint32_t last; /* last docid */
    uint8_t min_len;
    struct view docs; /* as they are stored */
    struct view forms;
    struct view positions;
};

/* Writes a whole term from n parts of ascending docids with equal forms,
 * without decoding them: 1; 0 where they do not fit one inline record, and
 * nothing was written. */
int segment_writer_inline(struct segment_writer *w, struct view term,
                          const struct inline_part *part, uint32_t n,
                          struct err *err);

/* Ends the segment, fills terms and bytes of *info, frees w. */
int segment_writer_close(struct segment_writer *w, struct segment_info *info,
                         struct err *err);
/* Frees w without ending the segment; NULL is allowed. */
void segment_writer_free(struct segment_writer *w);

#endif
