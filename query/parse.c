#include "query/parse.h"

#include "query/lex.h"
#include "query/parse_make.h"

/* The items of one text, and how far the parser is. The lexer bounds the
 * depth of groups, and with it the recursion here. */
struct parser {
    struct parse *p;
    struct lex lex;
    struct lex_item item; /* the next one */
    struct lex_item peek; /* the one behind */
    struct err *err;
    int rc; /* first failure */
};

/* A list under construction. */
struct list {
    struct node *node;
    struct node *last; /* clause, or NULL */
    bool joined;       /* AND stands before the next clause */
};

static int lists(struct parser *ps, bool title, struct node **out);

static void advance(struct parser *ps)
{
    int rc;

    ps->item = ps->peek;
    if (ps->peek.kind == LEX_END || ps->rc < 0)
        return;
    rc = lex_next(&ps->lex, &ps->peek, ps->err);
    if (rc < 0) {
        ps->rc = rc;
        ps->item.kind = ps->peek.kind = LEX_END;
    }
}

struct node *parse_make(struct parse *p, enum node_kind kind, bool title,
                        struct view text)
{
    struct node *n = arena_alloc(p->arena, sizeof *n);

    if (!n)
        return NULL;
    n->kind = kind;
    n->title = title;
    n->text = text;
    n->boost = 1;
    return n;
}

int parse_count(struct parse *p, struct err *err)
{
    if (++p->words > PARSE_WORDS)
        return err_set(err, ERR_USAGE, "the query has more than %d words",
                       PARSE_WORDS);
    return 0;
}

/* Whether an item of this kind begins a clause. */
static bool begins(enum lex_kind k)
{
    return (k >= LEX_WORD && k <= LEX_OPEN) || k == LEX_PLUS ||
           k == LEX_MINUS || k == LEX_NOT;
}

static bool begins_atom(enum lex_kind k)
{
    return k >= LEX_WORD && k <= LEX_OPEN;
}

static void append(struct list *l, struct node *n)
{
    if (l->last)
        l->last->next = n;
    else
        l->node->child = n;
    l->last = n;
}

/* An atom; *out is NULL where it is an empty group. */
static int atom(struct parser *ps, bool title, struct node **out)
{
    static const enum node_kind kinds[] = {
        [LEX_WORD] = NODE_WORD,       [LEX_EXACT] = NODE_EXACT,
        [LEX_PATTERN] = NODE_PATTERN, [LEX_FUZZY] = NODE_FUZZY,
        [LEX_WITHIN] = NODE_WITHIN,   [LEX_PATH] = NODE_PATH,
        [LEX_ID] = NODE_ID,           [LEX_DATE] = NODE_DATE,
        [LEX_LANG] = NODE_LANG,
    };
    struct lex_item item = ps->item;
    size_t i;
    int rc;

    *out = NULL;
    if (item.kind == LEX_TITLE) {
        advance(ps);
        title = true;
        item = ps->item;
    }
    if (!begins_atom(item.kind) || item.kind == LEX_TITLE)
        return 0; /* the lexer failed in between */
    advance(ps);
    if (item.kind == LEX_OPEN) {
        rc = lists(ps, title, out);
        if (rc < 0)
            return rc;
        if (ps->item.kind == LEX_CLOSE)
            advance(ps);
        else
            notes_wrong(ps->p->notes, item.text,
                        "a '(' is not closed: it ends with the query");
        if (!(*out)->child->child && !(*out)->child->next)
            *out = NULL;
    } else if (item.kind == LEX_PHRASE) {
        rc = parse_quoted(ps->p, item.text, title, out, ps->err);
        if (rc < 0)
            return rc;
    } else {
        rc = parse_count(ps->p, ps->err);
        if (rc < 0)
            return rc;
        if (item.kind == LEX_WITHIN)
            parse_note_groups(ps->p, item.text);
        *out = parse_make(ps->p, kinds[item.kind], title, item.text);
        if (!*out)
            return err_nomem(ps->err);
        (*out)->number = item.number;
        if (item.kind == LEX_ID)
            for (i = 0; i < item.text.n; i++)
                (*out)->id = (*out)->id * 10 + (uint64_t)(item.text.p[i] - '0');
    }
    if (ps->item.kind == LEX_BOOST) {
        if (*out)
            (*out)->boost = ps->item.factor;
        advance(ps);
    }
    return 0;
}

/* An atom, or several with NEAR between. */
static int near(struct parser *ps, bool title, struct node **out)
{
    struct node *first, **end;
    uint32_t number;
    int rc = atom(ps, title, out);

    if (rc < 0 || !*out || ps->item.kind != LEX_BESIDE ||
        !begins_atom(ps->peek.kind))
        return rc;
    first = *out;
    *out = parse_make(ps->p, NODE_NEAR, title, ps->item.text);
    if (!*out)
        return err_nomem(ps->err);
    (*out)->child = first;
    end = &first->next;
    while (ps->item.kind == LEX_BESIDE && begins_atom(ps->peek.kind)) {
        number = ps->item.number;
        advance(ps);
        rc = atom(ps, title, end);
        if (rc < 0)
            return rc;
        if (*end) {
            (*end)->beside = number;
            end = &(*end)->next;
        }
    }
    if (!first->next) /* nothing but empty groups behind */
        *out = first;
    return 0;
}

/* The word that an operator is where it breaks its rule. */
static int as_text(struct parser *ps, bool title, struct list *l)
{
    struct node *n = parse_make(ps->p, NODE_WORD, title, ps->item.text);
    int rc = parse_count(ps->p, ps->err);

    if (rc < 0)
        return rc;
    if (!n)
        return err_nomem(ps->err);
    notes_wrong(ps->p->notes, ps->item.text,
                "%.*s lacks an operand: it is searched as text",
                NOTE_VIEW(ps->item.text));
    n->occur = ps->p->all ? OCCUR_MUST : OCCUR_SHOULD;
    append(l, n);
    advance(ps);
    return 0;
}

static int clause(struct parser *ps, bool title, struct list *l)
{
    enum lex_kind sign = ps->item.kind;
    struct node *before = l->joined ? l->last : NULL, *n;
    bool set;
    int rc;

    if (sign == LEX_PLUS || sign == LEX_MINUS || sign == LEX_NOT)
        advance(ps);
    else
        sign = LEX_END;
    l->joined = false;
    rc = near(ps, title, &n);
    if (rc < 0 || !n)
        return rc;
    set = n->kind >= NODE_PATH;
    if (sign == LEX_MINUS || sign == LEX_NOT)
        n->occur = OCCUR_MUST_NOT;
    else if (sign == LEX_PLUS || before || (ps->p->all && !set))
        n->occur = OCCUR_MUST;
    if (before && before->occur == OCCUR_SHOULD)
        before->occur = OCCUR_MUST;
    append(l, n);
    return 0;
}

/* One list, up to OR, ) or the end. */
static int list(struct parser *ps, bool title, struct node **out)
{
    struct list l = {0};
    int rc = 0;

    *out = l.node = parse_make(ps->p, NODE_LIST, false, view_of(NULL, 0));
    if (!l.node)
        return err_nomem(ps->err);
    while (rc == 0) {
        enum lex_kind k = ps->item.kind, behind = ps->peek.kind;

        if (k == LEX_END || k == LEX_CLOSE) {
            break;
        } else if (k == LEX_AND) {
            if (l.last && begins(behind) && !l.joined) {
                l.joined = true;
                advance(ps);
            } else {
                rc = as_text(ps, title, &l);
            }
        } else if (k == LEX_OR) {
            if (l.last && begins(behind))
                break;
            rc = as_text(ps, title, &l);
        } else if (k == LEX_BESIDE || (k == LEX_NOT && !begins_atom(behind))) {
            rc = as_text(ps, title, &l);
        } else if (k == LEX_BOOST) { /* of nothing */
            advance(ps);
        } else {
            rc = clause(ps, title, &l);
        }
    }
    return rc < 0 ? rc : ps->rc;
}

/* Lists between ORs. */
static int lists(struct parser *ps, bool title, struct node **out)
{
    struct node *n = parse_make(ps->p, NODE_OR, false, view_of(NULL, 0));
    struct node **tail;
    int rc;

    *out = n;
    if (!n)
        return err_nomem(ps->err);
    tail = &n->child;
    for (;;) {
        rc = list(ps, title, tail);
        if (rc < 0 || ps->item.kind != LEX_OR)
            return rc;
        advance(ps);
        tail = &(*tail)->next;
    }
}

/* Tells the outermost lists how much of them must match. */
static void require(const struct parse *p, struct node *query)
{
    struct node *l;

    for (l = query->child; l; l = l->next) {
        l->least = p->least;
        l->percent = p->percent;
    }
}

int parse_query(struct parse *p, struct view text, struct node **out,
                struct err *err)
{
    struct parser ps = {.p = p, .err = err};
    int rc;

    lex_init(&ps.lex, text, p->notes);
    ps.peek.kind = LEX_WORD; /* anything but the end: two items to come */
    advance(&ps);
    advance(&ps);
    rc = lists(&ps, false, out);
    if (rc == 0 && ps.rc == 0)
        require(p, *out);
    return rc < 0 ? rc : ps.rc;
}

int parse_words(struct parse *p, struct view text, struct node **out,
                struct err *err)
{
    struct node *any = parse_make(p, NODE_OR, false, view_of(NULL, 0));
    struct list l = {0};
    size_t i = 0, start, n;

    l.node = parse_make(p, NODE_LIST, false, view_of(NULL, 0));
    if (!any || !l.node)
        return err_nomem(err);
    any->child = l.node;
    *out = any;
    while (i < text.n) {
        struct node *word;

        while (i < text.n && (n = lex_blank(view_sub(text, i, text.n))) > 0)
            i += n;
        start = i;
        while (i < text.n && lex_blank(view_sub(text, i, text.n)) == 0)
            i++;
        if (i == start)
            break;
        if (parse_count(p, err) < 0)
            return ERR_USAGE;
        word = parse_make(p, NODE_WORD, false, view_sub(text, start, i));
        if (!word)
            return err_nomem(err);
        word->occur = p->all ? OCCUR_MUST : OCCUR_SHOULD;
        append(&l, word);
    }
    require(p, any);
    return 0;
}

void parse_or(struct node *query, struct node *more)
{
    struct node *last = query->child;

    while (last->next)
        last = last->next;
    last->next = more->child;
}

int parse_print_docs(const struct node *n, struct buf *out)
{
    if (n->kind == NODE_ID)
        return buf_addf(out, "id:%llu", (unsigned long long)n->id);
    return buf_adds(out, n->kind == NODE_PATH   ? "path:"
                         : n->kind == NODE_DATE ? "date:"
                                                : "lang:") |
           buf_add(out, n->text);
}

/* Children, each behind a blank. */
static int print_children(const struct node *n, struct buf *out)
{
    const struct node *c;
    int rc = 0;

    for (c = n->child; c; c = c->next) {
        rc |= buf_addc(out, ' ');
        if (c->beside)
            rc |= buf_addf(out, "/%u ", (unsigned)c->beside);
        rc |= parse_print(c, out);
    }
    return rc | buf_addc(out, ')');
}

static int print_kind(const struct node *n, struct buf *out)
{
    int rc = 0;

    switch (n->kind) {
    case NODE_OR:
        return buf_adds(out, "(or") | print_children(n, out);
    case NODE_LIST:
        return buf_adds(out, "(list") | print_children(n, out);
    case NODE_NEAR:
        return buf_adds(out, "(near") | print_children(n, out);
    case NODE_ROW:
        return buf_adds(out, "(row") | print_children(n, out);
    case NODE_PHRASE:
    case NODE_WITHIN:
        rc |= buf_addc(out, '"') | buf_add(out, n->text) | buf_addc(out, '"');
        return n->kind == NODE_PHRASE
                   ? rc
                   : rc | buf_addf(out, "~%u", (unsigned)n->number);
    case NODE_FUZZY:
        return buf_add(out, n->text) |
               buf_addf(out, "~%u", (unsigned)n->number);
    case NODE_EXACT:
        return buf_addc(out, '=') | buf_add(out, n->text);
    case NODE_PATH:
    case NODE_ID:
    case NODE_DATE:
    case NODE_LANG:
        return parse_print_docs(n, out);
    case NODE_WORD:
    case NODE_PATTERN:
        break;
    }
    return buf_add(out, n->text);
}

int parse_print(const struct node *n, struct buf *out)
{
    static const char *const sign[] = {"", "+", "-"};
    int rc = buf_adds(out, sign[n->occur]);

    if (n->title && n->kind != NODE_NEAR && n->kind != NODE_ROW)
        rc |= buf_adds(out, "title:");
    rc |= print_kind(n, out);
    return n->boost == 1 ? rc : rc | buf_addf(out, "^%g", n->boost);
}
