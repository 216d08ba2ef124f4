/*
 * record.so - loaded before libc (LD_PRELOAD), writes down every change that a
 * program makes to files of the folder $RECORD_DIR; the log is $RECORD_LOG.
 *
 * Only what was done is logged, after it was done. Memory maps are not seen:
 * LMDB writes its data file with pwrite, and its lock file is of no use after
 * a crash.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/torture/record.h"

enum { FDS = 256 };

static bool ours[FDS]; /* descriptors of files of the folder */
static const char *folder;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define NEXT(name)                                                             \
    static __typeof__(name) *next;                                             \
    if (!next)                                                                 \
    next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void)
{
    const char *log = getenv("RECORD_LOG");

    folder = getenv("RECORD_DIR");
    if (log && folder)
        log_fd = (int)syscall(SYS_openat, AT_FDCWD, log,
                              O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

/* Whether it is the folder or a file in it; "folder/.." is not. */
static bool inside(const char *path)
{
    size_t n;

    if (log_fd < 0)
        return false;
    n = strlen(folder);
    return strncmp(path, folder, n) == 0 &&
           (!path[n] || (path[n] == '/' && path[n + 1] != '.'));
}

static bool known(int fd)
{
    return log_fd >= 0 && fd >= 0 && fd < FDS && ours[fd];
}

static void put(enum record_op op, int fd, off_t offset, const char *name,
                const void *data, size_t n)
{
    struct record r = {.op = op,
                       .fd = fd,
                       .offset = (uint64_t)offset,
                       .a = name ? (uint32_t)strlen(name) : 0,
                       .b = (uint32_t)n};
    struct iovec v[3] = {
        {&r, sizeof r}, {(void *)name, r.a}, {(void *)data, n}};

    if (syscall(SYS_writev, log_fd, v, 3) != (long)(sizeof r + r.a + n))
        abort();
}

/* --- files --- */

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list ap;
    int fd;

    NEXT(open);
    if (flags & O_CREAT) {
        va_start(ap, flags);
        mode = va_arg(ap, mode_t);
        va_end(ap);
    }
    pthread_mutex_lock(&lock);
    fd = next(path, flags, mode);
    if (fd >= FDS && inside(path))
        abort();
    if (fd >= 0 && inside(path)) {
        ours[fd] = true;
        put(RECORD_OPEN, fd, flags, path, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

int close(int fd)
{
    NEXT(close);
    if (known(fd)) {
        pthread_mutex_lock(&lock);
        ours[fd] = false;
        put(RECORD_CLOSE, fd, 0, NULL, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return next(fd);
}

ssize_t pwrite(int fd, const void *p, size_t size, off_t offset)
{
    ssize_t n;

    NEXT(pwrite);
    if (!known(fd))
        return next(fd, p, size, offset);
    pthread_mutex_lock(&lock);
    n = next(fd, p, size, offset);
    if (n > 0)
        put(RECORD_WRITE, fd, offset, NULL, p, (size_t)n);
    pthread_mutex_unlock(&lock);
    return n;
}

ssize_t write(int fd, const void *p, size_t size)
{
    ssize_t n;

    NEXT(write);
    if (!known(fd))
        return next(fd, p, size);
    pthread_mutex_lock(&lock);
    n = next(fd, p, size);
    if (n > 0)
        put(RECORD_WRITE, fd, lseek(fd, 0, SEEK_CUR) - n, NULL, p, (size_t)n);
    pthread_mutex_unlock(&lock);
    return n;
}

/* As one write for each part. */
static ssize_t each(int fd, const struct iovec *v, int count, off_t offset)
{
    ssize_t n, sum = 0;
    int i;

    for (i = 0; i < count; i++, sum += n) {
        n = offset < 0 ? write(fd, v[i].iov_base, v[i].iov_len)
                       : pwrite(fd, v[i].iov_base, v[i].iov_len, offset + sum);
        if (n != (ssize_t)v[i].iov_len)
            return sum ? sum : n;
    }
    return sum;
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
    NEXT(writev);
    return known(fd) ? each(fd, v, count, -1) : next(fd, v, count);
}

ssize_t pwritev(int fd, const struct iovec *v, int count, off_t offset)
{
    NEXT(pwritev);
    return known(fd) ? each(fd, v, count, offset) : next(fd, v, count, offset);
}

int ftruncate(int fd, off_t size)
{
    int rc;

    NEXT(ftruncate);
    pthread_mutex_lock(&lock);
    rc = next(fd, size);
    if (rc == 0 && known(fd))
        put(RECORD_TRUNCATE, fd, size, NULL, NULL, 0);
    pthread_mutex_unlock(&lock);
    return rc;
}

static int synced(int fd, int rc)
{
    if (rc == 0 && known(fd))
        put(RECORD_SYNC, fd, 0, NULL, NULL, 0);
    return rc;
}

int fsync(int fd)
{
    int rc;

    NEXT(fsync);
    pthread_mutex_lock(&lock);
    rc = synced(fd, next(fd));
    pthread_mutex_unlock(&lock);
    return rc;
}

int fdatasync(int fd)
{
    int rc;

    NEXT(fdatasync);
    pthread_mutex_lock(&lock);
    rc = synced(fd, next(fd));
    pthread_mutex_unlock(&lock);
    return rc;
}

/* --- names --- */

int rename(const char *from, const char *to)
{
    int rc;

    NEXT(rename);
    pthread_mutex_lock(&lock);
    rc = next(from, to);
    if (rc == 0 && inside(from))
        put(RECORD_RENAME, -1, 0, from, to, strlen(to));
    pthread_mutex_unlock(&lock);
    return rc;
}

int unlink(const char *path)
{
    int rc;

    NEXT(unlink);
    pthread_mutex_lock(&lock);
    rc = next(path);
    if (rc == 0 && inside(path))
        put(RECORD_UNLINK, -1, 0, path, NULL, 0);
    pthread_mutex_unlock(&lock);
    return rc;
}

int unlinkat(int dir, const char *name, int flags)
{
    char link[64], path[PATH_MAX];
    ssize_t n;
    int rc;

    NEXT(unlinkat);
    snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
    n = readlink(link, path, sizeof path - 1);
    pthread_mutex_lock(&lock);
    rc = next(dir, name, flags);
    if (rc == 0 && n > 0) {
        snprintf(path + n, sizeof path - (size_t)n, "/%s", name);
        if (inside(path))
            put(RECORD_UNLINK, -1, 0, path, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return rc;
}
