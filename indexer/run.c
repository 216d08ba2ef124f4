#include "indexer/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "index/index.h"
#include "indexer/intake.h"
#include "indexer/merge.h"
#include "indexer/plan.h"
#include "indexer/sources.h"

#define DEFAULT_LANGUAGE "english"

volatile sig_atomic_t run_stop;

/* A run under way. */
struct run {
    const struct run_options *o;
    struct store *store;
    struct lexer *lexer;
    struct commit commit;
    struct report report;
    struct intake intake;
    struct sources sources;
    struct todo todo;
    uint64_t start_ns;
    struct err *err;
};

int exit_code(int err_code)
{
    switch (err_code) {
    case OK:
        return EXIT_FINE;
    case ERR_VERSION:
        return EXIT_VERSION;
    case ERR_CORRUPT:
        return EXIT_DAMAGED;
    case ERR_BUSY:
        return EXIT_LOCKED;
    case ERR_REFUSED:
        return EXIT_GUARD;
    default:
        return EXIT_FATAL;
    }
}

/* --- settings --- */

static int make_config(const struct run *r, bool text, struct buf *out)
{
    if (buf_addf(out, "chain=%s\nlanguage=%s\ntitle_gap=%d\n", lexer_version(),
                 lexer_language(r->lexer), WORDS_TITLE_GAP) < 0)
        return ERR_NOMEM;
    return text ? 0 : buf_adds(out, "text=none\n");
}

static int differs(const struct run *r, const char *what, struct view has,
                   const char *wanted)
{
    return err_set(r->err, ERR_VERSION,
                   "the index in %s has %s '%.*s' and not "
                   "'%s' (use another folder, or make it anew: rm -r %s; "
                   "indexer -d %s PATH...)",
                   r->o->dir, what, (int)has.n, (const char *)has.p, wanted,
                   r->o->dir, r->o->dir);
}

/* The settings of an index that is there; they must suit this run. */
static int check_config(struct run *r, struct view config)
{
    struct view chain = config_value(config, "chain");
    struct view language = config_value(config, "language");
    bool text = !view_eq(config_value(config, "text"), view_str("none"));

    if (!view_eq(chain, view_str(lexer_version())))
        return differs(r, "the text chain", chain, lexer_version());
    if (!view_eq(language, view_str(lexer_language(r->lexer))))
        return differs(r, "language", language, lexer_language(r->lexer));
    if (r->o->no_text && text)
        return differs(r, "texts", view_str("stored"), "none");
    r->commit.text = text;
    return 0;
}

/* Opens the lexer in the language asked for, or that of the config. */
static int open_lexer(struct run *r, struct view config)
{
    struct view v = config_value(config, "language");
    struct buf name = {0};
    int rc;

    if (r->lexer)
        return 0;
    if (r->o->language)
        v = view_str(r->o->language);
    else if (v.n == 0)
        v = view_str(DEFAULT_LANGUAGE);
    if (buf_add(&name, v) < 0 || !buf_cstr(&name))
        rc = err_nomem(r->err);
    else
        rc = lexer_open(&r->lexer, buf_cstr(&name), r->err);
    buf_release(&name);
    return rc;
}

static int settle_config(struct run *r)
{
    struct commit *c = &r->commit;
    int rc = commit_begin(c, r->err);

    if (rc == 0)
        rc = config_read(c->txn, &c->config, r->err);
    commit_end(c);
    if (rc < 0)
        return rc;
    rc = open_lexer(r, buf_view(&c->config));
    if (rc < 0)
        return rc;
    if (c->manifest.generation > 0)
        return check_config(r, buf_view(&c->config));
    buf_clear(&c->config);
    c->text = !r->o->no_text;
    return make_config(r, c->text, &c->config) < 0 ? err_nomem(r->err) : 0;
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

/* No index is made for a slip of the pen. */
static int check_first(struct run *r)
{
    const struct run_options *o = r->o;
    struct buf current = {0};
    struct stat st;
    size_t i;
    int rc = 0;

    if (o->language)
        rc = open_lexer(r, view_of(NULL, 0));
    if (rc == 0 &&
        (buf_addf(&current, "%s/CURRENT", o->dir) < 0 || !buf_cstr(&current)))
        rc = err_nomem(r->err);
    if (rc == 0 && access(buf_cstr(&current), F_OK) < 0) {
        if (o->noperands == 0)
            rc = err_set(r->err, ERR_NOTFOUND,
                         "no index in %s (run: indexer "
                         "-d %s PATH...)",
                         o->dir, o->dir);
        for (i = 0; i < o->noperands && rc == 0; i++)
            if ((o->input == RUN_FILES || strcmp(o->operand[i], "-") != 0) &&
                stat(o->operand[i], &st) < 0)
                rc = err_sys(r->err, ERR_NOTFOUND, errno, "%s", o->operand[i]);
    }
    buf_release(&current);
    return rc;
}

static int open_all(struct run *r)
{
    int rc;

    r->start_ns = coarse_now();
    rc = settle_memory(r, &r->intake.memory, &r->intake.max_size);
    if (rc == 0)
        rc = check_first(r);
    if (rc == 0)
        rc = store_open(&r->store, r->o->dir, STORE_WRITE, r->err);
    if (rc == 0)
        rc = commit_open(&r->commit, r->store, r->err);
    if (rc == 0)
        rc = settle_config(r);
    if (rc == 0)
        rc = merge_sweep(r->store, &r->commit.manifest, r->err);
    if (rc < 0)
        return rc;
    r->commit.dirty_max = r->intake.memory.dirty_max;
    r->report.roots = &r->commit.roots;
    r->intake.commit = &r->commit;
    r->intake.report = &r->report;
    r->intake.lexer = r->lexer;
    return 0;
}

static void close_all(struct run *r)
{
    todo_release(&r->todo);
    sources_release(&r->sources);
    intake_close(&r->intake);
    commit_close(&r->commit);
    lexer_free(r->lexer);
    store_close(r->store);
    report_release(&r->report);
}

/* --- files --- */

static int find_sources(struct run *r)
{
    const struct run_options *o = r->o;
    size_t i;
    int rc = 0;

    if (o->input == RUN_LIST)
        rc = sources_list(&r->sources, o->operand[0], o->null, r->err);
    else if (o->noperands == 0)
        rc = sources_roots(&r->sources, &r->commit.roots, r->err);
    else
        for (i = 0; i < o->noperands && rc == 0; i++)
            rc = sources_operand(&r->sources, &r->commit.roots, o->operand[i],
                                 &r->commit.roots_changed, r->err);
    if (rc == 0)
        sources_sort(&r->sources);
    return rc;
}

static int plan_files(struct run *r)
{
    struct plan_limits limits = {
        .max_size = r->intake.max_size,
        .max_purge = r->o->max_purge,
        .trusted_ns = r->commit.manifest.run_start_ns,
    };
    const struct sources *s = &r->sources;
    struct plan *plan = NULL;
    size_t i;
    int rc = commit_begin(&r->commit, r->err);

    if (rc == 0)
        rc = plan_open(&plan, &r->todo, &r->report, r->commit.txn, &limits,
                       r->err);
    for (i = 0; i < s->nfolders && rc == 0; i++)
        rc = plan_root(plan, sources_name(s, s->folder[i]), r->err);
    for (i = 0; i < s->nfiles && rc == 0; i++)
        rc = plan_file(plan, sources_name(s, s->file[i]), r->err);
    plan_free(plan);
    commit_end(&r->commit);
    if (rc == 0 && r->todo.entries.n > r->intake.memory.budget / 2)
        rc = err_set(r->err, ERR_FULL,
                     "the list of files to read takes %zu "
                     "MB: more --memory is needed",
                     r->todo.entries.n >> 20);
    return rc;
}

static int take_files(struct run *r)
{
    struct todo_entry e;
    int rc;

    r->report.total = r->todo.reads;
    r->intake.memory.budget -= r->todo.entries.n;
    rc = intake_open(&r->intake, r->err);
    if (rc < 0)
        return rc;
    while (!run_stop && (rc = todo_next(&r->todo, &e)) > 0) {
        rc = e.op == TODO_REMOVE
                 ? intake_remove(&r->intake, e.path, r->err)
                 : intake_file(&r->intake, e.path, e.op == TODO_NAMED, r->err);
        if (rc < 0)
            return rc;
        report_progress(&r->report);
    }
    return rc < 0 ? err_nomem(r->err) : 0;
}

/* --- records --- */

static void bad_record(struct run *r, const char *name,
                       const struct record *rec, const struct err *err)
{
    struct buf id = {0};

    if (buf_addf(&id, "%s:%llu", name, (unsigned long long)rec->line) == 0)
        report_verdict(&r->report, buf_view(&id), VERDICT_FAILED, err->msg);
    buf_release(&id);
}

static int take_records(struct run *r, const char *name)
{
    struct records *records;
    struct record rec;
    struct err err = {0};
    int rc = records_open(&records, r->o->format, name,
                          (size_t)r->intake.max_size, r->err);

    if (rc < 0)
        return rc;
    while ((rc = records_next(records, &rec, &run_stop, &err)) != 0 &&
           !run_stop) {
        if (rc == ERR_USAGE) {
            bad_record(r, name, &rec, &err);
        } else if (rc < 0) {
            *r->err = err;
            break;
        } else {
            rc = intake_record(&r->intake, &rec, r->err);
            if (rc < 0)
                break;
        }
        report_progress(&r->report);
    }
    records_close(records);
    return rc < 0 ? rc : 0;
}

/* --- the whole --- */

static int take_all(struct run *r)
{
    size_t i;
    int rc;

    if (r->o->input == RUN_RECORDS) {
        rc = intake_open(&r->intake, r->err);
        for (i = 0; i < r->o->noperands && rc == 0 && !run_stop; i++)
            rc = take_records(r, r->o->operand[i]);
        return rc;
    }
    rc = find_sources(r);
    if (rc == 0)
        rc = plan_files(r);
    return rc < 0 ? rc : take_files(r);
}

/* Commits the rest and merges. */
static int finish(struct run *r)
{
    struct commit *c = &r->commit;
    bool all =
        r->o->input == RUN_FILES && sources_cover(&r->sources, &c->roots);
    int rc = 0;

    if (!batch_empty(&r->intake.batch) || c->roots_changed ||
        c->manifest.generation == 0 || (r->intake.commits > 0 && all)) {
        if (all)
            c->run_start_ns = r->start_ns;
        rc = commit_batch(c, &r->intake.batch, r->intake.invert, r->err);
        r->intake.commits++;
    }
    commit_end(c);
    return rc < 0 ? rc : intake_merge(&r->intake, r->err);
}

int run(const struct run_options *o)
{
    const struct err interrupted = {
        .msg = "interrupted; what was committed stays"};
    struct err err = {0};
    struct run r = {.o = o, .err = &err};
    int rc, code;

    report_init(&r.report, o->level, o->progress);
    rc = open_all(&r);
    if (rc == 0)
        rc = take_all(&r);
    if (rc == 0 && !run_stop)
        rc = finish(&r);
    code = exit_code(rc);
    if (rc < 0)
        report_error(&r.report, &err);
    else if (run_stop)
        report_error(&r.report, &interrupted);
    else
        report_end(&r.report);
    if (rc == 0 && run_stop)
        code = EXIT_INTERRUPTED;
    else if (rc == 0 && r.report.count[VERDICT_FAILED])
        code = EXIT_SOME_FAILED;
    close_all(&r);
    return code;
}
