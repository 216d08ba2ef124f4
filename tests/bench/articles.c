/*
 * articles COUNT [VERSION [FIRST [STEP]]] - prints made-up articles as lines
 * of JSON: numbers FIRST (0), FIRST + STEP (1) ...
 * articles chinese COUNT - the same of Chinese ones.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/article.h"

static uint64_t number(int argc, char **argv, int i, uint64_t otherwise)
{
    return i < argc ? strtoull(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    bool chinese = argc == 3 && strcmp(argv[1], "chinese") == 0;
    uint64_t count = number(argc, argv, 1 + chinese, 0), at = 0, step = 1;
    uint32_t version = 0;
    char line[ARTICLE_MAX];

    if (!chinese) {
        version = (uint32_t)number(argc, argv, 2, version);
        at = number(argc, argv, 3, at);
        step = number(argc, argv, 4, step);
    }
    for (; count > 0; count--, at += step)
        fwrite(line, 1,
               chinese ? article_chinese(line, at)
                       : article_json(line, at, version),
               stdout);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
