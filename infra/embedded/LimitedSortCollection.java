import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;

/**
 * The library sorts all that a query finds and then takes the first few: to give the next 100 of 200,000 who wait, it has all
 * of them on the heap at once. Here no more is kept on the way than the query's limit.
 */
final class LimitedSortCollection extends H2Collection {
  LimitedSortCollection(
      MongoDatabase database,
      String name,
      CollectionOptions options,
      MVMap<Object, Document> data,
      MVMap<String, Object> meta,
      CursorRegistry cursors) {
    super(database, name, options, data, meta, cursors);
  }

  @Override
  protected QueryResult matchDocumentsFromStream(
      Stream<Document> documents, Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
    Comparator<Document> order = deriveComparator(orderBy);
    Stream<Document> found =
        order == null || limit <= 0
            ? documents
            : first(documents.filter(document -> documentMatchesQuery(document, query)), skip + limit, order);
    return super.matchDocumentsFromStream(found, query, orderBy, skip, limit, batchSize, fields);
  }

  /** The first so many in order; which of those that are equal in it stays open, as in MongoDB. */
  private static Stream<Document> first(Stream<Document> documents, int count, Comparator<Document> order) {
    PriorityQueue<Document> kept = new PriorityQueue<>(order.reversed());
    documents.forEach(
        document -> {
          if (kept.size() < count) kept.add(document);
          else if (order.compare(document, kept.peek()) < 0) {
            kept.poll();
            kept.add(document);
          }
        });
    return kept.stream();
  }
}
