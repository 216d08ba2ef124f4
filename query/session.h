/*
 * session.h - an open index or several, what is needed to ask them, and what is
 * to be printed.
 *
 * Several indexes (-d A -d B) are opened, begun and ended together. Each is of a
 * moment of its own; all are stemmed in one language, or a query would mean
 * something else in each. One that is named twice, by whatever name, is opened
 * once: LMDB allows a process one environment of a file.
 *
 * Output is gathered and written once the read transaction has ended: a
 * reader that waits on a pipe must not hold pages of the index.
 */
#ifndef QUERY_SESSION_H
#define QUERY_SESSION_H

#include "base/write_all.h"
#include "index/index.h"
#include "query/arena.h"
#include "query/notes.h"
#include "query/score.h"
#include "query/settings.h"
#include "query/timing.h"
#include "text/lexers.h"
#include "text/words.h"

/* What is said where crash.h ends a process. */
#define CRASH_MESSAGE "index damaged or disk error; run `indexer --check`"

/* An answer that is too long to be gathered in `out`: it is put together from
 * what was kept while the index was read, as it is written. */
struct pour {
    /* Appends all of it to out, which is written to fd whenever there is much
     * of it; fd -1: never. 0, or negative with a message. */
    int (*write)(void *arg, struct buf *out, int fd, struct err *err);
    void (*free)(void *arg);
    void *arg;
};

struct session {
    struct settings *settings; /* borrowed */
    struct index *index;       /* nindexes of them; modes that are about one
                                * index have one */
    struct buf *dir;           /* of each, as it was named or found */
    unsigned nindexes;
    bool opened;            /* all of them */
    struct lexers *lexers;  /* by the setting of the indexes */
    struct lexer_list list; /* of them, those of the languages there are */
    struct words *words;
    struct arena arena;
    struct notes notes;
    struct score score;
    struct timing timing;
    bool undated; /* of many queries one has said that documents without a date
                   * were left out */
    struct buf out;      /* for standard output */
    struct pour pour;    /* likewise, behind `out`; arg NULL: nothing */
    struct buf messages; /* for standard error, behind it */
    struct err *err;     /* borrowed: every part puts its message here */
};

void session_init(struct session *s, struct settings *settings,
                  struct err *err);

/* Finds and opens the indexes. 0 or negative, with none open. */
int session_open(struct session *s);

/* Begins a transaction on each index's newest commit, if none is open, with a
 * lexer of their language. Opens the indexes where they are not. ERR_REFUSED
 * where languages differ. */
int session_begin(struct session *s);

/* Ends the transactions. Allowed where none runs. */
void session_end(struct session *s);

/* Closes the indexes: the next session_begin opens them again. */
void session_leave(struct session *s);

/* A reader that may not write the lock file (a read-only folder) keeps no
 * writer from its pages, so what it read may have been overwritten meanwhile.
 * Whatever reads the index does so until it has read one moment of it:
 *
 *     struct session_mark mark = session_mark(s);
 *     do
 *         rc = answer(s, q);
 *     while (session_again(s, &mark, &rc));
 */
struct session_mark {
    size_t out, messages, timed; /* what there was of each */
    bool undated;
    unsigned tries;
};

struct session_mark session_mark(const struct session *s);

/* Whether it has to be read again, from a new transaction: then what it printed
 * behind the mark is taken back. After too many times *rc becomes ERR_BUSY. */
bool session_again(struct session *s, struct session_mark *mark, int *rc);

/* Ends the transaction, then writes out, pour and messages. 0; ERR_FULL,
 * without a message where a pipe was closed; what pour gave. */
int session_flush(struct session *s);

/* Pours into s->out, where somebody else is to write it. 0 or negative. */
int session_gather(struct session *s);

/* Gives the session something to pour, which is its own from then on. */
void session_pour(struct session *s, const struct pour *pour);

void session_close(struct session *s);

/* Writes all of v to standard output: 0, or ERR_FULL, without a message where a
 * pipe was closed. */
int write_answer(int fd, struct view v, struct err *err);

#endif
