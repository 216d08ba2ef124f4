#include "index/languages.h"

#include <string.h>

#include "base/bytes.h"
#include "index/record.h"

#define KEY "languages"

int languages_encode(const struct languages *ls, struct buf *out)
{
    static const uint8_t none[2];
    unsigned i;

    for (i = 0; i < STEMMERS; i++) {
        struct view code = i ? stemmer_code(i) : view_of(none, 2);

        if (ls->docs[i] &&
            (buf_add(out, code) < 0 || buf_addvar(out, ls->docs[i]) < 0))
            return ERR_NOMEM;
    }
    return 0;
}

int languages_decode(struct view v, struct languages *out, struct err *err)
{
    struct rd r = rd_of(v);

    memset(out, 0, sizeof *out);
    while (rd_left(&r) > 0 && !r.bad) {
        struct view code = rd_bytes(&r, 2);
        uint32_t docs = rd_var32(&r);
        bool none = code.p && code.p[0] == 0 && code.p[1] == 0;
        unsigned i = code.p ? stemmer_number(code) : 0;

        if (!code.p || (i == 0 && !none) || out->docs[i] || docs == 0)
            r.bad = true;
        out->docs[i] = docs;
    }
    if (!r.bad)
        return 1;
    memset(out, 0, sizeof *out);
    return err_set(err, ERR_CORRUPT,
                   "index damaged: the record of its languages");
}

int languages_read(struct txn *t, struct languages *out, struct err *err)
{
    struct view val, content;
    store_db meta;
    int rc = txn_open_db(t, "meta", false, &meta, err);

    memset(out, 0, sizeof *out);
    if (rc > 0)
        rc = txn_get(t, meta, view_str(KEY), &val, err);
    if (rc > 0)
        rc = record_open(val, &content, err, "the record of its languages");
    return rc > 0 ? languages_decode(content, out, err) : rc;
}

int languages_write(struct txn *t, const struct languages *ls, struct err *err)
{
    struct buf b = {0};
    store_db meta;
    int rc = txn_open_db(t, "meta", true, &meta, err);

    if (rc > 0)
        rc = languages_encode(ls, &b) < 0 || record_seal(&b) < 0
                 ? err_nomem(err)
                 : txn_put(t, meta, view_str(KEY), buf_view(&b), err);
    buf_release(&b);
    return rc;
}
