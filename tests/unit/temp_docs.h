/*
 * temp_docs.h - a folder a test program to work in, with an empty folder
 * `docs` in it, and runs of the indexer there.
 */
#ifndef TESTS_TEMP_DOCS_H
#define TESTS_TEMP_DOCS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "index/index.h"
#include "indexer/report.h"
#include "indexer/run.h"
#include "text/lexers.h"

static char top_dir[32];

static inline int make_docs(void **state)
{
    (void)state;
    strcpy(top_dir, "/tmp/test_docs.XXXXXX");
    return !mkdtemp(top_dir) || chdir(top_dir) < 0 || mkdir("docs", 0777) < 0;
}

static inline int remove_docs(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", top_dir);
    return chdir("/") < 0 || system(command) != 0;
}

/* Makes the index `index` be what `operand` names: a folder, or a file of
 * records. */
static inline void build_index(const char *operand, bool records)
{
    char *name = (char *)operand;
    struct run_options o = {
        .dir = "index",
        .operand = &name,
        .noperands = 1,
        .input = records ? RUN_RECORDS : RUN_FILES,
        .memory = 512 << 20,
        .max_purge = 100,
        .level = LEVEL_QUIET,
    };

    assert_int_equal(run(&o), 0);
}

/* The lexers of an index, and those of the languages in it. */
static inline int temp_lexers(struct index *ix, struct lexers **lexers,
                              struct lexer_list *list, struct err *err)
{
    uint64_t docs[STEMMERS];
    unsigned i;

    for (i = 0; i < STEMMERS; i++)
        docs[i] = ix->languages.docs[i];
    if (lexers_open(lexers, buf_cstr(&ix->language), err) < 0)
        return err->code;
    return lexers_list(*lexers, docs, list);
}

#endif
