#include "indexer/open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Opens the folder of the first part of *path, below `at`, as a place to go on
 * from; *path becomes the rest. */
static int step(int at, const char **path)
{
    char part[PATH_MAX];
    const char *slash = memrchr(*path, '/', sizeof part - 1);
    size_t n = slash ? (size_t)(slash - *path) : 0;

    if (n == 0) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(part, *path, n);
    part[n] = 0;
    *path = slash + strspn(slash, "/");
    return openat(at, part, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int open_path(const char *path, int flags)
{
    int at = AT_FDCWD, fd = 0, why;

    while (fd >= 0 && strlen(path) >= PATH_MAX) {
        fd = step(at, &path);
        why = errno;
        if (at != AT_FDCWD)
            close(at);
        at = fd;
        errno = why;
    }
    if (fd >= 0)
        fd = openat(at, *path ? path : ".", flags | O_CLOEXEC);
    if (at != AT_FDCWD && at >= 0) {
        why = errno;
        close(at);
        errno = why;
    }
    return fd;
}

int stat_path(const char *path, struct stat *st)
{
    int fd, rc, why;

    if (strlen(path) < PATH_MAX)
        return stat(path, st);
    fd = open_path(path, O_PATH);
    if (fd < 0)
        return -1;
    rc = fstat(fd, st);
    why = errno;
    close(fd);
    errno = why;
    return rc;
}
