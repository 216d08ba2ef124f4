/* frame.h, and the texts of document.h that lie in frames. */
#include "base/bytes.h"
#include "base/date.h"
#include "index/docs_key.h"
#include "index/document.h"
#include "index/frame.h"
#include "tests/unit/temp_store.h"

static uint32_t seed = 1;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static const char *const words[] = {
    "the",       "of",    "and",     "railway",  "opened", "between",
    "China",     "Laos",  "in",      "December", "goods",  "trade",
    "minister",  "said",  "a",       "corridor", "port",   "billion",
    "agreement", "which", "customs", "Jalan",    "kereta", "中国",
    "老挝",      "铁路",  "통행",    "ทางรถไฟ",  "naïve",  "économie",
};

/* About n bytes of sentences, with a line a sentence and some pages. */
static void make_text(struct buf *b, size_t n)
{
    buf_clear(b);
    while (b->n < n) {
        unsigned i, len = 4 + random_below(14);

        for (i = 0; i < len; i++) {
            buf_adds(b, words[random_below(sizeof words / sizeof *words)]);
            if (random_below(9) == 0)
                buf_addf(b, "%u", random_below(100000));
            buf_addc(b, i + 1 < len ? ' ' : '.');
        }
        buf_addc(b, '\n');
        if (random_below(200) == 0)
            buf_addc(b, '\f');
    }
}

struct marks {
    struct checkpoint *at;
    size_t n;
};

/* A checkpoint behind about every `gap` blanks; 0: none. */
static struct marks make_marks(struct view text, uint32_t gap)
{
    struct marks m = {test_malloc((text.n + 1) * sizeof *m.at), 0};
    uint32_t line = 1, page = 1, pos = 0, i;

    for (i = 0; i < text.n; i++) {
        line += text.p[i] == '\n';
        page += text.p[i] == '\f';
        if (text.p[i] != ' ')
            continue;
        pos++;
        if (gap && random_below(gap) == 0)
            m.at[m.n++] = (struct checkpoint){i + 1, line, page, pos};
    }
    return m;
}

static const struct checkpoint *mark_before(const struct marks *m,
                                            uint32_t byte)
{
    size_t n = m->n;

    while (n > 0 && m->at[n - 1].byte > byte)
        n--;
    return n ? &m->at[n - 1] : NULL;
}

/* Each frame's place is what a count of the text gives. */
static void check_frames(const struct document *d, struct view text,
                         const struct marks *m)
{
    uint32_t line = 1, page = 1, at = 0;
    size_t i;

    for (i = 0; i < d->nframes; i++) {
        const struct frame_info *f = &d->frame[i];
        const struct checkpoint *cp = mark_before(m, f->start);

        for (; at < f->start; at++) {
            line += text.p[at] == '\n';
            page += text.p[at] == '\f';
        }
        assert_int_equal(f->line, line);
        assert_int_equal(f->page, page);
        assert_int_equal(f->pos, cp ? cp->pos : 0);
        assert_int_equal(f->restart, i == 0 || (cp && cp->byte == f->start));
        /* between characters */
        assert_true(f->start == text.n || (text.p[f->start] & 0xc0) != 0x80);
    }
}

static void add(struct document_writer *w, uint32_t docid, struct view text,
                const struct marks *m)
{
    struct document d = {
        .docid = docid,
        .flags = DOCUMENT_TEXT,
        .date = DATE_NONE,
        .path = view_str("/a"),
        .title_start = 1 < text.n,
        .title_len = text.n > 60 ? 50 : 0,
    };
    struct err err = {0};

    if (document_writer_add(w, &d, text, m ? m->at : NULL, m ? m->n : 0, &err) <
        0)
        fail_msg("%s", err.msg);
}

static struct document_writer *writer(struct txn *t)
{
    struct document_writer *w = NULL;
    struct err err = {0};

    if (document_writer_open(&w, &err) < 0 ||
        document_writer_begin(w, t, &err) < 0)
        fail_msg("%s", err.msg);
    return w;
}

/* The document is there, and its text is `text`. */
static void check_text(struct txn *t, uint32_t docid, struct view text,
                       const struct marks *m)
{
    struct documents *ds;
    struct document d;
    struct err err = {0};
    struct buf b = {0};
    size_t i;

    assert_int_equal(documents_open(&ds, t, &err), 0);
    if (documents_get(ds, docid, &d, &err) != 1 ||
        documents_text(ds, &d, 0, d.nframes, &b, &err) < 0)
        fail_msg("%s", err.msg);
    assert_true(view_eq(buf_view(&b), text));
    for (i = 0; i < d.nframes; i++) {
        buf_clear(&b);
        assert_int_equal(documents_text(ds, &d, i, i + 1, &b, &err), 0);
        assert_true(view_eq(buf_view(&b),
                            view_sub(text, d.frame[i].start,
                                     d.frame[i].start + d.frame[i].size)));
    }
    assert_int_equal(documents_text(ds, &d, 0, d.nframes + 1, &b, &err),
                     ERR_USAGE);
    assert_int_equal(documents_text(ds, &d, 1, 0, &b, &err), ERR_USAGE);
    if (m)
        check_frames(&d, text, m);
    buf_release(&b);
    documents_close(ds);
}

static void test_texts(void **state)
{
    const size_t sizes[] = {1, 2, 100, 1000, 5000, 9000, 20000, 300000};
    const uint32_t gaps[] = {0, 1, 10, 100, 3000};
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct buf text = {0};
    uint32_t docid = 1;
    size_t i, j;

    for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (j = 0; j < sizeof gaps / sizeof *gaps; j++) {
            struct marks m;

            make_text(&text, sizes[i]);
            m = make_marks(buf_view(&text), gaps[j]);
            add(w, docid, buf_view(&text), &m);
            check_text(t, docid++, buf_view(&text), &m);
            test_free(m.at);
        }
    document_writer_free(w);
    buf_release(&text);
    txn_abort(t);
    store_close(s);
}

static void check_same_frames(struct txn *t, uint32_t one, uint32_t other)
{
    struct documents *x, *y;
    struct document a, b;
    struct err err = {0};

    assert_int_equal(documents_open(&x, t, &err), 0);
    assert_int_equal(documents_open(&y, t, &err), 0);
    assert_int_equal(documents_get(x, one, &a, &err), 1);
    assert_int_equal(documents_get(y, other, &b, &err), 1);
    assert_int_equal(a.nframes, b.nframes);
    assert_memory_equal(a.frame, b.frame, a.nframes * sizeof *a.frame);
    documents_close(x);
    documents_close(y);
}

/* Texts packed ahead, and one that was not, give the frames that they give one
 * by one; what is dropped is packed again. */
static void test_packed_ahead(void **state)
{
    enum { TEXTS = 6, AHEAD = 4 };
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct buf text[TEXTS] = {{0}};
    struct marks m[TEXTS];
    struct err err = {0};
    uint32_t i;

    for (i = 0; i < TEXTS; i++) {
        make_text(&text[i], i * 17000);
        m[i] = make_marks(buf_view(&text[i]), 100);
        add(w, 1 + i, buf_view(&text[i]), &m[i]);
    }
    document_writer_free(w);
    w = writer(t);
    for (i = 0; i < AHEAD; i++)
        assert_int_equal(
            document_writer_pack(w, buf_view(&text[i]), m[i].at, m[i].n, &err),
            0);
    for (i = 0; i < TEXTS; i++) {
        add(w, 101 + i, buf_view(&text[i]), &m[i]);
        check_text(t, 101 + i, buf_view(&text[i]), &m[i]);
        check_same_frames(t, 1 + i, 101 + i);
    }
    assert_int_equal(document_writer_pack(w, buf_view(&text[3]), NULL, 0, &err),
                     0);
    document_writer_drop(w);
    add(w, 200, buf_view(&text[2]), &m[2]);
    check_text(t, 200, buf_view(&text[2]), &m[2]);
    for (i = 0; i < TEXTS; i++) {
        test_free(m[i].at);
        buf_release(&text[i]);
    }
    document_writer_free(w);
    txn_abort(t);
    store_close(s);
}

static void test_strange_texts(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct marks none = {NULL, 0};
    struct buf text = {0}, repeated = {0};
    size_t i;

    add(w, 1, view_of(NULL, 0), NULL);
    check_text(t, 1, view_of(NULL, 0), &none);
    /* random bytes do not compress and are no UTF-8 */
    for (i = 0; i < 100000; i++)
        buf_addc(&text, (int)random_below(256));
    add(w, 2, buf_view(&text), NULL);
    check_text(t, 2, buf_view(&text), NULL);
    /* right behind them something that compresses a hundredfold, and back */
    for (i = 0; i < 2000000; i++)
        buf_addc(&repeated, 'a');
    add(w, 3, buf_view(&repeated), NULL);
    check_text(t, 3, buf_view(&repeated), &none);
    add(w, 4, buf_view(&text), NULL);
    check_text(t, 4, buf_view(&text), NULL);
    document_writer_free(w);
    buf_release(&text);
    buf_release(&repeated);
    txn_abort(t);
    store_close(s);
}

struct rows {
    size_t n;     /* pieces of text */
    size_t bytes; /* of them */
    size_t pages; /* what fills a page of its own */
};

static struct rows count_rows(struct store *s, struct txn *t)
{
    struct rows r = {0};
    struct err err = {0};
    struct cursor *c;
    struct view k, v;
    int rc;

    assert_int_equal(cursor_open(&c, t, table(t, "docs"), &err), 0);
    for (rc = cursor_first(c, &k, &v); rc > 0; rc = cursor_next(c, &k, &v))
        if (k.p[4] & 0x80) {
            assert_true(v.n > 0 && v.n <= store_max_value(s));
            r.n++;
            r.bytes += v.n;
            r.pages += v.n == store_max_value(s);
        }
    cursor_close(c);
    return r;
}

/* The frames of a long text fill pages, but for the last. */
static void test_fill_long(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct buf text = {0};
    struct marks m;
    struct rows r;

    make_text(&text, 2000000);
    m = make_marks(buf_view(&text), 30);
    add(w, 1, buf_view(&text), &m);
    check_text(t, 1, buf_view(&text), &m);
    r = count_rows(s, t);
    assert_true(r.pages > 100 && r.n <= r.pages + 3);
    document_writer_free(w);
    buf_release(&text);
    test_free(m.at);
    txn_abort(t);
    store_close(s);
}

/* Those of many short texts leave little room in leaf pages. */
static void test_fill_short(void **state)
{
    enum { TEXTS = 400 };
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct buf text = {0};
    struct err err = {0};
    uint64_t bytes;
    struct rows r;
    uint32_t i;

    for (i = 1; i <= TEXTS; i++) {
        make_text(&text, 1 + random_below(12000));
        add(w, i, buf_view(&text), NULL);
        check_text(t, i, buf_view(&text), NULL);
    }
    r = count_rows(s, t);
    assert_int_equal(txn_bytes(t, "docs", &bytes, &err), 0);
    assert_true((double)r.bytes > 0.93 * (double)bytes);
    document_writer_free(w);
    buf_release(&text);
    txn_abort(t);
    store_close(s);
}

static int train(struct document_writer *w)
{
    struct buf text = {0}, samples = {0};
    struct err err = {0};
    size_t sizes[400];
    unsigned i;
    int rc;

    for (i = 0; i < 400; i++) {
        make_text(&text, 1500);
        buf_add(&samples, buf_view(&text));
        sizes[i] = text.n;
    }
    rc = document_writer_train(w, buf_view(&samples), sizes, 50, &err);
    assert_int_equal(rc, 0); /* too few: no dictionary, no error */
    rc = document_writer_train(w, buf_view(&samples), sizes, 400, &err);
    buf_release(&text);
    buf_release(&samples);
    return rc;
}

static void test_dictionary(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct buf text[4] = {{0}};
    struct err err = {0};
    uint64_t plain;
    uint32_t i;

    for (i = 0; i < 4; i++)
        make_text(&text[i], 3000);
    add(w, 1, buf_view(&text[0]), NULL);
    commit(t);

    /* a training that is aborted leaves no dictionary in the writer */
    t = begin(s);
    assert_int_equal(document_writer_begin(w, t, &err), 0);
    assert_int_equal(train(w), 0);
    add(w, 2, buf_view(&text[1]), NULL);
    check_text(t, 2, buf_view(&text[1]), NULL);
    txn_abort(t);
    t = begin(s);
    assert_int_equal(document_writer_begin(w, t, &err), 0);
    add(w, 2, buf_view(&text[1]), NULL);
    check_text(t, 2, buf_view(&text[1]), NULL);
    plain = txn_dirty(t);
    commit(t);

    t = begin(s);
    assert_int_equal(document_writer_begin(w, t, &err), 0);
    assert_int_equal(train(w), 0);
    add(w, 3, buf_view(&text[2]), NULL);
    commit(t);
    document_writer_free(w);

    /* another writer has it from the store */
    t = begin(s);
    w = writer(t);
    add(w, 4, buf_view(&text[3]), NULL);
    assert_true(txn_dirty(t) < plain * 9 / 10);
    commit(t);
    document_writer_free(w);

    t = begin(s); /* made with it and without */
    for (i = 0; i < 4; i++) {
        check_text(t, i + 1, buf_view(&text[i]), NULL);
        buf_release(&text[i]);
    }
    txn_abort(t);
    store_close(s);
}

static void test_lost_dictionary(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct err err = {0};
    struct documents *ds;
    struct document d;
    struct buf text = {0};

    assert_int_equal(train(w), 0);
    make_text(&text, 1000);
    add(w, 1, buf_view(&text), NULL);
    assert_int_equal(
        txn_del(t, table(t, "meta"), view_of("zdict\0\0\0\0", 9), &err), 1);
    assert_int_equal(documents_open(&ds, t, &err), 0);
    assert_int_equal(documents_get(ds, 1, &d, &err), 1);
    buf_clear(&text);
    assert_int_equal(documents_text(ds, &d, 0, 1, &text, &err), ERR_CORRUPT);
    documents_close(ds);
    document_writer_free(w);
    buf_release(&text);
    txn_abort(t);
    store_close(s);
}

/* The key of the piece that byte `at` of a document's packed text lies in, and
 * its value. */
static void find_piece(struct txn *t, uint32_t docid, uint32_t at,
                       struct buf *key, struct buf *val)
{
    struct docs_key from = docs_key(docid);
    struct err err = {0};
    struct cursor *c;
    struct view k, v;

    buf_clear(key);
    buf_clear(val);
    assert_int_equal(cursor_open(&c, t, table(t, "docs"), &err), 0);
    assert_int_equal(cursor_seek(c, docs_text(&from, at), &k, &v), 1);
    buf_add(key, k);
    buf_add(val, v);
    cursor_close(c);
}

/* All of a document's text is `text`, or damaged. */
static bool sound(struct documents *ds, const struct document *d,
                  struct view text)
{
    struct err err = {0};
    struct buf out = {0};
    int rc = documents_text(ds, d, 0, d->nframes, &out, &err);

    if (rc == 0)
        assert_true(view_eq(buf_view(&out), text));
    else
        assert_int_equal(rc, ERR_CORRUPT);
    buf_release(&out);
    return rc == 0;
}

static void test_damaged_frame(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct buf text = {0}, key = {0}, piece = {0};
    store_db db = table(t, "docs");
    struct documents *ds;
    struct document d;
    struct err err = {0};
    size_t at;

    make_text(&text, 2000);
    add(w, 1, buf_view(&text), NULL);
    find_piece(t, 1, 0, &key, &piece);
    assert_int_equal(documents_open(&ds, t, &err), 0);
    assert_int_equal(documents_get(ds, 1, &d, &err), 1);
    for (at = 0; at < piece.n; at++) {
        piece.p[at] ^= 0x11;
        put(t, db, buf_view(&key), buf_view(&piece));
        /* a bit of zstd's header may be without meaning; the text never is
         * another */
        sound(ds, &d, buf_view(&text));
        piece.p[at] ^= 0x11;
    }
    put(t, db, buf_view(&key), view_of(piece.p, piece.n / 2));
    assert_false(sound(ds, &d, buf_view(&text)));
    put(t, db, buf_view(&key), view_of(NULL, 0));
    assert_false(sound(ds, &d, buf_view(&text)));
    assert_int_equal(txn_del(t, db, buf_view(&key), &err), 1);
    assert_false(sound(ds, &d, buf_view(&text)));
    documents_close(ds);
    document_writer_free(w);
    buf_release(&text);
    buf_release(&key);
    buf_release(&piece);
    txn_abort(t);
    store_close(s);
}

/* Pieces that are gone, too short, too long or under another key. */
static void test_damaged_pieces(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct buf text = {0}, key = {0}, piece = {0}, wrong = {0};
    store_db db = table(t, "docs");
    struct documents *ds;
    struct document d;
    struct err err = {0};
    uint32_t at, end;

    make_text(&text, 100000);
    add(w, 1, buf_view(&text), NULL);
    add(w, 2, buf_view(&text), NULL);
    assert_int_equal(documents_open(&ds, t, &err), 0);
    assert_int_equal(documents_get(ds, 1, &d, &err), 1);
    end = d.frame[d.nframes - 1].packed_at + d.frame[d.nframes - 1].packed;
    for (at = 0; at < end; at += (uint32_t)piece.n) {
        find_piece(t, 1, at, &key, &piece);
        assert_int_equal(txn_del(t, db, buf_view(&key), &err), 1);
        assert_false(sound(ds, &d, buf_view(&text)));
        buf_clear(&wrong);
        buf_add(&wrong, buf_view(&key));
        wrong.p[7] ^= 1; /* the last byte of another number */
        put(t, db, buf_view(&wrong), buf_view(&piece));
        assert_false(sound(ds, &d, buf_view(&text)));
        assert_int_equal(txn_del(t, db, buf_view(&wrong), &err), 1);
        put(t, db, buf_view(&key), view_of(piece.p, piece.n - 1));
        assert_false(sound(ds, &d, buf_view(&text)));
        put(t, db, buf_view(&key), view_of(piece.p + 1, piece.n - 1));
        assert_false(sound(ds, &d, buf_view(&text)));
        put(t, db, buf_view(&key), buf_view(&piece));
        assert_true(sound(ds, &d, buf_view(&text)));
    }
    documents_close(ds);
    document_writer_free(w);
    buf_release(&text);
    buf_release(&key);
    buf_release(&piece);
    buf_release(&wrong);
    txn_abort(t);
    store_close(s);
}

static void expect_title(struct documents *ds, uint32_t docid, size_t max,
                         struct view want)
{
    struct document d;
    struct err err = {0};
    struct buf b = {0};

    assert_int_equal(documents_get(ds, docid, &d, &err), 1);
    assert_int_equal(documents_title(ds, &d, max, &b, &err), 0);
    assert_true(view_eq(buf_view(&b), want));
    buf_release(&b);
}

static void test_title(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct buf text = {0};
    struct err err = {0};
    struct documents *ds;
    struct document d = {
        .docid = 1,
        .flags = DOCUMENT_TEXT,
        .date = DATE_NONE,
        .path = view_str("/a"),
    };

    make_text(&text, 100000);
    d.title_start = 40000; /* over several frames */
    d.title_len = 30000;
    assert_int_equal(document_writer_add(w, &d, buf_view(&text), NULL, 0, &err),
                     0);
    d.docid = 2;
    d.title_start = d.title_len = 0;
    assert_int_equal(document_writer_add(w, &d, buf_view(&text), NULL, 0, &err),
                     0);
    d.docid = 3;
    d.flags = 0;
    d.title = view_str("Caf\xc3\xa9");
    assert_int_equal(document_writer_add(w, &d, buf_view(&text), NULL, 0, &err),
                     0);
    assert_int_equal(d.nframes, 0);
    assert_int_equal(documents_open(&ds, t, &err), 0);
    expect_title(ds, 1, SIZE_MAX, view_sub(buf_view(&text), 40000, 70000));
    expect_title(ds, 1, 0, view_of(NULL, 0));
    expect_title(ds, 2, 100, view_of(NULL, 0));
    expect_title(ds, 3, 100, view_str("Caf\xc3\xa9"));
    expect_title(ds, 3, 4, view_str("Caf"));
    documents_close(ds);
    document_writer_free(w);
    buf_release(&text);
    txn_abort(t);
    store_close(s);
}

/* A field of another document leaves the one at hand as it is; in a transaction
 * that only reads, too, where the cursor stays. */
static void check_field(struct txn *t)
{
    struct err err = {0};
    struct documents *ds;
    struct document d;
    struct view value;
    struct buf text = {0};

    assert_int_equal(documents_open(&ds, t, &err), 0);
    assert_int_equal(documents_get(ds, 2, &d, &err), 1);
    assert_int_equal(documents_field(ds, 1, view_str("a"), &value, &err), 1);
    assert_true(view_eq(value, view_str("of 1")));
    assert_int_equal(documents_text(ds, &d, 0, d.nframes, &text, &err), 0);
    assert_int_equal(text.n, d.text_bytes);
    assert_int_equal(documents_field(ds, 3, view_str("a"), &value, &err), 1);
    assert_true(view_eq(value, view_str("of 3")));
    assert_int_equal(documents_field(ds, 3, view_str("b"), &value, &err), 0);
    assert_int_equal(documents_field(ds, 4, view_str("a"), &value, &err), 0);
    assert_true(view_eq(d.path, view_str("/2")));
    assert_true(view_eq(d.field[0].value, view_str("of 2")));
    documents_close(ds);
    buf_release(&text);
}

static void test_field(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct buf text = {0}, path = {0}, value = {0};
    struct err err = {0};
    uint32_t i;

    make_text(&text, 30000);
    for (i = 1; i <= 3; i++) {
        struct field field = {.name = view_str("a")};
        struct document d = {.docid = i,
                             .flags = DOCUMENT_TEXT,
                             .date = DATE_NONE,
                             .field = &field,
                             .nfields = 1};

        buf_clear(&path);
        buf_clear(&value);
        buf_addf(&path, "/%u", i);
        buf_addf(&value, "of %u", i);
        d.path = buf_view(&path);
        field.value = buf_view(&value);
        assert_int_equal(
            document_writer_add(w, &d, buf_view(&text), NULL, 0, &err), 0);
    }
    check_field(t);
    assert_int_equal(txn_commit(t, &err), 0);
    store_close(s);
    s = open_store(*state, STORE_READ);
    t = begin(s);
    check_field(t);
    txn_abort(t);
    store_close(s);
    document_writer_free(w);
    buf_release(&text);
    buf_release(&path);
    buf_release(&value);
}

static void test_delete(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct document_writer *w = writer(t);
    struct documents *ds;
    struct document d;
    struct buf text = {0};
    struct err err = {0};
    uint64_t n;
    uint32_t i;

    make_text(&text, 30000);
    for (i = 1; i <= 3; i++)
        add(w, i, buf_view(&text), NULL);
    assert_int_equal(document_delete(t, 2, &err), 0);
    assert_int_equal(document_delete(t, 2, &err), 0);
    check_text(t, 1, buf_view(&text), NULL);
    check_text(t, 3, buf_view(&text), NULL);
    assert_int_equal(documents_open(&ds, t, &err), 0);
    assert_int_equal(documents_get(ds, 2, &d, &err), 0);
    assert_int_equal(documents_get(ds, 0, &d, &err), 0);
    assert_int_equal(documents_get(ds, UINT32_MAX, &d, &err), 0);
    documents_close(ds);
    assert_int_equal(document_delete(t, 1, &err), 0);
    assert_int_equal(document_delete(t, 3, &err), 0);
    assert_int_equal(txn_count(t, table(t, "docs"), &n, &err), 0);
    assert_int_equal(n, 0);
    /* docids ascend */
    add(w, 9, buf_view(&text), NULL);
    d = (struct document){.docid = 8, .date = DATE_NONE};
    assert_int_equal(
        document_writer_add(w, &d, view_of(NULL, 0), NULL, 0, &err),
        ERR_CORRUPT);
    document_writer_free(w);
    buf_release(&text);
    txn_abort(t);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_texts),           in_dir(test_packed_ahead),
        in_dir(test_strange_texts),   in_dir(test_fill_long),
        in_dir(test_fill_short),      in_dir(test_dictionary),
        in_dir(test_lost_dictionary), in_dir(test_damaged_frame),
        in_dir(test_damaged_pieces),  in_dir(test_title),
        in_dir(test_field),           in_dir(test_delete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
