/*
 * fault.so - loaded before libc (LD_PRELOAD), lets the n-th call of a kind
 * fail, as fault.h says.
 *
 * What libc calls within itself is not seen, but for allocations.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/torture/fault.h"

static struct fault *fault;

#define NEXT(name)                                                             \
    static __typeof__(name) *next;                                             \
    if (!next)                                                                 \
    next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void)
{
    const char *file = getenv("FAULT_FILE");
    long fd = file ? syscall(SYS_openat, AT_FDCWD, file, O_RDWR) : -1;
    long p;

    if (fd < 0)
        return;
    p = syscall(SYS_mmap, NULL, sizeof *fault, PROT_READ | PROT_WRITE,
                MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    fault = p == -1 ? NULL : (struct fault *)p;
}

/* Whether this call is one to fail. Sets errno. */
static bool fails(enum fault_kind kind)
{
    uint32_t n;

    if (!fault || fault->kind != kind)
        return false;
    n = __atomic_add_fetch(&fault->calls, 1, __ATOMIC_RELAXED);
    if (!fault->at || n < fault->at || (n > fault->at && !fault->ever))
        return false;
    __atomic_add_fetch(&fault->hits, 1, __ATOMIC_RELAXED);
    errno = fault->error;
    return true;
}

/* --- memory --- */

void *malloc(size_t n)
{
    NEXT(malloc);
    return fails(FAULT_MALLOC) ? NULL : next(n);
}

void *calloc(size_t n, size_t size)
{
    NEXT(calloc);
    return fails(FAULT_MALLOC) ? NULL : next(n, size);
}

void *realloc(void *p, size_t n)
{
    NEXT(realloc);
    return fails(FAULT_MALLOC) ? NULL : next(p, n);
}

int posix_memalign(void **p, size_t align, size_t n)
{
    NEXT(posix_memalign);
    return fails(FAULT_MALLOC) ? ENOMEM : next(p, align, n);
}

void *mmap(void *p, size_t n, int prot, int flags, int fd, off_t offset)
{
    NEXT(mmap);
    return fails(FAULT_MMAP) ? MAP_FAILED : next(p, n, prot, flags, fd, offset);
}

/* --- opening --- */

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list ap;

    NEXT(open);
    if (flags & O_CREAT) {
        va_start(ap, flags);
        mode = va_arg(ap, mode_t);
        va_end(ap);
    }
    return fails(FAULT_OPEN) ? -1 : next(path, flags, mode);
}

DIR *opendir(const char *path)
{
    NEXT(opendir);
    return fails(FAULT_OPEN) ? NULL : next(path);
}

DIR *fdopendir(int fd)
{
    NEXT(fdopendir);
    return fails(FAULT_OPEN) ? NULL : next(fd);
}

FILE *fopen(const char *path, const char *mode)
{
    NEXT(fopen);
    return fails(FAULT_OPEN) ? NULL : next(path, mode);
}

struct dirent *readdir(DIR *d)
{
    NEXT(readdir);
    return fails(FAULT_READDIR) ? NULL : next(d);
}

/* --- reading and writing --- */

ssize_t read(int fd, void *p, size_t n)
{
    NEXT(read);
    return fails(FAULT_READ) ? -1 : next(fd, p, n);
}

ssize_t pread(int fd, void *p, size_t n, off_t offset)
{
    NEXT(pread);
    return fails(FAULT_READ) ? -1 : next(fd, p, n, offset);
}

/* A write that stops halfway is what a full disk gives first. */
ssize_t write(int fd, const void *p, size_t n)
{
    NEXT(write);
    if (fd == STDERR_FILENO || !fails(FAULT_WRITE))
        return next(fd, p, n);
    return fault->error || n < 2 ? -1 : next(fd, p, n / 2);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t offset)
{
    NEXT(pwrite);
    if (!fails(FAULT_WRITE))
        return next(fd, p, n, offset);
    return fault->error || n < 2 ? -1 : next(fd, p, n / 2, offset);
}

ssize_t writev(int fd, const struct iovec *v, int n)
{
    NEXT(writev);
    if (fd == STDERR_FILENO || !fails(FAULT_WRITE))
        return next(fd, v, n);
    return fault->error || n < 2 ? -1 : next(fd, v, n / 2);
}

ssize_t pwritev(int fd, const struct iovec *v, int n, off_t offset)
{
    NEXT(pwritev);
    if (!fails(FAULT_WRITE))
        return next(fd, v, n, offset);
    return fault->error || n < 2 ? -1 : next(fd, v, n / 2, offset);
}

int fsync(int fd)
{
    NEXT(fsync);
    return fails(FAULT_SYNC) ? -1 : next(fd);
}

int fdatasync(int fd)
{
    NEXT(fdatasync);
    return fails(FAULT_SYNC) ? -1 : next(fd);
}

int ftruncate(int fd, off_t size)
{
    NEXT(ftruncate);
    return fails(FAULT_TRUNCATE) ? -1 : next(fd, size);
}

/* --- names --- */

int stat(const char *path, struct stat *st)
{
    NEXT(stat);
    return fails(FAULT_STAT) ? -1 : next(path, st);
}

int lstat(const char *path, struct stat *st)
{
    NEXT(lstat);
    return fails(FAULT_STAT) ? -1 : next(path, st);
}

int fstat(int fd, struct stat *st)
{
    NEXT(fstat);
    return fails(FAULT_STAT) ? -1 : next(fd, st);
}

int fstatat(int dir, const char *path, struct stat *st, int flags)
{
    NEXT(fstatat);
    return fails(FAULT_STAT) ? -1 : next(dir, path, st, flags);
}

int rename(const char *from, const char *to)
{
    NEXT(rename);
    return fails(FAULT_RENAME) ? -1 : next(from, to);
}

int mkdir(const char *path, mode_t mode)
{
    NEXT(mkdir);
    return fails(FAULT_RENAME) ? -1 : next(path, mode);
}

int unlink(const char *path)
{
    NEXT(unlink);
    return fails(FAULT_RENAME) ? -1 : next(path);
}

int unlinkat(int dir, const char *name, int flags)
{
    NEXT(unlinkat);
    return fails(FAULT_RENAME) ? -1 : next(dir, name, flags);
}

int flock(int fd, int how)
{
    NEXT(flock);
    return fails(FAULT_LOCK) ? -1 : next(fd, how);
}

int fcntl(int fd, int command, ...)
{
    va_list ap;
    void *arg;

    NEXT(fcntl);
    va_start(ap, command);
    arg = va_arg(ap, void *);
    va_end(ap);
    if ((command == F_SETLK || command == F_SETLKW) && fails(FAULT_LOCK))
        return -1;
    return next(fd, command, arg);
}
