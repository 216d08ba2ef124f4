#include <ctype.h>
#include <iconv.h>
#include <strings.h>

#include "indexer/formats/charset.h"
#include "indexer/formats/charset_work.h"

/* Encodings by the web's name, with iconv's and with labels beside the name,
 * a blank between. Where the web and iconv differ, the web's is a superset: of
 * Microsoft for most. */
static const struct encoding {
    const char *name, *iconv, *labels;
} encodings[] = {
    {"", "UTF-8", "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 x-unicode20utf8"},
    {"windows-1252", "CP1252",
     "latin1 iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 ascii "
     "us-ascii ansi_x3.4-1968 cp1252 cp819 ibm819 x-cp1252 iso-ir-100 "
     "csisolatin1 ansi"},
    {"windows-1250", "CP1250", "cp1250 x-cp1250"},
    {"windows-1251", "CP1251", "cp1251 x-cp1251"},
    {"windows-1253", "CP1253", "cp1253 x-cp1253"},
    {"windows-1254", "CP1254",
     "cp1254 x-cp1254 latin5 iso-8859-9 iso8859-9 iso_8859-9 l5"},
    {"windows-1255", "CP1255", "cp1255 x-cp1255"},
    {"windows-1256", "CP1256", "cp1256 x-cp1256"},
    {"windows-1257", "CP1257", "cp1257 x-cp1257"},
    {"windows-1258", "CP1258", "cp1258 x-cp1258"},
    {"windows-874", "CP874",
     "tis-620 tis620 iso-8859-11 iso8859-11 dos-874 cp874"},
    {"iso-8859-2", "ISO-8859-2",
     "latin2 iso8859-2 iso_8859-2 l2 csisolatin2 iso-ir-101"},
    {"iso-8859-3", "ISO-8859-3", "latin3 iso8859-3 iso_8859-3 l3"},
    {"iso-8859-4", "ISO-8859-4", "latin4 iso8859-4 iso_8859-4 l4"},
    {"iso-8859-5", "ISO-8859-5", "cyrillic iso8859-5 iso_8859-5"},
    {"iso-8859-6", "ISO-8859-6", "arabic iso8859-6 iso_8859-6 asmo-708"},
    {"iso-8859-7", "ISO-8859-7", "greek greek8 iso8859-7 iso_8859-7"},
    {"iso-8859-8", "ISO-8859-8",
     "hebrew visual iso8859-8 iso_8859-8 iso-8859-8-i logical"},
    {"iso-8859-10", "ISO-8859-10", "latin6 iso8859-10 l6"},
    {"iso-8859-13", "ISO-8859-13", "iso8859-13"},
    {"iso-8859-14", "ISO-8859-14", "iso8859-14"},
    {"iso-8859-15", "ISO-8859-15", "latin9 iso8859-15 iso_8859-15 l9"},
    {"iso-8859-16", "ISO-8859-16", "latin10 iso8859-16"},
    {"koi8-r", "KOI8-R", "koi koi8 koi8_r cskoi8r"},
    {"koi8-u", "KOI8-U", "koi8-ru"},
    {"ibm866", "CP866", "866 cp866 csibm866"},
    {"macintosh", "MACINTOSH", "mac x-mac-roman csmacintosh"},
    {"x-mac-cyrillic", "MAC-CYRILLIC", "x-mac-ukrainian mac-cyrillic"},
    {"gb18030", "GB18030",
     "gb2312 gbk gb_2312 gb_2312-80 x-gbk chinese cp936 ms936 csgb2312 "
     "iso-ir-58 euc-cn"},
    {"big5", "BIG5-HKSCS", "big5-hkscs cn-big5 x-x-big5 csbig5 cp950"},
    {"euc-jp", "EUC-JP-MS", "x-euc-jp eucjp cseucpkdfmtjapanese"},
    {"shift_jis", "CP932",
     "sjis shift-jis ms_kanji x-sjis windows-31j csshiftjis cp932 ms932"},
    {"iso-2022-jp", "ISO-2022-JP", "csiso2022jp"},
    {"euc-kr", "CP949",
     "ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean windows-949 "
     "cseuckr uhc cp949 iso-ir-149"},
    {"utf-16le", "UTF-16LE", "utf-16 utf16 ucs-2 iso-10646-ucs-2 unicode"},
    {"utf-16be", "UTF-16BE", "unicodefffe"},
};

static bool listed(const char *labels, const char *label)
{
    size_t n = strlen(label);

    while (*labels) {
        size_t len = strcspn(labels, " ");

        if (len == n && memcmp(labels, label, n) == 0)
            return true;
        labels += len + (labels[len] == ' ');
    }
    return false;
}

static const struct encoding *find(const char *label)
{
    size_t i;

    for (i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (strcmp(encodings[i].name, label) == 0 ||
            listed(encodings[i].labels, label))
            return &encodings[i];
    return NULL;
}

const char *charset_iconv(const char *name)
{
    const struct encoding *e = find(name);

    return e ? e->iconv : name;
}

/* Names that mean something else in each place. */
static bool local(const char *label)
{
    return strcmp(label, "char") == 0 || strcmp(label, "wchar_t") == 0 ||
           strcmp(label, "internal") == 0;
}

bool charset_name(struct view label, char out[CHARSET_NAME])
{
    const struct encoding *e;
    iconv_t cd;
    size_t i;

    while (label.n && isspace(label.p[0]))
        label = view_sub(label, 1, label.n);
    while (label.n && isspace(label.p[label.n - 1]))
        label.n--;
    if (label.n == 0 || label.n >= CHARSET_NAME)
        return false;
    for (i = 0; i < label.n; i++) {
        /* no "//TRANSLIT" */
        if (!isalnum(label.p[i]) && !strchr("-_.:+", label.p[i]))
            return false;
        out[i] = (char)tolower(label.p[i]);
    }
    out[i] = 0;
    e = find(out);
    if (e) {
        memcpy(out, e->name, strlen(e->name) + 1);
        return true;
    }
    cd = local(out) ? (iconv_t)-1 : iconv_open("UTF-8", out);
    if (cd == (iconv_t)-1)
        return false;
    iconv_close(cd);
    return true;
}
