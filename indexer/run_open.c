#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "index/index.h"
#include "indexer/merge.h"
#include "indexer/run_work.h"

#define DEFAULT_LANGUAGE LEXERS_AUTO

/* --- settings --- */

static int make_config(const struct run *r, bool text, struct buf *out)
{
    if (buf_addf(out, "chain=%s\nlanguage=%s\ntitle_gap=%d\n", lexer_version(),
                 lexers_setting(r->lexers), WORDS_TITLE_GAP) < 0)
        return ERR_NOMEM;
    return text ? 0 : buf_adds(out, "text=none\n");
}

/* `option` is what a rebuild needs to be told. */
static int differs(const struct run *r, const char *what, struct view has,
                   const char *wanted, const char *option, const char *value)
{
    return err_set(r->err, ERR_VERSION,
                   "the index in %s has %s '%.*s' and not '%s' (use another "
                   "folder, or make it anew: indexer -d %s --rebuild%s%s)",
                   r->o->dir, what, (int)has.n, (const char *)has.p, wanted,
                   r->o->dir, option, value);
}

/* The settings of an index that is there; they must suit this run. */
static int check_config(struct run *r, struct view config)
{
    struct view chain = config_value(config, "chain");
    struct view language = config_value(config, "language");
    bool text = !view_eq(config_value(config, "text"), view_str("none"));

    if (!view_eq(chain, view_str(lexer_version())))
        return differs(r, "the text chain", chain, lexer_version(), "", "");
    if (!view_eq(language, view_str(lexers_setting(r->lexers))))
        return differs(r, "language", language, lexers_setting(r->lexers),
                       " --lang=", lexers_setting(r->lexers));
    if (r->o->no_text && text)
        return differs(r, "texts", view_str("stored"), "none", " --no-text",
                       "");
    r->commit.text = text;
    return 0;
}

/* Opens the lexers of the language asked for, or that of the config. */
static int open_lexers(struct run *r, struct view config)
{
    struct view v = config_value(config, "language");
    struct buf name = {0};
    int rc;

    if (r->lexers)
        return 0;
    if (r->o->language)
        v = view_str(r->o->language);
    else if (v.n == 0)
        v = view_str(DEFAULT_LANGUAGE);
    if (buf_add(&name, v) < 0 || !buf_cstr(&name))
        rc = err_nomem(r->err);
    else
        rc = lexers_open(&r->lexers, buf_cstr(&name), r->err);
    if (rc == 0 && !lexer_version())
        rc = err_nomem(r->err);
    buf_release(&name);
    return rc;
}

static int settle_config(struct run *r)
{
    struct commit *c = &r->commit;
    int rc = commit_begin(c, r->err);

    if (rc == 0 && c->txn)
        rc = config_read(c->txn, &c->config, r->err);
    commit_end(c);
    if (rc >= 0 && r->o->rebuild &&
        buf_add(&c->config, buf_view(&r->rebuild.config)) < 0)
        rc = err_nomem(r->err);
    if (rc < 0)
        return rc;
    rc = open_lexers(r, buf_view(&c->config));
    if (rc < 0)
        return rc;
    if (!c->fresh)
        return check_config(r, buf_view(&c->config));
    c->text =
        !r->o->no_text &&
        !view_eq(config_value(buf_view(&c->config), "text"), view_str("none"));
    buf_clear(&c->config);
    return make_config(r, c->text, &c->config) < 0 ? err_nomem(r->err) : 0;
}

/* Those given now take the place of those recorded. */
static int settle_encodings(struct run *r)
{
    int rc = 0;

    if (r->o->encodings.given)
        rc = encodings_replace(&r->commit.encodings, &r->o->encodings);
    if (rc > 0)
        r->commit.encodings_changed = true;
    return rc < 0 ? err_nomem(r->err) : 0;
}

/* --- opening --- */

static int settle_memory(struct run *r, struct memory *m, uint64_t *max_size)
{
    const struct run_options *o = r->o;

    memory_divide(m, o->memory);
    *max_size = o->memory / 16 < m->size_max ? o->memory / 16 : m->size_max;
    if (!o->max_size)
        return 0;
    if (o->max_size > m->size_max)
        return err_set(r->err, ERR_USAGE,
                       "--max-size: %llu MB need more than "
                       "--memory=%lluM, which has room for files of %llu MB",
                       (unsigned long long)(o->max_size >> 20),
                       (unsigned long long)(o->memory >> 20),
                       (unsigned long long)(m->size_max >> 20));
    *max_size = o->max_size;
    return 0;
}

static uint64_t coarse_now(void)
{
    struct timespec ts;

    /* the clock that files are stamped with */
    clock_gettime(CLOCK_REALTIME_COARSE, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* What a first run names has to be there. */
static int check_operands(struct run *r)
{
    const struct run_options *o = r->o;
    bool folder = false;
    struct stat st;
    size_t i;

    if (o->noperands == 0 || o->input == RUN_REMOVE)
        return err_set(r->err, ERR_NOTFOUND,
                       "no index in %s (run: indexer -d %s PATH...)", o->dir,
                       o->dir);
    for (i = 0; i < o->noperands; i++) {
        if (o->input != RUN_FILES && strcmp(o->operand[i], "-") == 0)
            continue;
        if (stat(o->operand[i], &st) < 0)
            return err_sys(r->err, ERR_NOTFOUND, errno, "%s", o->operand[i]);
        folder = folder || S_ISDIR(st.st_mode);
    }
    return o->select.given && !folder ? selection_alone(r->err) : 0;
}

/* No index is made for a slip of the pen. */
static int check_first(struct run *r)
{
    const struct run_options *o = r->o;
    struct buf current = {0};
    int rc = 0;

    if (o->language)
        rc = open_lexers(r, view_of(NULL, 0));
    if (rc == 0 &&
        (buf_addf(&current, "%s/CURRENT", o->dir) < 0 || !buf_cstr(&current)))
        rc = err_nomem(r->err);
    if (rc == 0 && access(buf_cstr(&current), F_OK) < 0)
        rc = check_operands(r);
    buf_release(&current);
    return rc;
}

/* A run that changes nothing only reads, and may do without an index. */
static int open_store(struct run *r)
{
    int rc;

    if (r->o->rebuild)
        return rebuild_store(&r->store, r->o->dir, &r->o->store, r->err);
    if (!r->o->dry)
        return store_open_with(&r->store, r->o->dir, STORE_WRITE, &r->o->store,
                               r->err);
    rc = store_open(&r->store, r->o->dir, STORE_READ, r->err);
    return rc == ERR_NOTFOUND && r->o->noperands > 0 &&
                   r->o->input != RUN_REMOVE
               ? 0
               : rc;
}

int run_open(struct run *r)
{
    int rc;

    r->start_ns = coarse_now();
    rc = settle_memory(r, &r->intake.memory, &r->intake.max_size);
    if (rc == 0)
        rc = check_first(r);
    if (rc == 0)
        rc = open_store(r);
    if (rc == 0)
        rc = commit_open(&r->commit, r->store, r->err);
    if (rc == 0 && r->o->rebuild)
        rc = rebuild_open(&r->rebuild, r->o->dir, r->o->noperands > 0,
                          &r->commit, r->err);
    if (rc == 0)
        rc = settle_config(r);
    if (rc == 0)
        rc = settle_encodings(r);
    if (rc == 0 && !r->o->dry)
        rc = merge_sweep(r->store, &r->commit.manifest, r->err);
    r->commit.dirty_max = r->intake.memory.dirty_max;
    if (rc == 0 && !r->o->dry)
        rc = commit_sweep(&r->commit, r->err);
    if (rc == 0)
        rc = report_open(&r->report, r->o->report, r->err);
    if (rc < 0)
        return rc;
    r->commit.text_max = r->intake.memory.text_max;
    r->commit.jobs = r->o->jobs;
    r->report.roots = &r->commit.roots;
    r->intake.commit = &r->commit;
    r->intake.report = &r->report;
    r->intake.renames = r->o->rebuild ? &r->rebuild.none : &r->renames;
    r->intake.lexers = r->lexers;
    r->commit.lexers = r->lexers;
    r->intake.filters = &r->o->filters;
    r->intake.convert.seconds = r->o->convert_time;
    r->intake.convert.memory = r->o->convert_memory;
    r->intake.convert.stop = &run_stop;
    r->intake.old = r->rebuild.txn;
    r->intake.force = r->o->force;
    r->intake.dry = r->o->dry;
    return 0;
}

void run_close(struct run *r)
{
    todo_release(&r->todo);
    renames_release(&r->renames);
    free(r->seen);
    sources_release(&r->sources);
    intake_close(&r->intake);
    commit_close(&r->commit);
    rebuild_close(&r->rebuild);
    lexers_free(r->lexers);
    store_close(r->store);
    report_release(&r->report);
}
