import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

/**
 * An index that isn't unique, which the library has none of: the values of some fields in their order, and with them the
 * document's position. It finds by values of its first fields and a range of the next, in order of the one after those. A
 * field that holds a list or a document can't be indexed here.
 */
final class OrderedIndex extends Index<Object> {
  /** Combinations of values ({a: {$in: […]}, b: {$in: […]}}) that are looked up one by one. */
  private static final int MAX_RANGES = 1_000;

  private static final Set<String> BOUNDS = Set.of("$gt", "$gte", "$lt", "$lte");

  private final MVMap<String, Object> positions;

  OrderedIndex(String name, List<IndexKey> keys, boolean sparse, MVMap<String, Object> positions) {
    super(name, keys, sparse);
    this.positions = positions;
  }

  /** From one key to before another. */
  private record Range(String from, String to) {}

  /** What a query can be found by. */
  final class Plan {
    /** In their order, none of them inside another. */
    private final List<Range> ranges;
    /** Fields of the query that the ranges stand for. */
    final int fields;
    private final List<String> orders;

    private Plan(List<Range> ranges, int fields, List<String> orders) {
      this.ranges = ranges;
      this.fields = fields;
      this.orders = orders;
    }

    /** How many there are, by two look-ups a range. */
    long count() {
      return ranges.stream().mapToLong(range -> rank(range.to) - rank(range.from)).sum();
    }

    /** Whether they come in order of this field. */
    boolean isInOrderOf(String field) {
      return orders.contains(field);
    }

    Stream<Object> positions(boolean isAscending) {
      return ranges.stream().flatMap(range -> scan(range, isAscending));
    }
  }

  /** Null where the index is of no use. */
  Plan plan(Document query) {
    List<String> prefixes = List.of("");
    List<String> fields = keys();
    int fixed = 0;
    while (fixed < fields.size() && query.containsKey(fields.get(fixed))) {
      List<String> values = valuesOf(query.get(fields.get(fixed)));
      if (values == null || prefixes.size() * values.size() > MAX_RANGES) break;
      prefixes = prefixes.stream().flatMap(prefix -> values.stream().map(prefix::concat)).toList();
      fixed++;
    }
    Range bounds = fixed < fields.size() ? boundsOf(query.get(fields.get(fixed))) : null;
    if (fixed == 0 && bounds == null) return null;
    Range within = bounds == null ? new Range("", IndexKeys.END) : bounds;
    // {$gte: 5, $lt: 3} is nothing at all.
    boolean isNothing = within.from.compareTo(within.to) >= 0;
    List<Range> ranges =
        isNothing
            ? List.of()
            : prefixes.stream().map(prefix -> new Range(prefix + within.from, prefix + within.to)).toList();
    // Of several ranges each is in order, but not what they give together.
    List<String> orders = ranges.size() == 1 ? fields.subList(0, Math.min(fixed + 1, fields.size())) : List.of();
    return new Plan(ranges, fixed + (bounds == null ? 0 : 1), orders);
  }

  /** The values that a condition asks for, encoded and in order; null where it asks for anything else. */
  private static List<String> valuesOf(Object condition) {
    if (!(condition instanceof Document document)) {
      String encoded = IndexKeys.encode(condition);
      return encoded == null ? null : List.of(encoded);
    }
    if (document.size() != 1) return null;
    if (document.containsKey("$eq")) return valuesOf(document.get("$eq"));
    if (!(document.get("$in") instanceof Collection<?> values)) return null;
    Set<String> encoded = new TreeSet<>();
    for (Object value : values) {
      String one = IndexKeys.encode(value);
      if (one == null) return null;
      encoded.add(one);
    }
    return List.copyOf(encoded);
  }

  /** MongoDB compares values of one kind alone: {$lt: 5} finds no text. */
  private static Range boundsOf(Object condition) {
    if (!(condition instanceof Document document) || document.isEmpty()) return null;
    if (!BOUNDS.containsAll(document.keySet())) return null;
    String from = null;
    String to = null;
    for (Map.Entry<String, Object> bound : document.entrySet()) {
      String value = IndexKeys.encode(bound.getValue());
      if (value == null) return null;
      String beyond = value + IndexKeys.END;
      switch (bound.getKey()) {
        case "$gt" -> from = beyond;
        case "$gte" -> from = value;
        case "$lt" -> to = value;
        default -> to = beyond;
      }
    }
    String bound = from == null ? to : from;
    return new Range(
        from == null ? IndexKeys.kindOf(bound) : from, to == null ? IndexKeys.behindKindOf(bound) : to);
  }

  /** How many keys come before this one, which is none itself. */
  private long rank(String key) {
    long found = positions.getKeyIndex(key);
    return found < 0 ? -found - 1 : found;
  }

  private Stream<Object> scan(Range range, boolean isAscending) {
    Cursor<String, Object> cursor =
        isAscending
            ? positions.cursor(range.from, range.to, false)
            : positions.cursor(range.to, range.from, true);
    Iterator<Object> values =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return cursor.hasNext();
          }

          @Override
          public Object next() {
            cursor.next();
            return cursor.getValue();
          }
        };
    Iterable<Object> once = () -> values;
    return StreamSupport.stream(once.spliterator(), false);
  }

  private String keyOf(Document document) {
    StringBuilder key = new StringBuilder();
    List<String> fields = new ArrayList<>(keys());
    fields.add("_id");
    for (String field : fields) {
      String encoded = IndexKeys.encode(Utils.getSubdocumentValueCollectionAware(document, field));
      if (encoded == null) {
        throw new MongoServerException("The embedded database has no index on lists, documents or bytes: " + field);
      }
      key.append(encoded);
    }
    return key.toString();
  }

  /** The library would only ask where a query names all fields and nothing else: `IndexedCollection` asks by itself. */
  @Override
  public boolean canHandle(Document query) {
    return false;
  }

  @Override
  public Iterable<Object> getPositions(Document query) {
    throw new UnsupportedOperationException("by plan only");
  }

  /** Others know it by the document's id. */
  @Override
  public Object getPosition(Document document) {
    return null;
  }

  @Override
  public void checkAdd(Document document, MongoCollection<Object> collection) {
    keyOf(document);
  }

  @Override
  public void add(Document document, Object position, MongoCollection<Object> collection) {
    positions.put(keyOf(document), position);
  }

  @Override
  public Object remove(Document document) {
    return positions.remove(keyOf(document));
  }

  @Override
  public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {
    keyOf(after);
  }

  @Override
  public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> collection) {
    String former = keyOf(before);
    String next = keyOf(after);
    if (former.equals(next)) return;
    positions.remove(former);
    positions.put(next, position);
  }

  @Override
  public long getCount() {
    return positions.sizeAsLong();
  }

  @Override
  public long getDataSize() {
    return getCount();
  }

  @Override
  public void drop() {}
}
