#include "indexer/dateline.h"

#include <strings.h>

#include "base/date.h"
#include "indexer/front.h"

/* How much a place says that its date is the text's. */
enum rank { RANK_NONE, RANK_UPDATED, RANK_ALONE, RANK_PUBLISHED };

/* What is before the date of publication, in lower case where it is ASCII. Of
 * labels that begin alike the longer one comes first. */
static const struct {
    const char *text;
    enum rank rank;
} labels[] = {
    {"published online", RANK_PUBLISHED},
    {"published on", RANK_PUBLISHED},
    {"published", RANK_PUBLISHED},
    {"publication date", RANK_PUBLISHED},
    {"date of publication", RANK_PUBLISHED},
    {"date published", RANK_PUBLISHED},
    {"first published", RANK_PUBLISHED},
    {"pub date", RANK_PUBLISHED},
    {"posted on", RANK_PUBLISHED},
    {"posted", RANK_PUBLISHED},
    {"release date", RANK_PUBLISHED},
    {"released", RANK_PUBLISHED},
    {"issued", RANK_PUBLISHED},
    {"dated", RANK_PUBLISHED},
    {"date", RANK_PUBLISHED},
    {"publié le", RANK_PUBLISHED},
    {"date de publication", RANK_PUBLISHED},
    {"veröffentlicht am", RANK_PUBLISHED},
    {"veröffentlicht", RANK_PUBLISHED},
    {"erschienen am", RANK_PUBLISHED},
    {"datum", RANK_PUBLISHED},
    {"publicado el", RANK_PUBLISHED},
    {"publicado em", RANK_PUBLISHED},
    {"publicado", RANK_PUBLISHED},
    {"fecha de publicación", RANK_PUBLISHED},
    {"fecha", RANK_PUBLISHED},
    {"data de publicação", RANK_PUBLISHED},
    {"data di pubblicazione", RANK_PUBLISHED},
    {"pubblicato il", RANK_PUBLISHED},
    {"data", RANK_PUBLISHED},
    {"gepubliceerd op", RANK_PUBLISHED},
    {"diterbitkan", RANK_PUBLISHED},
    {"tanggal", RANK_PUBLISHED},
    {"ngày đăng", RANK_PUBLISHED},
    {"опубликовано", RANK_PUBLISHED},
    {"Опубликовано", RANK_PUBLISHED},
    {"Дата", RANK_PUBLISHED},
    {"เผยแพร่", RANK_PUBLISHED},
    {"发布时间", RANK_PUBLISHED},
    {"发布日期", RANK_PUBLISHED},
    {"發布日期", RANK_PUBLISHED},
    {"發佈日期", RANK_PUBLISHED},
    {"日期", RANK_PUBLISHED},
    {"公開日", RANK_PUBLISHED},
    {"掲載日", RANK_PUBLISHED},
    {"投稿日", RANK_PUBLISHED},
    {"게시일", RANK_PUBLISHED},
    {"등록일", RANK_PUBLISHED},
    {"입력", RANK_PUBLISHED},
    {"last updated on", RANK_UPDATED},
    {"last updated", RANK_UPDATED},
    {"last modified", RANK_UPDATED},
    {"last revised", RANK_UPDATED},
    {"updated on", RANK_UPDATED},
    {"updated", RANK_UPDATED},
    {"modified", RANK_UPDATED},
    {"revised", RANK_UPDATED},
    {"mis à jour le", RANK_UPDATED},
    {"aktualisiert am", RANK_UPDATED},
    {"actualizado", RANK_UPDATED},
    {"atualizado em", RANK_UPDATED},
    {"aggiornato il", RANK_UPDATED},
    {"更新时间", RANK_UPDATED},
    {"更新日", RANK_UPDATED},
};

static bool is_word(int c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c >= 0x80;
}

/* Whether v has `s` at byte i, ASCII in either case. */
static inline bool has(struct view v, size_t i, const char *s)
{
    size_t n;

    /* nearly always the first byte says no */
    if (i >= v.n || ((v.p[i] ^ (uint8_t)s[0]) & ~0x20) != 0)
        return false;
    n = strlen(s);
    return v.n - i >= n && strncasecmp((const char *)v.p + i, s, n) == 0;
}

/* Passes over blanks and what sets text off: Markdown's marks, brackets. */
static size_t marks(struct view v, size_t i)
{
    while (i < v.n && strchr(" \t*_#>[]()", v.p[i]) && v.p[i])
        i++;
    return i;
}

/* --- a part of a line, between bars --- */

/* Nothing of a sentence behind a date: the end, or the time of day. */
static bool alone_behind(struct view v, size_t at)
{
    size_t i = at, digits = 0;

    if (marks(v, at) == v.n)
        return true;
    if (i < v.n && v.p[i] == ',')
        i++;
    while (i < v.n && (v.p[i] == ' ' || v.p[i] == '\t'))
        i++;
    if (i < v.n && (v.p[i] | 0x20) == 't' && i == at)
        i++; /* 2024-09-11T10:00 */
    else if (has(v, i, "at "))
        i += 3;
    else if (i < v.n && v.p[i] == '(') /* (Reuters), which ends the part */
        return v.p[v.n - 1] == ')';
    while (i + digits < v.n && v.p[i + digits] >= '0' && v.p[i + digits] <= '9')
        digits++;
    i += digits;
    return i > at && (digits == 1 || digits == 2) && i < v.n &&
           (v.p[i] == ':' || v.p[i] == '.' || has(v, i, "h") ||
            has(v, i, " am") || has(v, i, " pm"));
}

/* Whether v is what a date may stand behind: "By Jane Roe," and at most three
 * words in capitals with a comma, a place or a day of the week. */
static bool introduces(struct view v)
{
    unsigned words = 0;
    size_t i = 0;
    bool comma;

    v = trim(v);
    comma = v.n > 0 && v.p[v.n - 1] == ',';
    if (has(v, 0, "by "))
        return v.n < 80;
    if (!comma)
        return false;
    for (; i < v.n && words <= 3; words++) {
        if ((v.p[i] >= 'a' && v.p[i] <= 'z') || !is_word(v.p[i]))
            return false;
        while (i < v.n && (is_word(v.p[i]) || strchr(".-'", v.p[i])))
            i++;
        while (i < v.n && (v.p[i] == ' ' || v.p[i] == ','))
            i++;
    }
    return words <= 3 && i == v.n;
}

static enum rank labelled(struct view v, int32_t *days)
{
    size_t start = marks(v, 0), at, k, i;

    for (k = 0; k < sizeof labels / sizeof *labels; k++) {
        if (!has(v, start, labels[k].text))
            continue;
        i = start + strlen(labels[k].text);
        for (at = i; at < v.n &&
                     (marks(v, at) > at || v.p[at] == ':' || has(v, at, "："));)
            at = marks(v, at) > at ? marks(v, at)
                 : v.p[at] == ':'  ? at + 1
                                   : at + strlen("：");
        if (at == i && (labels[k].text[0] & 0x80) == 0)
            continue; /* another word that begins so */
        *days = date_at(v, &at);
        if (*days != DATE_NONE && (at == v.n || !is_word(v.p[at]) ||
                                   v.p[at] == 'T' || v.p[at] >= 0x80))
            return labels[k].rank;
    }
    return RANK_NONE;
}

/* A date by itself, at the end of an introduction or with a time behind it. */
static bool alone(struct view v, int32_t *days)
{
    size_t start = marks(v, 0), i, at;

    for (i = start; i < v.n; i++) {
        if (i > start && (is_word(v.p[i - 1]) || !is_word(v.p[i])))
            continue;
        at = i;
        *days = date_at(v, &at);
        if (*days == DATE_NONE)
            continue;
        return (i == start || introduces(view_sub(v, start, i))) &&
               alone_behind(v, at);
    }
    return false;
}

/* --- lines --- */

/* Whether a bar or dash may begin at byte i, as far as two bytes tell. */
static bool may_part(struct view v, size_t i)
{
    switch (v.p[i]) {
    case ' ':
        return i + 1 < v.n && strchr(" -/", v.p[i + 1]);
    case '-':
        return i + 1 < v.n && v.p[i + 1] == '-';
    case '|':
    case '\t':
        return true;
    default:
        return v.p[i] >= 0x80;
    }
}

/* Bytes of what parts a line at byte i, 0 if nothing does. *dash: a dash,
 * which sentences have as well. */
static size_t bar(struct view v, size_t i, bool *dash)
{
    static const char *const bars[] = {"|", "•", "·", "｜", "\t", "   "};
    static const char *const dashes[] = {"—", "–", "--", " - ", " / "};
    size_t k;

    *dash = false;
    if (!may_part(v, i))
        return 0;
    for (k = 0; k < sizeof bars / sizeof *bars; k++)
        if (has(v, i, bars[k]))
            return strlen(bars[k]);
    *dash = true;
    for (k = 0; k < sizeof dashes / sizeof *dashes; k++)
        if (has(v, i, dashes[k]))
            return strlen(dashes[k]);
    return 0;
}

/* The best date of the line's parts. */
static enum rank judge(struct view line, bool whole, bool by_itself,
                       int32_t *days)
{
    size_t from = 0, i = 0, n;
    enum rank best = RANK_NONE, rank;
    bool dash = false, dash_before = false;
    int32_t found;

    while (from <= line.n) {
        struct view part;

        for (n = 0; i < line.n && (n = bar(line, i, &dash)) == 0; i++)
            ;
        if (i == line.n)
            dash = false;
        part = trim(view_sub(line, from, i));
        rank = labelled(part, &found);
        /* between two dashes is in the middle of a sentence, and what was cut
         * may go on */
        if (rank == RANK_NONE && by_itself && !(dash && dash_before) &&
            (i < line.n || whole) && alone(part, &found))
            rank = RANK_ALONE;
        if (rank > best) {
            best = rank;
            *days = found;
        }
        dash_before = dash;
        from = i += n;
        if (n == 0)
            break;
    }
    return best;
}

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* Bytes of v without a digit, 16 at a time; where fewer are left, none are
 * looked at. */
static size_t over_digitless(struct view v)
{
    uint64_t half[2];
    size_t i;
    bytes16 x;

    for (i = 0; i + 16 <= v.n; i += 16) {
        memcpy(&x, v.p + i, sizeof x);
        x = (bytes16)(x - '0' < 10);
        memcpy(half, &x, sizeof half);
        if (half[0] | half[1])
            break;
    }
    return i;
}

/* Whether there can be a date: four digits of a year from 1000 on. */
static bool has_year(struct view line)
{
    size_t i, n = 0;

    for (i = over_digitless(line); i < line.n && n < 4; i++)
        if (line.p[i] >= '0' && line.p[i] <= '9')
            n += n > 0 || line.p[i] == '1' || line.p[i] == '2';
        else
            n = 0;
    return n == 4;
}

int32_t dateline(struct view text)
{
    enum rank best = RANK_NONE, rank;
    int32_t days = DATE_NONE, found;
    unsigned lines = 0;
    size_t at = 0;

    while (at < text.n && lines < DATELINE_LABELLED && best < RANK_PUBLISHED) {
        struct view line = trim(line_at(text, at, &at));
        bool whole = line.n <= DATELINE_LINE;

        if (line.n == 0)
            continue;
        if (!whole)
            line.n = DATELINE_LINE;
        rank = has_year(line)
                   ? judge(line, whole, lines < DATELINE_ALONE, &found)
                   : RANK_NONE;
        if (rank > best) {
            best = rank;
            days = found;
        }
        lines++;
    }
    return days;
}
