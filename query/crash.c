#include "query/crash.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

enum { STACK = 16384, EXIT_DAMAGED = 5 };

static void damaged(int sig)
{
    static const char message[] =
        "query: index damaged or disk error; run `indexer --check`\n";

    (void)sig;
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(EXIT_DAMAGED);
}

void crash_guard(void)
{
#ifndef __SANITIZE_ADDRESS__
    static char memory[STACK];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    struct sigaction action = {.sa_handler = damaged,
                               .sa_flags = (int)SA_ONSTACK};

    sigaltstack(&stack, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
#else
    (void)damaged;
#endif
}
