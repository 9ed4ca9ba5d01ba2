import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.h2.mvstore.MVMap;

/**
 * The index on _id: where each document lies. The library's serializes its keys anew for each comparison; here they are
 * compared as what they are.
 */
final class PrimaryIndex extends Index<Object> {
  private static final String ID = "_id";

  private final MVMap<Object, Object> positions;

  PrimaryIndex(String name, boolean ascending, MVMap<Object, Object> positions) {
    super(name, List.of(new IndexKey(ID, ascending)), false);
    this.positions = positions;
  }

  /** By one id or by several, whatever else the query asks for: the library checks what was found against all of it. */
  @Override
  public boolean canHandle(Document query) {
    if (!query.containsKey(ID)) return false;
    return !(query.get(ID) instanceof Document condition) || condition.keySet().equals(Set.of("$in"));
  }

  @Override
  public Iterable<Object> getPositions(Document query) {
    if (!(query.get(ID) instanceof Document condition)) {
      Object found = positionOf(query.get(ID));
      return found == null ? List.of() : List.of(found);
    }
    TreeSet<Object> ids = new TreeSet<>(ValueComparator.asc());
    ids.addAll((Collection<?>) condition.get("$in"));
    return ids.stream().map(this::positionOf).filter(Objects::nonNull).toList();
  }

  @Override
  public Object getPosition(Document document) {
    return positionOf(document.get(ID));
  }

  /** Null where there is no such document. */
  private Object positionOf(Object id) {
    return positions.get(keyOf(id));
  }

  /** 1, 1L and 1.0 are one id. */
  private static Object keyOf(Object id) {
    if (!(id instanceof Number number)) return Missing.ofNullable(id);
    long whole = number.longValue();
    return whole == number.doubleValue() ? (Object) whole : (Object) number.doubleValue();
  }

  @Override
  public void checkAdd(Document document, MongoCollection<Object> collection) {
    Object id = document.get(ID);
    if (positionOf(id) != null) {
      throw new DuplicateKeyError(this, collection, getKeys(), new KeyValue(id));
    }
  }

  @Override
  public void add(Document document, Object position, MongoCollection<Object> collection) {
    positions.put(keyOf(document.get(ID)), position);
  }

  @Override
  public Object remove(Document document) {
    return positions.remove(keyOf(document.get(ID)));
  }

  /** Ids never change. */
  @Override
  public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {}

  @Override
  public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> collection) {}

  @Override
  public long getCount() {
    return positions.sizeAsLong();
  }

  @Override
  public long getDataSize() {
    return getCount();
  }

  @Override
  public boolean isUnique() {
    return true;
  }

  @Override
  public void drop() {}
}
