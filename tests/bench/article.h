/*
 * article.h - made-up articles to measure with: no text of anyone's, the same
 * on every machine.
 *
 * Article `number` in version `version` is a function of these two: about 800
 * bytes as a line of JSON, of words whose ranks follow Zipf's law in its two
 * regimes, so that terms are as frequent as in real text and the vocabulary
 * grows as it does: there are always words that nobody used before.
 */
#ifndef BENCH_ARTICLE_H
#define BENCH_ARTICLE_H

#include <stddef.h>
#include <stdint.h>

enum { ARTICLE_MAX = 8192, ARTICLE_ID = 32 };

/* The id: folder of a thousand, slash, number. Returns its length. */
size_t article_id(char out[ARTICLE_ID], uint64_t number);

/* One line of JSON with id, title, date and text. Returns its length. */
size_t article_json(char out[ARTICLE_MAX], uint64_t number, uint32_t version);

/* The same of Chinese: about 6 KB of text, words of one to three characters with
 * nothing between them. */
size_t article_chinese(char out[ARTICLE_MAX], uint64_t number);

#endif
