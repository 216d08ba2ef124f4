#include "tests/torture/disk.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/torture/torture.h"

enum { FDS = 256, FILES = 256, NAMES = 512, SECTOR = 4096 };

/* A change of a file that no sync made safe yet. */
struct change {
    const uint8_t *data; /* of the log; NULL: a new size */
    uint64_t offset;     /* or the new size */
    size_t n;
};

struct file {
    struct buf safe;    /* content after a crash, in any case */
    struct buf changes; /* struct change, since the last sync */
};

/* A change of the folder: `name` now means file `file`, or nothing (-1). */
struct naming {
    char name[64];
    int file;
};

struct disk {
    struct view log;
    size_t at, folder_len;
    const char *folder;
    struct record record;
    uint64_t acked;
    struct file file[FILES];
    int nfiles;
    /* all namings in order; the first nsafe are safe */
    struct naming naming[NAMES];
    int nnamings, nsafe;
    int fd_file[FDS]; /* the file of a descriptor; -2: the folder */
    bool fd_dsync[FDS];
};

struct disk *disk_new(struct view log, const char *folder)
{
    struct disk *d = calloc(1, sizeof *d);

    if (!d)
        torture_die("no memory");
    d->log = log;
    d->folder = folder;
    d->folder_len = strlen(folder);
    return d;
}

const struct record *disk_record(const struct disk *d)
{
    return &d->record;
}

uint64_t disk_acked(const struct disk *d)
{
    return d->acked;
}

/* --- names --- */

static void put_name(struct disk *d, struct view path, int file)
{
    struct naming *n = &d->naming[d->nnamings];

    if (d->nnamings == NAMES || path.n - d->folder_len > sizeof n->name)
        torture_die("too many or too long names");
    memcpy(n->name, path.p + d->folder_len + 1, path.n - d->folder_len - 1);
    n->file = file;
    d->nnamings++;
}

/* The file of a name after the first `count` namings; -1: none. */
static int find_name(const struct disk *d, const char *name, int count)
{
    while (--count >= 0)
        if (strcmp(d->naming[count].name, name) == 0)
            return d->naming[count].file;
    return -1;
}

static int find_path(const struct disk *d, struct view path)
{
    char name[64] = "";

    memcpy(name, path.p + d->folder_len + 1, path.n - d->folder_len - 1);
    return find_name(d, name, d->nnamings);
}

/* --- contents --- */

static void resize(struct buf *b, uint64_t size)
{
    if (size > b->n && buf_reserve(b, size - b->n) < 0)
        torture_die("no memory");
    if (size > b->n)
        memset(b->p + b->n, 0, size - b->n);
    b->n = size;
}

static void apply(struct buf *b, const struct change *c)
{
    if (!c->data) {
        resize(b, c->offset);
        return;
    }
    if (c->offset + c->n > b->n)
        resize(b, c->offset + c->n);
    memcpy(b->p + c->offset, c->data, c->n);
}

/* Some of a write's pages. */
static void apply_some(struct buf *b, const struct change *c)
{
    struct change part = *c;
    size_t done, n;

    if (!c->data) {
        if (random_chance(50))
            apply(b, c);
        return;
    }
    for (done = 0; done < c->n; done += n) {
        n = SECTOR - (c->offset + done) % SECTOR;
        n = n < c->n - done ? n : c->n - done;
        part.data = c->data + done;
        part.offset = c->offset + done;
        part.n = n;
        if (random_chance(50))
            apply(b, &part);
    }
}

static size_t nchanges(const struct file *f)
{
    return f->changes.n / sizeof(struct change);
}

static const struct change *change_at(const struct file *f, size_t i)
{
    return (const struct change *)(const void *)f->changes.p + i;
}

static void make_safe(struct file *f)
{
    size_t i;

    for (i = 0; i < nchanges(f); i++)
        apply(&f->safe, change_at(f, i));
    buf_clear(&f->changes);
}

static void change(struct disk *d, const uint8_t *data, size_t n)
{
    struct change c = {data, d->record.offset, n};
    int file = d->fd_file[d->record.fd];

    if (file < 0)
        torture_die("a write to no file");
    if (data && d->fd_dsync[d->record.fd])
        apply(&d->file[file].safe, &c);
    else if (buf_add(&d->file[file].changes, view_of(&c, sizeof c)) < 0)
        torture_die("no memory");
}

/* --- records --- */

static void open_file(struct disk *d, struct view path)
{
    int flags = (int)d->record.offset, file;

    d->fd_dsync[d->record.fd] = flags & O_DSYNC;
    d->fd_file[d->record.fd] = -2;
    if (path.n == d->folder_len)
        return;
    file = find_path(d, path);
    if (file < 0) {
        if (d->nfiles == FILES)
            torture_die("too many files");
        file = d->nfiles++;
        put_name(d, path, file);
    } else if (flags & O_TRUNC) {
        struct change c = {0};

        if (buf_add(&d->file[file].changes, view_of(&c, sizeof c)) < 0)
            torture_die("no memory");
    }
    d->fd_file[d->record.fd] = file;
}

static void sync_fd(struct disk *d)
{
    if (d->fd_file[d->record.fd] < 0)
        d->nsafe = d->nnamings;
    else
        make_safe(&d->file[d->fd_file[d->record.fd]]);
}

static void do_record(struct disk *d, struct view name, struct view data)
{
    switch ((enum record_op)d->record.op) {
    case RECORD_OPEN:
        open_file(d, name);
        break;
    case RECORD_CLOSE:
        break;
    case RECORD_WRITE:
        change(d, data.p, data.n);
        break;
    case RECORD_TRUNCATE:
        change(d, NULL, 0);
        break;
    case RECORD_SYNC:
        sync_fd(d);
        break;
    case RECORD_RENAME:
        /* the old name goes second: a crash between the two leaves both, and
         * never none */
        put_name(d, data, find_path(d, name));
        put_name(d, name, -1);
        break;
    case RECORD_UNLINK:
        put_name(d, name, -1);
        break;
    case RECORD_ACK:
        d->acked = d->record.offset;
        break;
    }
}

bool disk_step(struct disk *d)
{
    struct view name, data;

    if (d->at + sizeof d->record > d->log.n)
        return false;
    memcpy(&d->record, d->log.p + d->at, sizeof d->record);
    d->at += sizeof d->record;
    name = view_of(d->log.p + d->at, d->record.a);
    d->at += name.n;
    data = view_of(d->log.p + d->at, d->record.b);
    d->at += data.n;
    do_record(d, name, data);
    return true;
}

/* --- crashes --- */

static void write_out(const struct file *f, enum disk_crash how,
                      const char *path)
{
    struct buf content = {0};
    size_t i;

    if (buf_add(&content, buf_view(&f->safe)) < 0)
        torture_die("no memory");
    for (i = 0; i < nchanges(f); i++)
        if (how == DISK_ALL)
            apply(&content, change_at(f, i));
        else if (how == DISK_RANDOM)
            apply_some(&content, change_at(f, i));
    write_file(path, content.p, content.n);
    buf_release(&content);
}

void disk_crash(const struct disk *d, enum disk_crash how, const char *to)
{
    int i, count = d->nnamings;

    if (how == DISK_NONE)
        count = d->nsafe;
    else if (how == DISK_RANDOM)
        count -= (int)random_below((uint32_t)(count - d->nsafe) + 1);
    remove_tree(to);
    make_folder(to);
    for (i = 0; i < count; i++) {
        const char *name = d->naming[i].name;
        char *path;

        /* lock files are made anew; of each name the last meaning */
        if (strstr(name, "lock") || find_name(d, name, i) >= 0)
            continue;
        if (find_name(d, name, count) < 0)
            continue;
        path = text("%s/%s", to, name);
        write_out(&d->file[find_name(d, name, count)], how, path);
        free(path);
    }
}

void disk_free(struct disk *d)
{
    int i;

    for (i = 0; i < d->nfiles; i++) {
        buf_release(&d->file[i].safe);
        buf_release(&d->file[i].changes);
    }
    free(d);
}
