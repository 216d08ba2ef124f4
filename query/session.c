#include "query/session.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { READ_TRIES = 20 };

int write_all(int fd, struct view v)
{
    size_t done = 0;
    ssize_t n;

    while (done < v.n) {
        n = write(fd, v.p + done, v.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        done += (size_t)n;
    }
    return 0;
}

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

int session_open(struct session *s)
{
    struct buf dir = {0};
    int rc = index_find(s->settings->db, false, &dir, s->err);

    if (rc >= 0 && !buf_cstr(&dir))
        rc = err_nomem(s->err);
    if (rc >= 0)
        rc = index_open(&s->index, buf_cstr(&dir), s->err);
    s->opened = rc >= 0;
    buf_release(&dir);
    return rc < 0 ? rc : 0;
}

/* A lexer for the language of the index: the one there is, if it fits. */
static int choose_lexer(struct session *s)
{
    const char *language =
        s->index.language.n ? buf_cstr(&s->index.language) : "none";

    if (!language)
        return err_nomem(s->err);
    if (s->lexer) {
        if (strcmp(lexer_language(s->lexer), language) == 0)
            return 0;
        lexer_free(s->lexer);
        s->lexer = NULL;
    }
    return lexer_open(&s->lexer, language, s->err);
}

int session_begin(struct session *s)
{
    int rc = 0;

    if (s->opened && s->index.txn)
        return 0;
    if (!s->opened)
        rc = session_open(s);
    if (rc == 0)
        rc = index_begin(&s->index, s->err);
    if (rc < 0 && s->opened) { /* gone, perhaps: the next call looks again */
        index_close(&s->index);
        s->opened = false;
    }
    if (rc == 0)
        rc = choose_lexer(s);
    if (rc == 0 && !s->words &&
        words_open(&s->words, view_of(NULL, 0), NULL, 0) < 0)
        rc = err_nomem(s->err);
    return rc;
}

struct session_mark session_mark(const struct session *s)
{
    return (struct session_mark){.out = s->out.n,
                                 .messages = s->messages.n,
                                 .timed = s->timing.us.n,
                                 .undated = s->undated};
}

bool session_again(struct session *s, struct session_mark *mark, int *rc)
{
    if (!s->opened || !s->index.txn || txn_intact(s->index.txn))
        return false;
    index_end(&s->index);
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
                  store_path(s->index.store), store_path(s->index.store));
    return false;
}

int session_flush(struct session *s)
{
    int rc;

    if (s->opened)
        index_end(&s->index);
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
    if (s->opened)
        index_close(&s->index);
    lexer_free(s->lexer);
    words_free(s->words);
    arena_release(&s->arena);
    notes_release(&s->notes);
    timing_release(&s->timing);
    drop_pour(s);
    buf_release(&s->out);
    buf_release(&s->messages);
    memset(s, 0, sizeof *s);
}
