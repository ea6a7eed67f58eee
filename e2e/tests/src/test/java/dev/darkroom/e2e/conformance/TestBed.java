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
 * The environment of one case: a scripted web server, stores, and the real engine. Closed and
 * deleted after the case.
 */
final class TestBed implements AutoCloseable {

  /** The id of the transfer. */
  static final String ID = "case";

  static final BlobKey KEY = BlobKey.of("tenant", "image-1", "content");

  /** Several chunks and parts with {@link TestBed#options}. */
  static final byte[] DISK = TestBytes.random(3_000_000);

  /** Several parts of an S3 store. */
  static final byte[] LARGE = TestBytes.random(12_000_000);

  /** Allows the servers at 127.0.0.1; all other non-public addresses are forbidden. */
  static final AddressPolicy POLICY = AddressPolicy.defaults().withAllowed(List.of("127.0.0.1"));

  /** Four connections, parts of 256 KiB from 1 MiB on, a stall timeout of 1 s. */
  static final FetchOptions FETCH =
      new FetchOptions(
          4, 256 << 10, 1 << 20, FetchOptions.NEVER_ENOUGH, 2, 1024, Duration.ofSeconds(1));

  /** The same with a stall timeout of 60 s. */
  static final FetchOptions SLOW_FETCH =
      new FetchOptions(
          4, 256 << 10, 1 << 20, FetchOptions.NEVER_ENOUGH, 2, 1024, Duration.ofSeconds(60));

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Path directory;
  private final FaultyServer server;
  private final Map<String, StoreUnderTest> stores = new LinkedHashMap<>();
  private final List<FaultyServer> others = new ArrayList<>();
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private final AtomicLong fetched = new AtomicLong();
  private volatile int storedLength = DISK.length;
  private byte[] storedSha256 = TestBytes.sha256(DISK);

  TestBed(Path directory) throws IOException {
    this.directory = directory;
    this.server = closing(FaultyServer.start());
  }

  /** The web server at 127.0.0.1. */
  FaultyServer server() {
    return server;
  }

  /** Serves a file, and resets the count of requested bytes. */
  void serve(String path, FaultyServerFile file) {
    fetched.set(0);
    server.on(
        path,
        exchange -> {
          fetched.addAndGet(file.asked(exchange).map(Asked::length).orElse(storedLength));
          file.play(exchange);
        });
  }

  /** The number of bytes requested since the last {@link #serve}. */
  long fetched() {
    return fetched.get();
  }

  /** Creates a directory of the case. */
  Path directory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  /** The stores by name. */
  Map<String, StoreUnderTest> stores() {
    return stores;
  }

  /** The names of all stores. */
  Set<String> targets() {
    return new TreeSet<>(stores.keySet());
  }

  /** Adds a filesystem store. */
  DirectoryStore store(String name) throws IOException {
    return store(name, UnaryOperator.identity());
  }

  /** Adds a filesystem store with a fault. */
  DirectoryStore store(String name, UnaryOperator<BlobStore> fault) throws IOException {
    return add(name, DirectoryStore.in(storeDirectory(name), fault));
  }

  /**
   * Mounts a tmpfs of this size at the directory of a future store; the case is skipped if mounting
   * is not permitted.
   */
  Mount mounted(String store, int mebibytes) throws IOException {
    return closing(Mount.tmpfs(storeDirectory(store), mebibytes));
  }

  /** Adds a store. */
  <T extends StoreUnderTest> T add(String name, T store) {
    stores.put(name, closing(store));
    return store;
  }

  /** Sets the expected bytes of the stores; default {@link #DISK}. */
  TestBed storing(byte[] bytes) {
    storedSha256 = TestBytes.sha256(bytes);
    storedLength = bytes.length;
    return this;
  }

  byte[] storedSha256() {
    return storedSha256.clone();
  }

  /** Adds another server, for {@link #others}. */
  FaultyServer other(FaultyServer another) {
    others.add(closing(another));
    return another;
  }

  /** The servers other than {@link #server}. */
  List<FaultyServer> others() {
    return List.copyOf(others);
  }

  /** Closes the resource after the case, in reverse order. */
  <T extends AutoCloseable> T closing(T resource) {
    toClose.push(resource);
    return resource;
  }

  /** A client with timeouts of 1 s. */
  WebClient client(String... alsoAllowed) {
    return closing(new WebClient(limits(), POLICY.withAllowed(List.of(alsoAllowed))));
  }

  static WebLimits limits() {
    return new WebLimits(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), 10);
  }

  /** Small chunks, so that little data is sufficient. */
  static TransferOptionsBuilder options() {
    return TransferOptionsBuilder.builder(TransferOptions.defaults())
        .chunkBytes(64 << 10)
        .journalPartBytes(64 << 10)
        .chunksInFlight(4)
        .announceEvery(Duration.ofMillis(10))
        .fetch(FETCH);
  }

  /** The same with a staging directory for resume. */
  static TransferOptionsBuilder staging(Path directory) {
    return options().staging(Optional.of(directory));
  }

  /** A request for this path, declared as a raw disk, with all stores as targets. */
  TransferRequestBuilder importOf(String path) throws IOException {
    return importOf(new WebSource(server.url(path), client()));
  }

  /**
   * A request for this source, declared as a raw disk, with all stores as targets; adds a store if
   * there is none.
   */
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

  /** Runs the request with new transfers and waits for the outcome. */
  Outcome run(TransferRequestBuilder request) {
    return run(request, new Transfers(options().build(), id -> {}));
  }

  /** Runs the request with these transfers, waits for the outcome, and closes them. */
  Outcome run(TransferRequestBuilder request, Transfers transfers) {
    try {
      transfers.submit(ID, request.build(), Map.of());
      return outcome(transfers, ID);
    } finally {
      close(transfers);
    }
  }

  /** Waits for the outcome. */
  static Outcome outcome(Transfers transfers, String id) {
    return await("the outcome of the import")
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> transfers.status(id).flatMap(TransferStatus::outcome), Optional::isPresent)
        .orElseThrow();
  }

  /** Waits for the condition. */
  static void waitFor(String what, Callable<Boolean> condition) {
    await(what).atMost(TIMEOUT).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  static void close(Transfers transfers) {
    try {
      if (!transfers.close(TIMEOUT)) {
        throw new AssertionError("transfers did not close in time");
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

  /** The checksum of {@link #DISK}. */
  static Checksum checksum() {
    return checksum(DISK);
  }

  /** The checksum of these bytes. */
  static Checksum checksum(byte[] bytes) {
    return new Checksum(
        Checksum.Algorithm.SHA256, HexFormat.of().formatHex(TestBytes.sha256(bytes)));
  }
}
