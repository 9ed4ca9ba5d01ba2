import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import io.netty.channel.Channel;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** The library's database with indexes that are in order, used by queries, aggregations and counts. */
abstract class IndexedDatabase extends H2Database {
  IndexedDatabase(String name, MVStore store, CursorRegistry cursors) {
    super(name, store, cursors);
  }

  /** Asked for before the constructor is done: the library opens in its own what is in the store. */
  abstract MVStore store();

  /** The maps are named as the library's own database names them. */
  private <K, V> MVMap<K, V> map(String prefix, String collection, String suffix) {
    return store().openMap(prefix + databaseName + "." + collection + suffix);
  }

  @Override
  protected MongoCollection<Object> openOrCreateCollection(String collection, CollectionOptions options) {
    MVMap<Object, Document> documents = map("databases.", collection, "");
    MVMap<String, Object> meta = map("meta.", collection, "");
    return new IndexedCollection(this, collection, options, documents, meta, cursorRegistry);
  }

  @Override
  protected Index<Object> openOrCreateUniqueIndex(
      String collection, String index, List<IndexKey> keys, boolean sparse) {
    boolean isPrimary = keys.size() == 1 && keys.get(0).getKey().equals("_id");
    return isPrimary
        ? new PrimaryIndex(index, keys.get(0).isAscending(), map("", collection, "._ids"))
        : new LenientIndex(super.openOrCreateUniqueIndex(collection, index, keys, sparse), sparse);
  }

  @Override
  public void dropCollection(String collection, Oplog oplog) {
    super.dropCollection(collection, oplog);
    store().removeMap(databaseName + "." + collection + "._ids");
  }

  @Override
  protected Index<Object> openOrCreateSecondaryIndex(
      String collection, String index, List<IndexKey> keys, boolean sparse) {
    return new OrderedIndex(index, keys, sparse, map("", collection, "._index_" + index));
  }

  /** The library runs every aggregation through the whole collection, a count of what a query finds, too. */
  @Override
  public Document handleCommand(
      Channel channel, String command, Document query, DatabaseResolver databases, Oplog oplog) {
    Document match = command.equalsIgnoreCase("aggregate") ? firstMatch(query) : null;
    if (match == null || !(collectionOf(command, query) instanceof IndexedCollection collection)) {
      return super.handleCommand(channel, command, query, databases, oplog);
    }
    return isCount(query)
        ? counted(collection, collection.count(match, 0, 0))
        : collection.matching(match, () -> super.handleCommand(channel, command, query, databases, oplog));
  }

  private MongoCollection<Object> collectionOf(String command, Document query) {
    return resolveCollection(String.valueOf(query.get(command)), false);
  }

  private static Document firstMatch(Document query) {
    return query.get("pipeline") instanceof List<?> stages
            && !stages.isEmpty()
            && stages.get(0) instanceof Document stage
            && stage.get("$match") instanceof Document match
        ? match
        : null;
  }

  /** What drivers send for `countDocuments`. */
  private static final Document COUNT =
      new Document("$group", new Document("_id", 1).append("n", new Document("$sum", 1)));

  private static boolean isCount(Document query) {
    List<?> stages = (List<?>) query.get("pipeline");
    return stages.size() == 2 && COUNT.equals(stages.get(1));
  }

  private static Document counted(IndexedCollection collection, int count) {
    List<Document> rows = count == 0 ? List.of() : List.of(new Document("_id", 1).append("n", count));
    Document cursor = new Document("id", 0L).append("ns", collection.getFullName()).append("firstBatch", rows);
    return new Document("cursor", cursor).append("ok", 1.0);
  }
}
