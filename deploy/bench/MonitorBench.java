import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorConfiguration;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.queries.spans.SpanNearQuery;
import org.apache.lucene.queries.spans.SpanQuery;
import org.apache.lucene.queries.spans.SpanTermQuery;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** Times Lucene Monitor on one thread: TOPICS ARTICLES ANSWERS WARM ROUNDS, see services/bench/lucene.py. */
public class MonitorBench {
    static final Analyzer SPACES = new Analyzer() {
        @Override protected TokenStreamComponents createComponents(String field) {
            return new TokenStreamComponents(new WhitespaceTokenizer());
        }
        @Override public int getPositionIncrementGap(String field) {
            return 1000; // no phrase runs from the title into the text
        }
    };

    public static void main(String[] args) throws IOException {
        try (Monitor monitor = new Monitor(SPACES, new MonitorConfiguration().setQueryUpdateBufferSize(5000))) {
            List<MonitorQuery> topics = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of(args[0]))) {
                Iterator<String> words = Arrays.asList(line.split(" ")).iterator();
                topics.add(new MonitorQuery(words.next(), query(words)));
            }
            long start = System.nanoTime();
            monitor.register(topics);
            System.out.println("registered " + (System.nanoTime() - start) / 1e9);
            topics = null;
            List<String> articles = Files.readAllLines(Path.of(args[1]));
            int warm = Integer.parseInt(args[3]);
            answers(monitor, articles.subList(0, warm));
            for (int round = Integer.parseInt(args[4]); round > 0; round--) {
                start = System.nanoTime();
                List<String> found = answers(monitor, articles.subList(warm, articles.size()));
                System.out.println("matched " + (System.nanoTime() - start) / 1e9);
                Files.write(Path.of(args[2]), found);
            }
        }
    }

    /** For each article the ids of the topics that match, with spaces. */
    static List<String> answers(Monitor monitor, List<String> articles) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String line : articles) {
            String[] parts = line.split("\t", -1); // title, body, words of both as they are written
            Document article = new Document();
            article.add(new TextField("all", parts[0], Field.Store.NO));
            article.add(new TextField("all", parts[1], Field.Store.NO));
            article.add(new TextField("title", parts[0], Field.Store.NO));
            article.add(new TextField("form", parts[2], Field.Store.NO));
            List<String> ids = new ArrayList<>();
            for (QueryMatch match : monitor.match(article, QueryMatch.SIMPLE_MATCHER).getMatches()) {
                ids.add(match.getQueryId());
            }
            answers.add(String.join(" ", ids));
        }
        return answers;
    }

    static Query query(Iterator<String> words) {
        String kind = words.next();
        if (kind.equals("and") || kind.equals("or")) {
            int wanted = Integer.parseInt(words.next()), unwanted = Integer.parseInt(words.next());
            BooleanQuery.Builder made = new BooleanQuery.Builder();
            for (int at = 0; at < wanted + unwanted; at++) {
                Occur how = at >= wanted ? Occur.MUST_NOT : kind.equals("and") ? Occur.MUST : Occur.SHOULD;
                made.add(query(words), how);
            }
            return made.build();
        }
        String field = words.next();
        int count = Integer.parseInt(words.next());
        String[] terms = new String[count];
        for (int at = 0; at < count; at++) {
            terms[at] = words.next();
        }
        switch (kind) {
            case "term": return new TermQuery(new Term(field, terms[0]));
            case "begins": return new PrefixQuery(new Term(field, terms[0]));
            case "phrase": return new PhraseQuery(field, terms);
            default: // near, with the number of words that may be between the two
                SpanQuery one = new SpanTermQuery(new Term(field, terms[0]));
                SpanQuery other = new SpanTermQuery(new Term(field, terms[1]));
                return new SpanNearQuery(new SpanQuery[] {one, other}, Integer.parseInt(terms[2]), false);
        }
    }
}
