#include "indexer/samples.h"

enum {
    ENOUGH = 512 << 10, /* bytes of text that make a dictionary worth while */
    PIECE = 2 << 10,    /* many short ones tell more than few long ones */
    PIECES = 512
};

int samples_train(struct document_writer *w, const struct batch *b, bool *tried,
                  struct err *err)
{
    size_t sizes[PIECES], step = b->text.n / PIECES, i;
    size_t piece = step < PIECE ? step : PIECE;
    struct buf pieces = {0};
    int rc = 0;

    if (b->text.n < ENOUGH)
        return 0;
    *tried = true;
    for (i = 0; i < PIECES && rc == 0; i++) {
        sizes[i] = piece;
        rc = buf_add(&pieces, view_of(b->text.p + i * step, piece));
    }
    rc = rc < 0
             ? err_nomem(err)
             : document_writer_train(w, buf_view(&pieces), sizes, PIECES, err);
    buf_release(&pieces);
    return rc < 0 ? rc : 0;
}
