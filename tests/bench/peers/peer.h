/*
 * peer.h - what the drivers of other engines share: the command line, reading
 * documents and queries, the clock.
 *
 *     PEER index DIR <DOCUMENTS           (as `corpus raw` writes them)
 *     PEER search DIR LIMIT HOW WARM REPEAT [QUERY | <QUERIES]
 *
 * `search` asks the queries, one a line, in WARM passes that nobody times and
 * one that counts, each query REPEAT times in a row, and prints a line for
 * each: the median of its microseconds, tab, its hits; last "cpu", tab, the
 * microseconds of CPU time that one took on average. The clock runs from the
 * text of a query to the ids of its LIMIT best documents in memory.
 *
 * HOW: `any` or `all` of the words, `count` them (any) without ranking, `total`
 * is `any` with the exact number of all that match.
 *
 * In a query `+` before a word or phrase requires it, `-` excludes it; a phrase
 * is in quotes. Each engine cuts, lowers and stems the words itself; where it
 * makes several of one, each has the sign.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>

enum { PEER_ID = 4096 };

enum how { HOW_ANY, HOW_ALL, HOW_COUNT, HOW_TOTAL };

struct clause {
    char sign; /* '+', '-' or 0 */
    bool phrase;
    char *text;
};

struct question {
    const struct clause *clause;
    size_t n;
    unsigned limit;
    enum how how;
};

/* Each ends the process with a message where it fails. */
struct peer {
    void *(*create)(const char *dir);
    /* body: title, line end, text */
    void (*add)(void *engine, const char *id, size_t id_n, const char *body,
                size_t body_n);
    void (*finish)(void *engine);
    void *(*open)(const char *dir);
    /* Calls peer_hit for each; returns how many match, or were given where
     * nobody asked for all. */
    size_t (*ask)(void *engine, const struct question *q);
    void (*close)(void *engine);
};

#ifdef __cplusplus
extern "C" {
#endif

int peer_main(int argc, char **argv, const struct peer *peer);

/* An id has been given once its bytes are copied, and they are: to peer_id. */
void peer_hit(const char *id, size_t n);
extern char peer_id[PEER_ID];

void peer_die(const char *what, const char *why);

#ifdef __cplusplus
}
#endif

#endif
