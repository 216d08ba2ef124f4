/*
 * A segment of the input's making: the input is a list of entries {u8 kind,
 * u16 length, value}, put sealed into tables p and x under keys that the
 * readers look for; then everything is read in every way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bytes.h"
#include "index/layout.h"
#include "index/postings.h"
#include "index/record.h"
#include "index/store.h"
#include "tests/fuzz/fuzz.h"

enum { STEPS = 4096 }; /* of each walk: damage may make long lists */

static struct store *open_store(void)
{
    static char dir[] = "/tmp/fuzz-segment-XXXXXX";
    struct store *s;
    struct err err;

    if (!mkdtemp(dir) || store_open(&s, dir, STORE_WRITE, &err) < 0) {
        fprintf(stderr, "%s\n", err.msg);
        exit(1);
    }
    return s;
}

/* Puts one entry: its kind says which table and what key. */
static void put_entry(struct txn *t, struct segment *s, unsigned kind,
                      struct view val)
{
    uint8_t key[TERM_MAX + 16] = "term";
    size_t n = 4;
    store_db db = s->p;
    struct buf b = {0};
    struct term_entry e = {0, view_str("term"), val};
    struct err err;

    if (buf_reserve(&b, term_entry_max(4, val.n)) < 0)
        abort();
    switch (kind % 5) {
    case 0: /* a record of the term */
        b.n = (size_t)(term_entry_put(b.p, &e) - b.p);
        break;
    case 1: /* a whole term block */
        break;
    case 2:
        n = doc_key(key, n, 1 + kind / 5 * 777, 255, 1);
        break;
    case 3:
        db = s->x;
        n = pos_key(key, n, kind / 5 * 777);
        break;
    case 4:
        db = s->x;
        n = forms_key(key, n);
        put_be32(key + n, kind / 5);
        n += 4;
        break;
    }
    if ((kind % 5 && buf_add(&b, val) < 0) || record_seal(&b) < 0)
        abort();
    if (b.n <= 4080)
        (void)txn_put(t, db, view_of(key, n), buf_view(&b), &err);
    buf_release(&b);
}

static int near_itself(struct postings *p)
{
    uint8_t at = (uint8_t)postings_index(p), count;

    return postings_near(p, p, &at, &at, 1, 1, 3, &count);
}

static void walk(struct segment *s, struct view term)
{
    struct postings *p;
    const struct occurrence *occ;
    const struct forms *forms;
    const uint32_t *pos, *form;
    uint32_t n, i, d;
    struct err err;

    if (postings_open(&p, s, term, &err) > 0) {
        (void)postings_forms(p, &forms);
        for (i = 0; i < STEPS && postings_next(p) > 0; i++)
            if (postings_positions(p, &occ, &n) < 0)
                break;
        postings_close(p);
    }
    if (postings_open(&p, s, term, &err) > 0) {
        for (d = 1; d < 200000 && postings_seek(p, d) > 0; d = p->docid + 99)
            if (p->docid > 100000000 || postings_pos(p, d, &pos, &n) < 0 ||
                postings_form(p, p->tf - 1, &form, &n) < 0 ||
                near_itself(p) < 0 || postings_pos(p, UINT32_MAX, &pos, &n) < 0)
                break;
        postings_close(p);
    }
    if (postings_open(&p, s, term, &err) > 0) {
        for (i = 0, d = 1; i < STEPS && postings_shallow(p, d) > 0; i++) {
            if (postings_load(p) < 0 || postings_tfs(p) < 0 ||
                p->block_last == POSTINGS_END)
                break;
            d = p->block_last + 1;
        }
        postings_close(p);
    }
}

static void walk_terms(struct segment *s)
{
    struct inline_term in = {0};
    struct terms *ts;
    struct view term;
    struct term_info info;
    struct err err;
    int i, rc;

    if (terms_open(&ts, s, &err) < 0)
        return;
    rc = terms_seek(ts, view_str("a"), &term, &info);
    for (i = 0; i < STEPS && rc > 0; i++) {
        if (!terms_record(ts)->head.chunked)
            (void)terms_inline(ts, &in);
        rc = terms_next(ts, &term, &info);
    }
    inline_term_release(&in);
    terms_close(ts);
}

/* The same by names alone, with steps over what begins alike. */
static void skip_terms(struct segment *s)
{
    uint8_t at[TERM_MAX + 1] = {'a'};
    const struct forms *forms;
    struct term_info info;
    struct terms *ts;
    struct view term;
    struct err err;
    size_t n = 1;
    int i;

    if (terms_open(&ts, s, &err) < 0)
        return;
    for (i = 0; i < STEPS && terms_skip(ts, view_of(at, n), &term) > 0; i++) {
        if (terms_info(ts, &info) > 0)
            (void)terms_forms(ts, &forms);
        n = term.n > 2 && i % 2 ? 2 : term.n;
        memcpy(at, term.p, n);
        at[n] = n < term.n ? 0xff : 1;
        n++;
    }
    terms_close(ts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct store *store;
    struct segment_info info = {.number = 1,
                                .doc_lo = 1,
                                .doc_hi = 1u << 30,
                                .docs = 1u << 20,
                                .terms = 1};
    struct segment s = {.info = info};
    struct rd r = rd_of(view_of(data, size));
    struct txn *t;
    struct err err;
    unsigned kind;
    size_t n;

    if (!store)
        store = open_store();
    if (txn_begin(&t, store, &err) < 0 ||
        txn_open_db(t, "p00000001", true, &s.p, &err) < 0 ||
        txn_open_db(t, "x00000001", true, &s.x, &err) < 0)
        abort();
    s.txn = t;
    while (rd_left(&r) >= 3) {
        kind = rd_u8(&r);
        n = get_u16(rd_bytes(&r, 2).p) % 4081;
        put_entry(t, &s, kind, rd_bytes(&r, n < rd_left(&r) ? n : rd_left(&r)));
    }
    walk(&s, view_str("term"));
    walk_terms(&s);
    skip_terms(&s);
    txn_abort(t);
    return 0;
}
