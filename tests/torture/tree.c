#include "tests/torture/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "tests/torture/torture.h"

enum { FOLDERS = 5 };

static const char *const word[] = {
    "rail",   "harbour", "tariff",   "durian", "treaty",  "summit",
    "rubber", "visa",    "minister", "2021",   "Straße",  "l'économie",
    "東京",   "U.S.",    "RCEP",     "trade",  "ASEAN's", "north-south",
};

static void remember(struct slot *s)
{
    if (s->nseen == VERSIONS)
        torture_die("too many versions between two acks");
    s->seen[s->nseen++] = s->hash;
}

/* --- contents --- */

/* No two versions of a path have the same size: the rule that size, time and
 * inode tell a changed file holds for each change made here. */
static void make_content(const struct tree *t, struct slot *s, struct buf *out)
{
    size_t size = t->size / 2 + random_below((uint32_t)t->size);

    buf_clear(out);
    buf_addf(out, "%s\n\nversion%u", strrchr(s->path, '/') + 1, s->version);
    while (out->n < size) {
        buf_adds(out, random_chance(12) ? "\n" : " ");
        buf_adds(out, word[random_below(sizeof word / sizeof *word)]);
        if (random_chance(5))
            buf_addf(out, " w%u", random_below(50000));
    }
    buf_adds(out, ".\n");
    while (out->n % 4096 != s->version * 5 % 4096)
        if (buf_addc(out, '-') < 0)
            torture_die("no memory");
}

static void write_slot(struct tree *t, struct slot *s, bool new_inode)
{
    struct buf content = {0};
    char *beside = text("%s/beside.tmp", t->root);

    s->version++;
    make_content(t, s, &content);
    write_file(new_inode ? beside : s->path, content.p, content.n);
    if (new_inode && rename(beside, s->path) < 0)
        torture_die(s->path);
    s->hash = hash64(buf_view(&content));
    s->there = true;
    remember(s);
    buf_release(&content);
    free(beside);
}

static struct slot *pick(struct tree *t, bool there)
{
    size_t i = random_below((uint32_t)t->n), n;

    for (n = 0; n < t->n; n++, i = (i + 1) % t->n)
        if (t->slot[i].there == there)
            return &t->slot[i];
    return NULL;
}

/* Slots come in pairs: while one is there, the other cannot be. */
static struct slot *twin(struct tree *t, struct slot *s)
{
    return &t->slot[(size_t)(s - t->slot) ^ 1];
}

static bool is_inner(const struct tree *t, const struct slot *s)
{
    return (s - t->slot) & 1;
}

static void remove_slot(struct tree *t, struct slot *s)
{
    if (unlink(s->path) < 0)
        torture_die(s->path);
    if (is_inner(t, s) && rmdir(twin(t, s)->path) < 0)
        torture_die(s->path);
    s->there = s->always = false;
}

/* Makes room for a file at s. */
static void clear_way(struct tree *t, struct slot *s)
{
    if (twin(t, s)->there)
        remove_slot(t, twin(t, s));
    if (is_inner(t, s))
        make_folder(twin(t, s)->path);
}

/* --- changes --- */

static void add(struct tree *t)
{
    struct slot *s = pick(t, false);

    if (!s)
        return;
    clear_way(t, s);
    write_slot(t, s, random_chance(50));
}

static void change(struct tree *t, struct slot *s)
{
    bool keep_time = random_chance(30);
    struct stat st;

    if (stat(s->path, &st) < 0)
        torture_die(s->path);
    write_slot(t, s, random_chance(50));
    if (keep_time) {
        struct timespec times[2] = {st.st_atim, st.st_mtim};

        utimensat(AT_FDCWD, s->path, times, 0);
    }
}

static void rename_slot(struct tree *t, struct slot *s)
{
    struct slot *to = pick(t, false);
    unsigned version;

    if (!to || to == twin(t, s))
        return;
    clear_way(t, to);
    if (rename(s->path, to->path) < 0)
        torture_die(to->path);
    if (is_inner(t, s))
        rmdir(twin(t, s)->path);
    /* sizes go with versions: those of both paths stay ahead of each other */
    version = s->version > to->version ? s->version : to->version;
    s->version = to->version = version;
    s->there = s->always = false;
    to->there = true;
    to->hash = s->hash;
    remember(to);
}

void tree_mutate(struct tree *t)
{
    struct slot *s = pick(t, true);
    unsigned r = random_below(100);

    if (!s || r < 25)
        add(t);
    else if (r < 60)
        change(t, s);
    else if (r < 67)
        utimensat(AT_FDCWD, s->path, NULL, 0);
    else if (r < 82)
        rename_slot(t, s);
    else
        remove_slot(t, s);
}

/* --- the whole --- */

void tree_make(struct tree *t, const char *root, size_t names, size_t size)
{
    size_t i;

    memset(t, 0, sizeof *t);
    t->root = text("%s", root);
    t->n = names * 2;
    t->size = size;
    t->slot = calloc(t->n, sizeof *t->slot);
    if (!t->slot)
        torture_die("no memory");
    for (i = 0; i < names; i++) {
        char *folder = text("%s/d%zu", root, i % FOLDERS);

        make_folder(folder);
        t->slot[2 * i].path = text("%s/f%02zu.txt", folder, i);
        t->slot[2 * i + 1].path = text("%s/f%02zu.txt/in.txt", folder, i);
        free(folder);
    }
    for (i = 0; i < names / 2; i++)
        add(t);
}

void tree_ack(struct tree *t)
{
    size_t i;

    for (i = 0; i < t->n; i++) {
        struct slot *s = &t->slot[i];

        s->nseen = 0;
        s->always = s->there;
        if (s->there)
            remember(s);
    }
}

void tree_lost(struct tree *t)
{
    size_t i;

    tree_ack(t);
    for (i = 0; i < t->n; i++)
        t->slot[i].always = false;
}

static struct slot *slot_of(const struct tree *t, const char *path)
{
    size_t i;

    for (i = 0; i < t->n; i++)
        if (strcmp(t->slot[i].path, path) == 0)
            return &t->slot[i];
    return NULL;
}

static bool was_seen(const struct slot *s, uint64_t hash)
{
    unsigned i;

    for (i = 0; i < s->nseen; i++)
        if (s->seen[i] == hash)
            return true;
    return false;
}

bool tree_fits(const struct tree *t, const struct state *s, const char *what)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        struct slot *slot = slot_of(t, s->entry[i].path);

        if (!slot || !was_seen(slot, s->entry[i].hash)) {
            torture_fault("%s: %s is in the index with a content it has not "
                          "had since the last acknowledged run",
                          what, s->entry[i].path);
            return false;
        }
    }
    for (i = 0; i < t->n; i++)
        if (t->slot[i].always && !state_find(s, t->slot[i].path)) {
            torture_fault("%s: %s, there all the time since the last "
                          "acknowledged run, is not in the index",
                          what, t->slot[i].path);
            return false;
        }
    return true;
}

bool tree_has(const struct tree *t, const struct state *s, const char *what)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        struct slot *slot = slot_of(t, s->entry[i].path);

        if (slot && slot->there && slot->hash == s->entry[i].hash)
            continue;
        torture_fault("%s: %s is in the index and not so in the tree", what,
                      s->entry[i].path);
        return false;
    }
    return true;
}

bool tree_equals(const struct tree *t, const struct state *s, const char *what)
{
    size_t i, there = 0;

    for (i = 0; i < t->n; i++) {
        const struct slot *slot = &t->slot[i];
        uint64_t hash = slot->there ? slot->hash : 0;

        there += slot->there;
        if (state_find(s, slot->path) == hash)
            continue;
        torture_fault("%s: %s is not in the index as it is in the tree", what,
                      slot->path);
        return false;
    }
    if (there != s->n)
        torture_fault("%s: %zu documents of %zu files", what, s->n, there);
    return there == s->n;
}

void tree_release(struct tree *t)
{
    size_t i;

    for (i = 0; i < t->n; i++)
        free(t->slot[i].path);
    free(t->slot);
    free(t->root);
    memset(t, 0, sizeof *t);
}
