#include "query/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_TRIES = 20 };

int write_answer(int fd, struct view v, struct err *err)
{
    if (write_all(fd, v) == 0)
        return 0;
    if (errno == EPIPE)
        return err_set(err, ERR_FULL, "%s", ""); /* nobody listens */
    return err_sys(err, ERR_FULL, errno, "cannot write the answer");
}

static void drop_pour(struct session *s)
{
    if (s->pour.arg)
        s->pour.free(s->pour.arg);
    memset(&s->pour, 0, sizeof s->pour);
}

int session_gather(struct session *s)
{
    int rc = 0;

    if (s->pour.arg)
        rc = s->pour.write(s->pour.arg, &s->out, -1, s->err);
    drop_pour(s);
    return rc;
}

void session_pour(struct session *s, const struct pour *pour)
{
    drop_pour(s);
    s->pour = *pour;
}

void session_init(struct session *s, struct settings *settings, struct err *err)
{
    memset(s, 0, sizeof *s);
    s->settings = settings;
    s->err = err;
}

/* --- indexes --- */

/* The folder of the index that is number i of those asked for, in *dir. */
static int find(struct session *s, size_t i, struct buf *dir)
{
    const struct settings *set = s->settings;
    int rc = index_find(set->ndbs ? set->db[i] : NULL, false, dir, s->err);

    return rc >= 0 && !buf_cstr(dir) ? err_nomem(s->err) : rc;
}

static bool same_folder(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

/* Opens the index in *dir, which is then the session's, unless it is open. */
static int open_one(struct session *s, struct buf *dir)
{
    unsigned i, n = s->nindexes;
    int rc;

    for (i = 0; i < n; i++)
        if (same_folder(buf_cstr(dir), buf_cstr(&s->dir[i])))
            return 0;
    rc = index_open(&s->index[n], buf_cstr(dir), s->err);
    if (rc < 0)
        return rc;
    s->dir[n] = *dir;
    *dir = (struct buf){0};
    s->nindexes++;
    return 0;
}

int session_open(struct session *s)
{
    size_t i, n = s->settings->ndbs ? s->settings->ndbs : 1;
    int rc = 0;

    s->index = calloc(n, sizeof *s->index);
    s->dir = calloc(n, sizeof *s->dir);
    if (!s->index || !s->dir)
        rc = err_nomem(s->err);
    for (i = 0; i < n && rc >= 0; i++) {
        struct buf dir = {0};

        rc = find(s, i, &dir);
        if (rc >= 0)
            rc = open_one(s, &dir);
        buf_release(&dir);
    }
    s->opened = rc >= 0;
    if (rc < 0)
        session_leave(s);
    return rc < 0 ? rc : 0;
}

void session_end(struct session *s)
{
    unsigned i;

    for (i = 0; i < s->nindexes; i++)
        index_end(&s->index[i]);
}

void session_leave(struct session *s)
{
    unsigned i;

    for (i = 0; i < s->nindexes; i++) {
        index_close(&s->index[i]);
        buf_release(&s->dir[i]);
    }
    free(s->index);
    free(s->dir);
    s->index = NULL;
    s->dir = NULL;
    s->nindexes = 0;
    s->opened = false;
}

/* The language of an index; NULL where nothing was committed yet. */
static const char *language_of(struct index *ix)
{
    if (ix->language.n)
        return buf_cstr(&ix->language);
    return ix->manifest.generation ? "none" : NULL;
}

/* The language of all indexes. */
static int choose_language(struct session *s, const char **language)
{
    unsigned i, first = 0;

    *language = NULL;
    for (i = 0; i < s->nindexes; i++) {
        const char *of = language_of(&s->index[i]);

        if (!of)
            continue;
        if (*language && strcmp(*language, of) != 0)
            return err_set(s->err, ERR_REFUSED,
                           "%s has --lang=%s and %s has --lang=%s: they "
                           "cannot be searched as one",
                           buf_cstr(&s->dir[first]), *language,
                           buf_cstr(&s->dir[i]), of);
        if (!*language)
            first = i;
        *language = of;
    }
    if (!*language)
        *language = "none";
    return 0;
}

/* Lexers for the languages of the indexes: those there are, if they fit. */
static int choose_lexers(struct session *s)
{
    uint64_t docs[STEMMERS] = {0};
    const char *language;
    unsigned i, k;
    int rc;

    if (choose_language(s, &language) < 0)
        return s->err->code;
    if (s->lexers && strcmp(lexers_setting(s->lexers), language) != 0) {
        lexers_free(s->lexers);
        s->lexers = NULL;
    }
    rc = s->lexers ? 0 : lexers_open(&s->lexers, language, s->err);
    for (i = 0; i < s->nindexes; i++)
        for (k = 0; k < STEMMERS; k++)
            docs[k] += s->index[i].languages.docs[k];
    if (rc == 0 && lexers_list(s->lexers, docs, &s->list) < 0)
        rc = err_nomem(s->err);
    return rc;
}

int session_begin(struct session *s)
{
    unsigned i;
    int rc = 0;

    if (s->opened && s->index->txn)
        return 0;
    if (!s->opened)
        rc = session_open(s);
    for (i = 0; i < s->nindexes && rc == 0; i++)
        rc = index_begin(&s->index[i], s->err);
    if (rc < 0) /* gone, perhaps: the next call looks again */
        session_leave(s);
    if (rc == 0)
        rc = choose_lexers(s);
    if (rc == 0 && !s->words &&
        words_open(&s->words, view_of(NULL, 0), NULL, 0) < 0)
        rc = err_nomem(s->err);
    if (rc < 0)
        session_end(s);
    return rc;
}

/* --- reading again --- */

struct session_mark session_mark(const struct session *s)
{
    return (struct session_mark){.out = s->out.n,
                                 .messages = s->messages.n,
                                 .timed = s->timing.us.n,
                                 .undated = s->undated};
}

/* An index whose pages were overwritten, or NULL. */
static struct index *torn_index(const struct session *s)
{
    unsigned i;

    for (i = 0; i < s->nindexes; i++)
        if (s->index[i].txn && !txn_intact(s->index[i].txn))
            return &s->index[i];
    return NULL;
}

bool session_again(struct session *s, struct session_mark *mark, int *rc)
{
    struct index *torn = torn_index(s);

    if (!torn)
        return false;
    session_end(s);
    s->out.n = mark->out;
    s->messages.n = mark->messages;
    s->timing.us.n = mark->timed;
    s->undated = mark->undated;
    drop_pour(s);
    if (++mark->tries < READ_TRIES)
        return true;
    *rc = err_set(s->err, ERR_BUSY,
                  "%s changes faster than it can be read by who may not write "
                  "%s-lock",
                  store_path(torn->store), store_path(torn->store));
    return false;
}

int session_flush(struct session *s)
{
    int rc;

    session_end(s);
    rc = write_answer(STDOUT_FILENO, buf_view(&s->out), s->err);
    buf_clear(&s->out);
    if (rc == 0 && s->pour.arg)
        rc = s->pour.write(s->pour.arg, &s->out, STDOUT_FILENO, s->err);
    if (rc == 0)
        rc = write_answer(STDOUT_FILENO, buf_view(&s->out), s->err);
    if (rc == 0) /* a message nobody takes is no failure */
        (void)!write_all(STDERR_FILENO, buf_view(&s->messages));
    drop_pour(s);
    buf_clear(&s->out);
    buf_clear(&s->messages);
    return rc;
}

void session_close(struct session *s)
{
    session_leave(s);
    lexers_free(s->lexers);
    words_free(s->words);
    arena_release(&s->arena);
    notes_release(&s->notes);
    timing_release(&s->timing);
    drop_pour(s);
    buf_release(&s->out);
    buf_release(&s->messages);
    memset(s, 0, sizeof *s);
}
