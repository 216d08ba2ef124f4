#include "query/form_set.h"

/* Whether a form that is ASCII letters and digits folds to `word`. */
static bool same_ascii(struct view form, struct view word, bool *ascii)
{
    bool same = form.n == word.n;
    size_t i;

    for (i = 0; i < form.n; i++) {
        uint8_t c = form.p[i];

        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        else if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            *ascii = false;
            return false;
        }
        same = same && word.p[i] == c;
    }
    *ascii = true;
    return same;
}

static int passes(struct op_env *env, const struct slot *s,
                  const struct form *f, bool *out)
{
    uint8_t kind = f->span > 1 ? TOKEN_JOINED : s->kind;
    struct lexeme lx;
    bool ascii;

    if (s->test == TEST_NONE) {
        *out = true;
        return 0;
    }
    if (s->test == TEST_FORM) {
        *out = view_eq(f->text, s->word);
        return 0;
    }
    *out = same_ascii(f->text, s->word, &ascii);
    if (ascii)
        return 0;
    if (f->span == 1 && kind == TOKEN_JOINED)
        kind = TOKEN_WORD;
    if (lexer_lexeme(env->lexer, f->text, kind, &lx) < 0)
        return err_nomem(env->err);
    *out = view_eq(lx.folded, s->word);
    return 0;
}

int form_set_make(struct form_set *fs, struct op_env *env, const struct slot *s,
                  struct postings *p)
{
    uint32_t i;
    int rc;

    memset(fs, 0, sizeof *fs);
    rc = postings_forms(p, &fs->forms);
    if (rc < 0)
        return rc;
    fs->n = fs->forms->n;
    fs->pass = arena_alloc(env->arena, fs->n);
    if (!fs->pass)
        return err_nomem(env->err);
    for (i = 0; i < fs->n; i++) {
        bool pass;

        rc = passes(env, s, &fs->forms->form[i], &pass);
        if (rc < 0)
            return rc;
        fs->pass[i] = pass;
        fs->passed += pass;
    }
    return 0;
}
