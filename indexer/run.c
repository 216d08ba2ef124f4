#include "indexer/run_work.h"

volatile sig_atomic_t run_stop;

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
    case ERR_STOPPED:
        return EXIT_INTERRUPTED;
    default:
        return EXIT_FATAL;
    }
}

static int take_all(struct run *r)
{
    switch (r->o->input) {
    case RUN_RECORDS:
        return run_records(r);
    case RUN_REMOVE:
        return run_removals(r);
    default:
        return run_files(r);
    }
}

/* Commits the rest and merges. */
static int finish(struct run *r)
{
    struct commit *c = &r->commit;
    bool all =
        r->o->input == RUN_FILES && sources_cover(&r->sources, &c->roots);
    int rc = 0;

    if (r->o->dry)
        return 0;
    if (!batch_empty(&r->intake.batch) || c->roots_changed ||
        c->encodings_changed || c->fresh || (r->intake.commits > 0 && all)) {
        c->last = true;
        if (all)
            c->run_start_ns = r->start_ns;
        rc = commit_batch(c, &r->intake.batch, r->intake.invert, r->err);
        r->intake.commits++;
        if (rc == 0)
            report_committed(&r->report);
    }
    commit_end(c);
    if (rc == 0)
        rc = intake_merge(&r->intake, r->err);
    if (rc == 0 && r->o->rebuild)
        rc = rebuild_publish(&r->rebuild, c, r->report.count[VERDICT_FAILED],
                             r->o->max_purge, r->err);
    return rc;
}

/* The last words: the index's state, for the report. */
static int end(struct run *r)
{
    struct report_index ix = {0};
    const struct manifest *m = &r->commit.manifest;
    struct store_size size = {0};
    char uuid[37];
    int rc = 0;

    if (r->store && r->o->report)
        rc = store_size(r->store, &size, r->err);
    uuid_text(m->uuid, uuid);
    ix.uuid = r->store ? uuid : NULL;
    ix.generation = m->generation;
    ix.file_bytes = size.file_bytes;
    ix.used_bytes = size.used_bytes;
    return rc < 0 ? rc : report_end(&r->report, &ix, r->err);
}

int run(const struct run_options *o)
{
    const struct err interrupted = {
        .msg = "interrupted; what was committed stays"};
    const struct err unchanged = {.msg = "interrupted; the index is as it was"};
    struct err err = {0};
    struct run r = {.o = o, .err = &err};
    int rc, code;

    report_init(&r.report, o->level, o->progress);
    r.report.told = o->told;
    r.report.dry = o->dry;
    r.report.summary |= o->dry && o->level >= LEVEL_NORMAL;
    rc = run_open(&r);
    if (rc == 0)
        rc = take_all(&r);
    if (rc == 0 && !run_stop)
        rc = finish(&r);
    if (rc == 0 && !run_stop)
        rc = end(&r);
    code = exit_code(rc);
    if (rc == 0 && run_stop)
        code = EXIT_INTERRUPTED;
    else if (rc == 0 && r.report.count[VERDICT_FAILED])
        code = EXIT_SOME_FAILED;
    if (rc < 0)
        report_failed(&r.report, &err, code);
    else if (run_stop)
        report_failed(&r.report, o->rebuild ? &unchanged : &interrupted, code);
    run_close(&r);
    return code;
}
