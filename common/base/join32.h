/*
 * join32.h - the numbers that two ascending arrays have in common: blocks of
 * postings, mostly.
 *
 * Where one array has many numbers to each of the other, these are searched
 * for. Else a search would cost more in branches that are guessed wrongly than
 * a map of all numbers of the one, in which those of the other are looked up
 * without any.
 */
#ifndef BASE_JOIN32_H
#define BASE_JOIN32_H

#include <stdint.h>

enum { JOIN_MAX = 128, JOIN_MAP = 4096 };

/* Zeroed before it is first used, and then whatever was left in it. */
struct join_map {
    uint8_t at[JOIN_MAP];
};

/* Finds the numbers of a[0..na) that are among b[0..nb): in_a[i] and in_b[i]
 * say where, ascending. Both arrays have room for JOIN_MAX numbers, whatever
 * they are behind nb; na and nb may not be above. Returns how many. */
uint32_t join32(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb,
                struct join_map *map, uint8_t in_a[JOIN_MAX],
                uint8_t in_b[JOIN_MAX]);

#endif
