#include "indexer/formats/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "indexer/formats/library.h"

static struct {
    __typeof__(archive_read_new) *new;
    __typeof__(archive_read_support_format_zip_seekable) *support;
    __typeof__(archive_read_set_options) *options;
    __typeof__(archive_read_open_memory) *open;
    __typeof__(archive_read_next_header) *next;
    __typeof__(archive_read_data_block) *data;
    __typeof__(archive_read_free) *free;
    __typeof__(archive_error_string) *error;
    __typeof__(archive_entry_pathname_utf8) *name;
    __typeof__(archive_entry_is_encrypted) *encrypted;
} lib;

static const struct library_symbol symbols[] = {
    {"archive_read_new", &lib.new},
    {"archive_read_support_format_zip_seekable", &lib.support},
    {"archive_read_set_options", &lib.options},
    {"archive_read_open_memory", &lib.open},
    {"archive_read_next_header", &lib.next},
    {"archive_read_data_block", &lib.data},
    {"archive_read_free", &lib.free},
    {"archive_error_string", &lib.error},
    {"archive_entry_pathname_utf8", &lib.name},
    {"archive_entry_is_encrypted", &lib.encrypted},
};
static struct library libarchive = {"libarchive.so.13", "libarchive13", "ZIP",
                                    NULL};

struct zip {
    struct view bytes;
    struct archive *a;
    bool begun;      /* it is behind the first member */
    size_t unpacked; /* bytes that zip_read gave */
};

static int damaged(struct zip *z, struct err *err)
{
    const char *why = lib.error(z->a);

    return err_set(err, ERR_USAGE, "damaged ZIP: %s", why ? why : "?");
}

/* Goes to the beginning of the directory. */
static int rewind_zip(struct zip *z, struct err *err)
{
    if (z->a)
        lib.free(z->a);
    z->a = lib.new();
    if (!z->a || lib.support(z->a) < 0 ||
        lib.options(z->a, "zip:hdrcharset=UTF-8") < ARCHIVE_WARN)
        return err_nomem(err);
    z->begun = false;
    return lib.open(z->a, z->bytes.p, z->bytes.n) < 0 ? damaged(z, err) : 0;
}

int zip_open(struct zip **out, struct view bytes, struct err *err)
{
    struct zip *z;
    int rc;

    *out = NULL;
    rc = LIBRARY_OPEN(&libarchive, symbols, err);
    if (rc < 0)
        return rc;
    z = calloc(1, sizeof *z);
    if (!z)
        return err_nomem(err);
    z->bytes = bytes;
    rc = rewind_zip(z, err);
    if (rc < 0)
        zip_close(z);
    else
        *out = z;
    return rc;
}

/* Goes on to the first member of that name: as zip_find. */
static int find_behind(struct zip *z, struct view name, struct err *err)
{
    struct archive_entry *e;
    int rc;

    while ((rc = lib.next(z->a, &e)) == ARCHIVE_OK || rc == ARCHIVE_WARN) {
        const char *s = lib.name(e);

        z->begun = true;
        if (!s || !view_eq(view_str(s), name))
            continue;
        if (lib.encrypted(e) > 0)
            return err_set(err, ERR_REFUSED, "encrypted");
        return 1;
    }
    return rc == ARCHIVE_EOF ? 0 : damaged(z, err);
}

int zip_find(struct zip *z, struct view name, struct err *err)
{
    bool begun = z->begun;
    int rc = find_behind(z, name, err);

    if (rc != 0)
        return rc;
    rc = rewind_zip(z, err);
    if (rc == 0 && begun)
        rc = find_behind(z, name, err);
    return rc == 0 && z->begun ? rewind_zip(z, err) : rc;
}

int zip_read(struct zip *z, struct view *piece, struct err *err)
{
    const void *p;
    size_t n;
    la_int64_t at;
    int rc = lib.data(z->a, &p, &n, &at);

    if (rc == ARCHIVE_EOF)
        return 0;
    if (rc != ARCHIVE_OK)
        return damaged(z, err);
    z->unpacked += n;
    if (z->unpacked > ZIP_UNPACKED_MAX)
        return err_set(err, ERR_FULL, "more than %d MB unpacked",
                       ZIP_UNPACKED_MAX >> 20);
    *piece = view_of(p, n);
    return 1;
}

void zip_close(struct zip *z)
{
    if (!z)
        return;
    if (z->a)
        lib.free(z->a);
    free(z);
}
