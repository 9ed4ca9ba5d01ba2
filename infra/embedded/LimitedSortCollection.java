import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;

/**
 * The library sorts all that a query finds and then takes the first few: to give the next 100 of 200,000 who wait, it has all
 * of them on the heap at once, and looks their fields up at every comparison. Here no more is kept on the way than the
 * query's limit, where the order is that of one field.
 */
final class LimitedSortCollection extends H2Collection {
  /** A document and what it is sorted by. */
  private record Keyed(Object key, Document document) {}

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
    boolean isLimitedSort = limit > 0 && orderBy != null && orderBy.size() == 1 && deriveComparator(orderBy) != null;
    Stream<Document> found =
        isLimitedSort
            ? first(documents.filter(document -> documentMatchesQuery(document, query)), skip + limit, orderBy)
            : documents;
    return super.matchDocumentsFromStream(found, query, orderBy, skip, limit, batchSize, fields);
  }

  /**
   * What an index on the ids has found by its ids needs no second look: the library compares each of 500 found with each of
   * the 500 that were asked for.
   */
  @Override
  protected QueryResult matchDocuments(
      Document query, Iterable<Object> positions, Document orderBy, int skip, int limit, int batchSize, Document fields) {
    boolean isByIds =
        query.size() == 1 && query.get("_id") instanceof Document ids && ids.size() == 1 && ids.containsKey("$in");
    Document rest = isByIds ? new Document() : query;
    return super.matchDocuments(rest, positions, orderBy, skip, limit, batchSize, fields);
  }

  /** The first so many in order; which of those that are equal in it stays open, as in MongoDB. */
  private static Stream<Document> first(Stream<Document> documents, int count, Document orderBy) {
    String field = orderBy.keySet().iterator().next();
    boolean isAscending = ((Number) orderBy.get(field)).intValue() > 0;
    Comparator<Object> values = isAscending ? ValueComparator.asc() : ValueComparator.desc();
    Comparator<Keyed> order = (one, other) -> compare(one.key, other.key, values, isAscending);
    PriorityQueue<Keyed> kept = new PriorityQueue<>(order.reversed());
    documents.forEach(
        document -> {
          Keyed keyed = new Keyed(Utils.getSubdocumentValueCollectionAware(document, field), document);
          if (kept.size() < count) kept.add(keyed);
          else if (order.compare(keyed, kept.peek()) < 0) {
            kept.poll();
            kept.add(keyed);
          }
        });
    return kept.stream().map(Keyed::document);
  }

  /** Whole numbers of one kind, which nearly all are, without the library's care for all kinds of values. */
  private static int compare(Object one, Object other, Comparator<Object> values, boolean isAscending) {
    if (one instanceof Integer left && other instanceof Integer right) {
      return isAscending ? left.compareTo(right) : right.compareTo(left);
    }
    return values.compare(one, other);
  }
}
