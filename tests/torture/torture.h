/*
 * torture.h - what the torture tests share: TAP, a time budget, random
 * numbers, a scratch folder.
 *
 * Each test is a program that prints TAP. How often it does what it does
 * depends on its budget: TORTURE_TIME seconds (20 where it is not set); what
 * it did is counted in the name of the test point. TORTURE_SEED repeats a
 * sequence of random numbers; moments of a kill are as the machine makes them.
 *
 *     torture_begin("kill");
 *     while (torture_more(rounds, 100))
 *         if (!round()) torture_fault("round %u: ...", rounds);
 *     torture_point("%u kills: ...", rounds);
 *     return torture_end();
 */
#ifndef TORTURE_TORTURE_H
#define TORTURE_TORTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The folder all files go to: on tmpfs where there is one, for nothing here
 * depends on a disk. Removed at the end unless something failed. */
extern const char *scratch;

void torture_begin(const char *name);

/* Starts a budget: `percent` of TORTURE_TIME from now on. */
void torture_budget(unsigned percent);

/* Whether to go on: fewer than `least` were done, or there is time left; and
 * not after ten faults. */
bool torture_more(unsigned done, unsigned least);

/* Something that must not be: a remark, and the next point fails. */
void torture_fault(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Ends a test point: ok if there was no fault since the last one. */
void torture_point(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void torture_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The plan; removes the scratch folder. Returns what main is to return. */
int torture_end(void);

/* Ends the program: the test itself cannot go on (a full disk, no memory). */
void torture_die(const char *what) __attribute__((noreturn));

/* --- random numbers --- */

void random_seed(uint64_t seed);
uint32_t random_below(uint32_t n); /* 0 <= x < n; n > 0 */
bool random_chance(unsigned percent);

/* --- files; whatever fails ends the program --- */

/* printf into a string that stays until the program ends or free. */
char *text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void make_folder(const char *path); /* and those above it */
void remove_tree(const char *path); /* a file or a folder, or nothing */
void write_file(const char *path, const void *p, size_t n);
void read_whole(const char *path, struct buf *out); /* cleared first */
/* Copies an index folder, but for lock files: they go with their inodes. */
void copy_index(const char *from, const char *to);
double now(void); /* seconds, of a clock that only goes forward */

#endif
