/*
 * timed [-i FILE] ROUNDS COMMAND... - runs a command ROUNDS times, its output
 * thrown away, and prints a line each: wall and CPU time in milliseconds.
 *
 * "{}" in FILE (standard input) and in an argument stands for the number of
 * the round, from 1 on. Ends with 1 when a run of the command fails.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static double cpu_ms(const struct rusage *u)
{
    return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1e3 +
           (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e3;
}

/* s, its first "{}" replaced. */
static char *numbered(const char *s, unsigned round)
{
    const char *at = strstr(s, "{}");
    char *out;
    int rc = at ? asprintf(&out, "%.*s%u%s", (int)(at - s), s, round, at + 2)
                : asprintf(&out, "%s", s);

    if (rc < 0)
        _exit(126);
    return out;
}

static void redirect(const char *path, int flags, int to)
{
    int fd = open(path, flags);

    if (fd < 0 || dup2(fd, to) < 0) {
        perror(path);
        _exit(126);
    }
    close(fd);
}

static void child(const char *input, char **argv, unsigned round)
{
    size_t i;

    redirect(input ? numbered(input, round) : "/dev/null", O_RDONLY, 0);
    redirect("/dev/null", O_WRONLY, 1);
    for (i = 0; argv[i]; i++)
        argv[i] = numbered(argv[i], round);
    execvp(argv[0], argv);
    perror(argv[0]);
    _exit(127);
}

static int once(const char *input, char **argv, unsigned round)
{
    double start = now_ms(), wall;
    struct rusage u;
    int status;
    pid_t pid = fork();

    if (pid == 0)
        child(input, argv, round);
    if (pid < 0 || wait4(pid, &status, 0, &u) != pid) {
        perror("timed");
        return 2;
    }
    wall = now_ms() - start;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "timed: %s failed in round %u (status %x)\n", argv[0],
                round, (unsigned)status);
        return 1;
    }
    printf("%.3f %.3f\n", wall, cpu_ms(&u));
    return 0;
}

int main(int argc, char **argv)
{
    const char *input = NULL;
    unsigned rounds, i;
    int rc = 0;

    if (argc > 2 && strcmp(argv[1], "-i") == 0) {
        input = argv[2];
        argv += 2;
        argc -= 2;
    }
    if (argc < 3) {
        fprintf(stderr, "usage: timed [-i FILE] ROUNDS COMMAND...\n");
        return 2;
    }
    rounds = (unsigned)strtoul(argv[1], NULL, 10);
    for (i = 1; i <= rounds && rc == 0; i++) {
        fflush(stdout);
        rc = once(input, argv + 2, i);
    }
    return rc;
}
