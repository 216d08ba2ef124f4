/* What stands between quotes: words side by side, some of them patterns, or
 * groups of alternatives.
 *
 * Texts are quoted as they stand in documents, so a parenthesis that is not
 * plainly an operator is text: a group begins where a word may, ends where one
 * may, and has OR in it. */
#include "query/lex.h"
#include "query/lex_word.h"
#include "query/parse_make.h"

/* A row under construction. */
struct row {
    struct parse *p;
    bool title;
    unsigned depth; /* groups around it */
    struct err *err;
    struct node *node;
    struct node *last; /* slot, or NULL */
    size_t plain_from; /* of plain words that are not in a slot yet */
    size_t plain_to;
};

static size_t skip_blanks(struct view v, size_t i)
{
    size_t n;

    while (i < v.n && (n = lex_blank(view_sub(v, i, v.n))) > 0)
        i += n;
    return i;
}

static size_t word_end(struct view v, size_t i)
{
    while (i < v.n && lex_blank(view_sub(v, i, v.n)) == 0)
        i++;
    return i;
}

/* Where the first OR outside of all parentheses stands from byte i on, alone
 * and with something on either side; v.n if there is none. */
static size_t find_or(struct view v, size_t i)
{
    bool before = false;
    unsigned open = 0;
    size_t end;

    for (i = skip_blanks(v, i); i < v.n; i = skip_blanks(v, end)) {
        size_t k;

        end = word_end(v, i);
        if (open == 0 && before && end - i == 2 &&
            memcmp(v.p + i, "OR", 2) == 0 && skip_blanks(v, end) < v.n)
            return i;
        for (k = i; k < end; k++) {
            open += v.p[k] == '(';
            open -= open > 0 && v.p[k] == ')';
        }
        before = true;
    }
    return v.n;
}

/* A group that begins at byte i: its inside. */
static bool find_group(struct view v, size_t i, struct view *inside)
{
    unsigned open = 0;
    size_t k;

    if (v.p[i] != '(')
        return false;
    for (k = i; k < v.n; k++) {
        open += v.p[k] == '(';
        if (v.p[k] == ')' && --open == 0)
            break;
    }
    if (k == v.n)
        return false;
    *inside = view_sub(v, i + 1, k);
    for (k++; k < v.n && lex_punctuation(v.p[k]); k++)
        ;
    return (k == v.n || lex_blank(view_sub(v, k, v.n))) &&
           find_or(*inside, 0) < inside->n;
}

static int add_slot(struct row *r, enum node_kind kind, struct view text,
                    struct node **out)
{
    struct node *n = parse_make(r->p, kind, r->title && kind != NODE_OR, text);

    if (!n)
        return err_nomem(r->err);
    if (r->last)
        r->last->next = n;
    else
        r->node->child = n;
    *out = r->last = n;
    return kind == NODE_OR ? 0 : parse_count(r->p, r->err);
}

static int fill_row(struct parse *p, struct view text, bool title,
                    unsigned depth, struct node **out, struct err *err);

/* Adds a group of what stands between ORs. */
static int add_group(struct row *r, struct view text)
{
    struct node *group = NULL, **tail, *list;
    size_t from = 0, to;
    int rc = add_slot(r, NODE_OR, view_of(NULL, 0), &group);

    if (rc == 0 && r->depth == LEX_DEPTH)
        rc =
            err_set(r->err, ERR_USAGE,
                    "the query nests parentheses more than %d deep", LEX_DEPTH);
    if (rc < 0 || !group)
        return rc;
    for (tail = &group->child; rc == 0 && from < text.n; from = to + 2) {
        to = find_or(text, from);
        list = parse_make(r->p, NODE_LIST, false, view_of(NULL, 0));
        if (!list)
            return err_nomem(r->err);
        rc = fill_row(r->p, view_sub(text, from, to), r->title, r->depth + 1,
                      &list->child, r->err);
        *tail = list;
        tail = &list->next;
        if (to == text.n)
            break;
    }
    return rc;
}

/* Adds the plain words so far, if there are any. */
static int add_plain(struct row *r, struct view text)
{
    struct view words = view_sub(text, r->plain_from, r->plain_to);
    struct node *n;

    r->plain_from = r->plain_to = text.n;
    return words.n ? add_slot(r, NODE_PHRASE, words, &n) : 0;
}

/* Adds what begins at byte i: 0 with its end, negative. */
static int add_next(struct row *r, struct view text, size_t i, size_t *end)
{
    struct lex_item item;
    struct view inside;
    struct node *n;
    int rc;

    if (find_group(text, i, &inside)) {
        *end = (size_t)(inside.p + inside.n - text.p) + 1;
        rc = add_plain(r, text);
        return rc < 0 ? rc : add_group(r, inside);
    }
    *end = word_end(text, i);
    item.text = view_sub(text, i, *end);
    if (!lex_slot(&item, r->p->notes)) {
        if (r->plain_from == text.n)
            r->plain_from = i;
        r->plain_to = *end;
        return 0;
    }
    rc = add_plain(r, text);
    if (rc == 0)
        rc = add_slot(r, item.kind == LEX_FUZZY ? NODE_FUZZY : NODE_PATTERN,
                      item.text, &n);
    if (rc == 0)
        n->number = item.number;
    return rc;
}

static int fill_row(struct parse *p, struct view text, bool title,
                    unsigned depth, struct node **out, struct err *err)
{
    struct row r = {p, title, depth, err, NULL, NULL, text.n, text.n};
    size_t i, end = 0;
    int rc = 0;

    *out = r.node = parse_make(p, NODE_ROW, title, text);
    if (!r.node)
        return err_nomem(err);
    for (i = skip_blanks(text, 0); i < text.n && rc == 0;
         i = skip_blanks(text, end))
        rc = add_next(&r, text, i, &end);
    if (rc < 0)
        return rc;
    if (r.last)
        return add_plain(&r, text);
    r.node->kind = NODE_PHRASE;
    if (depth && r.plain_from < text.n)
        r.node->text = view_sub(text, r.plain_from, r.plain_to);
    return parse_count(p, err);
}

int parse_quoted(struct parse *p, struct view text, bool title,
                 struct node **out, struct err *err)
{
    return fill_row(p, text, title, 0, out, err);
}

void parse_note_groups(struct parse *p, struct view text)
{
    struct view inside;
    size_t i;

    for (i = skip_blanks(text, 0); i < text.n;
         i = skip_blanks(text, word_end(text, i)))
        if (find_group(text, i, &inside))
            notes_wrong(p->notes, inside,
                        "'(%.*s)': a phrase with a ~ has no groups (NEAR goes "
                        "with them); it is searched as text",
                        NOTE_VIEW(inside));
}
