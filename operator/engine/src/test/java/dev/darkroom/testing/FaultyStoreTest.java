package dev.darkroom.testing;

import static dev.darkroom.testing.FaultyStore.Operation.APPEND;
import static dev.darkroom.testing.FaultyStore.Operation.COMMIT;
import static dev.darkroom.testing.FaultyStore.Operation.DELETE;
import static dev.darkroom.testing.FaultyStore.Operation.STAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobStore.Capability;
import dev.darkroom.store.BlobStoreContract;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.filesystem.FilesystemStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test tool keeps the contract of stores, except where a script says otherwise. */
class FaultyStoreTest extends BlobStoreContract {

  @TempDir Path directory;

  @Override
  protected BlobStore openStore() throws IOException {
    return open("store");
  }

  @Override
  protected Optional<BlobStore> openSmallStore() throws IOException {
    return Optional.of(open("small").hasRoomFor(7 << 20));
  }

  private FaultyStore open(String name) throws IOException {
    return FaultyStore.over(FilesystemStore.open(Files.createDirectories(directory.resolve(name))));
  }

  /** Behaves as a store that can't resume. */
  @Nested
  class WithoutResume extends BlobStoreContract {

    @Override
    protected BlobStore openStore() throws IOException {
      return open("other").lacks(Capability.RESUME);
    }

    @Override
    protected Optional<BlobStore> openSmallStore() {
      return Optional.empty();
    }
  }

  @Test
  void theNthAppendFailsAndBreaksItsWrite() throws IOException {
    FaultyStore faulty = open("store").on(APPEND).nth(3).fails(Kind.UNAVAILABLE);
    BlobWrite write = faulty.open(KEY);
    write.append(bytes("one"));
    write.append(bytes("two"));

    assertFails(Kind.UNAVAILABLE, () -> write.append(bytes("three")));
    assertFails(Kind.UNAVAILABLE, () -> write.append(bytes("four")));
    assertFails(Kind.UNAVAILABLE, () -> write.commit(Map.of()));

    assertThat(faulty.calls(APPEND)).isEqualTo(3);
    assertThat(store.stat(KEY)).isEmpty();
    assertThat(store.sweep()).isZero();
  }

  @Test
  void failuresEndAfterTheirCount() throws IOException {
    FaultyStore faulty = open("store").on(COMMIT).first(2).fails(Kind.FULL);

    long published =
        IntStream.range(0, 4).filter(i -> commits(faulty, BlobKey.of("lab", "b" + i))).count();

    assertThat(published).isEqualTo(2);
    assertThat(listed("")).containsExactly("lab/b2", "lab/b3");
    assertThat(store.sweep()).isZero();
  }

  private static boolean commits(BlobStore store, BlobKey key) {
    try (BlobWrite write = store.open(key)) {
      write.commit(Map.of());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aLostAnswerBelongsToADoneOperation() throws IOException {
    FaultyStore faulty = open("store").on(COMMIT).nth(1).losesItsAnswer();
    faulty.on(DELETE).nth(1).losesItsAnswer();
    BlobWrite write = faulty.open(KEY);
    write.append(bytes("bytes"));

    assertFails(Kind.UNAVAILABLE, () -> write.commit(Map.of()));
    write.abort();
    assertThat(read(store, KEY, 0, 100)).asString(UTF_8).isEqualTo("bytes");

    assertFails(Kind.UNAVAILABLE, () -> faulty.delete(KEY));
    assertThat(store.stat(KEY)).isEmpty();
  }

  @Test
  void aByteIsWrongUntilTheFaultIsCleared() throws IOException {
    publish(KEY, "0123456789");
    FaultyStore faulty = open("store").corrupts(5);

    assertThat(read(faulty, KEY, 0, 100)).asString(UTF_8).isEqualTo("0123446789");
    assertThat(read(faulty, KEY, 5, 2)).asString(UTF_8).isEqualTo("46");
    assertThat(read(faulty, KEY, 6, 2)).asString(UTF_8).isEqualTo("67");
    assertThat(read(faulty.heals(), KEY, 0, 100)).asString(UTF_8).isEqualTo("0123456789");
  }

  @Test
  void anOperationWaitsAtTheGate() throws Exception {
    Gate gate = new Gate();
    FaultyStore faulty = open("store").on(STAT).nth(1).waitsAt(gate);

    CompletableFuture<Boolean> there =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return faulty.stat(KEY).isPresent();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    gate.awaitReached();
    assertThat(there).isNotDone();
    publish(KEY, "something");
    gate.open();

    assertThat(there.get()).isTrue();
  }

  @Test
  void aStoppedStoreWorksAfterItsRestart() throws IOException {
    publish(KEY, "something");
    FaultyStore faulty = open("store").goesDown(Kind.UNAVAILABLE);

    assertFails(Kind.UNAVAILABLE, () -> faulty.stat(KEY));
    assertFails(Kind.UNAVAILABLE, () -> faulty.read(KEY, 0, 1));
    assertFails(Kind.UNAVAILABLE, faulty::probe);

    assertThat(faulty.heals().stat(KEY)).isPresent();
  }
}
