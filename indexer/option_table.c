#include "indexer/option_table.h"

#include <stdio.h>
#include <string.h>

const struct option option_table[] = {
    {0, 0, "", OPTION_FLAG, NULL, "Where"},
    {OPT_DB, 'd', "db", OPTION_VALUE, "DIR",
     "the index; else $INDEX_DB, else the nearest .index in this folder or one "
     "above it, else a new ./.index"},
    {0, 0, "", OPTION_FLAG, NULL, "What to index"},
    {OPT_FILES_FROM, 0, "files-from", OPTION_VALUE, "FILE",
     "just the files that FILE (-: standard input) names, one a line"},
    {OPT_NULL, '0', "null", OPTION_FLAG, NULL,
     "names end in NUL bytes, in --files-from and --list"},
    {OPT_INPUT, 0, "input", OPTION_VALUE, "FORMAT",
     "the operands (-: standard input) hold records; jsonl: one JSON object a "
     "line with id, title, text, date, lang; other keys are kept as fields; "
     "trec: <DOC><DOCNO>id</DOCNO> ... </DOC>; csv: a header with such keys, "
     "then a row each; mbox: mail, a message each"},
    {OPT_INCLUDE, 0, "include", OPTION_VALUE, "GLOB",
     "take in what fits GLOB, whatever its name and .indexignore say; GLOB as "
     "in .gitignore, from each PATH on; the last --include or --exclude that "
     "fits decides; these five are remembered with a PATH"},
    {OPT_EXCLUDE, 0, "exclude", OPTION_VALUE, "GLOB",
     "leave out what fits GLOB"},
    {OPT_HIDDEN, 0, "hidden", OPTION_FLAG, NULL,
     "take in names that begin with a dot, too (but not .git)"},
    {OPT_FOLLOW, 0, "follow", OPTION_FLAG, NULL, "follow links to folders"},
    {OPT_ONE_FS, 0, "one-file-system", OPTION_FLAG, NULL,
     "leave out folders of other file systems"},
    {OPT_MAX_SIZE, 0, "max-size", OPTION_VALUE, "SIZE",
     "skip larger files and records (a sixteenth of --memory)"},
    {OPT_FILTER, 0, "filter", OPTION_VALUE, "EXT=COMMAND",
     "files whose names end in .EXT are read through COMMAND, run without a "
     "shell: {} in it is the file's path, else the file is its input; its "
     "output is the text, in UTF-8"},
    {OPT_CONVERT_TIME, 0, "convert-time", OPTION_VALUE, "SECS",
     "give up a PDF, archive or --filter that takes longer (60)"},
    {OPT_CONVERT_MEMORY, 0, "convert-memory", OPTION_VALUE, "SIZE",
     "or needs more memory (512M)"},
    {OPT_ENCODING, 0, "encoding", OPTION_VALUE, "GLOB=NAME",
     "what fits GLOB (as of --include) is in the encoding NAME, as latin1, "
     "koi8-r, big5; else one is guessed for what is not UTF-8; the last that "
     "fits decides; all are remembered until others are given, '' for none"},
    {0, 0, "", OPTION_FLAG, NULL, "Update"},
    {OPT_DRY_RUN, 'n', "dry-run", OPTION_FLAG, NULL,
     "print what would be done, and do nothing"},
    {OPT_FORCE, 'f', "force", OPTION_FLAG, NULL,
     "take in what has not changed, too"},
    {OPT_VERIFY, 0, "verify-content", OPTION_FLAG, NULL,
     "read every file: also those whose size and time are as they were"},
    {OPT_RETRY, 0, "retry-failed", OPTION_FLAG, NULL,
     "try again what was skipped, though it looks unchanged"},
    {OPT_MAX_PURGE, 0, "max-purge", OPTION_VALUE, "N%",
     "change nothing if more of a folder's documents have vanished (20%)"},
    {OPT_NO_PURGE, 0, "no-purge", OPTION_FLAG, NULL,
     "keep the documents of files that are gone"},
    {OPT_PURGE, 0, "purge", OPTION_FLAG, NULL,
     "the files named, or the records, are all: remove any others"},
    {0, 0, "", OPTION_FLAG, NULL, "A new index"},
    {OPT_LANG, 0, "lang", OPTION_VALUE, "CODE",
     "the language words are stemmed in: auto, that of each document "
     "(the default), or one for all (german, de), or none"},
    {OPT_NO_TEXT, 0, "no-text", OPTION_FLAG, NULL,
     "store no text: smaller, but query shows no passages"},
    {0, 0, "", OPTION_FLAG, NULL, "Run"},
    {OPT_MEMORY, 0, "memory", OPTION_VALUE, "SIZE",
     "use no more than SIZE of memory (256M)"},
    {OPT_JOBS, 'j', "jobs", OPTION_VALUE, "N",
     "work in N threads (two, or one where there is one processor); no more "
     "than two have something to do; the index is the same"},
    {OPT_WAIT, 0, "wait", OPTION_OPTIONAL, "SECS",
     "wait until another indexer is done, for SECS seconds or however long; "
     "else exit 75 at once"},
    {OPT_NETWORK, 0, "network-filesystem", OPTION_FLAG, NULL,
     "write although the index is on NFS, SMB or the like; no other machine "
     "may open it"},
    {OPT_NICE, 0, "nice", OPTION_FLAG, NULL,
     "work at low priority for processor and disks"},
    {OPT_WATCH, 0, "watch", OPTION_OPTIONAL, "SECS",
     "run again and again, SECS seconds apart (10), until interrupted"},
    {OPT_PROGRESS, 0, "progress", OPTION_VALUE, "WHEN",
     "auto (on a terminal), always, never"},
    {OPT_REPORT, 0, "report", OPTION_VALUE, "FILE",
     "write a line of JSON for each file that changed, and one at the end; -: "
     "to standard output"},
    {OPT_QUIET, 'q', "quiet", OPTION_FLAG, NULL, "say nothing but failures"},
    {OPT_VERBOSE, 'v', "verbose", OPTION_FLAG, NULL,
     "name every file that is taken in, and sum up at the end"},
    {0, 0, "", OPTION_FLAG, NULL, "Instead of indexing"},
    {OPT_REMOVE, 0, "remove", OPTION_FLAG, NULL,
     "remove the documents that the operands name: files, folders, ids of "
     "records"},
    {OPT_WHY, 0, "why", OPTION_FLAG, NULL,
     "say what is known of the files (or records) that the operands name, and "
     "what the next run will do"},
    {OPT_STATS, 0, "stats", OPTION_FLAG, NULL,
     "print numbers of documents, bytes, ages, one a line; -v: more, slower"},
    {OPT_LIST, 0, "list", OPTION_FLAG, NULL,
     "print the paths of all documents; -v: number, date and title too"},
    {OPT_CHECK, 0, "check", OPTION_OPTIONAL, "full",
     "read all of the index and report what is damaged; full: also compare it "
     "with what the stored texts give anew"},
    {OPT_BACKUP, 0, "backup", OPTION_VALUE, "DIR",
     "copy the newest commit into a new folder, also while an indexer runs"},
    {OPT_REBUILD, 0, "rebuild", OPTION_FLAG, NULL,
     "make the index anew of all its sources, with its settings or those given "
     "now; it takes the old one's place when it is whole"},
    {OPT_COMPACT, 0, "compact", OPTION_FLAG, NULL,
     "make the file as small as it can be: one segment, nothing dead"},
    {OPT_HELP, 'h', "help", OPTION_OPTIONAL, "all",
     "print a short help, or this one"},
    {OPT_VERSION, 'V', "version", OPTION_FLAG, NULL, "print the version"},
    {0, 0, NULL, OPTION_FLAG, NULL, NULL},
};

static const char usage[] = "usage: indexer [-d DIR] [OPTIONS] [PATH...]\n";

static const char examples[] =
    "\n"
    "  indexer articles                index the texts and documents in it\n"
    "  indexer                         bring the index up to date\n"
    "  indexer -d /srv/idx a b         two folders, index in /srv/idx\n"
    "  find . -name '*.md' -mtime -1 -print0 | indexer -0 --files-from=-\n"
    "  zcat docs.jsonl.gz | indexer -d idx --input=jsonl -\n"
    "  indexer --list | wc -l          what is in it; --stats, --check\n"
    "\n"
    "Each folder named is remembered: a run without names looks at all of "
    "them,\n"
    "takes in what is new, replaces what has changed, removes what is gone.\n";

static const char common[] =
    "\n"
    "  -d, --db DIR      the index ($INDEX_DB, the nearest .index, ./.index)\n"
    "      --lang CODE   language of a new index: auto, english, german, none "
    "...\n"
    "  -v, --verbose     say what is done     -q, --quiet  failures only\n"
    "      --help=all    all options and the exit codes\n";

static const char codes[] =
    "\n"
    "Exit codes: 0 the index mirrors the sources, 1 some failed (each is "
    "named),\n"
    "2 usage or fatal, 3 refused by --max-purge, 4 index of another format or\n"
    "settings, 5 index damaged, 75 another indexer is at work, 130 "
    "interrupted.\n";

int print_help(const char *which, struct err *err)
{
    struct buf text = {0};
    int rc = buf_adds(&text, usage);

    if (which && strcmp(which, "all") != 0)
        rc = err_set(err, ERR_USAGE, "--help: '%s' is not all", which);
    else if (rc == 0)
        rc = buf_adds(&text, examples);
    if (rc == 0 && !which)
        rc = buf_adds(&text, common);
    if (rc == 0 && which)
        rc = buf_addc(&text, '\n') < 0 ? ERR_NOMEM
                                       : options_help(option_table, &text);
    if (rc == 0 && which)
        rc = buf_adds(&text, codes);
    if (rc == 0 &&
        (fwrite(text.p, 1, text.n, stdout) != text.n || fflush(stdout) != 0))
        rc = err_set(err, ERR_IO, "cannot write to standard output");
    buf_release(&text);
    return rc;
}
