// LuceneFacts - what a Lucene index of ../shared/bench/peers knows, for
// tests/oracle/lucene to explain differences with. Tabs between the columns.
//
//   java LuceneFacts.java INDEX WORDS PAIRS
//
//   index  documents  tokens
//   word   word  term df  term df ...     for each line of WORDS
//   doc    query document  length  tf ... for each line of PAIRS, which is
//          query TAB document TAB term TAB term ...

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    // The chain of the peer.
    private static final class English extends Analyzer {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            Tokenizer t = new StandardTokenizer();
            return new TokenStreamComponents(t,
                new SnowballFilter(new LowerCaseFilter(t), "English"));
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

    public static void main(String[] a) throws Exception {
        Analyzer english = new English();
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
                for (String t : terms(english, word)) {
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
                    .append(SmallFloat.byte4ToInt((byte) norms.longValue()));
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
