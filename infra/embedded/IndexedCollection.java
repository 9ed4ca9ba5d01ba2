import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;

/**
 * Finds by ordered indexes, in their order, and counts by them without a look at any document. Where none fits, the library
 * sorts all that a query finds and then takes the first few: to give the next 100 of 200,000 who wait, it has all of them on
 * the heap at once, and looks their fields up at every comparison. Here no more is kept on the way than the query's
 * limit, where the order is that of one field.
 */
final class IndexedCollection extends H2Collection {
  /** A document and what it is sorted by. */
  private record Keyed(Object key, Document document) {}

  /** Beyond this share of a collection it is faster to go through all of it, in the order in which it lies on the disk. */
  private static final double FEW = 0.3;

  private final MVMap<Object, Document> documents;

  /** Where the next document goes. */
  private long next;

  /** Set while this thread changes what it finds. */
  private final ThreadLocal<Boolean> changing = new ThreadLocal<>();

  /** What the aggregation that this thread runs begins with. */
  private final ThreadLocal<Document> matched = new ThreadLocal<>();

  IndexedCollection(
      MongoDatabase database,
      String name,
      CollectionOptions options,
      MVMap<Object, Document> data,
      MVMap<String, Object> meta,
      CursorRegistry cursors) {
    super(database, name, options, data, meta, cursors);
    documents = data;
    Object last = data.floorKey(Long.MAX_VALUE);
    next = last instanceof Long number ? number + 1 : 0;
  }

  /**
   * Documents lie in the order in which they came, as MongoDB's do, and not in that of their ids, which are random: those that
   * came together are mostly changed together, and share the pages that are written for it.
   */
  @Override
  protected Object addDocumentInternal(Document document) {
    if (!"_id".equals(getIdField())) return super.addDocumentInternal(document);
    Long position = next++;
    documents.put(position, document);
    return position;
  }

  /** To know the sizes of all documents, the library encodes each one that is written once more, and twice to change it. */
  @Override
  protected boolean tracksDataSize() {
    return false;
  }

  @Override
  public Document updateDocuments(
      Document selector, Document update, ArrayFilters filters, boolean isMulti, boolean isUpsert, Oplog oplog) {
    return changing(() -> super.updateDocuments(selector, update, filters, isMulti, isUpsert, oplog));
  }

  @Override
  public Document findAndModify(Document query) {
    return changing(() -> super.findAndModify(query));
  }

  private synchronized Document changing(Supplier<Document> change) {
    changing.set(true);
    try {
      return change.get();
    } finally {
      changing.remove();
    }
  }

  /**
   * The library changes the very document that it has found, field by field, while others read it: half of it as it was, half
   * as it will be. So whoever changes gets copies, which take the places of what was found.
   */
  @Override
  protected QueryResult queryDocuments(
      Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
    QueryResult found = find(query, orderBy, skip, limit, batchSize, fields);
    if (changing.get() == null) return found;
    return new QueryResult(found.collectDocuments().stream().map(Document::cloneDeeply).toList());
  }

  private QueryResult find(
      Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
    OrderedIndex.Plan plan = isFoundByKey(query) ? null : bestPlan(query, orderBy);
    if (plan == null) return super.queryDocuments(query, orderBy, skip, limit, batchSize, fields);
    boolean isOrdered = isInOrder(plan, orderBy);
    if (!isOrdered && plan.count() > count() * FEW) {
      return matchDocuments(query, orderBy, skip, limit, batchSize, fields);
    }
    boolean isAscending = !isOrdered || ((Number) orderBy.get(fieldOf(orderBy))).intValue() > 0;
    Iterable<Object> positions = () -> plan.positions(isAscending).iterator();
    return super.matchDocuments(query, positions, isOrdered ? null : orderBy, skip, limit, batchSize, fields);
  }

  /** By an index that is unique, which finds hardly more than what is sought. */
  private boolean isFoundByKey(Document query) {
    return getIndexes().stream().anyMatch(index -> index.canHandle(query));
  }

  /** The plan that stands for most of the query's fields; of two alike the one that gives its order. Null where none fits. */
  private OrderedIndex.Plan bestPlan(Document query, Document orderBy) {
    OrderedIndex.Plan best = null;
    for (Index<Object> index : getIndexes()) {
      OrderedIndex.Plan plan = index instanceof OrderedIndex ordered ? ordered.plan(query) : null;
      if (plan == null) continue;
      boolean isBetter =
          best == null
              || plan.fields > best.fields
              || plan.fields == best.fields && isInOrder(plan, orderBy) && !isInOrder(best, orderBy);
      if (isBetter) best = plan;
    }
    return best;
  }

  private static boolean isInOrder(OrderedIndex.Plan plan, Document orderBy) {
    return orderBy != null && orderBy.size() == 1 && plan.isInOrderOf(fieldOf(orderBy));
  }

  private static String fieldOf(Document orderBy) {
    return orderBy.keySet().iterator().next();
  }

  @Override
  public synchronized int count(Document query, int skip, int limit) {
    boolean isWhole = query != null && !query.isEmpty() && skip <= 0 && limit <= 0;
    OrderedIndex.Plan plan = isWhole && !isFoundByKey(query) ? bestPlan(query, null) : null;
    return plan != null && plan.fields == query.size()
        ? (int) plan.count()
        : super.count(query, skip, limit);
  }

  /** Runs an aggregation that begins with this match: what it goes through is found by it. */
  <T> T matching(Document query, Supplier<T> aggregation) {
    matched.set(query);
    try {
      return aggregation.get();
    } finally {
      matched.remove();
    }
  }

  @Override
  public Stream<Document> queryAllAsStream() {
    Document query = matched.get();
    return query == null ? super.queryAllAsStream() : handleQueryAsStream(query);
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
    String field = fieldOf(orderBy);
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
