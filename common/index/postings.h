/*
 * postings.h - reads what one term has in one segment: documents, counts,
 * block maxima, positions and forms.
 *
 * Docids ascend. Postings come in blocks of at most 128; each block and each
 * chunk of blocks carries the largest tf and the smallest length code in it,
 * from which a bound of any BM25 score follows under any statistics. Skipping
 * reads keys and block headers, never the packed numbers. Every length and
 * bit width from the disk is checked where it is decoded; damage gives
 * ERR_CORRUPT with the term in the message.
 *
 * The plain walk:
 *
 *     if ((rc = postings_open(&p, seg, term, &err)) > 0)
 *         for (rc = postings_next(p); rc > 0; rc = postings_next(p))
 *             use(p->docid, p->tf);
 *     postings_close(p);
 *
 * Block by block, for scoring in bulk: postings_shallow(p, d) finds the block
 * that may hold d without decoding it and gives its bounds; postings_load(p)
 * decodes it.
 */
#ifndef INDEX_POSTINGS_H
#define INDEX_POSTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "index/bitpack.h"
#include "index/forms.h"
#include "index/manifest.h"
#include "index/store.h"

#define POSTINGS_END UINT32_MAX /* docid behind the last posting */

enum { TERM_MAX = 65 }; /* bytes of the longest term, title mark included */

/* A segment opened in a transaction. */
struct segment {
    struct segment_info info;
    struct txn *txn; /* borrowed */
    store_db p;
    store_db x;
    bool verify; /* the seals of chunks are looked at, by who copies them */
};
/* ERR_CORRUPT where its tables are missing. `verify` is false. */
int segment_open(struct segment *s, struct txn *t,
                 const struct segment_info *info, struct err *err);

/* What a term's head says; cheaper than opening its postings. */
struct term_info {
    uint32_t df;     /* documents, dead ones included */
    uint64_t cf;     /* occurrences */
    uint8_t max_tf;  /* 255 = 255 or more */
    uint8_t min_len; /* smallest length code */
};
/* 1 found, 0 not. */
int segment_term(struct segment *s, struct view term, struct term_info *out,
                 struct err *err);

struct postings {
    struct term_info info;
    /* the current posting, after postings_next or postings_seek: */
    uint32_t docid; /* POSTINGS_END behind the last */
    uint32_t tf;
    /* the current block, after postings_load: */
    uint32_t block_n;      /* postings in it */
    uint32_t docs[PACK_N]; /* docids, ascending */
    uint32_t tfs[PACK_N];  /* valid after postings_tfs */
    /* the block postings_shallow stands on: */
    uint32_t block_last; /* its last docid, POSTINGS_END at the end */
    uint8_t block_max_tf;
    uint8_t block_min_len;
    /* the chunk around it: */
    uint32_t chunk_last;
    uint8_t chunk_max_tf;
    uint8_t chunk_min_len;
    struct postings_state *state; /* opaque */
};

/* 1 with *out to be closed, 0 where the segment lacks the term (*out NULL).
 * `s` and `err`, which gets the message of any later failure, must live until
 * postings_close. */
int postings_open(struct postings **out, struct segment *s, struct view term,
                  struct err *err);
void postings_close(struct postings *p); /* NULL is allowed */

/* 1 with docid and tf, 0 at the end (docid POSTINGS_END), ERR_CORRUPT. */
int postings_next(struct postings *p);
/* The first posting with docid >= d (d not below the current one). */
int postings_seek(struct postings *p, uint32_t d);

/* Moves to the chunk that would hold d and sets the chunk_ fields alone: reads
 * keys, no page of postings. 1, 0 behind the end, ERR_CORRUPT. Forward only,
 * as are all moves. The block_ fields mean nothing until postings_shallow. */
int postings_chunk(struct postings *p, uint32_t d);
/* Moves, without decoding, to the block that would hold d: 1, 0 behind the
 * end, ERR_CORRUPT. docs, tfs and the current posting stay as they are until
 * the next load; postings_next goes on with the block's first posting. */
int postings_shallow(struct postings *p, uint32_t d);
/* Back to before the first block of the chunk it stands on, whose docids may be
 * asked for again. Not once postings_next or postings_seek was used. */
void postings_rewind(struct postings *p);
/* Decodes the docids of that block into docs, sets block_n, which is 0 where
 * there is none. 0 or ERR_CORRUPT. */
int postings_load(struct postings *p);
/* Decodes the tfs of the loaded block, if not done yet. 0 or ERR_CORRUPT; to
 * be called before the next postings_shallow. */
int postings_tfs(struct postings *p);
/* Makes posting i of the loaded block, which none behind it was yet, the
 * current one. 0 or ERR_CORRUPT. */
int postings_stand(struct postings *p, uint32_t i);
/* The number of the current posting in its block. */
uint32_t postings_index(const struct postings *p);

/* Positions of the current posting (postings_next, postings_seek): tf of
 * them, ascending, each with its form's number. 0, ERR_CORRUPT or ERR_NOMEM.
 * Borrowed until the next call on p. */
struct occurrence {
    uint32_t pos;
    uint32_t form;
};
int postings_positions(struct postings *p, const struct occurrence **out,
                       uint32_t *n);
/* Positions alone, and of them perhaps only the first: at least those that are
 * not above `upto`. Several calls for one document, with different `upto`, do
 * its work once. Borrowed likewise. */
int postings_pos(struct postings *p, uint32_t upto, const uint32_t **out,
                 uint32_t *n);
/* For n documents that are in the loaded blocks of both a and b, ascending:
 * postings in_a[i] and in_b[i], none behind the current ones. count[i] becomes
 * the number of pairs of a position of a and one of b that is lo … hi behind it
 * (either may be negative), or NEAR_UNKNOWN where postings_pos is the better
 * way. Damage need not show. 0, ERR_CORRUPT or ERR_NOMEM. */
enum { NEAR_UNKNOWN = 255 };
int postings_near(struct postings *a, struct postings *b, const uint8_t *in_a,
                  const uint8_t *in_b, uint32_t n, int64_t lo, int64_t hi,
                  uint8_t *count);
/* The forms of occurrence i, i from 0 and below the tf, of the current posting
 * and of some behind it: *n of them, at least 1. Borrowed likewise. */
int postings_form(struct postings *p, uint32_t i, const uint32_t **form,
                  uint32_t *n);
/* All occurrences of a term that has chunks, one document behind the other,
 * whichever is the current one: those from index `at` on (below the cf), *n of
 * them, at least 1. Positions are counted from the one before in the document,
 * the first from 0. Borrowed likewise. ERR_USAGE for a term without. */
int postings_occurrences(struct postings *p, uint32_t at,
                         const uint32_t **delta, const uint32_t **form,
                         uint32_t *n);
/* The term's forms in this segment, by falling count; borrowed until
 * postings_close. 0, ERR_CORRUPT or ERR_NOMEM. Counts are those of chunked
 * terms; an inline one (no chunk, at most 128 documents) has none. */
int postings_forms(struct postings *p, const struct forms **out);

/* Walks the terms of a segment in byte order. `s` and `err` must live until
 * terms_close. */
struct terms;
int terms_open(struct terms **out, struct segment *s, struct err *err);
/* The first term not below `at`; 1, 0 at the end, ERR_CORRUPT. *term is
 * borrowed until the next move. terms_next first gives the first term. */
int terms_seek(struct terms *ts, struct view at, struct view *term,
               struct term_info *info);
int terms_next(struct terms *ts, struct view *term, struct term_info *info);
/* The postings of the current term, which stay open when it moves on: as
 * postings_open, but spares the search. */
int terms_postings(struct terms *ts, struct postings **out);
/* For a walk that passes most terms over: the first term not below `at`, which
 * is not below the current one, by its name alone; cheap where it is near. 1, 0
 * at the end, ERR_CORRUPT. What the term has, afterwards: terms_info, then
 * terms_postings. */
int terms_skip(struct terms *ts, struct view at, struct view *term);
int terms_info(struct terms *ts, struct term_info *info);
/* Its forms, after terms_info; borrowed until the next move. */
int terms_forms(struct terms *ts, const struct forms **out);
void terms_close(struct terms *ts);

#endif
