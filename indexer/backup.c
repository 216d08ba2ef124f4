#include "indexer/backup.h"

#include <stdio.h>

#include "index/store.h"
#include "indexer/report.h"
#include "indexer/run.h"

int mode_backup(const char *dir, const char *to, bool verbose)
{
    struct report report = {0};
    struct err err = {0};
    struct store *s;
    uint64_t bytes;
    int rc = store_open(&s, dir, STORE_READ, &err);

    if (rc == 0) {
        rc = store_backup(s, to, &bytes, &err);
        store_close(s);
    }
    if (rc < 0)
        report_error(&report, &err);
    else if (verbose)
        fprintf(stderr, "indexer: %.1f MB copied\n", (double)bytes / 1e6);
    report_release(&report);
    return exit_code(rc);
}
