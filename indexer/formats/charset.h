/*
 * charset.h - bytes in whatever encoding become UTF-8, and it is known which
 * encoding that was and whether it was guessed.
 *
 * What decides, in this order:
 * 1. a byte order mark (UTF-8, UTF-16);
 * 2. what the user said (--encoding);
 * 3. in HTML, <meta charset> or its older form in the first CHARSET_HEAD bytes;
 *    unless the bytes are UTF-8 beyond chance: three and more sequences, all
 *    well-formed;
 * 4. UTF-8, also if damaged, as long as CHARSET_FEW ill-formed sequences or
 *    fewer are in it, or more well-formed than ill-formed ones: other
 *    encodings give hardly any by chance;
 * 5. the guess of libuchardet from the bytes, if what it gives is a text: with
 *    hardly a byte that the encoding does not have and no control characters;
 * 6. UTF-8, each ill-formed sequence U+FFFD.
 *
 * Labels are those of the web (encoding.spec.whatwg.org), where "latin1" means
 * windows-1252, "gb2312" GB18030 and "shift_jis" Microsoft's; beyond those, all
 * that iconv(3) knows.
 */
#ifndef INDEXER_CHARSET_H
#define INDEXER_CHARSET_H

#include "base/buf.h"
#include "base/err.h"

enum {
    CHARSET_NAME = 40,   /* bytes of a name, with its NUL */
    CHARSET_HEAD = 4096, /* bytes in which <meta charset> is looked for */
    CHARSET_FEW = 2      /* ill-formed sequences that are damage */
};

struct charset_text {
    struct buf utf8;         /* of HTML without control characters */
    char name[CHARSET_NAME]; /* the encoding, "" for UTF-8 */
    bool guessed;
    size_t replaced;     /* bytes or sequences that became U+FFFD */
    const char *lacking; /* the package that a guess would need, or NULL */
};

/* The encoding that a label means, in the web's spelling or in its own: false
 * where neither the table nor iconv has it. "" is UTF-8. */
bool charset_name(struct view label, char out[CHARSET_NAME]);

/* Appends what v says in that encoding (not "") to out. Bytes that the
 * encoding does not have become U+FFFD, one each, and are counted in *replaced.
 * 0; ERR_USAGE where iconv does not know it; ERR_NOMEM. */
int charset_convert(struct view v, const char *name, struct buf *out,
                    size_t *replaced, struct err *err);

/* The same piece by piece. */
struct charset_reader;
int charset_reader_open(struct charset_reader **out, const char *name,
                        struct err *err);
/* Appends what *raw says; what may be the beginning of a character stays in it,
 * unless it is the end. 0 or ERR_NOMEM. */
int charset_read(struct charset_reader *r, struct buf *raw, bool end,
                 struct buf *out);
size_t charset_reader_replaced(const struct charset_reader *r);
void charset_reader_free(struct charset_reader *r); /* NULL is allowed */

/* Plain text that has `ill` ill-formed sequences of UTF-8, by 4 to 6: 1 with
 * *out filled; 0 where it is UTF-8, with out->lacking set if need be;
 * ERR_NOMEM. */
int charset_guess(struct view v, size_t ill, struct charset_text *out,
                  struct err *err);

/* HTML, by 1 to 6, with U+FFFD for what is ill-formed and blanks for control
 * characters. `given`: the user's
 * encoding, or NULL. 0, ERR_USAGE, ERR_NOMEM. */
int charset_html(struct view v, const char *given, struct charset_text *out,
                 struct err *err);

/* What HTML declares: false where it does not, or what cannot be, such as
 * UTF-16. */
bool charset_meta(struct view html, char out[CHARSET_NAME]);

void charset_text_release(struct charset_text *t);

#endif
