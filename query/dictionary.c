#include "query/dictionary.h"

#include <errno.h>
#include <string.h>

#include <thai/thbrk.h>
#include <thai/thwbrk.h>
#include <unicode/ubrk.h>

#include "base/err.h"
#include "text/unicode.h"

/* 1, 0 without a dictionary, ERR_NOMEM. */
static int thai_words(const int32_t *text, size_t n, bool *begins)
{
    static ThBrk *dictionary;
    static bool missing;
    thwchar_t copy[DICTIONARY_MAX + 1];
    int found, place[DICTIONARY_MAX];
    size_t i;

    errno = 0;
    if (!dictionary && !missing) {
        dictionary = th_brk_new(NULL);
        missing = !dictionary && errno != ENOMEM;
    }
    if (!dictionary)
        return missing ? 0 : ERR_NOMEM;
    for (i = 0; i < n; i++)
        copy[i] = text[i];
    copy[n] = 0;
    found = th_brk_wc_find_breaks(dictionary, copy, place, n);
    if (found == 0 && errno == ENOMEM)
        return ERR_NOMEM;
    while (found-- > 0)
        if (place[found] > 0 && (size_t)place[found] < n)
            begins[place[found]] = true;
    return 1;
}

/* The same. All letters of these scripts are below U+10000: one unit of
 * UTF-16. */
static int icu_words(const int32_t *text, size_t n, bool *begins)
{
    static UBreakIterator *iterator;
    UErrorCode error = U_ZERO_ERROR;
    UChar copy[DICTIONARY_MAX];
    int32_t at;
    size_t i;

    if (!iterator)
        iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &error);
    for (i = 0; i < n; i++)
        copy[i] = (UChar)(text[i] < 0x10000 ? text[i] : 0xFFFD);
    ubrk_setText(iterator, copy, (int32_t)n, &error);
    if (U_FAILURE(error))
        return error == U_MEMORY_ALLOCATION_ERROR ? ERR_NOMEM : 0;
    for (at = ubrk_first(iterator); at != UBRK_DONE && (size_t)at < n;
         at = ubrk_next(iterator))
        begins[at] = true;
    return 1;
}

int dictionary_words(unsigned script, const int32_t *text, size_t n,
                     bool *begins)
{
    bool known = script == SCRIPT_THAI || script == SCRIPT_LAO ||
                 script == SCRIPT_KHMER || script == SCRIPT_MYANMAR;
    int rc = 0;

    if (!known || n == 0 || n > DICTIONARY_MAX)
        return 0;
    memset(begins, 0, n * sizeof *begins);
    begins[0] = true;
    if (script == SCRIPT_THAI)
        rc = thai_words(text, n, begins);
    return rc ? rc : icu_words(text, n, begins);
}
