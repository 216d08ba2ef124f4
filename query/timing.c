#include "query/timing.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "base/json_write.h"

uint64_t timing_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int timing_add(struct timing *t, uint64_t start_ns)
{
    float us = (float)(timing_now() - start_ns) / 1000;

    if (!t->begun_ns)
        t->begun_ns = start_ns;
    return buf_add(&t->us, view_of(&us, sizeof us));
}

static int by_size(const void *a, const void *b)
{
    const float *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* With one decimal; what is no number as null. */
static void add_us(struct json *j, const char *key, double us)
{
    json_key(j, key);
    json_seconds(j, floor(us * 10 + 0.5) / 10);
}

static double percentile(const float *us, size_t n, size_t percent)
{
    size_t rank = (n * percent + 99) / 100; /* rounded up, from 1 */

    return n ? (double)us[rank - 1] : (double)NAN;
}

static double mean(const float *us, size_t n)
{
    double sum = 0;
    size_t i;

    for (i = 0; i < n; i++)
        sum += (double)us[i];
    return n ? sum / (double)n : (double)NAN;
}

int timing_print(struct timing *t, struct buf *out)
{
    struct json j = {.out = out};
    size_t n = t->us.n / sizeof(float);
    float *us = (float *)(void *)t->us.p; /* malloc'd, so aligned */

    if (n)
        qsort(us, n, sizeof *us, by_size);
    json_object(&j);
    json_key(&j, "queries");
    json_uint(&j, n);
    json_key(&j, "wall");
    json_seconds(&j, n ? (double)(timing_now() - t->begun_ns) / 1e9 : 0);
    add_us(&j, "mean", mean(us, n));
    add_us(&j, "p50", percentile(us, n, 50));
    add_us(&j, "p95", percentile(us, n, 95));
    add_us(&j, "p99", percentile(us, n, 99));
    json_end(&j);
    return j.failed ? ERR_NOMEM : buf_addc(out, '\n');
}

void timing_release(struct timing *t)
{
    buf_release(&t->us);
    t->begun_ns = 0;
}
