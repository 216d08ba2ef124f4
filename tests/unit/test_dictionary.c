/* Words of scripts without spaces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "query/dictionary.h"
#include "text/unicode.h"
#include "text/utf8.h"

static int32_t text[DICTIONARY_MAX + 1];
static bool begins[DICTIONARY_MAX + 1];

/* The words of `s` with blanks between. */
static const char *words(const char *s, struct buf *out)
{
    const uint8_t *p = (const uint8_t *)s;
    const uint8_t *end = p + strlen(s);
    size_t i, n = 0;
    unsigned len;

    for (; p < end; p += len)
        text[n++] = utf8_decode(p, end, &len);
    buf_clear(out);
    if (dictionary_words(unicode_class(text[0])->script, text, n, begins) <= 0)
        return "no dictionary";
    p = (const uint8_t *)s;
    for (i = 0; i < n; i++, p += len) {
        utf8_decode(p, end, &len);
        if ((begins[i] && i && buf_addc(out, ' ') < 0) ||
            buf_add(out, view_of(p, len)) < 0)
            abort();
    }
    return buf_cstr(out);
}

static void sentences(void **state)
{
    static const char *const table[][2] = {
        {"รถไฟความเร็วสูง", "รถไฟ ความ เร็ว สูง"},
        {"เด็กกินข้าวที่ตลาด", "เด็ก กิน ข้าว ที่ ตลาด"},
        {"สามารถ", "สามารถ"}, /* and no รถ in it */
        {"ທາງລົດໄຟລາວ", "ທາງ ລົດໄຟ ລາວ"},
        {"ຂ້ອຍຢູ່ນະຄອນຫຼວງວຽງຈັນ", "ຂ້ອຍ ຢູ່ ນະຄອນຫຼວງວຽງຈັນ"},
        {"ខ្ញុំចង់ទៅផ្សារ", "ខ្ញុំ ចង់ទៅ ផ្សារ"},
        {"រថភ្លើងទៅភ្នំពេញ", "រថភ្លើង ទៅ ភ្នំពេញ"},
        {"ကျွန်တော်ထမင်းစားသည်", "ကျွန်တော် ထမင်းစား သည်"},
        {"香港亞洲", "no dictionary"}, /* bigrams do as well */
        {"word", "no dictionary"},
    };
    struct buf out = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++)
        assert_string_equal(words(table[i][0], &out), table[i][1]);
    buf_release(&out);
}

/* As much as may be asked, of one letter, of vowels alone and of letters that
 * belong to other scripts. */
static void hostile(void **state)
{
    static const int32_t letters[] = {0xE01, 0xE40,   0xE31,  0xE33,
                                      0xEB1, 0x17D2,  0x1039, 0x1780,
                                      'a',   0x1F600, -1,     0x10FFFF};
    unsigned script;
    size_t i, k;

    (void)state;
    for (script = SCRIPT_THAI; script <= SCRIPT_MYANMAR; script++) {
        for (k = 0; k < sizeof letters / sizeof *letters; k++) {
            for (i = 0; i < DICTIONARY_MAX; i++)
                text[i] = letters[k];
            assert_int_equal(
                dictionary_words(script, text, DICTIONARY_MAX, begins), 1);
            assert_true(begins[0]);
            for (i = 0; i < DICTIONARY_MAX; i++)
                text[i] = letters[(k + i * i) % 8];
            assert_int_equal(
                dictionary_words(script, text, DICTIONARY_MAX, begins), 1);
        }
        assert_int_equal(dictionary_words(script, text, 0, begins), 0);
        assert_int_equal(
            dictionary_words(script, text, DICTIONARY_MAX + 1, begins), 0);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences),
        cmocka_unit_test(hostile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
