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
 * What holds after every case, however it ended:
 *
 * <ul>
 *   <li>a store that is said to have a copy has exactly the bytes, and can read them;
 *   <li>in any other store no byte is readable;
 *   <li>nothing unpublished is left behind, unless another attempt can go on with it, and then a
 *       sweep removes all of it.
 * </ul>
 */
final class Invariants {

  private Invariants() {}

  /** In a sentence what does not hold; empty when all does. */
  static Optional<String> problem(World world, Outcome outcome) throws IOException {
    Set<String> have = Check.storedIn(outcome);
    for (Map.Entry<String, StoreUnderTest> entry : world.stores().entrySet()) {
      String name = entry.getKey();
      StoreUnderTest store = entry.getValue();
      Optional<String> problem =
          have.contains(name) ? holds(store.sound(), world) : holdsNothing(store.sound());
      if (problem.isEmpty()) {
        problem = leftBehind(store, outcome);
      }
      if (problem.isPresent()) {
        return Optional.of("store " + name + " " + problem.get());
      }
    }
    return Optional.empty();
  }

  /** In a sentence which store lets bytes be read that are not the whole; empty when none does. */
  static Optional<String> unverified(World world) throws IOException {
    for (Map.Entry<String, StoreUnderTest> entry : world.stores().entrySet()) {
      BlobStore store = entry.getValue().sound();
      Optional<String> problem =
          store.stat(World.KEY).isPresent() ? holds(store, world) : holdsNothing(store);
      if (problem.isPresent()) {
        return Optional.of("store " + entry.getKey() + " " + problem.get());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> holds(BlobStore store, World world) throws IOException {
    Optional<Blob> blob = store.stat(World.KEY);
    if (blob.isEmpty()) {
      return Optional.of("has no copy, though it is said to");
    }
    MessageDigest digest = sha256();
    long size = 0;
    byte[] piece = new byte[1 << 20];
    try (var in = Channels.newInputStream(store.read(World.KEY, 0, blob.get().size()))) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        digest.update(piece, 0, read);
        size += read;
      }
    }
    boolean same =
        size == blob.get().size() && MessageDigest.isEqual(digest.digest(), world.storedSha256());
    return same ? Optional.empty() : Optional.of("has a copy of other bytes");
  }

  private static Optional<String> holdsNothing(BlobStore store) throws IOException {
    List<Blob> readable = new ArrayList<>();
    try (Stream<Blob> all = store.list("")) {
      all.forEach(readable::add);
    }
    store.stat(World.KEY).ifPresent(readable::add);
    return readable.isEmpty()
        ? Optional.empty()
        : Optional.of("lets " + readable.get(0).size() + " bytes be read that it must not have");
  }

  private static Optional<String> leftBehind(StoreUnderTest store, Outcome outcome)
      throws IOException {
    long left = store.leftBehind();
    if (left > 0 && !mayGoOn(store.sound(), outcome)) {
      return Optional.of("is left with " + left + " bytes that nobody will ever read");
    }
    store.sound().sweep();
    left = store.leftBehind();
    return left == 0
        ? Optional.empty()
        : Optional.of("is left with " + left + " bytes that a sweep does not remove");
  }

  private static boolean mayGoOn(BlobStore store, Outcome outcome) {
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
