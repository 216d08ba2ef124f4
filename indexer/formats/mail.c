#include "indexer/formats/mail.h"

#include <stdio.h>

#include "base/date.h"
#include "indexer/formats/charset.h"
#include "indexer/formats/html.h"
#include "indexer/formats/mail_decode.h"
#include "indexer/formats/mail_header.h"
#include "indexer/formats/mbox.h"
#include "indexer/formats/prose.h"
#include "text/utf8.h"

enum { TYPE = 80 }; /* bytes of a content type that are of use */

struct mail {
    struct extract *x;
    struct prose prose;
    const char *charset; /* of what names none, or NULL */
    unsigned depth, parts;
    struct buf decoded, converted, value; /* of one part */
    struct err *err;
};

/* One part: what its head says, and its bytes. */
struct part {
    struct mail_header head;
    char type[TYPE];
    struct view body;
};

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static void part_read(struct view v, struct part *p)
{
    size_t n = mail_header_read(v, &p->head);

    p->body = view_sub(v, n, v.n);
    mail_token(p->head.type, p->type, sizeof p->type);
    if (p->type[0] == 0)
        strcpy(p->type, "text/plain");
}

/* --- texts --- */

/* The part's bytes without their transfer encoding. */
static int decode(struct mail *m, const struct part *p, struct view *out)
{
    char encoding[TYPE];
    int rc;

    *out = p->body;
    mail_token(p->head.encoding, encoding, sizeof encoding);
    buf_clear(&m->decoded);
    if (strcmp(encoding, "base64") == 0)
        rc = mail_base64(p->body, &m->decoded);
    else if (strcmp(encoding, "quoted-printable") == 0)
        rc = mail_quoted_printable(p->body, false, &m->decoded);
    else
        return 0;
    *out = buf_view(&m->decoded);
    return rc;
}

/* Notes the encoding of a text, for the first that has one. */
static int note_charset(struct mail *m, const char *name, bool guessed)
{
    if (name[0] == 0 || m->x->charset.n)
        return 0;
    m->x->guessed = guessed;
    return buf_adds(&m->x->charset, name);
}

/* The text of bytes in the charset that is named, or found. */
static int convert(struct mail *m, struct view bytes, struct view label)
{
    struct charset_text guess = {0};
    char name[CHARSET_NAME] = "";
    size_t ill = utf8_errors(bytes);
    int rc;

    buf_clear(&m->converted);
    if (!charset_name(label, name))
        name[0] = 0;
    if (label.n == 0 && m->charset)
        snprintf(name, sizeof name, "%s", m->charset);
    if (ill == 0 && (name[0] == 0 || strcmp(name, "windows-1252") == 0))
        return buf_add(&m->converted, bytes) < 0 ? err_nomem(m->err) : 0;
    if (name[0] == 0) {
        rc = charset_guess(bytes, ill, &guess, m->err);
        if (rc > 0) {
            rc = note_charset(m, guess.name, true);
            if (rc == 0)
                rc = buf_add(&m->converted, buf_view(&guess.utf8));
        } else if (rc == 0) {
            rc = mail_text(bytes, view_of("", 0), NULL, &m->converted);
        }
        charset_text_release(&guess);
        return rc;
    }
    rc = note_charset(m, name, false);
    return rc < 0 ? rc : mail_text(bytes, view_str(name), NULL, &m->converted);
}

/* Appends text with its lines: LF ends them, other control characters are
 * blanks. */
static int add_lines(struct mail *m, struct view v)
{
    struct buf *b = &m->value;
    size_t i;

    buf_clear(b);
    if (buf_reserve(b, v.n) < 0)
        return err_nomem(m->err);
    for (i = 0; i < v.n; i++) {
        uint8_t c = v.p[i];

        if (c == '\r' && i + 1 < v.n && v.p[i + 1] == '\n')
            continue;
        if (c == '\n')
            while (b->n && (b->p[b->n - 1] == ' ' || b->p[b->n - 1] == '\t'))
                b->n--;
        if (b->n == 0 && c <= ' ')
            continue;
        b->p[b->n++] = c < ' ' && c != '\n' && c != '\t' ? ' ' : c;
    }
    while (b->n && (b->p[b->n - 1] <= ' '))
        b->n--;
    prose_break(&m->prose, PROSE_PARAGRAPH);
    return prose_verbatim(&m->prose, buf_view(b), m->err);
}

static int add_plain(struct mail *m, const struct part *p)
{
    struct view bytes;
    int rc = decode(m, p, &bytes);

    buf_clear(&m->value);
    if (rc == 0)
        rc = mail_parameter(p->head.type, "charset", &m->value);
    if (rc < 0)
        return err_nomem(m->err);
    rc = convert(m, bytes, buf_view(&m->value));
    return rc < 0 ? rc : add_lines(m, buf_view(&m->converted));
}

static int add_html(struct mail *m, const struct part *p)
{
    struct extract one = {0};
    struct extract_limits limits = {.text_max = m->prose.max};
    char name[CHARSET_NAME] = "";
    struct view bytes;
    int rc = decode(m, p, &bytes);

    buf_clear(&m->value);
    if (rc == 0)
        rc = mail_parameter(p->head.type, "charset", &m->value);
    if (rc == 0 && m->value.n && charset_name(buf_view(&m->value), name))
        limits.charset = name[0] ? name : "UTF-8";
    else if (rc == 0 && m->value.n == 0)
        limits.charset = m->charset;
    rc =
        rc < 0 ? err_nomem(m->err) : html_extract(bytes, &limits, &one, m->err);
    if (rc == 0 && one.charset.n && m->x->charset.n == 0) {
        rc = buf_add(&m->x->charset, buf_view(&one.charset));
        m->x->guessed = one.guessed;
    }
    prose_break(&m->prose, PROSE_PARAGRAPH);
    if (rc == 0)
        rc = prose_verbatim(&m->prose, buf_view(&one.text), m->err);
    extract_release(&one);
    return rc;
}

/* --- parts --- */

static int add_part(struct mail *m, struct view v, bool message);

/* Goes to the next line of v from byte *at on that is --boundary: the byte it
 * begins at, and *at is behind it; v.n where there is none. */
static size_t next_boundary(struct view v, struct view boundary, size_t *at,
                            bool *last)
{
    while (*at < v.n) {
        const uint8_t *nl = memchr(v.p + *at, '\n', v.n - *at);
        size_t from = *at;
        struct view line = view_sub(v, from, nl ? (size_t)(nl - v.p) + 1 : v.n);

        *at += line.n;
        if (line.n < boundary.n + 2 || line.p[0] != '-' || line.p[1] != '-' ||
            memcmp(line.p + 2, boundary.p, boundary.n) != 0)
            continue;
        line = view_sub(line, boundary.n + 2, line.n);
        *last = line.n >= 2 && line.p[0] == '-' && line.p[1] == '-';
        if (*last)
            line = view_sub(line, 2, line.n);
        while (line.n && line.p[line.n - 1] <= ' ')
            line.n--;
        if (line.n == 0)
            return from;
    }
    return v.n;
}

/* Gets the parts of a body one by one: they lie from *at on. */
static bool next_part(struct view body, struct view boundary, size_t *at,
                      bool *last, struct view *part)
{
    size_t from = *at, end;

    if (*last || from >= body.n)
        return false;
    end = next_boundary(body, boundary, at, last);
    *part = view_sub(body, from, end);
    return true;
}

/* How much a part of an alternative is wanted. */
static int rank(const struct part *p)
{
    size_t i = 0;

    while (i < p->body.n && p->body.p[i] <= ' ')
        i++;
    if (i == p->body.n)
        return 0;
    return begins(p->type, "text/plain")   ? 4
           : begins(p->type, "text/html")  ? 3
           : begins(p->type, "multipart/") ? 2
                                           : 1;
}

static int add_parts(struct mail *m, const struct part *p, struct view boundary)
{
    bool choose = begins(p->type, "multipart/alternative"), last = false;
    struct view v, best = {NULL, 0};
    struct part one;
    size_t at = 0;
    int best_rank = -1, rc = 0;

    if (next_boundary(p->body, boundary, &at, &last) == p->body.n)
        return add_plain(m, p);
    while (rc == 0 && next_part(p->body, boundary, &at, &last, &v)) {
        if (!choose) {
            rc = add_part(m, v, false);
            continue;
        }
        part_read(v, &one);
        if (rank(&one) > best_rank) {
            best_rank = rank(&one);
            best = v;
        }
    }
    return rc == 0 && best_rank >= 0 ? add_part(m, best, false) : rc;
}

static int add_multipart(struct mail *m, const struct part *p)
{
    struct buf boundary = {0};
    int rc = mail_parameter(p->head.type, "boundary", &boundary);

    if (rc < 0)
        err_nomem(m->err);
    else if (boundary.n == 0)
        rc = add_plain(m, p);
    else
        rc = add_parts(m, p, buf_view(&boundary));
    buf_release(&boundary);
    return rc;
}

/* Keeps the name of what is attached. */
static int add_name(struct mail *m, const struct part *p)
{
    buf_clear(&m->value);
    if (mail_parameter(p->head.disposition, "filename", &m->value) < 0 ||
        (m->value.n == 0 &&
         mail_parameter(p->head.type, "name", &m->value) < 0) ||
        extract_field(m->x, "attachment", buf_view(&m->value)) < 0)
        return err_nomem(m->err);
    return 0;
}

/* A line of a field, below its name if it has one. */
static int add_field_line(struct mail *m, const char *name, struct view field)
{
    buf_clear(&m->value);
    if (field.n == 0)
        return 0;
    if (buf_adds(&m->value, name) < 0 || mail_words(field, &m->value) < 0)
        return err_nomem(m->err);
    prose_break(&m->prose, PROSE_LINE);
    return prose_verbatim(&m->prose, buf_view(&m->value), m->err);
}

/* The lines that stand before a message within other text. */
static int add_head(struct mail *m, const struct mail_header *h)
{
    int rc;

    prose_break(&m->prose, PROSE_PARAGRAPH);
    rc = add_field_line(m, "", h->subject);
    if (rc == 0)
        rc = add_field_line(m, "From: ", h->from);
    if (rc == 0)
        rc = add_field_line(m, "Date: ", h->date);
    return rc;
}

/* A message that is a part of another may be encoded, against the rules. */
static int add_message(struct mail *m, const struct part *p)
{
    struct buf own = {0};
    struct view v;
    int rc = decode(m, p, &v);

    if (rc == 0 && v.p != p->body.p) {
        rc = buf_add(&own, v);
        v = buf_view(&own);
    }
    rc = rc < 0 ? err_nomem(m->err) : add_part(m, v, true);
    buf_release(&own);
    return rc;
}

static int add_content(struct mail *m, const struct part *p)
{
    int rc;

    if (begins(p->type, "multipart/"))
        return add_multipart(m, p);
    rc = add_name(m, p);
    if (rc < 0)
        return rc;
    if (strcmp(p->type, "message/rfc822") == 0 ||
        strcmp(p->type, "message/global") == 0)
        return add_message(m, p);
    if (strcmp(p->type, "text/html") == 0)
        return add_html(m, p);
    return begins(p->type, "text/") ? add_plain(m, p) : 0;
}

/* Adds a part with its head; `message`: one within another. */
static int add_part(struct mail *m, struct view v, bool message)
{
    struct part p;
    int rc = 0;

    if (++m->parts > MAIL_PARTS)
        return err_set(m->err, ERR_FULL, "more than %d parts", MAIL_PARTS);
    if (m->depth >= MAIL_DEPTH)
        return 0;
    m->depth++;
    part_read(v, &p);
    if (message)
        rc = add_head(m, &p.head);
    if (rc == 0)
        rc = add_content(m, &p);
    m->depth--;
    return rc;
}

/* --- messages --- */

static int add_date(struct view field, struct buf *out)
{
    char text[11];
    size_t at = 0;
    int32_t days = date_at(field, &at);

    if (days == DATE_NONE)
        return 0;
    date_text(days, text);
    return buf_adds(out, text);
}

static int add_field(struct mail *m, const char *name, struct view field)
{
    buf_clear(&m->value);
    return mail_words(field, &m->value) < 0 ||
                   extract_field(m->x, name, buf_view(&m->value)) < 0
               ? ERR_NOMEM
               : 0;
}

static int add_fields(struct mail *m, const struct mail_header *h)
{
    char language[TYPE];

    mail_token(h->language, language, sizeof language);
    language[strcspn(language, ",")] = 0;
    return mail_words(h->subject, &m->x->title) < 0 ||
                   add_date(h->date, &m->x->date) < 0 ||
                   buf_adds(&m->x->language, language) < 0 ||
                   add_field(m, "from", h->from) < 0 ||
                   add_field(m, "to", h->to) < 0 ||
                   add_field(m, "cc", h->cc) < 0
               ? err_nomem(m->err)
               : 0;
}

static void mail_open(struct mail *m, const struct extract_limits *limits,
                      struct extract *x, struct err *err)
{
    *m = (struct mail){.x = x, .err = err};
    m->prose.out = &x->text;
    m->prose.max = limits->text_max;
    m->charset = limits->charset;
}

static void mail_release(struct mail *m)
{
    buf_release(&m->decoded);
    buf_release(&m->converted);
    buf_release(&m->value);
}

int eml_extract(struct view bytes, const struct extract_limits *limits,
                struct extract *x, struct err *err)
{
    struct mail m;
    struct part p;
    int rc;

    mail_open(&m, limits, x, err);
    part_read(bytes, &p);
    if (p.body.n == bytes.n)
        return err_set(err, ERR_USAGE, "it does not begin as a message does");
    m.depth = 1;
    rc = add_fields(&m, &p.head);
    if (rc == 0)
        rc = add_content(&m, &p);
    mail_release(&m);
    return rc;
}

int mbox_extract(struct view bytes, const struct extract_limits *limits,
                 struct extract *x, struct err *err)
{
    size_t at = mbox_find(bytes, 0), end;
    struct buf message = {0};
    struct mail m;
    int rc = 0;

    if (at == bytes.n)
        return err_set(err, ERR_USAGE, "no line begins a message in it");
    mail_open(&m, limits, x, err);
    for (; at < bytes.n && rc == 0; at = end) {
        end = mbox_find(bytes, at + 1);
        buf_clear(&message);
        m.parts = 0;
        rc = mbox_message(view_sub(bytes, at, end), &message) < 0
                 ? err_nomem(err)
                 : add_part(&m, buf_view(&message), true);
        prose_break(&m.prose, PROSE_PARAGRAPH);
        prose_page(&m.prose);
    }
    buf_release(&message);
    mail_release(&m);
    return rc;
}
