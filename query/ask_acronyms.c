/* --acronyms: what the documents say short forms stand for, and where. */
#include <stdlib.h>

#include "base/json_write.h"
#include "query/ask.h"
#include "query/senses.h"
#include "query/shown.h"
#include "text/acronym.h"

/* A short form and one of its senses. */
struct entry {
    struct view brief; /* folded */
    struct sense sense;
};

struct listing {
    struct session *s;
    struct leaf_maker maker;
    struct senses_env env;
    struct view *brief; /* each once, once sorted */
    size_t nbriefs, briefs_cap;
    struct entry *entry;
    size_t nentries, entries_cap;
    struct view stems; /* of the long form asked for; empty: any */
    struct buf text;   /* of a document */
};

/* An array of *cap elements with room for one more behind n; NULL without
 * memory. */
static void *grow(void *p, size_t n, size_t *cap, size_t size)
{
    void *more;

    if (n < *cap)
        return p;
    more = realloc(p, (*cap * 2 + 64) * size);
    if (more)
        *cap = *cap * 2 + 64;
    return more;
}

static int add_brief(struct listing *l, struct view brief)
{
    struct view *more;

    if (l->nbriefs && view_eq(l->brief[l->nbriefs - 1], brief))
        return 0;
    more = grow(l->brief, l->nbriefs, &l->briefs_cap, sizeof *more);
    if (!more)
        return err_nomem(l->s->err);
    l->brief = more;
    brief = arena_copy(&l->s->arena, brief);
    if (!brief.p)
        return err_nomem(l->s->err);
    l->brief[l->nbriefs++] = brief;
    return 0;
}

/* The short forms in rows whose values begin so: before their mark, or, of a
 * long form's head, what follows. */
static int read_briefs(struct listing *l, struct view prefix, bool head)
{
    uint8_t bits[FIELDS_BITS];
    struct field_walk w;
    unsigned i;
    int rc = 0;

    for (i = 0; i < l->s->nindexes && rc >= 0; i++) {
        rc = acronym_rows(&w, l->s->index[i].txn, prefix, l->s->err);
        while (rc == 0 && (rc = fields_next(&w, bits)) > 0) {
            const uint8_t *mark =
                memchr(w.value.p, ACRONYM_FULL_MARK, w.value.n);

            rc = 0;
            if (head)
                rc = add_brief(l, w.value);
            else if (mark)
                rc = add_brief(
                    l, view_sub(w.value, 0, (size_t)(mark - w.value.p)));
        }
        fields_walk_end(&w);
    }
    return rc < 0 ? rc : 0;
}

static int by_bytes(const void *a, const void *b)
{
    return view_cmp(*(const struct view *)a, *(const struct view *)b);
}

/* Sorts the short forms and drops repeated ones. */
static void sort_briefs(struct listing *l)
{
    size_t i, n = 0;

    if (l->nbriefs < 2)
        return;
    qsort(l->brief, l->nbriefs, sizeof *l->brief, by_bytes);
    for (i = 0; i < l->nbriefs; i++)
        if (n == 0 || !view_eq(l->brief[n - 1], l->brief[i]))
            l->brief[n++] = l->brief[i];
    l->nbriefs = n;
}

/* The words of the command line as one text. */
static int join(const struct settings *set, struct buf *out)
{
    size_t i;
    int rc = 0;

    for (i = 0; i < set->nqueries && rc == 0; i++) {
        if (i)
            rc = buf_addc(out, ' ');
        if (rc == 0)
            rc = buf_adds(out, set->query[i]);
    }
    return rc;
}

/* Lists the short forms to show. */
static int choose(struct listing *l)
{
    struct buf term = {0}, key = {0};
    size_t n;
    int rc = join(l->s->settings, &term);

    if (rc < 0)
        err_nomem(l->s->err);
    if (rc == 0 && term.n == 0)
        rc = read_briefs(l, view_of(NULL, 0), false);
    if (rc == 0 && term.n) {
        rc = acronym_fold_brief(buf_view(&term), &key);
        if (rc == 0)
            rc = add_brief(l, buf_view(&key));
        n = key.n;
        if (rc == 0)
            rc = acronym_fold_full(buf_view(&term), &key);
        if (rc == 0)
            rc = senses_stems(&l->env, buf_view(&term), NULL, NULL, 0,
                              &l->stems, l->s->err);
        if (rc == 0) {
            struct buf head = {0};

            if (acronym_head(view_sub(buf_view(&key), n, key.n), &head))
                rc = read_briefs(l, buf_view(&head), true);
            buf_release(&head);
        }
    }
    buf_release(&term);
    buf_release(&key);
    sort_briefs(l);
    return rc;
}

/* Adds the senses of a short form; where it was not named itself, the one whose
 * long form was. */
static int add_senses(struct listing *l, struct view brief, bool named)
{
    struct entry *more;
    struct senses ss;
    unsigned i;
    int rc = senses_find(&ss, &l->env, brief, l->s->err);

    for (i = 0; i < ss.n && rc == 0; i++) {
        if (!named && !view_eq(ss.sense[i].stems, l->stems))
            continue;
        more = grow(l->entry, l->nentries, &l->entries_cap, sizeof *more);
        if (!more)
            return err_nomem(l->s->err);
        l->entry = more;
        l->entry[l->nentries++] = (struct entry){brief, ss.sense[i]};
    }
    return rc;
}

static int by_docs(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int rc;

    if (x->sense.docs != y->sense.docs)
        return x->sense.docs > y->sense.docs ? -1 : 1;
    rc = view_cmp(x->brief, y->brief);
    return rc ? rc : view_cmp(x->sense.folded, y->sense.folded);
}

/* --- evidence --- */

/* The line of the text that states the pair, 0 where none does. */
static int find_line(struct listing *l, const struct acronym_pair *pair,
                     uint32_t *line)
{
    struct view text = buf_view(&l->text);
    struct acronyms a = {0};
    struct acronym found;
    size_t i;
    int rc;

    *line = 0;
    acronyms_begin(&a, text);
    while ((rc = acronyms_next(&a, &found)) > 0)
        if (view_eq(found.brief, pair->brief) &&
            view_eq(found.full, pair->full)) {
            *line = 1;
            for (i = 0; i < found.at; i++)
                *line += text.p[i] == '\n';
            break;
        }
    acronyms_end(&a);
    return rc < 0 ? err_nomem(l->s->err) : 0;
}

/* Where the first document with the sense's commonest form states it. */
static int find_place(struct listing *l, const struct entry *e,
                      const struct acronym_pair *pair, struct buf *path,
                      uint32_t *line)
{
    struct index *ix = &l->s->index[e->sense.part];
    struct documents *docs;
    struct document d;
    int rc = documents_open(&docs, ix->txn, l->s->err);

    *line = 0;
    if (rc == 0)
        rc = documents_get(docs, e->sense.docid, &d, l->s->err);
    if (rc <= 0) {
        documents_close(docs);
        return rc;
    }
    rc = roots_show(&ix->roots, d.path, path);
    if (rc == 0 && d.nframes) {
        buf_clear(&l->text);
        rc = documents_text(docs, &d, 0, d.nframes, &l->text, l->s->err);
        if (rc == 0)
            rc = find_line(l, pair, line);
    }
    documents_close(docs);
    return rc;
}

/* --- output --- */

struct row {
    struct acronym_pair pair;
    uint32_t docs;
    struct view path;
    uint32_t line;
    const char *index; /* NULL: there is one */
};

static void add_json(struct json *j, const struct row *r)
{
    json_object(j);
    json_key(j, "acronym");
    json_str(j, r->pair.brief);
    json_key(j, "long");
    json_str(j, r->pair.full);
    json_key(j, "documents");
    json_uint(j, r->docs);
    json_key(j, "path");
    json_str(j, r->path);
    json_key(j, "line");
    if (r->line)
        json_uint(j, r->line);
    else
        json_null(j);
    json_key(j, "index");
    json_cstr(j, r->index);
    json_end(j);
}

static int add_tsv(struct buf *out, const struct row *r)
{
    int rc = shown_field(out, r->pair.brief);

    rc |= buf_addc(out, '\t') | shown_field(out, r->pair.full);
    rc |= buf_addf(out, "\t%u\t", (unsigned)r->docs);
    rc |= shown_field(out, r->path) | buf_addc(out, '\t');
    if (r->line)
        rc |= buf_addf(out, "%u", (unsigned)r->line);
    if (r->index)
        rc |= buf_addc(out, '\t') | shown_field(out, view_str(r->index));
    return rc | buf_addc(out, '\n');
}

static int add_text(struct buf *out, const struct row *r)
{
    size_t at = out->n;
    int rc = shown_safe(out, r->pair.brief, false);

    while (rc == 0 && out->n - at < 10)
        rc = buf_addc(out, ' ');
    rc |= buf_addf(out, " %6u  ", (unsigned)r->docs);
    rc |= shown_safe(out, r->pair.full, false);
    rc |= buf_adds(out, "  ") | shown_safe(out, r->path, false);
    if (r->line)
        rc |= buf_addf(out, ":%u", (unsigned)r->line);
    if (r->index)
        rc |= buf_adds(out, "   in ") |
              shown_safe(out, view_str(r->index), false);
    return rc | buf_addc(out, '\n');
}

static int print(struct listing *l, const struct entry *e, struct json *j)
{
    struct session *s = l->s;
    enum format format = s->settings->format;
    struct row r = {.docs = e->sense.docs};
    struct buf path = {0};
    int rc = senses_written(&l->env, e->brief, &e->sense, &r.pair, s->err);

    if (rc > 0)
        rc = find_place(l, e, &r.pair, &path, &r.line);
    r.path = buf_view(&path);
    if (s->nindexes > 1)
        r.index = buf_cstr(&s->dir[e->sense.part]);
    if (rc == 0 && format == FORMAT_TEXT)
        rc = add_text(&s->out, &r);
    else if (rc == 0 && format == FORMAT_TSV)
        rc = add_tsv(&s->out, &r);
    else if (rc == 0)
        add_json(j, &r);
    if (rc == 0 && format == FORMAT_NDJSON)
        rc = buf_addc(&s->out, '\n');
    buf_release(&path);
    return rc ? err_nomem(s->err) : 0;
}

static int print_all(struct listing *l)
{
    const struct settings *set = l->s->settings;
    struct json j = {.out = &l->s->out};
    uint64_t i, end = l->nentries;
    int rc = 0;

    if (set->limit && set->offset + set->limit < end)
        end = set->offset + set->limit;
    if (set->format == FORMAT_JSON)
        json_array(&j);
    for (i = set->offset; i < end && rc == 0; i++) {
        if (set->format == FORMAT_NDJSON)
            j = (struct json){.out = &l->s->out};
        rc = print(l, &l->entry[i], &j);
    }
    if (set->format == FORMAT_JSON) {
        json_end(&j);
        j.failed |= buf_addc(&l->s->out, '\n') < 0;
    }
    return rc < 0 || !j.failed ? rc : err_nomem(l->s->err);
}

int ask_acronyms(struct session *s)
{
    struct listing l = {.s = s};
    struct buf term = {0}, named = {0};
    size_t i;
    int rc = session_begin(s);

    arena_clear(&s->arena);
    l.maker = (struct leaf_maker){.lexers = &s->list,
                                  .words = s->words,
                                  .arena = &s->arena,
                                  .notes = &s->notes};
    l.env = (struct senses_env){s->index, s->nindexes, &l.maker};
    if (rc == 0)
        rc = choose(&l);
    if (rc == 0 && (join(s->settings, &term) < 0 ||
                    acronym_fold_brief(buf_view(&term), &named) < 0))
        rc = err_nomem(s->err);
    for (i = 0; i < l.nbriefs && rc == 0; i++)
        rc = add_senses(&l, l.brief[i],
                        term.n == 0 || view_eq(l.brief[i], buf_view(&named)));
    if (l.nentries > 1)
        qsort(l.entry, l.nentries, sizeof *l.entry, by_docs);
    if (rc == 0 && !s->settings->quiet)
        rc = print_all(&l);
    free(l.brief);
    free(l.entry);
    buf_release(&l.text);
    buf_release(&term);
    buf_release(&named);
    return rc < 0 ? rc : l.nentries > 0;
}
