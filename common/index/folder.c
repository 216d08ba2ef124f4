#include "index/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "index-0000002a.mdb" */
enum { NAME_LEN = 18 };

static char *join(const char *dir, const char *name)
{
    char *path;

    return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

char *folder_path(const char *dir, uint32_t number)
{
    char *path;

    return asprintf(&path, "%s/index-%08x.mdb", dir, number) < 0 ? NULL : path;
}

/* The number in the name of a data file, if that is what the NAME_LEN bytes
 * at s are. */
static bool parse_name(const char *s, uint32_t *number)
{
    int i;

    *number = 0;
    if (strncmp(s, "index-", 6) != 0 || strncmp(s + 14, ".mdb", 4) != 0)
        return false;
    for (i = 6; i < 14; i++) {
        if (s[i] >= '0' && s[i] <= '9')
            *number = *number << 4 | (uint32_t)(s[i] - '0');
        else if (s[i] >= 'a' && s[i] <= 'f')
            *number = *number << 4 | (uint32_t)(s[i] - 'a' + 10);
        else
            return false;
    }
    return true;
}

int folder_current(const char *dir, uint32_t *number, struct err *err)
{
    char *path = join(dir, "CURRENT");
    char line[NAME_LEN + 2] = {0};
    ssize_t n;
    int fd, rc = 1;

    if (!path)
        return err_nomem(err);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            rc = 0;
        else
            rc = err_sys(err, ERR_IO, errno, "cannot open %s", path);
        goto out;
    }
    n = read(fd, line, sizeof line);
    if (n < 0)
        rc = err_sys(err, ERR_IO, errno, "cannot read %s", path);
    else if (n != NAME_LEN + 1 || line[NAME_LEN] != '\n' ||
             !parse_name(line, number))
        rc = err_set(err, ERR_CORRUPT, "%s does not name a data file", path);
    close(fd);
out:
    free(path);
    return rc;
}

static int sync_dir(const char *dir, struct err *err)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = 0;

    /* EINVAL: a file system that keeps its folders safe by itself */
    if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
        rc = err_sys(err, ERR_IO, errno, "cannot sync %s", dir);
    if (fd >= 0)
        close(fd);
    return rc;
}

static int write_file(const char *path, const char *text, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    size_t n = strlen(text);
    ssize_t w;
    int e = 0;

    if (fd < 0)
        return err_sys(err, ERR_IO, errno, "cannot create %s", path);
    w = write(fd, text, n);
    if (w < 0 || fsync(fd) < 0)
        e = errno;
    else if ((size_t)w != n)
        e = ENOSPC;
    if (close(fd) < 0 && !e)
        e = errno;
    if (e)
        return err_sys(err, e == ENOSPC ? ERR_FULL : ERR_IO, e,
                       "cannot write %s", path);
    return 0;
}

int folder_sync_parent(const char *dir, struct err *err)
{
    char *up = join(dir, "..");
    int rc = 0;

    if (!up)
        return err_nomem(err);
    /* one may make folders where one may not look */
    if (access(up, R_OK) == 0)
        rc = sync_dir(up, err);
    free(up);
    return rc;
}

int folder_switch(const char *dir, uint32_t number, struct err *err)
{
    char *tmp = join(dir, "CURRENT.tmp");
    char *path = join(dir, "CURRENT");
    char line[NAME_LEN + 2];
    int rc;

    if (!tmp || !path) {
        rc = err_nomem(err);
        goto out;
    }
    snprintf(line, sizeof line, "index-%08x.mdb\n", number);
    /* first: the data file's own entry must be there before CURRENT names it */
    rc = sync_dir(dir, err);
    if (rc == 0)
        rc = write_file(tmp, line, err);
    if (rc == 0 && rename(tmp, path) < 0)
        rc = err_sys(err, ERR_IO, errno, "cannot rename %s", tmp);
    if (rc == 0)
        rc = sync_dir(dir, err);
out:
    free(tmp);
    free(path);
    return rc;
}

int folder_next(const char *dir, uint32_t *number, struct err *err)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    uint32_t n, highest = 0;
    int rc = 0;

    if (!d)
        return err_sys(err, ERR_IO, errno, "cannot read the folder %s", dir);
    /* lock files count too: their data file's number was used */
    errno = 0;
    while ((e = readdir(d)) != NULL)
        if (strlen(e->d_name) >= NAME_LEN && parse_name(e->d_name, &n) &&
            n > highest)
            highest = n;
    /* of a folder read in part the number in use might be taken again */
    if (errno)
        rc = err_sys(err, ERR_IO, errno, "cannot read the folder %s", dir);
    closedir(d);
    if (rc < 0)
        return rc;
    if (highest == UINT32_MAX)
        return err_set(err, ERR_FULL, "%s has no number left for a data file",
                       dir);
    *number = highest + 1;
    return 0;
}

void folder_sweep(const char *dir, uint32_t keep)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    uint32_t n;

    if (!d)
        return;
    while ((e = readdir(d)) != NULL)
        if (strlen(e->d_name) >= NAME_LEN && parse_name(e->d_name, &n) &&
            n != keep &&
            (e->d_name[NAME_LEN] == 0 ||
             strcmp(e->d_name + NAME_LEN, "-lock") == 0))
            unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
}

void folder_unlink(const char *dir, uint32_t number)
{
    char *path = folder_path(dir, number);
    char *lock;

    if (!path)
        return;
    unlink(path);
    if (asprintf(&lock, "%s-lock", path) >= 0) {
        unlink(lock);
        free(lock);
    }
    free(path);
}
