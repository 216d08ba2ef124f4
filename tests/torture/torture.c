#include "tests/torture/torture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { FAULTS_MAX = 20 };

const char *scratch;

static const char *name;
static double seconds, end;
static unsigned points, faults, failed;
static uint64_t state = 1;

double now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void torture_die(const char *what)
{
    printf("Bail out! %s: ", name);
    fflush(stdout);
    perror(what);
    exit(2);
}

char *text(const char *fmt, ...)
{
    va_list ap;
    char *s;

    va_start(ap, fmt);
    if (vasprintf(&s, fmt, ap) < 0)
        torture_die("no memory");
    va_end(ap);
    return s;
}

void torture_begin(const char *program)
{
    const char *dir = getenv("TORTURE_DIR"), *time = getenv("TORTURE_TIME");
    const char *seed = getenv("TORTURE_SEED");
    uint64_t n = seed ? strtoull(seed, NULL, 10) : (uint64_t)getpid();
    char *folder;

    name = program;
    seconds = time && *time ? atof(time) : 20;
    if (!dir)
        dir = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    folder = text("%s/torture-%s-XXXXXX", dir, program);
    if (!mkdtemp(folder))
        torture_die(folder);
    scratch = folder;
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("# TORTURE_SEED=%llu, %.0f s, files in %s\n", (unsigned long long)n,
           seconds, scratch);
    random_seed(n);
    torture_budget(100);
}

void torture_budget(unsigned percent)
{
    end = now() + seconds * percent / 100;
}

bool torture_more(unsigned done, unsigned least)
{
    return faults < FAULTS_MAX && (done < least || now() < end);
}

void torture_fault(const char *fmt, ...)
{
    va_list ap;

    faults++;
    printf("# ");
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
}

void torture_point(const char *fmt, ...)
{
    va_list ap;

    printf("%sok %u - ", faults ? "not " : "", ++points);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    failed += faults > 0;
    faults = 0;
}

void torture_skip(const char *fmt, ...)
{
    va_list ap;

    printf("ok %u # SKIP ", ++points);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
}

int torture_end(void)
{
    printf("1..%u\n", points);
    if (!failed)
        remove_tree(scratch);
    free((char *)scratch);
    return failed > 0;
}

/* --- random numbers (xorshift64*, Vigna 2016) --- */

void random_seed(uint64_t seed)
{
    state = seed * 0x9e3779b97f4a7c15u + 1;
}

uint32_t random_below(uint32_t n)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 0x2545f4914f6cdd1du) >> 32) % n;
}

bool random_chance(unsigned percent)
{
    return random_below(100) < percent;
}
