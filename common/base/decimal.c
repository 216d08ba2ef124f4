#include "base/decimal.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    GRID = 38,  /* bits behind the point of what is done without printf */
    DIGITS = 9, /* significant ones */
    PLACES = 12 /* behind the point, at most: of 0.000123456789 */
};

static const char pairs[] = "00010203040506070809"
                            "10111213141516171819"
                            "20212223242526272829"
                            "30313233343536373839"
                            "40414243444546474849"
                            "50515253545556575859"
                            "60616263646566676869"
                            "70717273747576777879"
                            "80818283848586878889"
                            "90919293949596979899";

/* The digits of x before `end`; gives the first. */
static char *put_before(char *end, uint64_t x)
{
    while (x >= 100) {
        end -= 2;
        memcpy(end, pairs + 2 * (x % 100), 2);
        x /= 100;
    }
    if (x < 10) {
        *--end = (char)('0' + x);
        return end;
    }
    end -= 2;
    memcpy(end, pairs + 2 * x, 2);
    return end;
}

char *decimal_uint(char *p, uint64_t x)
{
    char digit[DECIMAL_MAX];
    char *end = digit + sizeof digit, *first = put_before(end, x);
    size_t n = (size_t)(end - first);

    memcpy(p, first, n);
    return p + n;
}

static char *by_printf(char *p, double x)
{
    char s[DECIMAL_MAX];
    int n = snprintf(s, sizeof s, "%.*g", DIGITS, x);

    memcpy(p, s, (size_t)n);
    return p + n;
}

/* Places behind the point that make nine digits of x. */
static unsigned places_of(double x)
{
    static const double least[PLACES] = {
        [4] = 1e4, [5] = 1e3, [6] = 1e2,   [7] = 10,
        [8] = 1,   [9] = 0.1, [10] = 0.01, [11] = 0.001};
    unsigned n = x < 1 ? 9 : 4;

    while (n < PLACES && x < least[n])
        n++;
    return n;
}

/* x * 10^places, a tie to the even number. */
static uint32_t scaled(uint64_t grid, unsigned places)
{
    static const uint32_t five[PLACES + 1] = {
        1,     5,      25,      125,     625,      3125,     15625,
        78125, 390625, 1953125, 9765625, 48828125, 244140625};
    uint64_t n = grid * five[places]; /* x * 10^places * 2^shift */
    unsigned shift = GRID - places;
    uint64_t half = 1ull << (shift - 1), rest = n & (2 * half - 1);

    n >>= shift;
    return (uint32_t)(n + (rest > half || (rest == half && (n & 1))));
}

/* The nine digits of y, below 10^9. */
static void put_digits(char *p, uint32_t y)
{
    uint32_t first = y / 100000000, high, low;

    y -= first * 100000000;
    high = y / 10000;
    low = y % 10000;
    p[0] = (char)('0' + first);
    memcpy(p + 1, pairs + 2 * (size_t)(high / 100), 2);
    memcpy(p + 3, pairs + 2 * (size_t)(high % 100), 2);
    memcpy(p + 5, pairs + 2 * (size_t)(low / 100), 2);
    memcpy(p + 7, pairs + 2 * (size_t)(low % 100), 2);
}

char *decimal_short(char *p, double x)
{
    double grid = x * (double)(1ull << GRID);
    unsigned places, whole, i, n = DIGITS;
    uint32_t y;

    if (!(x >= 0.0001 && x < 32768) || (double)(uint64_t)grid != grid)
        return by_printf(p, x);
    places = places_of(x);
    y = scaled((uint64_t)grid, places);
    if (y == 1000000000) { /* rounded up to ten digits */
        y = 100000000;
        places--;
    }
    if (places >= DIGITS) { /* nothing before the point */
        memcpy(p, "0.000", 5);
        p += 2 + (places - DIGITS);
        put_digits(p, y);
        while (p[n - 1] == '0')
            n--;
        return p + n;
    }
    whole = DIGITS - places;
    put_digits(p + 1, y);
    while (p[n] == '0')
        n--;
    for (i = 0; i < whole; i++)
        p[i] = p[i + 1];
    if (n <= whole)
        return p + whole;
    p[whole] = '.';
    return p + 1 + n;
}
