/*
 * oneshot [-c FILE] RUNS EMPTY QUERIES COMMAND... - what one query costs that
 * has a process of its own.
 *
 * In turns, RUNS times: the program EMPTY, then the command with the next line
 * of QUERIES behind its arguments; with -c after the pages of FILE were written
 * and dropped from the page cache. Prints a line each time: microseconds from
 * posix_spawn to the end of both, minor and major page faults of the command,
 * and with -c the pages of FILE that are cached afterwards (the kernel's
 * reading ahead among them).
 *
 * The command's output is thrown away; a status of 1 (nothing found) is fine.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct cost {
    double us;
    long minor, major;
};

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct cost run(char **argv, const posix_spawn_file_actions_t *quiet)
{
    extern char **environ;
    double start = now_us();
    struct cost c;
    struct rusage u;
    int status;
    pid_t pid;

    if (posix_spawn(&pid, argv[0], quiet, NULL, argv, environ) != 0)
        fail(argv[0]);
    if (wait4(pid, &status, 0, &u) != pid)
        fail("wait4");
    c.us = now_us() - start;
    c.minor = u.ru_minflt;
    c.major = u.ru_majflt;
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        fprintf(stderr, "oneshot: %s: status %x\n", argv[0], (unsigned)status);
        exit(2);
    }
    return c;
}

static void drop(const char *path)
{
    int fd = open(path, O_RDWR);

    if (fd < 0 || fsync(fd) != 0 ||
        posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
        fail(path);
    close(fd);
}

static size_t cached(const char *path)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), n, i, sum = 0;
    int fd = open(path, O_RDONLY);
    unsigned char *in;
    struct stat st;
    void *map;

    if (fd < 0 || fstat(fd, &st) != 0)
        fail(path);
    n = ((size_t)st.st_size + page - 1) / page;
    map = mmap(NULL, n * page, PROT_READ, MAP_SHARED, fd, 0);
    in = malloc(n);
    if (map == MAP_FAILED || !in || mincore(map, n * page, in) != 0)
        fail(path);
    for (i = 0; i < n; i++)
        sum += in[i] & 1;
    free(in);
    munmap(map, n * page);
    close(fd);
    return sum;
}

/* The next line, from the start again behind the last. */
static char *next_query(FILE *f, char **line, size_t *room)
{
    ssize_t n = getline(line, room, f);

    if (n < 0) {
        rewind(f);
        n = getline(line, room, f);
    }
    if (n < 0) {
        fprintf(stderr, "oneshot: no queries\n");
        exit(2);
    }
    (*line)[strcspn(*line, "\n")] = 0;
    return *line;
}

int main(int argc, char **argv)
{
    posix_spawn_file_actions_t quiet;
    const char *cold = NULL;
    char *line = NULL, *nothing[2] = {NULL, NULL};
    char **command;
    unsigned long runs;
    size_t room = 0;
    FILE *queries;

    if (argc > 2 && strcmp(argv[1], "-c") == 0) {
        cold = argv[2];
        argv += 2;
        argc -= 2;
    }
    if (argc < 5) {
        fprintf(stderr,
                "usage: oneshot [-c FILE] RUNS EMPTY QUERIES COMMAND...\n");
        return 2;
    }
    nothing[0] = argv[2];
    queries = fopen(argv[3], "r");
    command = calloc((size_t)argc, sizeof *command);
    if (!queries || !command)
        fail(argv[3]);
    memcpy(command, argv + 4, (size_t)(argc - 4) * sizeof *command);
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    for (runs = strtoul(argv[1], NULL, 10); runs > 0; runs--) {
        struct cost base, c;

        command[argc - 4] = next_query(queries, &line, &room);
        if (cold)
            drop(cold);
        base = run(nothing, &quiet);
        c = run(command, &quiet);
        printf("%.1f %.1f %ld %ld %zu\n", base.us, c.us, c.minor, c.major,
               cold ? cached(cold) : 0);
    }
    posix_spawn_file_actions_destroy(&quiet);
    fclose(queries);
    free(line);
    free(command);
    return 0;
}
