import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.h2.mvstore.MVStore;

/**
 * Commits before it acknowledges. H2 alone commits in the background, and a process that is killed would lose up to a
 * second of writes that its clients were told are kept. Writing commands run one at a time, because a commit takes in all
 * that is unfinished at that moment: after a crash, an index could name a document that is not there.
 */
final class DurableBackend extends H2Backend {
  private static final Set<String> READING_COMMANDS = Set.of(
      "find", "getMore", "killCursors", "aggregate", "count", "distinct", "ping", "hello", "isMaster", "ismaster",
      "buildInfo", "buildinfo", "serverStatus", "listCollections", "listDatabases", "listIndexes", "getParameter",
      "whatsmyuri", "getLog", "hostInfo", "connectionStatus", "endSessions", "dbStats", "collStats", "explain");
  private static final int COMPACT_TIME_MAX_MS = 10_000;
  private static final long QUIET_AFTER_MS = 10_000;
  private static final long QUIET_CHECK_MS = 5_000;
  /** Below this size growth does not matter. */
  private static final long COMPACT_FROM_BYTES = 64L << 20;
  private static final int COMPACT_FROM_GROWTH = 3;

  private final MVStore store;
  private final Path file;
  private final Object writing = new Object();
  private volatile long lastWriteMs = System.currentTimeMillis();
  private volatile long compactedBytes;

  DurableBackend(MVStore store, Path file) {
    super(store);
    this.store = store;
    this.file = file;
  }

  @Override
  public Document handleMessage(MongoMessage message) {
    // A command that is not known to read counts as writing.
    if (READING_COMMANDS.contains(message.getDocument().keySet().iterator().next())) {
      return super.handleMessage(message);
    }
    synchronized (writing) {
      Document answer = super.handleMessage(message);
      commit();
      lastWriteMs = System.currentTimeMillis();
      return answer;
    }
  }

  /** Each commit adds some ten kilobytes to the file; this takes them back. */
  void compact(String when) {
    synchronized (writing) {
      long before = sizeBytes();
      store.compactFile(COMPACT_TIME_MAX_MS);
      compactedBytes = sizeBytes();
      System.out.printf("file of %d MB compacted to %d MB %s%n", before >> 20, compactedBytes >> 20, when);
    }
  }

  void compactInQuietMoments() {
    Thread thread = new Thread(this::watchForQuietMoments, "compaction");
    thread.setDaemon(true);
    thread.start();
  }

  private void watchForQuietMoments() {
    while (!store.isClosed()) {
      try {
        Thread.sleep(QUIET_CHECK_MS);
      } catch (InterruptedException stop) {
        return;
      }
      boolean isQuiet = System.currentTimeMillis() - lastWriteMs >= QUIET_AFTER_MS;
      long size = sizeBytes();
      if (isQuiet && size >= COMPACT_FROM_BYTES && size >= compactedBytes * COMPACT_FROM_GROWTH) {
        compact("in a quiet moment");
      }
    }
  }

  private long sizeBytes() {
    try {
      return Files.size(file);
    } catch (IOException unreadable) {
      return 0;
    }
  }
}
