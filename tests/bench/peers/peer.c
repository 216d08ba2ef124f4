#include "tests/bench/peers/peer.h"

#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CLAUSES = 64, REPEATS = 1000 };

struct line {
    char *text;
    struct clause clause[CLAUSES];
    size_t n;
};

void peer_die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

char peer_id[PEER_ID];

void peer_hit(const char *id, size_t n)
{
    memcpy(peer_id, id, n < PEER_ID ? n : PEER_ID);
}

static double now_us(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* --- documents --- */

static uint32_t read_length(bool *end)
{
    uint32_t be;

    *end = fread(&be, sizeof be, 1, stdin) != 1;
    return *end ? 0 : be32toh(be);
}

static char *read_bytes(char *old, uint32_t n)
{
    char *p = realloc(old, (size_t)n + 1);

    if (!p || fread(p, 1, n, stdin) != n)
        peer_die("documents", "cut short");
    p[n] = 0;
    return p;
}

static void make_index(const struct peer *peer, const char *dir)
{
    void *engine = peer->create(dir);
    char *id = NULL, *body = NULL;
    uint32_t id_n, body_n;
    bool end;

    for (;;) {
        id_n = read_length(&end);
        if (end)
            break;
        id = read_bytes(id, id_n);
        body_n = read_length(&end);
        body = read_bytes(body, body_n);
        peer->add(engine, id, id_n, body, body_n);
    }
    peer->finish(engine);
    free(id);
    free(body);
}

/* --- queries --- */

static void parse(struct line *l)
{
    char *p = l->text;

    for (l->n = 0; l->n < CLAUSES; l->n++) {
        struct clause *c = &l->clause[l->n];

        p += strspn(p, " ");
        if (!*p)
            break;
        c->sign = *p == '+' || *p == '-' ? *p++ : 0;
        c->phrase = *p == '"';
        if (c->phrase)
            p++;
        c->text = p;
        p += strcspn(p, c->phrase ? "\"" : " ");
        if (*p)
            *p++ = 0;
    }
}

static size_t ask(const struct peer *peer, void *engine, const char *text,
                  char *copy, unsigned limit, enum how how)
{
    struct line l = {.text = strcpy(copy, text)};
    struct question q = {.limit = limit, .how = how};

    parse(&l);
    q.clause = l.clause;
    q.n = l.n;
    return peer->ask(engine, &q);
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

struct run {
    unsigned limit, warm, repeat;
    enum how how;
    char **query;
    size_t n;
};

static void add_query(struct run *r, const char *text)
{
    r->query = realloc(r->query, (r->n + 1) * sizeof *r->query);
    if (!r->query || !(r->query[r->n++] = strdup(text)))
        peer_die("queries", "out of memory");
}

static void read_queries(struct run *r)
{
    size_t room = 0;
    char *line = NULL;

    while (getline(&line, &room, stdin) > 0) {
        line[strcspn(line, "\n")] = 0;
        add_query(r, line);
    }
    free(line);
}

static void pass(const struct peer *peer, void *engine, const struct run *r,
                 bool timed)
{
    double us[REPEATS], cpu = now_us(CLOCK_PROCESS_CPUTIME_ID);
    size_t i, hits = 0;
    unsigned k, repeat = timed ? r->repeat : 1;

    for (i = 0; i < r->n; i++) {
        char *copy = malloc(strlen(r->query[i]) + 1);

        for (k = 0; copy && k < repeat; k++) {
            double start = now_us(CLOCK_MONOTONIC);

            hits = ask(peer, engine, r->query[i], copy, r->limit, r->how);
            us[k] = now_us(CLOCK_MONOTONIC) - start;
        }
        free(copy);
        qsort(us, repeat, sizeof *us, by_size);
        if (timed)
            printf("%.1f\t%zu\n", us[repeat / 2], hits);
    }
    cpu = now_us(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    if (timed && r->n)
        printf("cpu\t%.1f\n", cpu / (double)(r->n * repeat));
}

static void search(const struct peer *peer, const char *dir, struct run *r)
{
    void *engine = peer->open(dir);
    size_t i;

    for (i = 0; i < r->warm; i++)
        pass(peer, engine, r, false);
    pass(peer, engine, r, true);
    peer->close(engine);
    for (i = 0; i < r->n; i++)
        free(r->query[i]);
    free(r->query);
}

static unsigned number(const char *s, unsigned least, unsigned most)
{
    unsigned long n = strtoul(s, NULL, 10);

    if (n < least || n > most)
        peer_die(s, "out of range");
    return (unsigned)n;
}

static enum how how_of(const char *s)
{
    static const char *const names[] = {"any", "all", "count", "total"};
    unsigned i;

    for (i = 0; i < 4; i++)
        if (strcmp(s, names[i]) == 0)
            return (enum how)i;
    peer_die(s, "not any, all, count or total");
    return HOW_ANY;
}

int peer_main(int argc, char **argv, const struct peer *peer)
{
    struct run r = {0};

    if (argc == 3 && strcmp(argv[1], "index") == 0) {
        make_index(peer, argv[2]);
        return 0;
    }
    if (argc < 7 || argc > 8 || strcmp(argv[1], "search") != 0) {
        fprintf(stderr,
                "usage: %s index DIR | search DIR LIMIT HOW WARM "
                "REPEAT [QUERY]; see tests/bench/peers/peer.h\n",
                argv[0]);
        return 2;
    }
    r.limit = number(argv[3], 1, 1000000);
    r.how = how_of(argv[4]);
    r.warm = number(argv[5], 0, 1000);
    r.repeat = number(argv[6], 1, REPEATS);
    if (argc == 8)
        add_query(&r, argv[7]);
    else
        read_queries(&r);
    search(peer, argv[2], &r);
    return 0;
}
