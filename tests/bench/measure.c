/*
 * measure FILE COMMAND... - runs a command and appends to FILE its wall time
 * and CPU time in seconds and the peaks of its resident and of its anonymous
 * memory in megabytes. Ends as the command does.
 *
 * The resident peak counts pages of mapped files; what is anonymous is looked
 * at every few milliseconds and may miss a short peak.
 */
#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 5 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(const struct timeval *t)
{
    return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

/* Kilobytes; 0 where the process has ended. */
static long anonymous(pid_t pid)
{
    char path[64], line[256];
    long kb = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    f = fopen(path, "r");
    if (!f)
        return 0;
    while (fgets(line, sizeof line, f) &&
           sscanf(line, "RssAnon: %ld kB", &kb) != 1)
        ;
    fclose(f);
    return kb;
}

static long watch(pid_t pid)
{
    struct pollfd p = {.fd = (int)syscall(SYS_pidfd_open, pid, 0),
                       .events = POLLIN};
    long peak = 0, kb;

    while (p.fd >= 0 && poll(&p, 1, LOOK_MS) <= 0) {
        kb = anonymous(pid);
        if (kb > peak)
            peak = kb;
    }
    if (p.fd >= 0)
        close(p.fd);
    return peak;
}

int main(int argc, char **argv)
{
    extern char **environ;
    struct rusage u;
    double start = now();
    long anon;
    int status, err;
    pid_t pid;
    FILE *f;

    if (argc < 3) {
        fprintf(stderr, "usage: measure FILE COMMAND...\n");
        return 2;
    }
    err = posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ);
    if (err) {
        fprintf(stderr, "measure: %s: %s\n", argv[2], strerror(err));
        return 127;
    }
    anon = watch(pid);
    while (wait4(pid, &status, 0, &u) < 0)
        if (errno != EINTR)
            return 2;
    f = fopen(argv[1], "a");
    if (!f) {
        perror(argv[1]);
        return 2;
    }
    fprintf(f, "%.4f %.4f %.1f %.1f\n", now() - start,
            seconds(&u.ru_utime) + seconds(&u.ru_stime),
            (double)u.ru_maxrss / 1024, (double)anon / 1024);
    fclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
