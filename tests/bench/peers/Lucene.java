/*
 * Lucene: one field, StandardTokenizer, lower case, Snowball's English stemmer,
 * positions, no term vectors; BM25 with k1 = 1.2 and b = 0.75; one thread, 256
 * MB of buffer, merged into one segment in the end. Ids are doc values. The
 * cache of queries is off: each does its own work. The top k are found by
 * block-max WAND, which stops counting at once.
 *
 * The command line is that of peer.h.
 */
import java.io.*;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.*;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.*;
import org.apache.lucene.util.BytesRef;

public class Lucene {
    static final Analyzer ENGLISH = new Analyzer() {
        @Override protected TokenStreamComponents createComponents(String field) {
            Tokenizer t = new StandardTokenizer();
            return new TokenStreamComponents(t,
                new SnowballFilter(new LowerCaseFilter(t), "English"));
        }
    };

    // --- building ---

    static String read(DataInputStream in, int n) throws IOException {
        byte[] bytes = new byte[n];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void index(Path dir) throws IOException {
        FieldType type = new FieldType();
        type.setTokenized(true);
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
        IndexWriterConfig config = new IndexWriterConfig(ENGLISH)
            .setSimilarity(new BM25Similarity(1.2f, 0.75f))
            .setRAMBufferSizeMB(256)
            .setMergeScheduler(new SerialMergeScheduler());
        try (IndexWriter w = new IndexWriter(new MMapDirectory(dir), config);
             DataInputStream in = new DataInputStream(
                 new BufferedInputStream(System.in, 1 << 20))) {
            for (;;) {
                int n;
                try {
                    n = in.readInt();
                } catch (EOFException end) {
                    break;
                }
                Document doc = new Document();
                doc.add(new BinaryDocValuesField("id", new BytesRef(read(in, n))));
                doc.add(new Field("body", read(in, in.readInt()), type));
                w.addDocument(doc);
            }
            w.forceMerge(1);
        }
    }

    // --- searching ---

    final IndexSearcher searcher;
    final LeafReader leaf;

    Lucene(Path dir) throws IOException {
        IndexReader reader = DirectoryReader.open(new MMapDirectory(dir));
        searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        searcher.setQueryCache(null);
        leaf = reader.leaves().get(0).reader();
    }

    static List<Term> terms(String text) throws IOException {
        List<Term> out = new ArrayList<>();
        try (TokenStream s = ENGLISH.tokenStream("body", text)) {
            CharTermAttribute a = s.addAttribute(CharTermAttribute.class);
            s.reset();
            while (s.incrementToken())
                out.add(new Term("body", a.toString()));
            s.end();
        }
        return out;
    }

    static Query parse(String text, boolean all) throws IOException {
        BooleanQuery.Builder out = new BooleanQuery.Builder();
        int i = 0, end;
        for (; i < text.length(); i = end + 1) {
            end = i;
            if (text.charAt(i) == ' ')
                continue;
            Occur occur = all ? Occur.MUST : Occur.SHOULD;
            if (text.charAt(i) == '+' || text.charAt(i) == '-')
                occur = text.charAt(i++) == '+' ? Occur.MUST : Occur.MUST_NOT;
            boolean phrase = i < text.length() && text.charAt(i) == '"';
            end = text.indexOf(phrase ? '"' : ' ', phrase ? ++i : i);
            if (end < 0)
                end = text.length();
            List<Term> terms = terms(text.substring(i, end));
            if (phrase && terms.size() > 1) {
                PhraseQuery.Builder p = new PhraseQuery.Builder();
                for (Term t : terms)
                    p.add(t);
                out.add(p.build(), occur);
            } else {
                for (Term t : terms)
                    out.add(new TermQuery(t), occur);
            }
        }
        BooleanQuery q = out.build();
        return q.clauses().size() == 1 ? q.clauses().get(0).getQuery() : q;
    }

    long ask(String text, int limit, String how) throws IOException {
        Query q = parse(text, how.equals("all"));
        if (how.equals("count"))
            return searcher.count(q);
        boolean total = how.equals("total");
        TopScoreDocCollector c =
            TopScoreDocCollector.create(limit, total ? Integer.MAX_VALUE : 1);
        searcher.search(q, c);
        TopDocs top = c.topDocs();
        for (ScoreDoc hit : top.scoreDocs) {
            BinaryDocValues ids = leaf.getBinaryDocValues("id");
            ids.advanceExact(hit.doc);
            BytesRef id = ids.binaryValue();
            kept = Arrays.copyOfRange(id.bytes, id.offset, id.offset + id.length);
        }
        return total ? top.totalHits.value : top.scoreDocs.length;
    }

    volatile byte[] kept; // an id has been given once its bytes are copied

    static List<String> readQueries() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            .lines().collect(Collectors.toList());
    }

    void search(int limit, String how, int warm, int repeat, List<String> queries)
        throws IOException {
        for (; warm > 0; warm--)
            for (String q : queries)
                ask(q, limit, how);
        double[] us = new double[repeat];
        StringBuilder out = new StringBuilder();
        ThreadMXBean me = ManagementFactory.getThreadMXBean();
        long cpu = me.getCurrentThreadCpuTime(); // not that of the compiler
        for (String q : queries) {
            long hits = 0;
            for (int k = 0; k < repeat; k++) {
                long start = System.nanoTime();
                hits = ask(q, limit, how);
                us[k] = (System.nanoTime() - start) / 1e3;
            }
            Arrays.sort(us);
            out.append(String.format(Locale.ROOT, "%.1f\t%d\n", us[repeat / 2], hits));
        }
        cpu = me.getCurrentThreadCpuTime() - cpu;
        out.append(String.format(Locale.ROOT, "cpu\t%.1f\n",
            cpu / 1e3 / Math.max(1, queries.size() * repeat)));
        System.out.print(out);
    }

    public static void main(String[] a) throws IOException {
        if (a.length == 2 && a[0].equals("index")) {
            index(Paths.get(a[1]));
        } else if ((a.length == 6 || a.length == 7) && a[0].equals("search")) {
            new Lucene(Paths.get(a[1])).search(Integer.parseInt(a[2]), a[3],
                Integer.parseInt(a[4]), Integer.parseInt(a[5]),
                a.length == 7 ? Arrays.asList(a[6]) : readQueries());
        } else {
            System.err.println("usage: index DIR | search DIR LIMIT HOW WARM REPEAT "
                + "[QUERY]; see tests/bench/peers/peer.h");
            System.exit(2);
        }
    }
}
