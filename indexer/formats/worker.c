#include "indexer/formats/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "indexer/formats/worker_fd.h"

enum { LOOK_MS = 200 /* between two looks at the signal's flag */ };

struct worker {
    struct worker_options o;
    pid_t pid; /* 0: none is running */
    int fd;
    uint64_t deadline_ms;
    struct buf small;
    struct reply reply;
};

int worker_open(struct worker **out, const struct worker_options *o,
                struct err *err)
{
    struct worker *w = calloc(1, sizeof *w);

    *out = w;
    if (!w)
        return err_nomem(err);
    w->o = *o;
    w->fd = -1;
    return 0;
}

/* --- the process --- */

/* Ends the worker and all that it started. Returns its status. */
static int end(struct worker *w)
{
    int status = 0;

    if (w->pid > 0) {
        kill(-w->pid, SIGKILL);
        kill(w->pid, SIGKILL);
        while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
            ;
    }
    w->pid = 0;
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
    return status;
}

void worker_close(struct worker *w)
{
    if (!w)
        return;
    end(w);
    buf_release(&w->small);
    extract_release(&w->reply.d.x);
    free(w);
}

/* What the new process is like: an errno. */
static int attributes(posix_spawnattr_t *a)
{
    sigset_t all, none;
    int rc;

    sigfillset(&all);
    sigemptyset(&none);
    rc = posix_spawnattr_setsigdefault(a, &all);
    if (rc == 0)
        rc = posix_spawnattr_setsigmask(a, &none);
    if (rc == 0)
        rc = posix_spawnattr_setpgroup(a, 0);
    if (rc == 0)
        rc = posix_spawnattr_setflags(a, POSIX_SPAWN_SETSIGDEF |
                                             POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETPGROUP);
    return rc;
}

static int descriptors(posix_spawn_file_actions_t *f, int fd)
{
    int rc = posix_spawn_file_actions_addopen(f, 0, "/dev/null", O_RDONLY, 0);

    if (rc == 0)
        rc = posix_spawn_file_actions_addopen(f, 1, "/dev/null", O_WRONLY, 0);
    if (rc == 0)
        rc = posix_spawn_file_actions_addopen(f, 2, "/dev/null", O_WRONLY, 0);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(f, fd, WORKER_FD);
    return rc == 0 ? posix_spawn_file_actions_addclosefrom_np(f, WORKER_FD + 1)
                   : rc;
}

static int spawn(struct worker *w, int fd)
{
    char name[] = WORKER_NAME, *argv[] = {name, NULL};
    posix_spawn_file_actions_t f;
    posix_spawnattr_t a;
    int rc = posix_spawn_file_actions_init(&f);

    if (rc != 0)
        return rc;
    rc = posix_spawnattr_init(&a);
    if (rc == 0) {
        rc = attributes(&a);
        if (rc == 0)
            rc = descriptors(&f, fd);
        if (rc == 0)
            rc = posix_spawn(&w->pid, "/proc/self/exe", &f, &a, argv, environ);
        posix_spawnattr_destroy(&a);
    }
    posix_spawn_file_actions_destroy(&f);
    return rc;
}

static int start(struct worker *w, struct err *err)
{
    int fd[2], rc;

    if (w->pid > 0)
        return 0;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) < 0)
        return err_sys(err, ERR_IO, errno, "cannot start its reader");
    if (fd[1] == WORKER_FD) /* dup2 to itself would keep it close-on-exec */
        fcntl(fd[1], F_SETFD, 0);
    rc = spawn(w, fd[1]);
    close(fd[1]);
    if (rc != 0) {
        w->pid = 0;
        close(fd[0]);
        return err_sys(err, ERR_IO, rc, "cannot start its reader");
    }
    w->fd = fd[0];
    return 0;
}

/* --- talking to it --- */

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Waits until the socket is ready: 0, ERR_FULL when time is out, ERR_STOPPED. */
static int await(const struct worker *w, short events)
{
    for (;;) {
        struct pollfd p = {.fd = w->fd, .events = events};
        uint64_t now = now_ms();
        int rc;

        if (w->o.stop && *w->o.stop)
            return ERR_STOPPED;
        if (now >= w->deadline_ms)
            return ERR_FULL;
        rc = poll(&p, 1,
                  w->deadline_ms - now < LOOK_MS ? (int)(w->deadline_ms - now)
                                                 : LOOK_MS);
        if (rc > 0)
            return 0;
        if (rc < 0 && errno != EINTR)
            return ERR_IO;
    }
}

/* Each 0; ERR_FULL, ERR_STOPPED; ERR_IO where the worker is gone. */
static int put(const struct worker *w, struct view v)
{
    while (v.n) {
        ssize_t n = send(w->fd, v.p, v.n, MSG_DONTWAIT | MSG_NOSIGNAL);
        int rc = 0;

        if (n > 0)
            v = view_sub(v, (size_t)n, v.n);
        else if (errno == EAGAIN)
            rc = await(w, POLLOUT);
        else if (errno != EINTR)
            rc = ERR_IO;
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int get(const struct worker *w, uint8_t *p, size_t n)
{
    while (n) {
        ssize_t got = recv(w->fd, p, n, MSG_DONTWAIT);
        int rc = 0;

        if (got > 0) {
            p += got;
            n -= (size_t)got;
        } else if (got == 0) {
            return ERR_IO;
        } else if (errno == EAGAIN) {
            rc = await(w, POLLIN);
        } else if (errno != EINTR) {
            rc = ERR_IO;
        }
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int get_buf(const struct worker *w, size_t n, struct buf *out)
{
    int rc;

    buf_clear(out);
    if (buf_reserve(out, n) < 0)
        return ERR_NOMEM;
    rc = get(w, out->p, n);
    out->n = rc == 0 ? n : 0;
    return rc;
}

static int ask(struct worker *w, const struct request *r)
{
    uint8_t head[MESSAGE_HEAD];
    int rc;

    buf_clear(&w->small);
    if (message_write_request(r, &w->small) < 0)
        return ERR_NOMEM;
    message_head(
        (struct message_size){.small = w->small.n, .large = r->bytes.n}, head);
    rc = put(w, view_of(head, sizeof head));
    if (rc == 0)
        rc = put(w, buf_view(&w->small));
    return rc == 0 ? put(w, r->bytes) : rc;
}

static int hear(struct worker *w, size_t text_max)
{
    uint8_t head[MESSAGE_HEAD];
    struct message_size size;
    int rc = get(w, head, sizeof head);

    if (rc == 0)
        rc = message_head_read(head, text_max, &size);
    if (rc == 0)
        rc = get_buf(w, size.small, &w->small);
    if (rc == 0)
        rc = get_buf(w, size.large, &w->reply.d.x.text);
    return rc == 0 ? message_read_reply(buf_view(&w->small), &w->reply) : rc;
}

/* --- */

/* Why nothing came back. */
static int broken(struct worker *w, int rc, struct err *err)
{
    int status = end(w);
    const char *name;

    switch (rc) {
    case ERR_FULL:
        return err_set(err, rc, "took longer than %u s (--convert-time)",
                       w->o.seconds);
    case ERR_STOPPED:
        return err_set(err, rc, "interrupted");
    case ERR_NOMEM:
        return err_nomem(err);
    case ERR_CORRUPT:
        return err_set(err, ERR_USAGE, "its reader gave a wrong answer");
    default:
        name = WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : NULL;
        return err_set(err, ERR_USAGE, "its reader crashed (%s%s)",
                       name ? "SIG" : "exit", name ? name : "");
    }
}

static void take(struct worker *w, struct view path, struct derived *d)
{
    struct derived mine = w->reply.d;
    unsigned i;

    w->reply.d = *d;
    *d = mine;
    d->name = path;
    for (i = 0; i < w->reply.nested; i++)
        d->name = format_inner_name(d->name);
}

int worker_extract(struct worker *w, struct request *r, struct derived *d,
                   struct err *err)
{
    int rc = start(w, err);

    if (rc < 0)
        return rc;
    r->memory = w->o.memory;
    r->seconds = w->o.seconds;
    w->deadline_ms = now_ms() + (uint64_t)w->o.seconds * 1000;
    rc = ask(w, r);
    if (rc == 0)
        rc = hear(w, r->text_max);
    if (rc < 0)
        return broken(w, rc, err);
    if (w->reply.fresh)
        end(w);
    if (w->reply.rc == ERR_NOMEM)
        return err_set(err, ERR_FULL, "used more than %lluM (--convert-memory)",
                       (unsigned long long)(w->o.memory >> 20));
    if (w->reply.rc < 0)
        return err_set(err, w->reply.rc, "%s", w->reply.err.msg);
    take(w, r->path, d);
    return 0;
}
