/*
 * files DIR - makes a text file of each line of JSON on standard input, named
 * by its id below DIR: the title, an empty line, the text.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "indexer/records.h"

enum { NAME_MAX_BYTES = 200 };

/* The name of a record's file: letters, digits and slashes of its id, and its
 * line, since ids may differ in other characters only. */
static int name_file(struct buf *out, const char *dir, const struct record *rec)
{
    size_t i;
    int rc;

    buf_clear(out);
    rc = buf_addf(out, "%s/", dir);
    for (i = 0; i < rec->id.n && i < NAME_MAX_BYTES && rc == 0; i++) {
        uint8_t c = rec->id.p[i];

        rc = buf_addc(out, isalnum(c) || c == '/' ? c : '_');
    }
    if (rc == 0 && i < rec->id.n)
        rc = buf_addf(out, "_%llu", (unsigned long long)rec->line);
    return rc < 0 ? rc : buf_adds(out, ".txt");
}

static void make_folders(char *path)
{
    char *slash;

    for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0777);
        *slash = '/';
    }
}

static int write_file(char *path, const struct record *rec)
{
    FILE *f = fopen(path, "w");

    if (!f && errno == ENOENT) {
        make_folders(path);
        f = fopen(path, "w");
    }
    if (!f)
        return -1;
    fprintf(f, "%.*s\n\n", (int)rec->title.n, (const char *)rec->title.p);
    fwrite(rec->text.p, 1, rec->text.n, f);
    fputc('\n', f);
    return fclose(f);
}

int main(int argc, char **argv)
{
    const volatile sig_atomic_t never = 0;
    struct records *records = NULL;
    struct record rec;
    struct buf path = {0};
    struct err err = {0};
    int rc;

    if (argc != 2) {
        fprintf(stderr, "usage: files DIR <JSONL\n");
        return 2;
    }
    rc = records_open(&records, RECORDS_JSONL, "-", 64 << 20, &err);
    while (rc >= 0 && (rc = records_next(records, &rec, &never, &err)) > 0) {
        if (name_file(&path, argv[1], &rec) < 0 || !buf_cstr(&path) ||
            write_file((char *)path.p, &rec) != 0) {
            perror(path.p ? (const char *)path.p : argv[1]);
            return 2;
        }
    }
    if (rc < 0)
        fprintf(stderr, "files: %s\n", err.msg);
    records_close(records);
    buf_release(&path);
    return rc < 0 ? 2 : 0;
}
