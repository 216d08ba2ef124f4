#include "base/crash.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { STACK = 16384 };

static const char *last_words;

static void damaged(int sig)
{
    (void)sig;
    (void)!write(STDERR_FILENO, last_words, strlen(last_words));
    _exit(CRASH_STATUS);
}

void crash_guard(const char *message)
{
#ifndef __SANITIZE_ADDRESS__
    static char memory[STACK];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    struct sigaction action = {.sa_handler = damaged,
                               .sa_flags = (int)SA_ONSTACK};

    last_words = message;
    sigaltstack(&stack, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
#else
    (void)damaged;
    (void)message;
#endif
}
