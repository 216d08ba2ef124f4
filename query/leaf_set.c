/* Leaves of patterns, and of words that may be misspelled. */
#include "query/leaf_make.h"

/* Fills in a pattern piece by piece, and how it is printed. */
static bool add_piece_of(struct leaf_maker *m, struct pattern *p,
                         struct buf *word, struct view piece)
{
    struct lexeme lx;

    if (piece.n == 0)
        return true;
    return lexer_lexeme(m->lexers->lexer[0], piece, TOKEN_WORD, &lx) == 0 &&
           lx.nterms > 0 && buf_add(word, lx.folded) == 0 &&
           pattern_add(p, lx.folded);
}

/* False where it cannot be one, or memory is out. */
static bool wildcards(struct leaf_maker *m, struct pattern *p, struct buf *word,
                      struct view text)
{
    size_t i, from = 0;

    for (i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];

        if (c != '*' && c != '?')
            continue;
        if (!add_piece_of(m, p, word, view_sub(text, from, i)) ||
            buf_addc(word, c) < 0 ||
            !pattern_add_wildcard(p, c == '*' ? PATTERN_MANY : PATTERN_ONE))
            return false;
        from = i + 1;
    }
    return add_piece_of(m, p, word, view_sub(text, from, text.n)) &&
           pattern_literal(p) > 0;
}

/* The same of a word that may be misspelled. */
static bool misspelled(struct leaf_maker *m, struct slot *s, struct buf *word,
                       const struct node *n)
{
    struct pieces ps;

    if (leaf_analyse(m, n, false, &ps, NULL) < 0 || ps.n != 1 ||
        ps.piece->kind != TOKEN_WORD)
        return false;
    s->pattern->fuzzy = s->stem->fuzzy = true;
    s->pattern->distance = s->stem->distance = n->number;
    return buf_add(word, ps.piece->folded) == 0 &&
           buf_addf(word, "~%u", (unsigned)n->number) == 0 &&
           pattern_add(s->pattern, ps.piece->folded) &&
           pattern_add(s->stem, ps.piece->term[ps.piece->plain[0]].term);
}

int leaf_set(struct leaf_maker *m, const struct node *n, struct leaf **out,
             struct err *err)
{
    struct err own = {0};
    struct buf word = {0};
    struct leaf *l;
    struct slot *s;
    bool good;

    *out = NULL;
    l = leaf_make(m, n, LEAF_SET, 1, err ? err : &own);
    if (!l)
        return err ? err->code : own.code;
    s = l->slot;
    s->kind = TOKEN_WORD;
    s->span = 1;
    s->pattern = arena_alloc(m->arena, sizeof *s->pattern);
    s->stem = arena_alloc(m->arena, sizeof *s->stem);
    if (!s->pattern || !s->stem)
        return err_nomem(err);
    if (n->kind == NODE_FUZZY) {
        good = misspelled(m, s, &word, n);
    } else {
        good = wildcards(m, s->pattern, &word, n->text);
        s->stem = NULL;
    }
    s->word = arena_copy(m->arena, buf_view(&word));
    buf_release(&word);
    if (good && !s->word.p)
        return err_nomem(err);
    if (good) {
        *out = l;
        m->nwords++;
    } else {
        m->nslots--;
    }
    return 0;
}
