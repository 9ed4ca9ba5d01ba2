import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.bson.Document;

/**
 * The library looks an index up only where a query names its fields and nothing else: {_id, lastOffset: {$lt: N}}
 * would go through the whole collection. Here the index finds by its own fields; the library then checks what was
 * found against the whole query.
 */
final class LenientIndex extends Index<Object> {
  private final Index<Object> exact;

  LenientIndex(Index<Object> exact, boolean sparse) {
    super(exact.getName(), exact.getKeys(), sparse);
    this.exact = exact;
  }

  /** The part of a query that is about this index's fields. */
  private Document own(Document query) {
    Document own = new Document();
    for (String key : keys()) if (query.containsKey(key)) own.put(key, query.get(key));
    return own;
  }

  @Override
  public boolean canHandle(Document query) {
    return exact.canHandle(own(query));
  }

  @Override
  public Iterable<Object> getPositions(Document query) {
    return exact.getPositions(own(query));
  }

  @Override
  public Object getPosition(Document document) {
    return exact.getPosition(document);
  }

  @Override
  public void checkAdd(Document document, MongoCollection<Object> collection) {
    exact.checkAdd(document, collection);
  }

  @Override
  public void add(Document document, Object position, MongoCollection<Object> collection) {
    exact.add(document, position, collection);
  }

  @Override
  public Object remove(Document document) {
    return exact.remove(document);
  }

  @Override
  public long getCount() {
    return exact.getCount();
  }

  @Override
  public long getDataSize() {
    return exact.getDataSize();
  }

  @Override
  public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {
    exact.checkUpdate(before, after, collection);
  }

  @Override
  public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> collection) {
    exact.updateInPlace(before, after, position, collection);
  }

  @Override
  public boolean isUnique() {
    return exact.isUnique();
  }

  @Override
  public void drop() {
    exact.drop();
  }
}
