#include "indexer/records.h"

#include <stdlib.h>

#include "indexer/csv.h"
#include "indexer/jsonl.h"
#include "indexer/mailbox.h"
#include "indexer/stream.h"
#include "indexer/trec.h"

const char *const records_formats[] = {"jsonl", "trec", "csv", "mbox", NULL};

/* One of them is open. */
struct records {
    struct jsonl *jsonl;
    struct trec *trec;
    struct csv *csv;
    struct mailbox *mailbox;
};

int records_open(struct records **out, enum records_format format,
                 const char *path, size_t max, struct err *err)
{
    struct records *r = calloc(1, sizeof *r);
    int rc;

    *out = NULL;
    if (!r)
        return err_nomem(err);
    switch (format) {
    case RECORDS_TREC:
        rc = trec_open(&r->trec, path, max, err);
        break;
    case RECORDS_CSV:
        rc = csv_open(&r->csv, path, max, err);
        break;
    case RECORDS_MBOX:
        rc = mailbox_open(&r->mailbox, path, max, err);
        break;
    default:
        rc = jsonl_open(&r->jsonl, path, max, err);
    }
    if (rc < 0)
        free(r);
    else
        *out = r;
    return rc;
}

static struct stream *stream_of(const struct records *r)
{
    if (r->csv)
        return csv_stream(r->csv);
    return r->jsonl ? jsonl_stream(r->jsonl) : trec_stream(r->trec);
}

int records_decode(struct records *r, const char *encoding, struct err *err)
{
    if (r->mailbox)
        return mailbox_charset(r->mailbox, encoding) < 0 ? err_nomem(err) : 0;
    return stream_decode(stream_of(r), encoding, err);
}

size_t records_replaced(const struct records *r)
{
    return r->mailbox ? 0 : stream_replaced(stream_of(r));
}

int records_next(struct records *r, struct record *out,
                 const volatile sig_atomic_t *stop, struct err *err)
{
    if (r->csv)
        return csv_next(r->csv, out, stop, err);
    if (r->mailbox)
        return mailbox_next(r->mailbox, out, stop, err);
    return r->jsonl ? jsonl_next(r->jsonl, out, stop, err)
                    : trec_next(r->trec, out, stop, err);
}

void records_close(struct records *r)
{
    if (!r)
        return;
    jsonl_close(r->jsonl);
    trec_close(r->trec);
    csv_close(r->csv);
    mailbox_close(r->mailbox);
    free(r);
}
