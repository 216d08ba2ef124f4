#include "base/json_write.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/decimal.h"

/* The bytes of the character at p (p < end), with *ok false for an ill-formed
 * one: then those of its maximal subpart (Unicode 15.0, table 3-7). */
static size_t character(const uint8_t *p, const uint8_t *end, bool *ok)
{
    uint8_t lo = 0x80, hi = 0xbf;
    size_t need, n;

    *ok = true;
    if (p[0] < 0x80)
        return 1;
    *ok = false;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 1;
    need = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (p[0] == 0xe0)
        lo = 0xa0;
    else if (p[0] == 0xed)
        hi = 0x9f;
    else if (p[0] == 0xf0)
        lo = 0x90;
    else if (p[0] == 0xf4)
        hi = 0x8f;
    for (n = 1; n < need; n++) {
        if (p + n == end || p[n] < lo || p[n] > hi)
            return n;
        lo = 0x80;
        hi = 0xbf;
    }
    *ok = true;
    return need;
}

static void put(struct json *j, struct view v)
{
    if (buf_add(j->out, v) < 0)
        j->failed = true;
}

static void puts_(struct json *j, const char *s)
{
    put(j, view_str(s));
}

/* The comma before a value, unless it is the first of its level or stands
 * after its key. Values outside all levels are the caller's to separate. */
static void before(struct json *j)
{
    if (!j->after_key && j->depth && j->comma[j->depth])
        puts_(j, ",");
    j->after_key = false;
    j->comma[j->depth] = true;
}

static void quoted(struct json *j, struct view v)
{
    const uint8_t *p = v.p, *end = v.p + v.n, *plain = p;
    char escape[8];
    size_t n;
    bool ok;

    puts_(j, "\"");
    while (p < end) {
        if (*p >= 0x20 && *p < 0x7f && *p != '"' && *p != '\\') {
            p++;
            continue;
        }
        n = character(p, end, &ok);
        escape[0] = 0;
        if (!ok)
            memcpy(escape, "\xef\xbf\xbd", 4);
        else if (*p == '"' || *p == '\\')
            snprintf(escape, sizeof escape, "\\%c", *p);
        else if (*p < 0x20 || *p == 0x7f)
            snprintf(escape, sizeof escape, "\\u%04x", *p);
        else if (*p == 0xc2 && p[1] < 0xa0) /* C1 controls */
            snprintf(escape, sizeof escape, "\\u%04x", p[1]);
        else if (n == 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] & ~1) == 0xa8)
            snprintf(escape, sizeof escape, "\\u20%02x", p[2] - 0x80);
        p += n;
        if (escape[0]) {
            put(j, view_of(plain, (size_t)(p - plain) - n));
            puts_(j, escape);
            plain = p;
        }
    }
    put(j, view_of(plain, (size_t)(p - plain)));
    puts_(j, "\"");
}

static void open_level(struct json *j, const char *mark, char close)
{
    before(j);
    puts_(j, mark);
    if (j->depth == JSON_DEPTH) {
        j->failed = true;
        return;
    }
    j->close[j->depth++] = close;
    j->comma[j->depth] = false;
}

void json_object(struct json *j)
{
    open_level(j, "{", '}');
}

void json_array(struct json *j)
{
    open_level(j, "[", ']');
}

void json_end(struct json *j)
{
    if (j->depth == 0) {
        j->failed = true;
        return;
    }
    put(j, view_of(&j->close[--j->depth], 1));
}

void json_key_view(struct json *j, struct view key)
{
    before(j);
    quoted(j, key);
    puts_(j, ":");
    j->after_key = true;
}

void json_key(struct json *j, const char *key)
{
    json_key_view(j, view_str(key));
}

void json_str(struct json *j, struct view v)
{
    before(j);
    quoted(j, v);
}

void json_cstr(struct json *j, const char *s)
{
    if (s)
        json_str(j, view_str(s));
    else
        json_null(j);
}

static void base64(struct json *j, struct view v)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789+/";
    char four[4];
    uint32_t x;
    size_t i;

    for (i = 0; i < v.n; i += 3) {
        x = (uint32_t)v.p[i] << 16;
        if (i + 1 < v.n)
            x |= (uint32_t)v.p[i + 1] << 8;
        if (i + 2 < v.n)
            x |= v.p[i + 2];
        four[0] = digit[x >> 18];
        four[1] = digit[x >> 12 & 63];
        four[2] = i + 1 < v.n ? digit[x >> 6 & 63] : '=';
        four[3] = i + 2 < v.n ? digit[x & 63] : '=';
        put(j, view_of(four, 4));
    }
}

void json_path(struct json *j, struct view path)
{
    const uint8_t *p = path.p, *end = path.p + path.n;
    bool ok = true;

    while (p < end && ok)
        p += character(p, end, &ok);
    if (ok) {
        json_str(j, path);
        return;
    }
    before(j);
    puts_(j, "{\"b64\":\"");
    base64(j, path);
    puts_(j, "\"}");
}

void json_int(struct json *j, int64_t x)
{
    char s[DECIMAL_MAX + 1] = "-";
    char *p = s + (x < 0);

    before(j);
    p = decimal_uint(p, x < 0 ? 0 - (uint64_t)x : (uint64_t)x);
    put(j, view_of(s, (size_t)(p - s)));
}

void json_uint(struct json *j, uint64_t x)
{
    char s[DECIMAL_MAX];

    before(j);
    put(j, view_of(s, (size_t)(decimal_uint(s, x) - s)));
}

void json_score(struct json *j, double x)
{
    char s[DECIMAL_MAX];

    if (!isfinite(x)) {
        json_null(j);
        return;
    }
    before(j);
    put(j, view_of(s, (size_t)(decimal_short(s, x) - s)));
}

void json_seconds(struct json *j, double x)
{
    char s[352]; /* DBL_MAX has 309 digits before its point */
    int n;

    if (!isfinite(x)) {
        json_null(j);
        return;
    }
    before(j);
    n = snprintf(s, sizeof s, "%.6f", x);
    while (s[n - 1] == '0')
        n--;
    if (s[n - 1] == '.')
        n--;
    put(j, view_of(s, (size_t)n));
}

void json_bool(struct json *j, bool x)
{
    before(j);
    puts_(j, x ? "true" : "false");
}

void json_null(struct json *j)
{
    before(j);
    puts_(j, "null");
}
