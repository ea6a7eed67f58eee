package dev.darkroom.e2e.conformance;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobStore.Capability;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.nio.channels.Channels;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Invariants of every case:
 *
 * <ul>
 *   <li>a store with a copy by the outcome has exactly the expected bytes, and they are readable;
 *   <li>in any other store no byte is readable;
 *   <li>no unpublished bytes remain, unless another attempt can resume; then a sweep removes them.
 * </ul>
 */
final class Invariants {

  private Invariants() {}

  /** The violation, in a sentence; empty if there is none. */
  static Optional<String> problem(TestBed bed, Outcome outcome) throws IOException {
    Set<String> have = Expectation.storedIn(outcome);
    for (Map.Entry<String, StoreUnderTest> entry : bed.stores().entrySet()) {
      String name = entry.getKey();
      StoreUnderTest store = entry.getValue();
      Optional<String> problem =
          have.contains(name) ? holds(store.sound(), bed) : holdsNothing(store.sound());
      if (problem.isEmpty()) {
        problem = leftBehind(store, outcome);
      }
      if (problem.isPresent()) {
        return Optional.of("store " + name + " " + problem.get());
      }
    }
    return Optional.empty();
  }

  /**
   * The store with readable bytes other than the expected ones, in a sentence; empty if there is
   * none.
   */
  static Optional<String> unverified(TestBed bed) throws IOException {
    for (Map.Entry<String, StoreUnderTest> entry : bed.stores().entrySet()) {
      BlobStore store = entry.getValue().sound();
      Optional<String> problem =
          store.stat(TestBed.KEY).isPresent() ? holds(store, bed) : holdsNothing(store);
      if (problem.isPresent()) {
        return Optional.of("store " + entry.getKey() + " " + problem.get());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> holds(BlobStore store, TestBed bed) throws IOException {
    Optional<Blob> blob = store.stat(TestBed.KEY);
    if (blob.isEmpty()) {
      return Optional.of("has no copy, contrary to the outcome");
    }
    MessageDigest digest = sha256();
    long size = 0;
    byte[] piece = new byte[1 << 20];
    try (var in = Channels.newInputStream(store.read(TestBed.KEY, 0, blob.get().size()))) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        digest.update(piece, 0, read);
        size += read;
      }
    }
    boolean same =
        size == blob.get().size() && MessageDigest.isEqual(digest.digest(), bed.storedSha256());
    return same ? Optional.empty() : Optional.of("has a copy with wrong bytes");
  }

  private static Optional<String> holdsNothing(BlobStore store) throws IOException {
    List<Blob> readable = new ArrayList<>();
    try (Stream<Blob> all = store.list("")) {
      all.forEach(readable::add);
    }
    store.stat(TestBed.KEY).ifPresent(readable::add);
    return readable.isEmpty()
        ? Optional.empty()
        : Optional.of("has " + readable.get(0).size() + " readable bytes without a copy");
  }

  private static Optional<String> leftBehind(StoreUnderTest store, Outcome outcome)
      throws IOException {
    long left = store.leftBehind();
    if (left > 0 && !canResume(store.sound(), outcome)) {
      return Optional.of("has " + left + " unpublished bytes left");
    }
    store.sound().sweep();
    left = store.leftBehind();
    return left == 0
        ? Optional.empty()
        : Optional.of("has " + left + " unpublished bytes left after a sweep");
  }

  private static boolean canResume(BlobStore store, Outcome outcome) {
    return outcome instanceof Outcome.Failed failed
        && failed.failure().reason().recovery() == Reason.Recovery.RETRY
        && store.capabilities().contains(Capability.RESUME);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
