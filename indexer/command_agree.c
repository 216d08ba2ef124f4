#include "indexer/command.h"

static int agree_remove(struct command *c, struct err *err)
{
    const struct run_options *o = &c->run;

    if (c->files_from || o->input != RUN_FILES || o->force || o->verify ||
        o->retry || o->purge || o->no_purge)
        return err_set(err, ERR_USAGE,
                       "--remove takes operands, and no option but --dry-run "
                       "says how");
    if (o->noperands == 0)
        return err_set(err, ERR_USAGE,
                       "--remove needs to know what: a PATH or a record's id");
    c->run.input = RUN_REMOVE;
    return 0;
}

static int agree_purge(const struct command *c, struct err *err)
{
    if (c->run.no_purge)
        return err_set(err, ERR_USAGE,
                       "--purge and --no-purge contradict each other");
    if (c->run.input == RUN_FILES && c->run.noperands == 0)
        return err_set(
            err, ERR_USAGE,
            "--purge goes with --files-from, --input or files named: "
            "what is gone from a folder is removed anyway");
    return 0;
}

static const char *mode_name(enum command_mode mode)
{
    return mode == MODE_STATS    ? "stats"
           : mode == MODE_LIST   ? "list"
           : mode == MODE_CHECK  ? "check"
           : mode == MODE_WHY    ? "why"
           : mode == MODE_BACKUP ? "backup"
                                 : "compact";
}

/* --rebuild and --watch are runs of their own kind. */
static int agree_run(const struct command *c, struct err *err)
{
    const char *kind = c->run.rebuild ? "rebuild" : "watch";

    if (!c->run.rebuild && !c->watch)
        return 0;
    if (c->mode != MODE_RUN)
        return err_set(err, ERR_USAGE, "--%s and --%s do not go together", kind,
                       mode_name(c->mode));
    if (c->run.rebuild && c->watch)
        return err_set(err, ERR_USAGE,
                       "--rebuild and --watch do not go together");
    if (c->files_from || c->remove || c->run.input != RUN_FILES)
        return err_set(err, ERR_USAGE, "--%s and --%s do not go together", kind,
                       c->files_from ? "files-from"
                       : c->remove   ? "remove"
                                     : "input");
    if (c->run.dry || (c->run.rebuild && (c->run.purge || c->run.no_purge)))
        return err_set(err, ERR_USAGE, "--%s and --%s do not go together", kind,
                       c->run.dry     ? "dry-run"
                       : c->run.purge ? "purge"
                                      : "no-purge");
    return 0;
}

static int agree_mode(const struct command *c, struct err *err)
{
    bool why = c->mode == MODE_WHY;

    if (why && c->run.noperands == 0)
        return err_set(err, ERR_USAGE, "--why needs a PATH or a record's id");
    if (c->mode != MODE_RUN && (c->files_from || (c->run.noperands && !why)))
        return err_set(err, ERR_USAGE, "--%s takes no %s", mode_name(c->mode),
                       c->files_from ? "--files-from" : "PATH");
    if (c->mode == MODE_BACKUP && !*c->backup)
        return err_set(err, ERR_USAGE, "--backup: the folder has no name");
    return 0;
}

int command_agree(struct command *c, struct err *err)
{
    if (agree_mode(c, err) < 0 || agree_run(c, err) < 0)
        return ERR_USAGE;
    if (c->files_from && c->run.input == RUN_RECORDS)
        return err_set(err, ERR_USAGE,
                       "--files-from and --input do not go "
                       "together");
    if (c->files_from && c->run.noperands)
        return err_set(err, ERR_USAGE, "--files-from takes no PATH beside it");
    if (c->run.input == RUN_RECORDS && c->mode == MODE_RUN &&
        c->run.noperands == 0)
        return err_set(err, ERR_USAGE,
                       "--input=%s needs a FILE, or - for standard input",
                       records_formats[c->run.format]);
    if (c->run.select.given &&
        (c->mode != MODE_RUN || c->files_from || c->run.input == RUN_RECORDS ||
         c->run.noperands == 0))
        return selection_alone(err);
    if (c->files_from) {
        c->run.input = RUN_LIST;
        c->run.operand[c->run.noperands++] = (char *)(uintptr_t)c->files_from;
    }
    if (c->remove)
        return agree_remove(c, err);
    return c->run.purge ? agree_purge(c, err) : 0;
}
