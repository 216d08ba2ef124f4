/*
 * charset_work.h - what the files of charset.h share.
 */
#ifndef INDEXER_CHARSET_WORK_H
#define INDEXER_CHARSET_WORK_H

#include "indexer/formats/charset.h"

/* iconv's name for one that charset_name gave. */
const char *charset_iconv(const char *name);

/* What libuchardet takes v for, as charset_name has it: 1; 0 where it does not
 * know; ERR_NOTFOUND without the library, whose package is *package then;
 * ERR_NOMEM. */
int charset_detect(struct view v, char out[CHARSET_NAME], const char **package);

#endif
