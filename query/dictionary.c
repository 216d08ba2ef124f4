#include "query/dictionary.h"

#include <string.h>

#include <thai/thbrk.h>
#include <thai/thwbrk.h>
#include <unicode/ubrk.h>

#include "text/unicode.h"

static bool thai_words(const int32_t *text, size_t n, bool *begins)
{
    static ThBrk *dictionary;
    static bool asked;
    thwchar_t copy[DICTIONARY_MAX + 1];
    int place[DICTIONARY_MAX];
    size_t i;
    int found;

    if (!asked)
        dictionary = th_brk_new(NULL);
    asked = true;
    if (!dictionary)
        return false;
    for (i = 0; i < n; i++)
        copy[i] = text[i];
    copy[n] = 0;
    found = th_brk_wc_find_breaks(dictionary, copy, place, n);
    while (found-- > 0)
        if (place[found] > 0 && (size_t)place[found] < n)
            begins[place[found]] = true;
    return true;
}

/* All letters of these scripts are below U+10000: one unit of UTF-16. */
static bool icu_words(const int32_t *text, size_t n, bool *begins)
{
    static UBreakIterator *iterator;
    static bool asked;
    UErrorCode error = U_ZERO_ERROR;
    UChar copy[DICTIONARY_MAX];
    int32_t at;
    size_t i;

    if (!asked)
        iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &error);
    asked = true;
    if (!iterator || U_FAILURE(error))
        return false;
    for (i = 0; i < n; i++)
        copy[i] = (UChar)(text[i] < 0x10000 ? text[i] : 0xFFFD);
    ubrk_setText(iterator, copy, (int32_t)n, &error);
    if (U_FAILURE(error))
        return false;
    for (at = ubrk_first(iterator); at != UBRK_DONE && (size_t)at < n;
         at = ubrk_next(iterator))
        begins[at] = true;
    return true;
}

bool dictionary_words(unsigned script, const int32_t *text, size_t n,
                      bool *begins)
{
    bool known = script == SCRIPT_THAI || script == SCRIPT_LAO ||
                 script == SCRIPT_KHMER || script == SCRIPT_MYANMAR;

    if (!known || n == 0 || n > DICTIONARY_MAX)
        return false;
    memset(begins, 0, n * sizeof *begins);
    begins[0] = true;
    if (script == SCRIPT_THAI && thai_words(text, n, begins))
        return true;
    return icu_words(text, n, begins);
}
