#include "tests/torture/program.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/torture/torture.h"

enum { ARGUMENTS = 32, PATIENCE = 60 };

static size_t limit = RLIM_INFINITY;

void program_limit(size_t bytes)
{
    limit = bytes;
}

char *built(const char *file)
{
    const char *build = getenv("BUILD");

    return text("%s/%s", build ? build : "build", file);
}

const char *program_path(enum program p)
{
    static const char *const file[] = {
        "indexer", "query", "tests/torture/indexer", "tests/torture/query"};
    static char *path[4];

    if (!path[p]) {
        path[p] = built(file[p]);
        if (access(path[p], X_OK) < 0)
            torture_die(path[p]);
    }
    return path[p];
}

static void arguments(char *argv[ARGUMENTS], enum program p, va_list ap)
{
    int n = 0;

    argv[n++] = (char *)program_path(p);
    do
        argv[n] = va_arg(ap, char *);
    while (argv[n] && ++n < ARGUMENTS);
    argv[ARGUMENTS - 1] = NULL;
}

/* In the child: streams 0 to 2 from `fd`, then the program. */
static void become(char *const argv[], char *const *env, const int fd[3])
{
    struct rlimit size = {limit, RLIM_INFINITY};
    int i;

    setrlimit(RLIMIT_FSIZE, &size);
    for (i = 0; i < 3; i++)
        if (dup2(fd[i], i) < 0)
            _exit(127);
    for (i = 3; i < 64; i++)
        close(i);
    for (; env && *env; env++)
        putenv(*env);
    execv(argv[0], argv);
    _exit(127);
}

static int open_or_die(const char *path, int flags)
{
    int fd = open(path, flags, 0600);

    if (fd < 0)
        torture_die(path);
    return fd;
}

static void collect(int fd, struct buf *out)
{
    off_t n = lseek(fd, 0, SEEK_END);

    buf_clear(out);
    if (n < 0 || buf_reserve(out, (size_t)n + 1) < 0 ||
        pread(fd, out->p, (size_t)n, 0) != n)
        torture_die("output of a program");
    out->n = (size_t)n;
    close(fd);
}

static void run(struct outcome *o, char *const *env, char *const argv[])
{
    char *file[2] = {text("%s/stdout", scratch), text("%s/stderr", scratch)};
    int fd[3], status, i;
    double start = now();
    pid_t pid;

    fd[0] = open_or_die("/dev/null", O_RDONLY);
    for (i = 0; i < 2; i++)
        fd[i + 1] = open_or_die(file[i], O_RDWR | O_CREAT | O_TRUNC | O_APPEND);
    pid = fork();
    if (pid == 0) {
        alarm(PATIENCE);
        become(argv, env, fd);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        torture_die("fork");
    o->seconds = now() - start;
    o->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    o->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    close(fd[0]);
    collect(fd[1], &o->out);
    collect(fd[2], &o->err);
    free(file[0]);
    free(file[1]);
    if (o->code == 127)
        torture_die(argv[0]);
}

void program_run(struct outcome *o, char *const *env, enum program p, ...)
{
    char *argv[ARGUMENTS];
    va_list ap;

    va_start(ap, p);
    arguments(argv, p, ap);
    va_end(ap);
    run(o, env, argv);
}

pid_t program_start(const char *messages, enum program p, ...)
{
    char *argv[ARGUMENTS];
    int fd[3], i;
    va_list ap;
    pid_t pid;

    va_start(ap, p);
    arguments(argv, p, ap);
    va_end(ap);
    pid = fork();
    if (pid == 0) {
        for (i = 0; i < 3; i++)
            fd[i] = open("/dev/null", O_RDWR);
        if (messages)
            fd[2] = open_or_die(messages, O_WRONLY | O_CREAT | O_APPEND);
        alarm(PATIENCE);
        become(argv, NULL, fd);
    }
    if (pid < 0)
        torture_die("fork");
    return pid;
}

const char *outcome_text(struct outcome *o)
{
    static char line[512];

    if (o->signal)
        snprintf(line, sizeof line, "signal %d", o->signal);
    else
        snprintf(line, sizeof line, "exit %d: %.400s", o->code,
                 buf_cstr(&o->err));
    return line;
}

void outcome_release(struct outcome *o)
{
    buf_release(&o->out);
    buf_release(&o->err);
}
