/*
 * bitpack.h - 128 numbers in b bits each, and back, with vectors of four.
 *
 * Vertical layout (SIMD-BP128: Lemire and Boytsov, "Decoding billions of
 * integers per second through vectorization", 2015): number i lies in lane
 * i mod 4; b vectors of 16 bytes hold the 32 rows. Written with gcc's vector
 * extensions, so it is SSE2 or NEON without dispatch. Memory need not be
 * aligned.
 */
#ifndef INDEX_BITPACK_H
#define INDEX_BITPACK_H

#include <stdbool.h>
#include <stdint.h>

enum { PACK_N = 128 };

/* Bits of the largest of n numbers: 0..32. */
unsigned pack_bits(const uint32_t *in, unsigned n);

/* How many of 128 numbers need more than `bits` bits, bits < 32. */
unsigned pack_wider(const uint32_t in[PACK_N], unsigned bits);

/* Packs 128 numbers below 2^bits into 16 * bits bytes. */
void pack128(const uint32_t in[PACK_N], unsigned bits, uint8_t *out);

/* The reverse; reads 16 * bits bytes, bits <= 32. */
void unpack128(const uint8_t *in, unsigned bits, uint32_t out[PACK_N]);

/* unpack128, then one more than each. */
void unpack128_plus1(const uint8_t *in, unsigned bits, uint32_t out[PACK_N]);

/* unpack128 of gaps, then docids: out[i] = out[i - 1] + gap[i] + 1, the first
 * counted from `before`. */
void unpack128_docids(const uint8_t *in, unsigned bits, uint32_t before,
                      uint32_t out[PACK_N]);

/* Running sums of any n numbers: out[i] = out[i - 1] + in[i], the first counted
 * from `before`. False where one is not above the one before it, which a sum
 * beyond 32 bits never is. */
bool pack_sums(const uint32_t *in, unsigned n, uint32_t before, uint32_t *out);

#endif
