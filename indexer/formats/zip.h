/*
 * zip.h - members of a ZIP archive in memory, found by name. libarchive reads
 * them; nothing is ever written to a file, so their names can do no harm.
 *
 *     rc = zip_open(&z, bytes, &err);
 *     if (rc == 0 && (rc = zip_find(z, view_str("content.xml"), &err)) > 0)
 *         while ((rc = zip_read(z, &piece, &err)) > 0)
 *             use(piece);
 *     zip_close(z);
 *
 * The central directory at the end of the archive counts, so what was cut short
 * is damaged. To find members in the order in which they lie there costs one
 * pass over the directory.
 */
#ifndef INDEXER_FORMATS_ZIP_H
#define INDEXER_FORMATS_ZIP_H

#include "base/buf.h"
#include "base/err.h"

enum { ZIP_UNPACKED_MAX = 256 << 20 }; /* bytes of all members together */

struct zip;

/* The bytes are borrowed. ERR_NOTFOUND: there is no libarchive; ERR_NOMEM. */
int zip_open(struct zip **out, struct view bytes, struct err *err);

/* Goes to the first member of that name behind the one last found, or before
 * it: 1; 0 where there is none; ERR_USAGE damaged; ERR_REFUSED encrypted. */
int zip_find(struct zip *z, struct view name, struct err *err);

/* The next piece of the member that was found, borrowed until the next call: 1;
 * 0 at its end; ERR_USAGE damaged; ERR_FULL more than ZIP_UNPACKED_MAX. */
int zip_read(struct zip *z, struct view *piece, struct err *err);

void zip_close(struct zip *z); /* NULL is allowed */

#endif
