#include "index/index.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "index/record.h"

enum { BEGIN_TRIES = 20 };

int index_open(struct index *ix, const char *dir, struct err *err)
{
    memset(ix, 0, sizeof *ix);
    return store_open(&ix->store, dir, STORE_READ, err);
}

static int load_config(struct index *ix, struct err *err)
{
    int rc = config_read(ix->txn, &ix->config, err);

    if (rc < 0)
        return rc;
    if (rc > 0 && ix->manifest.generation > 0 &&
        hash64(buf_view(&ix->config)) != ix->manifest.config_hash)
        return err_set(err, ERR_CORRUPT,
                       "index damaged: its settings are not "
                       "those of its manifest");
    buf_clear(&ix->language);
    if (buf_add(&ix->language,
                config_value(buf_view(&ix->config), "language")) < 0 ||
        !buf_cstr(&ix->language))
        return err_nomem(err);
    return languages_read(ix->txn, &ix->languages, err);
}

static int load(struct index *ix, struct err *err)
{
    uint32_t i;
    int rc = manifest_read(ix->txn, &ix->manifest, err);

    if (rc >= 0)
        rc = load_config(ix, err);
    for (i = 0; rc >= 0 && i < ix->manifest.nsegments; i++)
        rc = segment_open(&ix->segment[i], ix->txn, &ix->manifest.segment[i],
                          err);
    if (rc >= 0)
        rc = norms_open(&ix->norms, ix->txn, ix->manifest.next_docid, err);
    if (rc >= 0)
        rc = roots_read(ix->txn, &ix->roots, err);
    return rc < 0 ? rc : 0;
}

/* One try; *torn: it failed on pages that a writer has overwritten since. */
static int begin(struct index *ix, bool *torn, struct err *err)
{
    int rc = 0;

    index_end(ix);
    if (ix->begun)
        rc = store_refresh(ix->store, err);
    ix->begun = true;
    if (rc == 0)
        rc = txn_begin(&ix->txn, ix->store, err);
    if (rc < 0)
        return rc;
    rc = load(ix, err);
    if (rc < 0) {
        *torn = !txn_intact(ix->txn);
        index_end(ix);
    }
    return rc;
}

int index_begin(struct index *ix, struct err *err)
{
    int tries = 0, rc;
    bool torn;

    do {
        torn = false;
        rc = begin(ix, &torn, err);
    } while (torn && ++tries < BEGIN_TRIES);
    return rc;
}

void index_end(struct index *ix)
{
    norms_release(&ix->norms);
    names_release(&ix->names);
    roots_release(&ix->roots);
    memset(&ix->manifest, 0, sizeof ix->manifest);
    memset(ix->segment, 0, sizeof ix->segment);
    buf_clear(&ix->config);
    buf_clear(&ix->language);
    txn_abort(ix->txn);
    ix->txn = NULL;
}

void index_close(struct index *ix)
{
    index_end(ix);
    store_close(ix->store);
    buf_release(&ix->config);
    buf_release(&ix->language);
    memset(ix, 0, sizeof *ix);
}

int index_names(struct index *ix, struct err *err)
{
    if (ix->names.txn)
        return 0;
    return names_open(&ix->names, ix->txn, ix->manifest.next_docid, err);
}

uint64_t index_docs(const struct index *ix)
{
    uint64_t n = 0;
    uint32_t i;

    for (i = 0; i < ix->manifest.nsegments; i++)
        n += ix->manifest.segment[i].docs;
    return n;
}

uint64_t index_positions(const struct index *ix)
{
    uint64_t n = 0;
    uint32_t i;

    for (i = 0; i < ix->manifest.nsegments; i++)
        n += ix->manifest.segment[i].positions;
    return n;
}

int config_read(struct txn *t, struct buf *out, struct err *err)
{
    struct view val = {NULL, 0}, text;
    store_db meta;
    int rc = txn_open_db(t, "meta", false, &meta, err);

    buf_clear(out);
    if (rc > 0)
        rc = txn_get(t, meta, view_str("config"), &val, err);
    if (rc > 0)
        rc = record_open(val, &text, err, "the config");
    if (rc > 0 && buf_add(out, text) < 0)
        rc = err_nomem(err);
    return rc;
}

int config_write(struct txn *t, struct view config, struct err *err)
{
    struct buf b = {0};
    store_db meta;
    int rc = txn_open_db(t, "meta", true, &meta, err);

    if (rc > 0 && (buf_add(&b, config) < 0 || record_seal(&b) < 0))
        rc = err_nomem(err);
    if (rc > 0)
        rc = txn_put(t, meta, view_str("config"), buf_view(&b), err);
    buf_release(&b);
    return rc;
}

struct view config_value(struct view config, const char *key)
{
    size_t n = strlen(key), at = 0;

    while (at < config.n) {
        struct view line = view_sub(config, at, config.n);
        const uint8_t *nl = memchr(line.p, '\n', line.n);

        if (nl)
            line.n = (size_t)(nl - line.p);
        if (line.n > n && line.p[n] == '=' && memcmp(line.p, key, n) == 0)
            return view_sub(line, n + 1, line.n);
        at += line.n + 1;
    }
    return view_of(NULL, 0);
}

/* Looks for dir/.index: 1, 0 if there is none, ERR_REFUSED. */
static int try_folder(struct buf *path, struct err *err)
{
    struct stat st;

    if (buf_adds(path, "/.index") < 0 || !buf_cstr(path))
        return err_nomem(err);
    if (stat(buf_cstr(path), &st) < 0 || !S_ISDIR(st.st_mode))
        return 0;
    /* who enters a folder does not mean to open what a stranger left there */
    if (st.st_uid != 0 && st.st_uid != geteuid())
        return err_set(err, ERR_REFUSED,
                       "%s belongs to another user (to use "
                       "it all the same: -d %s)",
                       buf_cstr(path), buf_cstr(path));
    return 1;
}

/* As index_find, from folder `dir` up. */
static int find_up(struct view dir, bool make, struct buf *out, struct err *err)
{
    struct buf path = {0};
    size_t end = dir.n, n;
    int rc = 0;

    while (end > 0 && dir.p[end - 1] == '/')
        end--; /* of "/" nothing stays: /.index */
    for (n = end;;) {
        buf_clear(&path);
        rc = buf_add(&path, view_sub(dir, 0, n)) < 0 ? err_nomem(err)
                                                     : try_folder(&path, err);
        if (rc != 0 || n == 0)
            break;
        while (n > 0 && dir.p[n - 1] != '/')
            n--;
        while (n > 0 && dir.p[n - 1] == '/')
            n--;
    }
    if (rc == 0 && make) {
        buf_clear(&path);
        rc = buf_add(&path, view_sub(dir, 0, end)) < 0 ||
                     buf_adds(&path, "/.index") < 0
                 ? err_nomem(err)
                 : 1;
    }
    if (rc > 0)
        rc = buf_add(out, buf_view(&path)) < 0 ? err_nomem(err) : 0;
    else if (rc == 0)
        rc = err_set(err, ERR_NOTFOUND,
                     "no index in this folder or above it "
                     "(name one with -d DIR, or run: indexer PATH...)");
    buf_release(&path);
    return rc;
}

int index_find(const char *named, bool make, struct buf *out, struct err *err)
{
    const char *env = getenv("INDEX_DB");
    char *cwd;
    int rc;

    if (!named && env && *env)
        named = env;
    if (named && !*named)
        return err_set(err, ERR_USAGE, "the name of the index is empty");
    if (named)
        return buf_adds(out, named) < 0 ? err_nomem(err) : 0;
    cwd = getcwd(NULL, 0);
    if (!cwd)
        return err_sys(err, ERR_IO, errno, "cannot tell the working folder");
    rc = find_up(view_str(cwd), make, out, err);
    free(cwd);
    return rc;
}
