/* --similar: what is like a document, asked as a query of its words. */
#include "query/answer.h"
#include "query/ask.h"
#include "query/one_doc.h"
#include "query/similar.h"

int ask_similar_query(struct session *s, struct view name, struct buf *out,
                      bool *there)
{
    struct similar sm = {.arena = &s->arena};
    uint32_t docid;
    int rc = session_begin(s);

    *there = false;
    if (rc == 0 && s->nindexes > 1)
        rc = err_set(s->err, ERR_USAGE,
                     "similar is about one index: which of the %u that -d "
                     "names?",
                     s->nindexes);
    if (rc < 0)
        return rc;
    sm.ix = s->index;
    sm.lexers = s->lexers;
    sm.words = s->words;
    arena_clear(&s->arena);
    rc = one_doc(s->index, name, &docid, s->err);
    if (rc <= 0)
        return rc;
    *there = true;
    return similar_query(&sm, docid, out, s->err);
}

int ask_similar(struct session *s)
{
    const char *name = s->settings->argument;
    struct view text;
    struct question q = {
        .qid = view_str("1"), .part = &text, .nparts = 1, .exact = true};
    struct buf query = {0};
    bool there;
    int rc = ask_similar_query(s, view_str(name), &query, &there);

    if (rc == 0 && !there)
        return buf_addf(&s->messages, "query: no document '%s' in the index\n",
                        name) < 0
                   ? err_nomem(s->err)
                   : 0;
    if (rc == 0 && !s->settings->quiet &&
        buf_adds(&s->messages, "query: that document has no word that others "
                               "have\n") < 0)
        rc = err_nomem(s->err);
    q.text = text = buf_view(&query);
    if (rc >= 0)
        rc = answer(s, &q);
    buf_release(&query);
    return rc;
}
