import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.h2.mvstore.MVStore;

/**
 * Serves the MongoDB protocol from one H2 file. Arguments: file, host, port. Ends when its standard input closes, so that
 * it cannot outlive whoever started it.
 */
public final class Launcher {
  /** The drivers of today want wire version 9, which the library does not announce by itself. */
  private static final MongoVersion VERSION_4_4 = new MongoVersion() {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(4, 4, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 9;
    }
  };

  private Launcher() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Files.createDirectories(file.toAbsolutePath().getParent());
    // Only the backend's own commits write: one that H2 makes by itself could keep half a command.
    MVStore store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().open();
    // A commit may take the place of old chunks at once.
    store.setRetentionTime(0);
    DurableBackend backend = new DurableBackend(store, file);
    backend.version(VERSION_4_4);
    backend.compact("at start");
    MongoServer server = new MongoServer(backend);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    server.bind(arguments[1], Integer.parseInt(arguments[2]));
    System.out.println("ready on port " + server.getLocalAddress().getPort());
    backend.compactInQuietMoments();
    while (System.in.read() >= 0) {
      // Nothing is said on standard input; its end is the message.
    }
    System.exit(0);
  }
}
