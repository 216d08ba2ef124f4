/*
 * articles COUNT [VERSION [FIRST [STEP]]] - prints made-up articles as lines
 * of JSON: numbers FIRST (0), FIRST + STEP (1) ...
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/article.h"

static uint64_t number(int argc, char **argv, int i, uint64_t otherwise)
{
    return i < argc ? strtoull(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    uint64_t count = number(argc, argv, 1, 0);
    uint32_t version = (uint32_t)number(argc, argv, 2, 0);
    uint64_t at = number(argc, argv, 3, 0);
    uint64_t step = number(argc, argv, 4, 1);
    char line[ARTICLE_MAX];

    for (; count > 0; count--, at += step)
        fwrite(line, 1, article_json(line, at, version), stdout);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
