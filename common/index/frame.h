/*
 * frame.h - stretches of text, compressed each by itself (the only file that
 * knows zstd).
 *
 * A frame is one zstd frame of level 3 with its checksum and raw size in it,
 * made with a dictionary or without one; its header tells which, so a
 * dictionary may come later than the first frames. There is one dictionary an
 * index, 32 KB of what its texts have in common, without which a frame of 10 KB
 * would compress a fifth worse.
 *
 *     frame_packer_open(&p, &err);
 *     frame_packer_dictionary(p, dict, &err);
 *     frame_pack(p, text, &packed, &err);       // packed: until the next call
 *
 *     frame_reader_open(&r, &err);
 *     frame_unpack(r, packed, raw_size, &out, &err);
 */
#ifndef INDEX_FRAME_H
#define INDEX_FRAME_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
    FRAME_RAW_MAX = 1 << 16,  /* text bytes a packer puts into a frame */
    FRAME_READ_MAX = 1 << 20, /* and that a reader would accept */
    FRAME_PACKED_MAX = FRAME_READ_MAX + (1 << 13), /* bytes of such a frame */
    FRAME_OVERHEAD = 32,       /* a frame is at most so much longer than its
                                * text: what is random is kept as it is */
    FRAME_DICTIONARY = 1 << 15 /* bytes of a dictionary at most */
};

struct frame_packer;
int frame_packer_open(struct frame_packer **out, struct err *err);
/* From now on frames are made with this dictionary, which is copied; with
 * none if it is empty. ERR_CORRUPT if it is not one. */
int frame_packer_dictionary(struct frame_packer *p, struct view dict,
                            struct err *err);
/* Compresses up to FRAME_RAW_MAX bytes; *out is borrowed until the next
 * call. */
int frame_pack(struct frame_packer *p, struct view text, struct view *out,
               struct err *err);
void frame_packer_free(struct frame_packer *p); /* NULL is allowed */

struct frame_reader;
int frame_reader_open(struct frame_reader **out, struct err *err);
/* The dictionary for frames that were made with one; its bytes become the
 * reader's, and *dict is empty, unless ERR_CORRUPT. */
int frame_reader_dictionary(struct frame_reader *r, struct buf *dict,
                            struct err *err);
/* Whether a frame was made with a dictionary. */
bool frame_needs_dictionary(struct view frame);
/* Appends the text, which must have exactly `size` bytes: 0, ERR_CORRUPT. */
int frame_unpack(struct frame_reader *r, struct view frame, uint32_t size,
                 struct buf *out, struct err *err);
void frame_reader_free(struct frame_reader *r); /* NULL is allowed */

/* Makes a dictionary of n samples that lie one behind the other: 1 with it
 * appended to out, 0 if they are too few or too alike (no error). */
int frame_train(struct view samples, const size_t *sizes, unsigned n,
                struct buf *out, struct err *err);

/* Appends what a .zst file holds, at most max bytes and one more: 0; ERR_FULL
 * where there is more; ERR_NOTFOUND where it ends too early; ERR_CORRUPT;
 * ERR_NOMEM. */
int frame_unpack_file(struct view file, size_t max, struct buf *out);

#endif
