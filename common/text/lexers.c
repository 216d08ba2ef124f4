#include "text/lexers.h"

#include <stdlib.h>
#include <string.h>

struct lexers {
    bool by_document;
    struct lexer *lexer[STEMMERS]; /* opened as they are asked for */
};

int lexers_open(struct lexers **out, const char *setting, struct err *err)
{
    struct lexers *ls = calloc(1, sizeof *ls);
    int rc = 0;

    *out = NULL;
    if (!ls)
        return err_nomem(err);
    ls->by_document = strcmp(setting, LEXERS_AUTO) == 0;
    if (!ls->by_document)
        rc = lexer_open(&ls->lexer[0], setting, err);
    if (rc < 0)
        free(ls);
    else
        *out = ls;
    return rc;
}

bool lexers_are_auto(const struct lexers *ls)
{
    return ls->by_document;
}

const char *lexers_setting(const struct lexers *ls)
{
    return ls->by_document ? LEXERS_AUTO : lexer_language(ls->lexer[0]);
}

unsigned lexers_number(const struct lexers *ls, struct view language)
{
    if (!ls->by_document)
        return 0;
    return stemmer_number(language.n ? language : view_str(LEXERS_DEFAULT));
}

struct lexer *lexers_get(struct lexers *ls, unsigned number)
{
    struct lexer **lx = &ls->lexer[number];
    int rc = 0;

    if (!*lx)
        rc = lexer_open(lx, stemmer_name(number), NULL);
    if (rc == ERR_USAGE) /* this libstemmer does not have it */
        lexer_open(lx, "none", NULL);
    return *lx;
}

static int add(struct lexers *ls, unsigned number, struct lexer_list *out)
{
    out->number[out->n] =
        ls->by_document ? number : stemmer_number(view_str(lexers_setting(ls)));
    out->lexer[out->n] = lexers_get(ls, number);
    return out->lexer[out->n++] ? 0 : ERR_NOMEM;
}

int lexers_list(struct lexers *ls, const uint64_t docs[STEMMERS],
                struct lexer_list *out)
{
    unsigned first = lexers_number(ls, view_of(NULL, 0)), i, number, rare;
    uint64_t total = 0;
    int rc = 0;

    memset(out, 0, sizeof *out);
    if (!ls->by_document) {
        rc = add(ls, first, out);
        out->ncommon = out->n;
        return rc;
    }
    for (i = 0; i < STEMMERS; i++)
        total += docs[i];
    for (rare = 0; rare < 2; rare++) {
        for (i = 0; i < STEMMERS && rc == 0; i++) {
            /* the default before number 0, and not again in its place */
            number = i == 0 ? first : i <= first ? i - 1 : i;
            if (docs[number] && (docs[number] * LEXERS_RARE < total) == rare)
                rc = add(ls, number, out);
        }
        if (!rare)
            out->ncommon = out->n;
    }
    if (out->n || rc < 0)
        return rc;
    rc = add(ls, first, out);
    out->ncommon = out->n;
    return rc;
}

void lexers_free(struct lexers *ls)
{
    unsigned i;

    if (!ls)
        return;
    for (i = 0; i < STEMMERS; i++)
        lexer_free(ls->lexer[i]);
    free(ls);
}
