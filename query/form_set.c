#include "query/form_set.h"

#include "query/expand.h"

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Whether a form folds to `word`, as far as that shows without the lexer. Of
 * ASCII, letters and digits stay, in lower case, and marks may or may not. */
enum verdict { NO, YES, UNKNOWN };
static enum verdict look(struct view form, struct view word)
{
    size_t i, k = 0;
    bool marks = false;

    if (form.n > LEXEME_MAX)
        return UNKNOWN; /* it is cut */
    for (i = 0; i < form.n; i++) {
        uint8_t c = lower(form.p[i]);

        if (c >= 0x80)
            return UNKNOWN;
        if (!is_letter(c)) {
            marks = true;
            continue;
        }
        while (k < word.n && word.p[k] < 0x80 && !is_letter(word.p[k]))
            k++;
        if (k == word.n || word.p[k++] != c)
            return NO;
    }
    if (!marks)
        return k == word.n && form.n == word.n ? YES : NO;
    while (k < word.n && word.p[k] < 0x80 && !is_letter(word.p[k]))
        k++;
    return k == word.n ? UNKNOWN : NO;
}

static int passes(struct op_env *env, const struct slot *s,
                  const struct form *f, bool *out)
{
    struct view folded;
    enum verdict seen;

    if (s->test == TEST_NONE) {
        *out = true;
        return 0;
    }
    if (s->test == TEST_FORM) {
        *out = view_eq(f->text, s->word);
        return 0;
    }
    seen = look(f->text, s->word);
    *out = seen == YES;
    if (seen != UNKNOWN)
        return 0;
    if (lexer_folded(env->lexers->lexer[0], f->text, &folded) < 0)
        return err_nomem(env->err);
    *out = view_eq(folded, s->word);
    return 0;
}

/* Room for the forms of p. */
static int make(struct form_set *fs, struct op_env *env, struct postings *p)
{
    int rc;

    memset(fs, 0, sizeof *fs);
    rc = postings_forms(p, &fs->forms);
    if (rc < 0)
        return rc;
    fs->n = fs->forms->n;
    fs->pass = arena_alloc(env->arena, fs->n);
    return fs->pass ? 0 : err_nomem(env->err);
}

int form_set_make(struct form_set *fs, struct op_env *env, const struct slot *s,
                  struct postings *p)
{
    uint32_t i;
    int rc = make(fs, env, p);

    for (i = 0; rc == 0 && i < fs->n; i++) {
        bool pass;

        rc = passes(env, s, &fs->forms->form[i], &pass);
        if (rc < 0)
            return rc;
        fs->pass[i] = pass;
        fs->passed += pass;
    }
    return rc;
}

int form_set_of_pattern(struct form_set *fs, struct op_env *env,
                        const struct slot *s, struct view term,
                        struct postings *p)
{
    uint8_t room[LEXEME_FORM_MAX];
    struct view word;
    uint32_t i;
    int rc = make(fs, env, p);

    for (i = 0; rc == 0 && i < fs->n; i++) {
        if (expand_fold(env->lexers, &fs->forms->form[i], &term, room, &word) <
            0)
            return err_nomem(env->err);
        fs->pass[i] =
            word.n && (s->pattern->fuzzy ||
                       pattern_match(s->pattern, word) != PATTERN_NONE);
        fs->passed += fs->pass[i];
    }
    return rc;
}
