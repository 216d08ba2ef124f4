#include "indexer/ahead.h"

#include <signal.h>

enum { WORTH = 1 << 20 }; /* bytes of text */

static void *pack(void *arg)
{
    struct ahead *a = arg;
    const struct batch *b = a->batch;
    struct document_writer *w = a->commit->writer;
    size_t i;

    for (i = 0; i < b->ndocs && a->rc == 0; i++) {
        const struct batch_doc *d = &b->doc[i];

        if (d->replaced_by)
            continue;
        if (document_writer_packed(w) >= a->commit->ahead_max)
            break;
        a->rc =
            document_writer_pack(w, span_view(&b->text, d->text),
                                 b->checks.at + d->check, d->nchecks, &a->err);
    }
    return NULL;
}

void ahead_start(struct ahead *a, struct commit *c, const struct batch *b)
{
    sigset_t all, old;

    memset(a, 0, sizeof *a);
    a->commit = c;
    a->batch = b;
    if (c->jobs < 2 || !c->text || b->text.n < WORTH)
        return;
    /* signals are for the first thread */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    a->running = pthread_create(&a->thread, NULL, pack, a) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

int ahead_end(struct ahead *a, struct err *err)
{
    if (!a->running)
        return 0;
    pthread_join(a->thread, NULL);
    a->running = false;
    if (a->rc < 0 && err)
        *err = a->err;
    return a->rc;
}
