/*
 * message.h - what the indexer and its worker send each other.
 *
 * A message is a head of 16 bytes (mark, lengths), a small part of lengths and
 * strings, and a large one: the file's bytes on the way there, the text on the
 * way back. What comes back is trusted no more than the file: lengths have
 * limits and numbers ranges, and what breaks them is an error.
 */
#ifndef INDEXER_FORMATS_MESSAGE_H
#define INDEXER_FORMATS_MESSAGE_H

#include "indexer/formats/format.h"

enum {
    MESSAGE_HEAD = 16,
    MESSAGE_SMALL = 4 << 20 /* bytes of the small part at most */
};

struct message_size {
    size_t small, large;
};

void message_head(struct message_size size, uint8_t out[MESSAGE_HEAD]);
/* ERR_CORRUPT for what is no head, or one of more than `large` bytes. */
int message_head_read(const uint8_t head[MESSAGE_HEAD], size_t large,
                      struct message_size *out);

/* A file and what is to be done with it. */
struct request {
    struct view bytes; /* the large part */
    struct view path;
    struct view filter;  /* its words; empty: by its format */
    size_t text_max;     /* as in extract_limits */
    struct view charset; /* likewise; empty for NULL */
    uint64_t memory;     /* bytes of address space of worker and programs */
    unsigned seconds;    /* of processor time of programs */
};

/* Appends the small part; 0 or ERR_NOMEM. Reading borrows; ERR_CORRUPT. */
int message_write_request(const struct request *r, struct buf *small);
int message_read_request(struct view small, struct view large,
                         struct request *r);

/* What became of it. */
struct reply {
    int rc;           /* of format_extract */
    struct err err;   /* its message */
    bool fresh;       /* the next file is to have another worker */
    unsigned nested;  /* times it was compressed */
    struct derived d; /* without its name; the text is the large part */
};

int message_write_reply(const struct reply *r, struct buf *small);
/* Fills all of *r but the text, whose memory is used again. ERR_CORRUPT,
 * ERR_NOMEM. */
int message_read_reply(struct view small, struct reply *r);

#endif
