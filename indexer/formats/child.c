#include "indexer/formats/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/write_all.h"

enum {
    PIECE = 1 << 16,
    WAIT_MS = 20 /* for one that ended while others hold its pipes */
};

static struct child_limits limits;
static bool ran;

void child_limit(const struct child_limits *l)
{
    limits = *l;
}

bool child_ran(void)
{
    bool was = ran;

    ran = false;
    return was;
}

/* --- starting --- */

static void set_limit(__rlimit_resource_t what, uint64_t n)
{
    const struct rlimit r = {n, n};

    if (n)
        setrlimit(what, &r);
}

/* In the child: becomes the program, or writes errno to fd. */
static void become(const char *const *argv, pid_t worker, int in, int out,
                   int err, int fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == worker && dup2(in, STDIN_FILENO) >= 0 &&
        dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0) {
        set_limit(RLIMIT_AS, limits.memory);
        set_limit(RLIMIT_CPU, limits.seconds);
        execvp(argv[0], (char **)(uintptr_t)argv);
    }
    (void)!write(fd, &errno, sizeof errno);
    _exit(127);
}

/* A file in memory with those bytes, at its beginning. */
static int file_of(struct view input)
{
    int fd = memfd_create("document", MFD_CLOEXEC);

    if (fd >= 0 && (write_all(fd, input) < 0 || lseek(fd, 0, SEEK_SET) < 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

struct running {
    pid_t pid;
    int out, err; /* read ends, or -1 */
};

static void close_pair(int fd[2])
{
    close(fd[0]);
    close(fd[1]);
}

/* 0 or an errno. */
static int start(const char *const *argv, int in, struct running *r)
{
    int out[2], err[2], told[2], error = 0;
    pid_t worker = getpid();

    if (pipe2(out, O_CLOEXEC) < 0)
        return errno;
    if (pipe2(err, O_CLOEXEC) < 0) {
        error = errno;
        close_pair(out);
        return error;
    }
    if (pipe2(told, O_CLOEXEC) < 0) {
        error = errno;
        close_pair(out);
        close_pair(err);
        return error;
    }
    r->pid = fork();
    if (r->pid == 0)
        become(argv, worker, in, out[1], err[1], told[1]);
    if (r->pid < 0)
        error = errno;
    close(out[1]);
    close(err[1]);
    close(told[1]);
    if (r->pid > 0 && read(told[0], &error, sizeof error) == sizeof error)
        waitpid(r->pid, NULL, 0);
    close(told[0]);
    r->out = out[0];
    r->err = err[0];
    if (error) {
        close(r->out);
        close(r->err);
    }
    return error;
}

/* --- reading --- */

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* What is there to be read of its output: 1, 0 at its end, negative. */
static int take(int fd, size_t room, struct buf *out)
{
    size_t n = room < PIECE ? room + 1 : PIECE;
    ssize_t got;

    if (buf_reserve(out, n) < 0)
        return ERR_NOMEM;
    do
        got = read(fd, out->p + out->n, n);
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        return 0;
    out->n += (size_t)got;
    return (size_t)got > room ? ERR_FULL : 1;
}

/* Keeps the first line of what it says and drops the rest: 1, 0 at its end. */
static int take_said(int fd, struct child *end, size_t *n)
{
    char piece[4096];
    ssize_t got, i;

    do
        got = read(fd, piece, sizeof piece);
    while (got < 0 && errno == EINTR);
    for (i = 0; i < got && *n < sizeof end->said - 1; i++) {
        if (piece[i] == '\n' && *n == 0)
            continue;
        if (piece[i] == '\n' || piece[i] == 0) {
            *n = sizeof end->said; /* that was the line */
            break;
        }
        end->said[(*n)++] = piece[i];
    }
    return got > 0;
}

/* Reads until it has ended and its pipes are empty. */
static int follow(struct running *r, size_t max, struct buf *out,
                  struct child *end)
{
    size_t start = out->n, said = 0;
    bool ended = false;
    int rc = 1;

    while (rc > 0 && (r->out >= 0 || r->err >= 0)) {
        struct pollfd p[2] = {{.fd = r->out, .events = POLLIN},
                              {.fd = r->err, .events = POLLIN}};
        int n = poll(p, 2, ended ? 0 : WAIT_MS);

        if (n == 0 && ended)
            break; /* others hold them still: they are none of ours */
        if (n == 0)
            ended = waitpid(r->pid, &end->status, WNOHANG) == r->pid;
        if (p[0].revents) {
            rc = take(r->out, max - (out->n - start), out);
            if (rc == 0) {
                shut(&r->out);
                rc = 1;
            }
        }
        if (p[1].revents && !take_said(r->err, end, &said))
            shut(&r->err);
    }
    if (rc < 0)
        kill(r->pid, SIGKILL);
    while (!ended && waitpid(r->pid, &end->status, 0) < 0 && errno == EINTR)
        ;
    return rc < 0 ? rc : 0;
}

int child_run(const char *const *argv, struct view input, size_t max,
              struct buf *out, struct child *end, struct err *err)
{
    int in = file_of(input), error, rc;
    struct running r = {-1, -1, -1};

    memset(end, 0, sizeof *end);
    if (in < 0)
        return err_sys(err, ERR_IO, errno, "no room for a copy of it");
    error = start(argv, in, &r);
    close(in);
    if (error == ENOENT)
        return ERR_NOTFOUND;
    if (error)
        return err_sys(err, ERR_IO, error, "cannot run %s", argv[0]);
    ran = true;
    rc = follow(&r, max, out, end);
    shut(&r.out);
    shut(&r.err);
    if (rc == ERR_NOMEM)
        return err_nomem(err);
    return rc < 0 ? err_set(err, rc, "its text is larger than %zu bytes", max)
                  : 0;
}

int child_failure(const struct child *end, struct buf *out)
{
    const char *name = sigabbrev_np(WTERMSIG(end->status));
    int rc = WIFSIGNALED(end->status)
                 ? buf_addf(out, "SIG%s", name ? name : "?")
                 : buf_addf(out, "status %d", WEXITSTATUS(end->status));

    return rc == 0 && end->said[0] ? buf_addf(out, ": %s", end->said) : rc;
}
