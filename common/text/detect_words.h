/*
 * detect_words.h - the words and letters that detect.h goes by.
 */
#ifndef TEXT_DETECT_WORDS_H
#define TEXT_DETECT_WORDS_H

#include <stdint.h>

/* Scripts in which more than one language is told apart. */
enum detect_script {
    DETECT_LATIN,
    DETECT_CYRILLIC,
    DETECT_ARABIC,
    DETECT_DEVANAGARI,
    DETECT_HEBREW,
    DETECT_SCRIPTS
};

struct detect_language {
    char code[3];        /* ISO 639-1 */
    uint8_t script;      /* enum detect_script */
    const char *letters; /* characters it uses beyond those of all */
    const char *words;   /* lower case, blanks between */
};

/* The first of a script is what a text in it is taken for without evidence. At
 * most 64. */
extern const struct detect_language detect_languages[];
extern const unsigned detect_nlanguages;

#endif
