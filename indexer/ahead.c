#include "indexer/ahead.h"

#include <signal.h>
#include <stdlib.h>

#include "indexer/vec.h"

static void *pack(void *arg)
{
    struct ahead *a = arg;
    size_t i;

    for (i = 0; i < a->ndocs && a->rc == 0; i++) {
        const struct ahead_doc *d = &a->doc[i];

        a->rc =
            document_writer_pack(a->writer, span_view(&a->text, d->text),
                                 a->checks.at + d->check, d->nchecks, &a->err);
    }
    return NULL;
}

static void swap_texts(struct ahead *a, struct batch *b)
{
    struct checkpoints checks = a->checks;
    struct buf text = a->text;

    a->text = b->text;
    a->checks = b->checks;
    b->text = text;
    b->checks = checks;
    batch_stored(b);
}

int ahead_hand(struct ahead *a, struct document_writer *w, struct batch *b)
{
    struct ahead_doc *more;
    sigset_t all, old;
    size_t i;

    more = vec_grow(a->doc, &a->doc_cap, b->ndocs - b->nstored, sizeof *more);
    if (!more)
        return ERR_NOMEM;
    a->doc = more;
    a->writer = w;
    a->rc = 0;
    a->ndocs = 0;
    for (i = b->nstored; i < b->ndocs; i++) {
        const struct batch_doc *d = &b->doc[i];
        struct ahead_doc doc = {i, d->text, d->check, d->nchecks};

        if (!d->replaced_by)
            a->doc[a->ndocs++] = doc;
    }
    swap_texts(a, b);
    /* signals are for the first thread */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    a->running = pthread_create(&a->thread, NULL, pack, a) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (!a->running)
        pack(a);
    return 0;
}

int ahead_wait(struct ahead *a, struct err *err)
{
    if (a->running)
        pthread_join(a->thread, NULL);
    a->running = false;
    if (a->rc < 0)
        *err = a->err;
    return a->rc;
}

void ahead_clear(struct ahead *a)
{
    a->ndocs = 0;
    a->checks.n = 0;
    buf_clear(&a->text);
}

void ahead_release(struct ahead *a)
{
    struct err err;

    ahead_wait(a, &err);
    buf_release(&a->text);
    free(a->checks.at);
    free(a->doc);
    memset(a, 0, sizeof *a);
}
