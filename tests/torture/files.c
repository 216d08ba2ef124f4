/* The files of torture.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/torture/torture.h"

void make_folder(const char *path)
{
    char *copy = text("%s", path), *p;

    for (p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
        *p = 0;
        if (mkdir(copy, 0777) < 0 && errno != EEXIST)
            torture_die(copy);
        *p = '/';
    }
    if (mkdir(copy, 0777) < 0 && errno != EEXIST)
        torture_die(copy);
    free(copy);
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void remove_tree(const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
        torture_die(path);
}

void write_file(const char *path, const void *p, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (fd < 0 || write(fd, p, n) != (ssize_t)n || close(fd) < 0)
        torture_die(path);
}

void read_whole(const char *path, struct buf *out)
{
    int fd = open(path, O_RDONLY);
    struct stat st;

    buf_clear(out);
    if (fd < 0 || fstat(fd, &st) < 0 ||
        buf_reserve(out, (size_t)st.st_size) < 0 ||
        read(fd, out->p, (size_t)st.st_size) != st.st_size)
        torture_die(path);
    out->n = (size_t)st.st_size;
    close(fd);
}

void copy_index(const char *from, const char *to)
{
    DIR *d = opendir(from);
    struct buf bytes = {0};
    struct dirent *e;

    if (!d)
        torture_die(from);
    make_folder(to);
    while ((e = readdir(d)) != NULL) {
        char *source, *target;

        if (e->d_name[0] == '.' || strstr(e->d_name, "lock"))
            continue;
        source = text("%s/%s", from, e->d_name);
        target = text("%s/%s", to, e->d_name);
        read_whole(source, &bytes);
        write_file(target, bytes.p, bytes.n);
        free(source);
        free(target);
    }
    closedir(d);
    buf_release(&bytes);
}
