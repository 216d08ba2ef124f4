#include "index/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "index/folder.h"

/* "cannot ...: why", and whose it is where that is the reason. */
static int refused(const char *what, const char *path, struct err *err)
{
    int e = errno;
    struct stat st;

    if ((e == EACCES || e == EPERM) && stat(path, &st) == 0)
        return err_set(err, ERR_IO, "cannot %s %s: %s (it belongs to user %u)",
                       what, path, strerror(e), (unsigned)st.st_uid);
    return err_sys(err, ERR_IO, e, "cannot %s %s", what, path);
}

static int make_folder(const char *dir, struct err *err)
{
    if (mkdir(dir, 0777) < 0)
        return errno == EEXIST ? 0 : refused("make the index folder", dir, err);
    return folder_sync_parent(dir, err);
}

/* Opens writer.lock. A folder one may not write to is what is wrong where the
 * file is not there yet. */
static int open_file(const char *dir, const char *path, int *fd,
                     struct err *err)
{
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*fd >= 0)
        return 0;
    if (errno == EACCES && access(path, F_OK) < 0) {
        errno = EACCES;
        return refused("write to", dir, err);
    }
    return refused("open", path, err);
}

/* The process that has the lock by its own account, 0 if it gives none or a
 * process of the past. */
static long holder(int fd)
{
    char text[24] = {0};
    long pid = 0;

    if (pread(fd, text, sizeof text - 1, 0) > 0)
        pid = strtol(text, NULL, 10);
    return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM) ? pid : 0;
}

static void sign(int fd)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());

    /* a full disk is no reason: the lock does not need it */
    if (ftruncate(fd, 0) == 0)
        (void)!pwrite(fd, text, (size_t)n, 0);
}

/* Whether fd is the file at `path`: the folder may have been removed and made
 * anew since it was opened. -1 where the system will not tell. */
static int still_there(int fd, const char *path)
{
    struct stat a, b;

    if (fstat(fd, &a) < 0)
        return -1;
    if (stat(path, &b) < 0)
        return errno == ENOENT ? 0 : -1;
    return a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

/* Takes the lock or not: 1, 0 with who has it in *pid, negative. */
static int try_lock(const char *dir, const char *path, int *fd, long *pid,
                    struct err *err)
{
    int rc = make_folder(dir, err);

    if (rc == 0)
        rc = open_file(dir, path, fd, err);
    if (rc < 0)
        return rc;
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0) {
        rc = still_there(*fd, path);
        if (rc > 0) {
            sign(*fd);
            return 1;
        }
        if (rc < 0)
            rc = err_sys(err, ERR_IO, errno, "cannot look at %s", path);
    } else if (errno == EWOULDBLOCK) {
        *pid = holder(*fd);
    } else {
        rc = err_sys(err, ERR_IO, errno, "cannot lock %s", path);
    }
    close(*fd);
    *fd = -1;
    return rc;
}

static double now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int busy(int code, const char *dir, long pid, struct err *err)
{
    const char *what = code == ERR_STOPPED ? "interrupted: " : "";

    if (pid)
        return err_set(err, code,
                       "%sanother indexer (process %ld) is writing to %s", what,
                       pid, dir);
    return err_set(err, code, "%sanother indexer is writing to %s", what, dir);
}

/* Asks again and again, at first every 10 ms and later five times a second: a
 * flock that waits would need a timer to end it, and a signal that comes just
 * before it would be missed. */
static int wait_for(const char *dir, const char *path,
                    const struct store_options *o, int *fd, struct err *err)
{
    struct timespec pause = {0, 10000000};
    double end = now() + (double)o->wait;
    long pid = 0;
    int rc;

    for (;;) {
        rc = try_lock(dir, path, fd, &pid, err);
        if (rc != 0)
            return rc < 0 ? rc : 0;
        if (o->stop && *o->stop)
            return busy(ERR_STOPPED, dir, pid, err);
        if (o->wait >= 0 && now() >= end)
            return busy(ERR_BUSY, dir, pid, err);
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < 200000000)
            pause.tv_nsec += pause.tv_nsec / 2;
    }
}

int lock_take(const char *dir, const struct store_options *o, int *fd,
              struct err *err)
{
    char *path;
    int rc;

    *fd = -1;
    if (asprintf(&path, "%s/writer.lock", dir) < 0)
        return err_nomem(err);
    rc = wait_for(dir, path, o, fd, err);
    free(path);
    return rc;
}
