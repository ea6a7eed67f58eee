package dev.darkroom.e2e.conformance;

import static org.awaitility.Awaitility.await;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.testing.FaultyServerFile;
import dev.darkroom.testing.FaultyServerFile.Asked;
import dev.darkroom.testing.Mount;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferOptionsBuilder;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferRequestBuilder;
import dev.darkroom.transfer.model.TransferStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * What one case has for itself: a web server that does as it is told, stores, and the real path
 * between them. Everything is closed and removed after the case.
 */
final class World implements AutoCloseable {

  /** What imports are called by those who submit them. */
  static final String ID = "case";

  static final BlobKey KEY = BlobKey.of("tenant", "image-1", "content");

  /** Enough for several chunks and parts of what {@link World#options} says. */
  static final byte[] DISK = Bytes.random(3_000_000);

  /** Enough for several parts of an S3 store. */
  static final byte[] LARGE = Bytes.random(12_000_000);

  /** Lets the cases' servers at 127.0.0.1 be sources, and nothing else that is not public. */
  static final AddressPolicy POLICY = AddressPolicy.defaults().withAllowed(List.of("127.0.0.1"));

  /** Four connections, parts of 256 KiB from a megabyte on, and a second of patience. */
  static final FetchOptions FETCH =
      new FetchOptions(
          4, 256 << 10, 1 << 20, FetchOptions.NEVER_ENOUGH, 2, 1024, Duration.ofSeconds(1));

  /** The same with more patience. */
  static final FetchOptions PATIENT =
      new FetchOptions(
          4, 256 << 10, 1 << 20, FetchOptions.NEVER_ENOUGH, 2, 1024, Duration.ofSeconds(60));

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final FaultyServer server;
  private final Map<String, StoreUnderTest> stores = new LinkedHashMap<>();
  private final List<FaultyServer> others = new ArrayList<>();
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private final AtomicLong fetched = new AtomicLong();
  private volatile int storedLength = DISK.length;
  private byte[] storedSha256 = Bytes.sha256(DISK);

  World(Path directory) throws IOException {
    this.directory = directory;
    this.server = closing(FaultyServer.start());
  }

  /** On 127.0.0.1. */
  FaultyServer server() {
    return server;
  }

  /** Serves a file, as it should be, and counts from now on what it is asked for. */
  void serve(String path, FaultyServerFile file) {
    fetched.set(0);
    server.on(
        path,
        exchange -> {
          fetched.addAndGet(file.asked(exchange).map(Asked::length).orElse(storedLength));
          file.play(exchange);
        });
  }

  /** How many bytes the file was asked for since it was served last. */
  long fetched() {
    return fetched.get();
  }

  /** A directory of the case's own. */
  Path directory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  /** The stores so far, by their names. */
  Map<String, StoreUnderTest> stores() {
    return stores;
  }

  /** The names of all stores. */
  Set<String> targets() {
    return new TreeSet<>(stores.keySet());
  }

  /** A filesystem store. */
  DirectoryStore store(String name) throws IOException {
    return store(name, UnaryOperator.identity());
  }

  /** A filesystem store with a fault. */
  DirectoryStore store(String name, UnaryOperator<BlobStore> fault) throws IOException {
    return add(name, DirectoryStore.in(storeDirectory(name), fault));
  }

  /**
   * A file system of so many MiB where the store of that name will be; where mounting is not
   * permitted the case is not run.
   */
  Mount mounted(String store, int mebibytes) throws IOException {
    return closing(Mount.tmpfs(storeDirectory(store), mebibytes));
  }

  /** Another store. */
  <T extends StoreUnderTest> T add(String name, T store) {
    stores.put(name, closing(store));
    return store;
  }

  /** What the stores hold in the end, if it goes well: {@link #DISK} when nothing else is said. */
  World storing(byte[] bytes) {
    storedSha256 = Bytes.sha256(bytes);
    storedLength = bytes.length;
    return this;
  }

  byte[] storedSha256() {
    return storedSha256.clone();
  }

  /** Remembers another server, to be looked at in the end. */
  FaultyServer other(FaultyServer another) {
    others.add(closing(another));
    return another;
  }

  /** The servers besides {@link #server}. */
  List<FaultyServer> others() {
    return List.copyOf(others);
  }

  /** Has it closed after the case, in the reverse order. */
  <T extends AutoCloseable> T closing(T resource) {
    toClose.push(resource);
    return resource;
  }

  /** A client that waits for a second where others wait for a minute. */
  WebClient client(String... alsoAllowed) {
    return closing(new WebClient(limits(), POLICY.withAllowed(List.of(alsoAllowed))));
  }

  static WebLimits limits() {
    return new WebLimits(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), 10);
  }

  /** Small chunks, so that little data goes a long way. */
  static TransferOptionsBuilder options() {
    return TransferOptionsBuilder.builder(TransferOptions.defaults())
        .chunkBytes(64 << 10)
        .journalPartBytes(64 << 10)
        .chunksInFlight(4)
        .announceEvery(Duration.ofMillis(10))
        .fetch(FETCH);
  }

  /** The same, with what is needed to go on with an import that ended half-way. */
  static TransferOptionsBuilder staging(Path directory) {
    return options().staging(Optional.of(directory));
  }

  /** What is at that path of the server, declared as a raw disk, to all stores. */
  TransferRequestBuilder importOf(String path) throws IOException {
    return importOf(new WebSource(server.url(path), client()));
  }

  /** A source, declared as a raw disk, to all stores; one is made where there is none. */
  TransferRequestBuilder importOf(Source source) throws IOException {
    if (stores.isEmpty()) {
      store("one");
    }
    List<Target> targets =
        stores.entrySet().stream()
            .map(entry -> new Target(entry.getKey(), entry.getValue().store(), KEY))
            .toList();
    return TransferRequest.of(source, targets).declaredFormat(Optional.of(DiskFormat.RAW));
  }

  /** Does it by transfers of its own and waits for the end. */
  Outcome bring(TransferRequestBuilder request) {
    return bring(request, new Transfers(options().build(), id -> {}));
  }

  /** Does it by these transfers, which it closes, and waits for the end. */
  Outcome bring(TransferRequestBuilder request, Transfers transfers) {
    try {
      transfers.submit(ID, request.build(), Map.of());
      return outcome(transfers, ID);
    } finally {
      close(transfers);
    }
  }

  /** Waits for the end. */
  static Outcome outcome(Transfers transfers, String id) {
    return await("the end of the import")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> transfers.status(id).flatMap(TransferStatus::outcome), Optional::isPresent)
        .orElseThrow();
  }

  /** Waits until something is so. */
  static void waitFor(String what, Callable<Boolean> condition) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  static void close(Transfers transfers) {
    try {
      if (!transfers.close(PATIENCE)) {
        throw new AssertionError("transfers did not come to an end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Path storeDirectory(String name) {
    return directory.resolve("store-" + name);
  }

  @Override
  public void close() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  /** A checksum of {@link #DISK}. */
  static Checksum checksum() {
    return checksum(DISK);
  }

  /** A checksum of these bytes. */
  static Checksum checksum(byte[] bytes) {
    return new Checksum(Checksum.Algorithm.SHA256, HexFormat.of().formatHex(Bytes.sha256(bytes)));
  }
}
