#include "indexer/watch.h"

#include <poll.h>
#include <signal.h>
#include <time.h>

#include "indexer/told.h"

/* The signals come only while it sleeps, so none is missed before. */
static void wait_seconds(unsigned seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds};
    sigset_t ends, before;

    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, &before);
    if (!run_stop)
        ppoll(NULL, 0, &time, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static bool hopeless(int code, bool first)
{
    return code == EXIT_VERSION || code == EXIT_DAMAGED ||
           (first && code == EXIT_FATAL);
}

int watch(const struct run_options *o, unsigned seconds)
{
    struct run_options each = *o;
    struct told told = {0};
    bool first = true;
    int code;

    each.told = &told;
    for (;;) {
        code = run(&each);
        if (run_stop || hopeless(code, first))
            break;
        first = false;
        told_turn(&told);
        wait_seconds(seconds);
        if (run_stop)
            break;
    }
    told_release(&told);
    return run_stop ? EXIT_FINE : code;
}
