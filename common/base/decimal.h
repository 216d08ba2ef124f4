/*
 * decimal.h - numbers as decimal text, a good deal sooner than printf.
 *
 *     char *p = out;                      // of DECIMAL_MAX bytes
 *     p = decimal_uint(p, 42);            // 42
 *     p = decimal_short(out, 12.5);       // 12.5, as "%.9g"
 *
 * Nothing is NUL-ended: each gives the place behind its last character.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdint.h>

enum { DECIMAL_MAX = 24 };

char *decimal_uint(char *p, uint64_t x);

/* As printf("%.9g"), to the last character. Multiples of 2^-38 from 0.0001 to
 * below 2^15, which scores are, are rounded exactly in integers: nine digits of
 * them and the bits behind fit 64. printf does the others. */
char *decimal_short(char *p, double x);

#endif
