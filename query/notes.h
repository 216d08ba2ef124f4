/*
 * notes.h - remarks about a query that did not stop it: what was taken as
 * text, what was cut short. Shown as warnings; of those that say that a rule
 * of the language was broken, --strict makes an error.
 */
#ifndef QUERY_NOTES_H
#define QUERY_NOTES_H

#include "base/buf.h"

enum { NOTES_MAX = 16 }; /* the rest is dropped: nobody reads it */

struct notes {
    struct buf text; /* the notes, a NUL behind each */
    unsigned n;
    unsigned end[NOTES_MAX]; /* where each ends in text, its NUL left out */
    struct view wrong; /* the first thing that broke a rule, in the text of the
                        * query, or {NULL, 0} … */
    unsigned why;      /* … and the number of the note about it */
};

/* Adds one (printf); the same note twice is kept once. Memory running out
 * loses the note, never the query. */
void notes_add(struct notes *ns, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for what broke a rule: `where`, a view into the query's text. */
void notes_wrong(struct notes *ns, struct view where, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

struct view notes_get(const struct notes *ns, unsigned i);
void notes_clear(struct notes *ns);
void notes_release(struct notes *ns);

/* For "%.*s": at most 60 bytes of v, so that a note stays one line. */
#define NOTE_VIEW(v) (int)((v).n < 60 ? (v).n : 60), (const char *)(v).p

#endif
