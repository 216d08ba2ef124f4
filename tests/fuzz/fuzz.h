/*
 * fuzz.h - what every fuzz target defines: libFuzzer's entry point. replay.c
 * calls it for the files named on its command line.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
