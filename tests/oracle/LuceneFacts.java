// LuceneFacts - what a Lucene index of ../shared/bench/peers knows, for
// tests/oracle/lucene to explain differences with. Tabs between the columns.
//
//   java LuceneFacts.java INDEX WORDS PAIRS english|none
//
//   index  documents  tokens
//   word   word  term df  term df ...     for each line of WORDS
//   doc    query document  length  run  tf ... for each line of PAIRS, which is
//          query TAB document TAB term TAB term ...; run is how often the terms
//          stand one behind the other

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.SmallFloat;

public final class LuceneFacts {
    private static final String FIELD = "contents";

    // The chain of the peer, with its stemmer or without.
    private static final class Chain extends Analyzer {
        private final boolean stems;

        Chain(boolean stems) {
            this.stems = stems;
        }

        @Override
        protected TokenStreamComponents createComponents(String field) {
            Tokenizer t = new StandardTokenizer();
            TokenStream lower = new LowerCaseFilter(t);
            return new TokenStreamComponents(t,
                stems ? new SnowballFilter(lower, "English") : lower);
        }
    }

    private static List<String> terms(Analyzer a, String text) throws Exception {
        List<String> out = new ArrayList<>();
        try (TokenStream ts = a.tokenStream(FIELD, text)) {
            CharTermAttribute term = ts.addAttribute(CharTermAttribute.class);
            ts.reset();
            while (ts.incrementToken()) {
                out.add(term.toString());
            }
            ts.end();
        }
        return out;
    }

    private static Set<Integer> positions(LeafReader leaf, String term, int d)
        throws Exception {
        Set<Integer> out = new HashSet<>();
        PostingsEnum p = leaf.postings(new Term(FIELD, term), PostingsEnum.POSITIONS);
        if (p != null && p.advance(d) == d) {
            for (int i = 0; i < p.freq(); i++) {
                out.add(p.nextPosition());
            }
        }
        return out;
    }

    // How often f[2], f[3] ... stand one behind the other in document d.
    private static int run(LeafReader leaf, String[] f, int d) throws Exception {
        Set<Integer> starts = f.length > 2 ? positions(leaf, f[2], d) : new HashSet<>();
        for (int i = 3; i < f.length; i++) {
            Set<Integer> here = positions(leaf, f[i], d);
            int behind = i - 2;
            starts.removeIf(p -> !here.contains(p + behind));
        }
        return starts.size();
    }

    public static void main(String[] a) throws Exception {
        Analyzer chain = new Chain(a[3].equals("english"));
        StringBuilder out = new StringBuilder();
        try (DirectoryReader index =
                 DirectoryReader.open(new MMapDirectory(Path.of(a[0])))) {
            if (index.leaves().size() != 1) {
                throw new Exception("the index has several segments");
            }
            LeafReader leaf = index.leaves().get(0).reader();
            out.append("index\t").append(leaf.getDocCount(FIELD)).append('\t')
                .append(leaf.getSumTotalTermFreq(FIELD)).append('\n');
            for (String word : Files.readAllLines(Path.of(a[1]))) {
                out.append("word\t").append(word);
                for (String t : terms(chain, word)) {
                    out.append('\t').append(t).append(' ')
                        .append(leaf.docFreq(new Term(FIELD, t)));
                }
                out.append('\n');
            }
            Map<String, Integer> number = new HashMap<>();
            BinaryDocValues ids = leaf.getBinaryDocValues("id");
            for (int d = 0; d < leaf.maxDoc(); d++) {
                if (ids.advanceExact(d)) {
                    number.put(ids.binaryValue().utf8ToString(), d);
                }
            }
            for (String line : Files.readAllLines(Path.of(a[2]))) {
                String[] f = line.split("\t");
                int d = number.get(f[1]);
                NumericDocValues norms = leaf.getNormValues(FIELD);
                norms.advanceExact(d);
                out.append("doc\t").append(f[0]).append('\t').append(f[1]).append('\t')
                    .append(SmallFloat.byte4ToInt((byte) norms.longValue()))
                    .append('\t').append(run(leaf, f, d));
                for (int i = 2; i < f.length; i++) {
                    PostingsEnum p = leaf.postings(new Term(FIELD, f[i]), PostingsEnum.FREQS);
                    out.append('\t')
                        .append(p != null && p.advance(d) == d ? p.freq() : 0);
                }
                out.append('\n');
            }
        }
        PrintStream stdout = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        stdout.print(out);
        stdout.flush();
    }
}
