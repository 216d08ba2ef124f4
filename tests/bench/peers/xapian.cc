/*
 * Xapian: a glass database, words of TermGenerator stemmed by Snowball's
 * English (one stem a word, with positions), BM25 with k1 = 1.2 and b = 0.75;
 * compacted in the end. Flushed every 1,000 documents, which takes it less
 * time and memory than once.
 */
#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <xapian.h>

#include "tests/bench/peers/peer.h"

using Xapian::Query;

static void stem_english(Xapian::TermGenerator &words)
{
    words.set_stemmer(Xapian::Stem("english"));
    words.set_stemming_strategy(Xapian::TermGenerator::STEM_ALL);
}

// --- building ---

struct Writer {
    std::string dir;
    Xapian::WritableDatabase db;
    Xapian::TermGenerator words;

    explicit Writer(const std::string &d)
        : dir(d), db(d + "/loose",
                     Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS)
    {
        stem_english(words);
    }
};

static void *create(const char *dir)
{
    setenv("XAPIAN_FLUSH_THRESHOLD", "1000", 0);
    return new Writer(dir);
}

static void add(void *engine, const char *id, size_t id_n, const char *body,
                size_t body_n)
{
    Writer *w = static_cast<Writer *>(engine);
    Xapian::Document doc;

    w->words.set_document(doc);
    w->words.set_termpos(0);
    w->words.index_text(Xapian::Utf8Iterator(body, body_n));
    doc.set_data(std::string(id, id_n));
    w->db.add_document(doc);
}

static void finish(void *engine)
{
    Writer *w = static_cast<Writer *>(engine);

    w->db.commit();
    w->db.close();
    Xapian::Database(w->dir + "/loose").compact(w->dir + "/db");
    if (std::system(("rm -rf '" + w->dir + "/loose'").c_str()) != 0)
        peer_die(w->dir.c_str(), "cannot remove what was compacted");
    delete w;
}

// --- searching ---

struct Reader {
    Xapian::Database db;
    Xapian::Enquire enquire;
    Xapian::TermGenerator words;

    explicit Reader(const std::string &dir) : db(dir + "/db"), enquire(db)
    {
        stem_english(words);
        enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 0, 0.75, 0));
    }
};

static void *open_index(const char *dir)
{
    return new Reader(dir);
}

// The terms of a text as those of a document, in its order.
static std::vector<std::string> terms_of(Reader *r, const char *text)
{
    std::vector<std::pair<Xapian::termpos, std::string>> at;
    std::vector<std::string> terms;
    Xapian::Document doc;

    r->words.set_document(doc);
    r->words.set_termpos(0);
    r->words.index_text(text);
    for (auto t = doc.termlist_begin(); t != doc.termlist_end(); ++t)
        for (auto p = t.positionlist_begin(); p != t.positionlist_end(); ++p)
            at.emplace_back(*p, *t);
    std::sort(at.begin(), at.end());
    for (auto &p : at)
        terms.push_back(std::move(p.second));
    return terms;
}

static Query joined(Query::op op, const std::vector<Query> &parts)
{
    return parts.empty() ? Query() : Query(op, parts.begin(), parts.end());
}

static Query translate(Reader *r, const struct question *q)
{
    std::vector<Query> must, may, out;

    for (size_t i = 0; i < q->n; i++) {
        const struct clause &c = q->clause[i];
        std::vector<std::string> terms = terms_of(r, c.text);
        std::vector<Query> &to = c.sign == '-'                        ? out
                                 : c.sign == '+' || q->how == HOW_ALL ? must
                                                                      : may;
        if (c.phrase && terms.size() > 1)
            to.push_back(Query(Query::OP_PHRASE, terms.begin(), terms.end(),
                               Xapian::termcount(terms.size())));
        else
            to.insert(to.end(), terms.begin(), terms.end());
    }
    Query all = joined(Query::OP_AND, must), any = joined(Query::OP_OR, may);
    Query found = must.empty()  ? any
                  : may.empty() ? all
                                : Query(Query::OP_AND_MAYBE, all, any);
    return out.empty()
               ? found
               : Query(Query::OP_AND_NOT, found, joined(Query::OP_OR, out));
}

static size_t ask(void *engine, const struct question *q)
{
    Reader *r = static_cast<Reader *>(engine);
    bool exact = q->how == HOW_COUNT || q->how == HOW_TOTAL;
    Query query = translate(r, q);

    if (query.empty())
        return 0;
    r->enquire.set_query(query);
    Xapian::MSet m = r->enquire.get_mset(0, q->how == HOW_COUNT ? 0 : q->limit,
                                         exact ? r->db.get_doccount() : 0);
    for (auto i = m.begin(); i != m.end(); ++i) {
        std::string id = i.get_document().get_data();

        peer_hit(id.data(), id.size());
    }
    return exact ? m.get_matches_estimated() : m.size();
}

static void close_index(void *engine)
{
    delete static_cast<Reader *>(engine);
}

int main(int argc, char **argv)
{
    static const struct peer peer = {create,     add, finish,
                                     open_index, ask, close_index};

    try {
        return peer_main(argc, argv, &peer);
    } catch (const Xapian::Error &e) {
        peer_die("xapian", e.get_description().c_str());
    }
    return 1;
}
