import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.MVStore;

/**
 * MongoDB's wire protocol on one H2 file. Arguments: port, path of the file, the address to listen at (127.0.0.1).
 *
 * <p>What it answers is on disk first: a kill -9 loses nothing that was acknowledged. It doesn't call fsync, so a
 * power cut may lose the last moments; whoever needs more than that uses a real MongoDB (MONGODB_URL).
 */
public final class MongoServer {
  /** The entries of a list of some 200,000 stay off the disk, which is read anew for each look through a list otherwise. */
  private static final int CACHE_MB = 256;

  private static final long COMPACT_EVERY_MS = 5_000;

  /**
   * H2 keeps what it has replaced for 45 s against a power cut; at 1,500 commits of 40 kB a second that is gigabytes.
   * A killed process leaves its writes to the page cache in their order, so this much is plenty.
   */
  private static final int RETENTION_MS = 1_000;

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    String address = args.length > 2 ? args[2] : "127.0.0.1";
    // H2's own commit thread would write in the middle of a command, half of it without its index entries.
    MVStore store =
        new MVStore.Builder()
            .fileName(args[1])
            .cacheSize(CACHE_MB)
            .autoCommitDisabled()
            .autoCommitBufferSize(0)
            .open();
    store.setRetentionTime(RETENTION_MS);
    CommittingBackend backend = new CommittingBackend(store);
    backend.version(new Version());
    de.bwaldvogel.mongo.MongoServer server = new de.bwaldvogel.mongo.MongoServer(backend);
    server.bind(address, port);
    Thread compactor = new Thread(backend::compactForEver, "compactor");
    compactor.setDaemon(true);
    compactor.start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow, "stop"));
    System.out.println("ready at " + address + ":" + port);
  }

  /** The library says 3.6 to 5.0 with wire versions that today's drivers refuse; 13 is that of MongoDB 5.0. */
  private record Version() implements MongoVersion {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(5, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 13;
    }
  }

  /** Commits before it answers. Commands that wait for the disk at the same time share one commit. */
  private static final class CommittingBackend extends H2Backend {
    private static final Set<String> READS =
        Set.of("hello", "ismaster", "isMaster", "ping", "buildInfo", "buildinfo", "find", "aggregate", "getMore", "count",
            "distinct", "listCollections", "listIndexes", "listDatabases", "endSessions", "killCursors");

    private final Object writing = new Object();
    private final Object committing = new Object();
    private long applied;
    private long committed;

    CommittingBackend(MVStore store) {
      super(store);
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
      return new IndexedDatabase(name, getMvStore(), getCursorRegistry()) {
        @Override
        MVStore store() {
          return getMvStore();
        }
      };
    }

    @Override
    public Document handleMessage(MongoMessage message) {
      if (READS.contains(message.getDocument().keySet().iterator().next())) return read(message);
      long mine = 0;
      try {
        synchronized (writing) {
          mine = ++applied;
          return super.handleMessage(message);
        }
      } finally {
        // A refused command may have written a part (an ordered insert up to its duplicate), and says so.
        commitUpTo(mine);
      }
    }

    /** Reads wait for nobody: what one of them goes through stays on the disk until it is done, whatever replaces it meanwhile. */
    private Document read(MongoMessage message) {
      MVStore.TxCounter used = getMvStore().registerVersionUsage();
      try {
        return super.handleMessage(message);
      } finally {
        getMvStore().deregisterVersionUsage(used);
      }
    }

    private void commitUpTo(long mine) {
      synchronized (committing) {
        if (committed >= mine) return;
        synchronized (writing) {
          committed = applied;
          if (getMvStore().hasUnsavedChanges()) commit();
        }
      }
    }

    /** Without its own thread H2 never gathers what is left of half-empty chunks, and the file only grows. */
    void compactForEver() {
      try {
        while (!getMvStore().isClosed()) {
          Thread.sleep(COMPACT_EVERY_MS);
          synchronized (writing) {
            if (!getMvStore().isClosed() && getMvStore().compact(50, 4 * 1024 * 1024)) commit();
          }
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
