#include "indexer/remove.h"
#include "indexer/run_work.h"

static int find_sources(struct run *r)
{
    const struct run_options *o = r->o;
    struct roots *roots = &r->commit.roots;
    bool *changed = &r->commit.roots_changed;
    struct sources *s = &r->sources;
    size_t i;
    int rc = 0;

    if (o->input == RUN_LIST) {
        rc = sources_list(s, o->operand[0], o->null, r->err);
    } else if (o->noperands == 0) {
        sources_forget(NULL, roots, changed);
        if (!o->rebuild)
            rc = sources_roots(s, roots, r->err);
    } else {
        for (i = 0; i < o->noperands && rc == 0; i++)
            rc = sources_operand(s, roots, o->operand[i], changed, r->err);
        sources_forget(s, roots, changed);
    }
    if (rc == 0 && o->rebuild)
        rc = rebuild_sources(&r->rebuild, s, r->err);
    if (rc == 0)
        rc = selection_record(&o->select, s, roots, changed, r->err);
    if (rc == 0 && sources_sort(s, roots) < 0)
        rc = err_nomem(r->err);
    return rc;
}

struct plan_rules run_rules(const struct run *r)
{
    const struct run_options *o = r->o;
    struct plan_rules p = {
        .max_size = r->intake.max_size,
        .max_purge = o->max_purge,
        .trusted_ns = r->commit.manifest.run_start_ns, /* a rebuild's: 0 */
        .keep = o->no_purge,
        .all = o->force || o->verify,
        .retry = o->retry,
        .roots = &r->commit.roots,
        .encodings = &r->commit.encodings,
        .filters = &o->filters,
        .named = o->noperands > 0,
    };

    return p;
}

static int plan_sources(struct run *r, struct plan *plan)
{
    const struct sources *s = &r->sources;
    size_t i;
    int rc = 0;

    for (i = 0; i < s->nfolders && rc == 0; i++)
        rc = plan_root(plan, sources_name(s, s->folder[i]), r->err);
    for (i = 0; i < s->nfiles && rc == 0; i++)
        rc = plan_file(plan, sources_name(s, s->file[i]), r->err);
    if (rc == 0 && r->o->purge)
        rc =
            plan_complete(plan, sources_name(s, 0), s->file, s->nfiles, r->err);
    return rc == 0 ? plan_guard(plan, r->err) : rc;
}

static int plan_files(struct run *r)
{
    const struct plan_rules how = run_rules(r);
    struct txn *old = r->rebuild.txn;
    struct plan *plan = NULL;
    int rc = commit_begin(&r->commit, r->err);

    if (rc == 0)
        rc = plan_open(&plan, &r->todo, &r->renames, &r->report,
                       old ? old : r->commit.txn, &how, r->err);
    if (rc == 0)
        rc = plan_sources(r, plan);
    plan_free(plan);
    commit_end(&r->commit);
    if (rc == 0 && r->todo.entries.n > r->intake.memory.budget / 2)
        rc = err_set(r->err, ERR_FULL,
                     "the list of files to read takes %zu "
                     "MB: more --memory is needed",
                     r->todo.entries.n >> 20);
    return rc;
}

int run_remove_planned(struct run *r)
{
    struct todo_entry e;
    int rc = 0;

    todo_rewind(&r->todo);
    renames_settle(&r->renames);
    while (!run_stop && (rc = todo_next(&r->todo, &e)) > 0) {
        if (e.op != TODO_REMOVE)
            continue;
        rc = intake_remove(&r->intake, e.path, r->err);
        if (rc < 0)
            return rc;
    }
    return rc < 0 ? err_nomem(r->err) : 0;
}

static int take_files(struct run *r)
{
    struct todo_entry e;
    int rc;

    report_reading(&r->report, r->todo.reads, r->todo.bytes);
    r->intake.memory.budget -= r->todo.entries.n;
    rc = intake_open(&r->intake, r->err);
    if (rc < 0)
        return rc;
    while (!run_stop && (rc = todo_next(&r->todo, &e)) > 0) {
        if (e.op == TODO_REMOVE)
            continue;
        rc = intake_file(&r->intake, e.path, e.op == TODO_NAMED, r->err);
        if (rc < 0)
            return rc;
        report_progress(&r->report);
    }
    if (rc < 0)
        return err_nomem(r->err);
    if (r->o->rebuild) /* what is gone was never here */
        return rebuild_records(&r->rebuild, &r->intake, &run_stop, r->err);
    return run_remove_planned(r);
}

int run_files(struct run *r)
{
    int rc = find_sources(r);

    if (rc == 0)
        rc = plan_files(r);
    return rc < 0 ? rc : take_files(r);
}

/* --- removing --- */

int run_removals(struct run *r)
{
    size_t i;
    int rc = intake_open(&r->intake, r->err);

    for (i = 0; i < r->o->noperands && rc == 0; i++)
        rc = remove_operand(&r->intake, r->o->operand[i], r->err);
    return rc;
}
