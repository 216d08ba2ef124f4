/*
 * ignore.h - what a walk leaves out: the rules of .indexignore files, and the
 * patterns of --include and --exclude, in the syntax of gitignore(5).
 *
 * Each folder may hold one; its rules are about what lies below that folder.
 * The last rule that fits decides, an inner file's rules before an outer's;
 * "!rule" takes back in. What lies in a folder that is left out is never looked
 * at, so it cannot be taken back in. Blanks at a line's end and lines that
 * begin with # do not count; "\" makes the next character an ordinary one.
 *
 *   notes.txt    a file or folder of that name anywhere below
 *   drafts/      folders only
 *   2021/a?.md   a slash before the end: from this folder on
 *   **           between slashes: any number of folders
 *
 * Between slashes *, ?, [a-z] and [!a-z] are those of fnmatch(3). Cost: one
 * fnmatch a rule and entry.
 */
#ifndef INDEXER_IGNORE_H
#define INDEXER_IGNORE_H

#include <stdbool.h>

#include "base/buf.h"

#define IGNORE_FILE ".indexignore"

struct ignore_rule {
    uint32_t at;   /* of its first segment in `text`; a NUL ends each segment */
    uint32_t n;    /* segments */
    bool folder;   /* fits folders only */
    bool anchored; /* from the rules' folder on; else a name anywhere below */
    bool negated;
};

struct ignore_level {
    size_t base; /* length of its folder's path, with the slash */
    size_t text; /* lengths of the shared arrays without it */
    size_t rule;
};

/* A stack of folders' rules; zeroed is empty. */
struct ignore {
    struct buf text;
    struct ignore_rule *rule;
    size_t nrules, rule_cap;
    struct ignore_level *level;
    size_t depth, level_cap;
};

/* Enters a folder: `base` is the length of its path with the slash, `rules`
 * the content of its .indexignore, empty if it has none. 0 or ERR_NOMEM (then
 * nothing was entered). */
int ignore_enter(struct ignore *ig, size_t base, struct view rules);
void ignore_leave(struct ignore *ig);

/* The same with the rules of the folder that is open as `folder`: none if it has
 * no .indexignore or that is no regular file. One that cannot be read is an
 * error, as what it would leave out must not get in: an errno above 0. */
int ignore_read(struct ignore *ig, int folder, size_t base);

/* The same for the patterns of a root (roots.h), in which # and ! and blanks
 * are ordinary characters. */
int ignore_patterns(struct ignore *ig, size_t base, const char *patterns);

enum ignore_verdict { IGNORE_NO_RULE, IGNORE_OUT, IGNORE_IN };

/* What the rules say of the file or folder of that path (NUL-ended, without a
 * slash at its end), which lies in the folder entered last. */
enum ignore_verdict ignore_match(const struct ignore *ig, const char *path,
                                 bool folder);

void ignore_release(struct ignore *ig);

#endif
