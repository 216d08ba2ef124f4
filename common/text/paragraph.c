#include "text/paragraph.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void paragraphs_count(struct paragraphs *p, struct view v)
{
    const uint8_t *at = v.p, *end = v.p + v.n;

    while (at < end) {
        if (p->ends == 0) { /* nothing but a line end matters */
            at = memchr(at, '\n', (size_t)(end - at));
            if (!at)
                return;
        }
        if (*at == '\n') {
            p->ends += p->ends < PARAGRAPH_ENDS;
        } else if (!is_blank(*at)) {
            p->n += p->ends == PARAGRAPH_ENDS;
            p->ends = 0;
        }
        at++;
    }
}
