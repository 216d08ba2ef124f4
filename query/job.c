#include "query/job.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crash.h"

/* In the child. The socket becomes standard input and output, so that none of
 * its parent's files stays open for it; it does not outlive its parent. */
static void become_worker(int fd, pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent ||
        dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
        _exit(1);
    if (fd > STDERR_FILENO)
        close(fd);
}

int job_start(struct job *job, unsigned n, unsigned i,
              struct settings *settings, worker_ask *ask, void *arg,
              struct err *err)
{
    pid_t parent = getpid(), pid;
    unsigned other;
    int fd[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) < 0)
        return err_sys(err, ERR_IO, errno, "cannot make a socket");
    pid = fork();
    if (pid == 0) {
        close(fd[0]);
        for (other = 0; other < n; other++)
            if (job[other].pid)
                close(job[other].fd);
        become_worker(fd[1], parent);
        worker_run(STDIN_FILENO, settings, ask, arg);
    }
    close(fd[1]);
    if (pid < 0) {
        close(fd[0]);
        return err_sys(err, ERR_IO, errno, "cannot start a process");
    }
    job[i].pid = pid;
    job[i].fd = fd[0];
    return 0;
}

int job_give(struct job *job, uint64_t number, struct worker_line line,
             struct view text)
{
    line.n = (uint32_t)text.n;
    if (buf_reserve(&job->out, sizeof line + text.n) < 0 ||
        buf_add(&job->out, view_of(&line, sizeof line)) < 0 ||
        buf_add(&job->out, text) < 0)
        return ERR_NOMEM;
    job->line[(job->first + job->n++) % JOB_LINES] = number;
    return 0;
}

bool job_has_to_send(const struct job *job)
{
    return job->sent < job->out.n;
}

void job_send(struct job *job)
{
    ssize_t n;

    while (job_has_to_send(job)) {
        n = send(job->fd, job->out.p + job->sent, job->out.n - job->sent,
                 MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n < 0) /* it has ended: job_receive will tell */
            break;
        job->sent += (size_t)n;
    }
    buf_clear(&job->out);
    job->sent = 0;
}

ssize_t job_receive(struct job *job, uint8_t *to, size_t n)
{
    ssize_t got;

    do
        got = recv(job->fd, to, n, MSG_DONTWAIT);
    while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EAGAIN)
        return 0;
    return got > 0 ? got : -1;
}

bool job_end(struct job *job, bool kill_it)
{
    int status = 0;

    close(job->fd);
    if (kill_it)
        kill(job->pid, SIGKILL);
    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
        ;
    buf_release(&job->out);
    memset(job, 0, sizeof *job);
    return WIFEXITED(status) && WEXITSTATUS(status) == CRASH_STATUS;
}
