/*
 * SQLite FTS5: a contentless table (nothing but the index), words cut by
 * unicode61 and stemmed by Porter's stemmer of 1980, BM25 with the k1 and b
 * that FTS5 has built in (1.2 and 0.75). Ids lie in a table beside it. Merged
 * into one b-tree in the end, as it is quickest to search.
 *
 * FTS5 has no optional words: `+a b` is `a AND (a OR b)`, which counts a twice.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peers/peer.h"

struct engine {
    sqlite3 *db;
    sqlite3_stmt *add, *add_id;      /* building */
    sqlite3_stmt *best, *count, *id; /* searching */
    char *match;                     /* the query for FTS5 */
    size_t room;
};

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL))
        peer_die(sql, sqlite3_errmsg(db));
    return st;
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL))
        peer_die(sql, sqlite3_errmsg(db));
}

static struct engine *opened(const char *dir, int flags)
{
    struct engine *e = calloc(1, sizeof *e);
    char path[4096];

    snprintf(path, sizeof path, "%s/fts5.db", dir);
    if (!e || sqlite3_open_v2(path, &e->db, flags, NULL))
        peer_die(path, "cannot open");
    run(e->db, "PRAGMA cache_size=-262144; PRAGMA mmap_size=17179869184;"
               "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY");
    return e;
}

/* --- building --- */

static void *create(const char *dir)
{
    struct engine *e = opened(dir, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);

    run(e->db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
               "CREATE TABLE doc(rowid INTEGER PRIMARY KEY, id TEXT);"
               "CREATE VIRTUAL TABLE fts USING fts5(body, content='',"
               " tokenize='porter unicode61');"
               "INSERT INTO fts(fts, rank) VALUES('hashsize', 134217728);"
               "INSERT INTO fts(fts, rank) VALUES('automerge', 0); BEGIN");
    e->add = prepare(e->db, "INSERT INTO fts(rowid, body) VALUES(?1, ?2)");
    e->add_id = prepare(e->db, "INSERT INTO doc(id) VALUES(?1)");
    return e;
}

static void step(struct engine *e, sqlite3_stmt *st)
{
    if (sqlite3_step(st) != SQLITE_DONE)
        peer_die("insert", sqlite3_errmsg(e->db));
    sqlite3_reset(st);
}

static void add(void *engine, const char *id, size_t id_n, const char *body,
                size_t body_n)
{
    struct engine *e = engine;

    sqlite3_bind_text(e->add_id, 1, id, (int)id_n, SQLITE_STATIC);
    step(e, e->add_id);
    sqlite3_bind_int64(e->add, 1, sqlite3_last_insert_rowid(e->db));
    sqlite3_bind_text(e->add, 2, body, (int)body_n, SQLITE_STATIC);
    step(e, e->add);
}

static void finish(void *engine)
{
    struct engine *e = engine;

    sqlite3_finalize(e->add);
    sqlite3_finalize(e->add_id);
    run(e->db, "COMMIT; INSERT INTO fts(fts) VALUES('optimize'); VACUUM");
    sqlite3_close(e->db);
    free(e);
}

/* --- searching --- */

static void *open_index(const char *dir)
{
    struct engine *e = opened(dir, SQLITE_OPEN_READONLY);

    e->best = prepare(e->db, "SELECT rowid FROM fts WHERE fts MATCH ?1"
                             " ORDER BY rank LIMIT ?2");
    e->count = prepare(e->db, "SELECT count(*) FROM fts WHERE fts MATCH ?1");
    e->id = prepare(e->db, "SELECT id FROM doc WHERE rowid = ?1");
    return e;
}

static void append(struct engine *e, const char *s)
{
    size_t n = strlen(e->match), more = strlen(s);

    if (n + more + 1 > e->room) {
        e->room = (n + more + 1) * 2;
        e->match = realloc(e->match, e->room);
        if (!e->match)
            peer_die("query", "out of memory");
    }
    memcpy(e->match + n, s, more + 1);
}

static void append_quoted(struct engine *e, const char *s, size_t n)
{
    char quoted[1024];

    snprintf(quoted, sizeof quoted, "\"%.*s\"", (int)n, s);
    append(e, quoted);
}

/* A phrase as it is. Of a word what ASCII punctuation cuts into parts, each
 * required like the whole or one of several. */
static void append_clause(struct engine *e, const struct clause *c, bool all)
{
    const char *p = c->text, *between = "(";
    static const char cuts[] = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    if (c->phrase) {
        append_quoted(e, p, strlen(p));
        return;
    }
    for (p += strspn(p, cuts); *p; p += strspn(p, cuts)) {
        append(e, between);
        append_quoted(e, p, strcspn(p, cuts));
        between = all ? " AND " : " OR ";
        p += strcspn(p, cuts);
    }
    append(e, *between == '(' ? "\"\"" : ")");
}

static char sign_of(const struct question *q, const struct clause *c)
{
    return c->sign ? c->sign : q->how == HOW_ALL ? '+' : ' ';
}

static bool has(const struct question *q, char sign)
{
    size_t i;

    for (i = 0; i < q->n; i++)
        if (sign_of(q, &q->clause[i]) == sign)
            return true;
    return false;
}

/* The clauses of a sign, each but the first behind `between`. */
static void append_signed(struct engine *e, const struct question *q, char sign,
                          const char *between)
{
    bool first = true;
    size_t i;

    for (i = 0; i < q->n; i++) {
        if (sign_of(q, &q->clause[i]) != sign)
            continue;
        if (!first)
            append(e, between);
        append_clause(e, &q->clause[i], sign == '+');
        first = false;
    }
}

static void translate(struct engine *e, const struct question *q)
{
    bool must = has(q, '+'), may = has(q, ' ');

    if (!e->match && !(e->match = calloc(1, e->room = 256)))
        peer_die("query", "out of memory");
    *e->match = 0;
    append(e, "(");
    append_signed(e, q, '+', " AND ");
    if (must && may) {
        append(e, " AND (");
        append_signed(e, q, '+', " OR ");
        append(e, " OR ");
    }
    append_signed(e, q, ' ', " OR ");
    append(e, must && may ? "))" : ")");
    if (has(q, '-')) {
        append(e, " NOT (");
        append_signed(e, q, '-', " OR ");
        append(e, ")");
    }
}

static size_t count(struct engine *e)
{
    size_t n = 0;

    sqlite3_bind_text(e->count, 1, e->match, -1, SQLITE_STATIC);
    if (sqlite3_step(e->count) != SQLITE_ROW)
        peer_die(e->match, sqlite3_errmsg(e->db));
    n = (size_t)sqlite3_column_int64(e->count, 0);
    sqlite3_reset(e->count);
    return n;
}

static size_t best(struct engine *e, unsigned limit)
{
    size_t n = 0;
    int rc;

    sqlite3_bind_text(e->best, 1, e->match, -1, SQLITE_STATIC);
    sqlite3_bind_int64(e->best, 2, limit);
    while ((rc = sqlite3_step(e->best)) == SQLITE_ROW) {
        sqlite3_bind_int64(e->id, 1, sqlite3_column_int64(e->best, 0));
        if (sqlite3_step(e->id) != SQLITE_ROW)
            peer_die("id", sqlite3_errmsg(e->db));
        peer_hit((const char *)sqlite3_column_text(e->id, 0),
                 (size_t)sqlite3_column_bytes(e->id, 0));
        sqlite3_reset(e->id);
        n++;
    }
    if (rc != SQLITE_DONE)
        peer_die(e->match, sqlite3_errmsg(e->db));
    sqlite3_reset(e->best);
    return n;
}

static size_t ask(void *engine, const struct question *q)
{
    struct engine *e = engine;
    size_t n;

    if (q->n == 0)
        return 0;
    translate(e, q);
    if (q->how == HOW_COUNT)
        return count(e);
    n = best(e, q->limit);
    return q->how == HOW_TOTAL ? count(e) : n;
}

static void close_index(void *engine)
{
    struct engine *e = engine;

    sqlite3_finalize(e->best);
    sqlite3_finalize(e->count);
    sqlite3_finalize(e->id);
    sqlite3_close(e->db);
    free(e->match);
    free(e);
}

int main(int argc, char **argv)
{
    static const struct peer peer = {create,     add, finish,
                                     open_index, ask, close_index};

    return peer_main(argc, argv, &peer);
}
