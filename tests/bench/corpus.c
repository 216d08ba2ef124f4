/*
 * corpus - turns documents into what is measured on.
 *
 *     corpus lines <FILES    lines of JSON of the text files named, one a line
 *     corpus raw <JSONL      what the drivers of other engines read, so that
 *                            none needs a parser: id and body (title, line
 *                            end, text), each behind its length in four bytes,
 *                            the highest first. Standard error tells how many
 *                            documents and bytes of text there were.
 *     corpus queries N <JSONL
 *                            N lines drawn from all documents alike: the first
 *                            words of a title (or text), a tab, two to four
 *                            words that follow each other in the text
 */
#include <ctype.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_write.h"
#include "indexer/records.h"

enum { TITLE_WORDS = 6, LONGEST = 200, MOST = 64 << 20 };

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

/* --- lines --- */

static void read_file(struct buf *out, const char *path)
{
    FILE *f = fopen(path, "r");
    char block[65536];
    size_t n;

    buf_clear(out);
    if (!f)
        fail(path);
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        if (buf_add(out, (struct view){(const uint8_t *)block, n}) < 0)
            fail(path);
    fclose(f);
}

static int lines(void)
{
    struct buf text = {0}, out = {0};
    char *path = NULL;
    size_t room = 0;
    ssize_t n;

    while ((n = getline(&path, &room, stdin)) > 0) {
        struct json j = {.out = &out};

        path[strcspn(path, "\n")] = 0;
        read_file(&text, path);
        buf_clear(&out);
        json_object(&j);
        json_key(&j, "id");
        json_cstr(&j, path);
        json_key(&j, "text");
        json_str(&j, buf_view(&text));
        json_end(&j);
        if (j.failed || buf_addc(&out, '\n') < 0)
            fail(path);
        fwrite(out.p, 1, out.n, stdout);
    }
    free(path);
    buf_release(&text);
    buf_release(&out);
    return 0;
}

/* --- raw --- */

static void put_length(size_t n)
{
    uint32_t be = htobe32((uint32_t)n);

    fwrite(&be, sizeof be, 1, stdout);
}

static void put_bytes(struct view v)
{
    if (v.n)
        fwrite(v.p, 1, v.n, stdout);
}

static void put_raw(const struct record *rec)
{
    put_length(rec->id.n);
    put_bytes(rec->id);
    put_length(rec->title.n + 1 + rec->text.n);
    put_bytes(rec->title);
    putchar('\n');
    put_bytes(rec->text);
}

/* --- queries --- */

struct drawn {
    char title[LONGEST], phrase[LONGEST];
};

struct draw {
    struct drawn *kept;
    size_t room, seen;
    uint64_t state;
};

/* A number below `below` (splitmix64). */
static size_t pick(struct draw *d, size_t below)
{
    uint64_t z = d->state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (size_t)((z ^ z >> 31) % below);
}

static bool in_word(uint8_t c)
{
    return isalnum(c) || c >= 0x80;
}

/* Copies up to `most` words from `at` on, lower-case, so that no character is
 * an operator. `close`: nothing but a blank may be between them. Returns how
 * many. */
static size_t copy_words(char *out, struct view v, size_t at, size_t most,
                         bool close)
{
    size_t n = 0, words = 0;

    while (words < most) {
        size_t start = at, end;

        while (at < v.n && !in_word(v.p[at]))
            at++;
        if (at == v.n ||
            (close && words && (at > start + 1 || v.p[start] != ' ')))
            break;
        for (end = at; end < v.n && in_word(v.p[end]); end++)
            ;
        if (n + (end - at) + 2 > LONGEST)
            break;
        if (words++)
            out[n++] = ' ';
        while (at < end)
            out[n++] = (char)tolower(v.p[at++]);
    }
    out[n] = 0;
    return words;
}

static bool draw_from(struct draw *d, struct drawn *out,
                      const struct record *rec)
{
    struct view title = rec->title.n ? rec->title : rec->text;
    size_t tries, at, most;

    if (rec->text.n == 0 ||
        copy_words(out->title, title, 0, TITLE_WORDS, false) == 0)
        return false;
    for (tries = 0; tries < 20; tries++) {
        at = pick(d, rec->text.n);
        most = 2 + pick(d, 3);
        while (at < rec->text.n && in_word(rec->text.p[at]))
            at++;
        if (copy_words(out->phrase, rec->text, at, most, true) == most)
            return true;
    }
    return false;
}

/* Keeps what is seen with the same probability (reservoir sampling). */
static void draw(struct draw *d, const struct record *rec)
{
    struct drawn one;
    size_t at;

    if (!draw_from(d, &one, rec))
        return;
    at = d->seen < d->room ? d->seen : pick(d, d->seen + 1);
    d->seen++;
    if (at < d->room)
        d->kept[at] = one;
}

static void put_drawn(const struct draw *d)
{
    size_t i;

    for (i = 0; i < d->seen && i < d->room; i++)
        printf("%s\t%s\n", d->kept[i].title, d->kept[i].phrase);
}

/* Draws from each, or puts it out where d is NULL. */
static int each_record(struct draw *d)
{
    unsigned long long n = 0, bytes = 0;
    const volatile sig_atomic_t never = 0;
    struct records *records = NULL;
    struct record rec;
    struct err err = {0};
    int rc = records_open(&records, RECORDS_JSONL, "-", MOST, &err);

    while (rc >= 0 && (rc = records_next(records, &rec, &never, &err)) > 0) {
        if (d)
            draw(d, &rec);
        else
            put_raw(&rec);
        n++;
        bytes += rec.title.n + rec.text.n;
    }
    if (!d)
        fprintf(stderr, "%llu %llu\n", n, bytes);
    if (rc < 0)
        fprintf(stderr, "corpus: %s\n", err.msg);
    records_close(records);
    return rc < 0 ? 2 : 0;
}

int main(int argc, char **argv)
{
    struct draw d = {.state = 1};
    int rc = 2;

    if (argc == 2 && strcmp(argv[1], "lines") == 0) {
        rc = lines();
    } else if (argc == 2 && strcmp(argv[1], "raw") == 0) {
        rc = each_record(NULL);
    } else if (argc == 3 && strcmp(argv[1], "queries") == 0) {
        d.room = strtoul(argv[2], NULL, 10);
        d.kept = calloc(d.room + 1, sizeof *d.kept);
        if (!d.kept)
            fail("corpus");
        rc = each_record(&d);
        put_drawn(&d);
        free(d.kept);
    } else {
        fprintf(stderr, "usage: corpus lines | raw | queries N\n");
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? rc : 2;
}
