#include "query/option_table.h"

#include "query/settings.h"

const struct option option_table[] = {
    {0, 0, "", OPTION_FLAG, NULL, "What to ask"},
    {OPT_QUERY, 'e', "query", OPTION_VALUE, "QUERY",
     "a query that may begin with a dash; several are ORed"},
    {OPT_FILE, 'f', "query-file", OPTION_VALUE, "FILE",
     "one query a line, each answered in turn; - is standard input"},
    {OPT_TOPICS, 0, "topics", OPTION_VALUE, "FILE",
     "lines of a number, a tab and plain words: a run in TREC form"},
    {OPT_TOPICS_AS, 0, "topics-as", OPTION_VALUE, "words",
     "how the text of a topic is read: as words, no character an operator"},
    {OPT_BATCH, 0, "batch", OPTION_FLAG, NULL,
     "answer requests from standard input, a JSON line each; see below"},
    {OPT_JOBS, 'j', "jobs", OPTION_VALUE, "N",
     "so many lines of -f, --topics or --batch are worked at at once, each by "
     "a process, at most 64 (1)"},
    {OPT_DB, 'd', "db", OPTION_VALUE, "DIR",
     "the index; else $INDEX_DB, else the nearest .index above; repeated, all "
     "of them searched as one"},
    {0, 0, "", OPTION_FLAG, NULL, "What matches, and in what order"},
    {OPT_ALL, 'a', "all", OPTION_FLAG, NULL, "every word is required"},
    {OPT_ANY, 'o', "any", OPTION_FLAG, NULL,
     "any word will do, more and rarer ones rank higher (the default)"},
    {OPT_SINCE, 0, "since", OPTION_VALUE, "DATE",
     "of that day or later: 2022, 2022-03, 2022-03-05, or 90d, 6w, 3m, 2y ago"},
    {OPT_UNTIL, 0, "until", OPTION_VALUE, "DATE",
     "before that day (before the first of that year, that month)"},
    {OPT_PATH, 0, "path", OPTION_VALUE, "GLOB",
     "the path contains that, or matches it if it has a * or a ?"},
    {OPT_LANG, 0, "lang", OPTION_VALUE, "LANG",
     "in that language, declared or detected: en"},
    {OPT_FIELD, 0, "field", OPTION_VALUE, "NAME=VALUE",
     "with that field of front matter or record; repeated, with each"},
    {OPT_SORT, 0, "sort", OPTION_VALUE, "KEY",
     "score, date (oldest first), -date (newest first) or path"},
    {OPT_MIN_MATCH, 0, "min-match", OPTION_VALUE, "N|N%",
     "at least so many of the words are required, or so many in a hundred"},
    {OPT_STRICT, 0, "strict", OPTION_FLAG, NULL,
     "what breaks a rule of the query language is an error, not text"},
    {OPT_EXPAND, 0, "expand", OPTION_VALUE, "HOW",
     "auto or acronym: RCEP also finds what documents say it stands for, and "
     "that finds RCEP; none"},
    {OPT_K1, 0, "k1", OPTION_VALUE, "X",
     "BM25: how much repetition of a word counts (1.2)"},
    {OPT_B, 0, "b", OPTION_VALUE, "X",
     "BM25: how much length counts against a document, 0 to 1 (0.75)"},
    {OPT_TITLE_WEIGHT, 0, "title-weight", OPTION_VALUE, "X",
     "a word that is in the title as well adds X times its score there (0)"},
    {OPT_EXPLAIN, 0, "explain", OPTION_FLAG, NULL,
     "below each document, what each word added to its score"},
    {0, 0, "", OPTION_FLAG, NULL, "What is printed"},
    {OPT_LIMIT, 'n', "limit", OPTION_VALUE, "N",
     "at most N documents (10); 0 is all"},
    {OPT_OFFSET, 0, "offset", OPTION_VALUE, "N", "leave out the first N"},
    {OPT_DUPS, 0, "dups", OPTION_VALUE, "HOW",
     "near-duplicates: collapse (in text and json: the best one is listed, the "
     "others counted below it) or show"},
    {OPT_SNIPPETS, 0, "snippets", OPTION_VALUE, "N",
     "up to N passages of each document (1)"},
    {OPT_SNIPPET_WIDTH, 0, "snippet-width", OPTION_VALUE, "N",
     "about N columns of text in each, 20 to 10000 (240)"},
    {OPT_AFTER, 'A', "after", OPTION_VALUE, "N",
     "the lines of each passage's matches and N behind them, as grep does"},
    {OPT_BEFORE, 'B', "before", OPTION_VALUE, "N", "and N before them"},
    {OPT_CONTEXT, 'C', "context", OPTION_VALUE, "N", "and N on either side"},
    {OPT_KWIC, 0, "kwic", OPTION_OPTIONAL, "N",
     "a line for each match, with N columns (40) of text on either side; "
     "-n and --offset then count lines, -c matches"},
    {OPT_KWIC_SORT, 0, "kwic-sort", OPTION_VALUE, "BY",
     "order of these lines: pos, left, right, date or path"},
    {OPT_SAMPLE, 0, "sample", OPTION_VALUE, "N[,SEED]",
     "N matches drawn at random, the same ones for the same seed"},
    {OPT_COLLOCATES, 0, "collocates", OPTION_OPTIONAL, "N",
     "words that are within N words (5) of a match more often than "
     "elsewhere; -n and --offset then count words"},
    {OPT_BY_YEAR, 0, "by-year", OPTION_FLAG, NULL,
     "how many of the documents of each year match"},
    {OPT_FORMAT, 0, "format", OPTION_VALUE, "F",
     "text, json, ndjson, tsv, trec or paths"},
    {OPT_JSON, 0, "json", OPTION_FLAG, NULL, "the same as --format=json"},
    {OPT_COUNT, 'c', "count", OPTION_FLAG, NULL,
     "the number of matching documents and nothing else"},
    {OPT_FACET, 0, "facet", OPTION_VALUE, "NAME[,NAME]",
     "also how many matching documents there are of each year, source, lang or "
     "value of a field of that name"},
    {OPT_PATHS, 'l', "paths", OPTION_FLAG, NULL,
     "paths alone: the same as --format=paths"},
    {OPT_NULL, '0', "null", OPTION_FLAG, NULL,
     "end each path with a NUL byte (for xargs -0)"},
    {OPT_QUIET, 'q', "quiet", OPTION_FLAG, NULL,
     "nothing: the exit status alone"},
    {OPT_TOTAL, 0, "total", OPTION_VALUE, "HOW",
     "auto, exact or none: whether all matches are counted"},
    {OPT_RUN_TAG, 0, "run-tag", OPTION_VALUE, "TAG",
     "the last column of a TREC run (query)"},
    {OPT_TIME, 0, "time", OPTION_FLAG, NULL,
     "at the end, a JSON line on standard error: queries, wall (seconds), "
     "mean, p50, p95, p99 (microseconds a query)"},
    {OPT_COLOUR, 0, "color", OPTION_VALUE, "WHEN", "auto, always or never"},
    {OPT_HYPERLINK, 0, "hyperlink", OPTION_OPTIONAL, "WHEN",
     "places in text are links to the files: auto (where colour is), always "
     "or never"},
    {0, 0, "", OPTION_FLAG, NULL, "Instead of a query"},
    {OPT_SHOW, 0, "show", OPTION_VALUE, "ID|PATH[:LINE[:COUNT]]",
     "the text of a document, from a line on, so many lines"},
    {OPT_SIMILAR, 0, "similar", OPTION_VALUE, "ID|PATH",
     "documents like that one, by the 25 words that tell it most from the "
     "others"},
    {OPT_ANALYZE, 0, "analyze", OPTION_VALUE, "TEXT",
     "what the index makes of a text, token by token"},
    {OPT_TERMS, 0, "terms", OPTION_VALUE, "PREFIX",
     "the words that the index has, as stems, and how many documents have "
     "each"},
    {OPT_ACRONYMS, 0, "acronyms", OPTION_FLAG, NULL,
     "what documents say short forms stand for, most documents first; with "
     "WORDS, that one, short or long"},
    {OPT_STATS, 0, "stats", OPTION_FLAG, NULL, "facts about the index"},
    {OPT_CHANGES, 0, "changes-since", OPTION_VALUE, "GENERATION",
     "documents added, changed and removed since; --stats tells the "
     "generation of now"},
    {OPT_HELP, 'h', "help", OPTION_OPTIONAL, "all", "this, or everything"},
    {OPT_VERSION, 'V', "version", OPTION_FLAG, NULL, "name and version"},
    {0, 0, NULL, OPTION_FLAG, NULL, NULL},
};

static const char first_screen[] =
    "query - finds passages in an index of articles\n"
    "\n"
    "  query rcep tariffs                   any of the words, best first\n"
    "  query -a rcep tariffs                all of them\n"
    "  query '\"soft connectivity\" -durian'  a phrase; without a word\n"
    "  query 'title:rcep path:2022'         in titles; below some path\n"
    "  query -n 0 -l railway | less         paths of all that match\n"
    "  query --kwic '\"debt trap\"'           words in context, a line each\n"
    "  query --json 'china AND laos'        for programs\n"
    "  query --show east-asia/rcep.txt:12:5 lines 12 to 16 of a document\n"
    "  query -d news.index rcep             an index of that name\n"
    "\n"
    "-n N  how many (10)   -c  count them   -q  status alone   -e QUERY\n"
    "--format=text|json|ndjson|tsv|trec|paths   --stats   --help=all\n"
    "\n"
    "Exit status: 0 something was found, 1 nothing, 2 usage, 3 no index,\n"
    "4 index of another format, 5 index damaged.\n";

static const char language[] =
    "\n"
    "Queries (put them in quotes for the shell)\n"
    "  rail port        any of the words, in any of their forms; ranked\n"
    "  \"debt trap\"      these words as they are, one behind the other\n"
    "  =US              this spelling: case and accents count\n"
    "  +rail -port      must occur; must not occur\n"
    "  rail* w?ld c*ing words that begin or look like that\n"
    "  rail~1 rail~2    words that differ in so many letters\n"
    "  \"debt tra*\"      a phrase with a pattern; \"(debt OR loan) trap\"\n"
    "  \"debt trap\"~5    these words as they are, within 5 of each other\n"    "  rail NEAR/5 port any of their forms within 5 of each other\n"
    "  rail^2 port      rail counts twice\n"
    "  rail AND port    both must occur; OR, NOT and ( ) as well\n"
    "  title:rail       in the title; title:\"debt trap\", title:(rail port)\n"
    "  path:2022        only documents whose path contains that, or matches\n"
    "                   it as a whole if it has a * or a ?\n"
    "  id:812           only the document of that number\n"
    "  date:2021..2022-06  of these dates; date:2022, date:..2020, date:90d..\n"
    "  lang:th          in that language\n"
    "\n"
    "Two paths side by side, or two numbers, are alternatives, and so on.\n"
    "\n"
    "Formats\n"
    "  tsv    rank, score, number, date, path, line, column, matches, title,\n"
    "         passage, of several indexes the index; no header; empty where "
    "there\n"
    "         is none\n"
    "         of --kwic: path, line, column, byte, left, match, right, of "
    "several\n"
    "         indexes the index\n"
    "         of --collocates: word, near, expected, total, ratio\n"
    "         of --by-year: year, matching, of, share\n"
    "  trec   topic Q0 path rank score query; a single query is topic 1\n"
    "  json   one object a query; ndjson: a line a hit, then one that ends "
    "it\n"
    "\n"
    "Batch\n"
    "  A line in is a query, or an object: {\"id\":7,\"q\":\"rail "
    "port\",\"limit\":5}.\n"
    "  A line out is the answer as of --json with \"id\" and \"ok\":true, "
    "or\n"
    "  {\"id\":7,\"ok\":false,\"error\":{\"code\":\"…\",\"message\":\"…\"}}. "
    "Options\n"
    "  of the command line hold for requests that say nothing else. Codes:\n"
    "  blank        no query in the line\n"
    "  too_long     a line of more than 1 MiB\n"
    "  not_json     a line that begins with { and is no JSON object\n"
    "  usage        an object without \"q\" and \"similar\", or with both\n"
    "  unknown_key  a key that is no option of a request\n"
    "  bad_value    a value that its key cannot have\n"
    "  syntax       a query that cannot be searched: too deep, too many words\n"
    "  no_document  there is no such document, or its text is not stored\n"
    "  no_index     there is no index, or it must not be opened\n"
    "  version      an index of another format\n"
    "  damaged      the index is damaged\n"
    "  io           the system refused to read\n"
    "  lost         the process that was to answer was ended, twice (with "
    "-j)\n"
    "  memory       out of memory\n";

bool option_of_request(const struct option *t)
{
    return t->id >= OPT_ALL && t->id <= OPT_COUNT;
}

static int help_keys(struct buf *out)
{
    const struct option *t;
    int rc = buf_adds(out, "  Keys of a request: id, q (or similar)");

    for (t = option_table; t->name && rc == 0; t++)
        if (option_of_request(t))
            rc = buf_addf(out, ",%s%s", t->id == OPT_K1 || t->id == OPT_AFTER ? "\n  " : " ",
                          t->name);
    return rc < 0 ? rc : buf_addc(out, '\n');
}

int settings_help(bool all, struct buf *out)
{
    if (!all)
        return buf_adds(out, first_screen);
    if (buf_adds(out, "Usage: query [OPTIONS] [--] WORDS…\n\n") < 0 ||
        options_help(option_table, out) < 0)
        return ERR_NOMEM;
    return buf_adds(out, language) < 0 ? ERR_NOMEM : help_keys(out);
}
