/*
 * char_ref.h - character references of HTML and SGML: &amp; &#233; &#xE9;.
 *
 * Known names are those of XML, of Latin-1 (HTML 4, section 24.2), the common
 * ones of typography, and &hyph; and &blank; of old TREC collections. Numbers
 * mean what HTML says (section 13.2.5.80): 128 to 159 are Windows-1252, and
 * what is no character is U+FFFD.
 */
#ifndef TEXT_CHAR_REF_H
#define TEXT_CHAR_REF_H

#include "base/buf.h"

/* The reference that v begins with: its bytes, from '&' to ';', and its
 * character; 0, with *c as it was, where there is none with a known name. */
size_t char_ref(struct view v, uint32_t *c);

#endif
