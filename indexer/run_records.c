#include <stdio.h>

#include "base/hash.h"
#include "indexer/run_work.h"
#include "indexer/vec.h"

static void bad_record(struct run *r, const char *name,
                       const struct record *rec, const struct err *err)
{
    struct buf id = {0};

    if (buf_addf(&id, "%s:%llu", name, (unsigned long long)rec->line) == 0)
        report_verdict(&r->report, buf_view(&id), VERDICT_FAILED, err->msg);
    buf_release(&id);
}

/* Remembers that a record was there. */
static int see(struct run *r, struct view id)
{
    uint8_t key[SOURCE_KEY_MAX];
    uint64_t *more =
        vec_grow(r->seen, &r->seen_cap, r->nseen + 1, sizeof *more);

    if (!more)
        return err_nomem(r->err);
    r->seen = more;
    more[r->nseen++] = hash64(view_of(key, source_key(id, key)));
    return 0;
}

/* What the user said of its encoding holds for the file, or for "-". */
static int decode(struct run *r, struct records *records, const char *name)
{
    const char *encoding =
        encodings_of(&r->commit.encodings, NULL, view_str(name));

    return encoding && *encoding ? records_decode(records, encoding, r->err)
                                 : 0;
}

static void tell_replaced(struct run *r, const struct records *records,
                          const char *name)
{
    char what[96];

    if (records_replaced(records) == 0)
        return;
    snprintf(what, sizeof what, "%zu sequences that its encoding does not have",
             records_replaced(records));
    report_warning(&r->report, view_str(name), what);
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
    rc = decode(r, records, name);
    if (rc < 0) {
        records_close(records);
        return rc;
    }
    while ((rc = records_next(records, &rec, &run_stop, &err)) != 0 &&
           !run_stop) {
        if (rc == ERR_USAGE) {
            bad_record(r, name, &rec, &err);
        } else if (rc < 0) {
            *r->err = err;
            break;
        } else {
            rc = intake_record(&r->intake, &rec, r->err);
            if (rc == 0 && r->o->purge)
                rc = see(r, rec.id);
            if (rc < 0)
                break;
        }
        report_progress(&r->report);
    }
    tell_replaced(r, records, name);
    records_close(records);
    return rc < 0 ? rc : 0;
}

/* Removes the records that were not among those read. */
static int purge_records(struct run *r)
{
    const struct plan_rules how = run_rules(r);
    struct plan *plan = NULL;
    int rc = intake_flush(&r->intake, r->err);

    if (rc == 0 && r->report.count[VERDICT_FAILED])
        return err_set(r->err, ERR_REFUSED,
                       "%llu records failed, so these are not all: none was "
                       "removed",
                       (unsigned long long)r->report.count[VERDICT_FAILED]);
    if (rc == 0)
        rc = commit_begin(&r->commit, r->err);
    if (rc == 0)
        rc = plan_open(&plan, &r->todo, &r->renames, &r->report, r->commit.txn,
                       &how, r->err);
    if (rc == 0)
        rc = plan_records(plan, r->seen, r->nseen, r->err);
    if (rc == 0)
        rc = plan_guard(plan, r->err);
    plan_free(plan);
    commit_end(&r->commit);
    return rc < 0 ? rc : run_remove_planned(r);
}

int run_records(struct run *r)
{
    size_t i;
    int rc = intake_open(&r->intake, r->err);

    for (i = 0; i < r->o->noperands && rc == 0 && !run_stop; i++)
        rc = take_records(r, r->o->operand[i]);
    if (rc == 0 && r->o->purge && !run_stop)
        rc = purge_records(r);
    return rc;
}
