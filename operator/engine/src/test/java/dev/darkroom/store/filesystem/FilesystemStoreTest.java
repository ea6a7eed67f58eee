package dev.darkroom.store.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobStoreContract;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.testing.Mount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemStoreTest extends BlobStoreContract {

  @TempDir Path directory;
  private Optional<Mount> small = Optional.empty();

  @Override
  protected BlobStore openStore() throws IOException {
    return FilesystemStore.open(Files.createDirectories(root()));
  }

  @Override
  protected Optional<BlobStore> openSmallStore() throws IOException {
    small = Mount.tryTmpfs(directory.resolve("small"), 4);
    return small.isPresent()
        ? Optional.of(FilesystemStore.open(small.get().path()))
        : Optional.empty();
  }

  @AfterEach
  void unmount() throws IOException {
    if (small.isPresent()) {
      small.get().close();
    }
  }

  private Path root() {
    return directory.resolve("store");
  }

  @Test
  void theBytesAndTheRecordAreFilesOfTheBlobsDirectory() throws IOException {
    try (BlobWrite write = store.open(KEY)) {
      write.append(bytes("bytes"));
      write.commit(Map.of("format", "qcow2"));
    }

    Path blob = root().resolve("lab/ubuntu-3f2a");
    assertThat(filesBelow(root()))
        .containsExactly("lab/ubuntu-3f2a/disk", "lab/ubuntu-3f2a/disk.json");
    assertThat(blob.resolve("disk")).hasContent("bytes");
    JsonNode json = new ObjectMapper().readTree(blob.resolve("disk.json").toFile());
    assertThat(json.path("formatVersion").intValue()).isEqualTo(1);
    assertThat(json.path("key").textValue()).isEqualTo("lab/ubuntu-3f2a");
    assertThat(json.path("size").longValue()).isEqualTo(5);
    assertThat(json.path("publishedAt").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(json.path("attributes").path("format").textValue()).isEqualTo("qcow2");
    assertThat(blob.resolve("disk.json")).content().contains("\n");
  }

  @Test
  void aDirectoryCopiedToAnotherRootIsTheSameBlob() throws IOException {
    Blob blob = publish(KEY, "bytes");
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/lab/ubuntu-3f2a"));
    for (String file : List.of("disk", "disk.json")) {
      Files.copy(root().resolve("lab/ubuntu-3f2a").resolve(file), elsewhere.resolve(file));
    }

    try (BlobStore other = FilesystemStore.open(directory.resolve("elsewhere"))) {
      assertThat(other.stat(KEY)).contains(blob);
    }
  }

  @Test
  void aRecordOfALaterReleaseIsNotCorrupt() throws IOException {
    publish(KEY, "bytes");
    Path record = root().resolve("lab/ubuntu-3f2a/disk.json");
    String later = "{\"formatVersion\": 2, \"size\": {\"bytes\": 5}, \"key\": [\"lab\"]}";
    Files.writeString(record, later);

    StoreException e = assertFails(Kind.UNAVAILABLE, () -> store.stat(KEY));

    assertThat(e).hasMessageContaining("unknown version 2");
    assertFails(Kind.UNAVAILABLE, () -> store.read(KEY, 0, 1));
    assertFails(Kind.ALREADY_EXISTS, () -> store.open(KEY));
    assertThat(record).hasContent(later);
  }

  @Test
  void theDeleteOfANamespacesLastBlobRemovesItsDirectory() throws IOException {
    BlobKey second = BlobKey.of("lab", "second");
    publish(KEY, "one");
    publish(second, "two");

    store.delete(KEY);
    assertThat(root().resolve("lab/second")).isDirectory();
    store.delete(second);

    assertThat(root().resolve("lab")).doesNotExist();
    assertThat(filesBelow(root())).isEmpty();
  }

  @Test
  void anEmptyDirectoryIsNoBlob() throws IOException {
    Files.createDirectories(root().resolve("lab/ubuntu-3f2a"));

    assertThat(store.stat(KEY)).isEmpty();
    assertThat(store.delete(KEY)).isFalse();
    publish(KEY, "bytes");
    assertThat(read(store, KEY, 0, 9)).asString(UTF_8).isEqualTo("bytes");
  }

  @Test
  void aForeignFileInThePlaceIsNotOverwritten() throws IOException {
    Path foreign = Files.createDirectories(root().resolve("lab/ubuntu-3f2a")).resolve("notes.txt");
    Files.writeString(foreign, "mine");

    assertFails(Kind.ALREADY_EXISTS, () -> store.open(KEY));
    assertThat(store.delete(KEY)).isFalse();
    assertThat(listed("")).isEmpty();
    assertThat(foreign).hasContent("mine");
  }

  @Test
  void aForeignFileThatComesDuringTheWriteIsNotOverwritten() throws IOException {
    BlobWrite write = store.open(KEY);
    write.append(bytes("bytes"));
    Path foreign = Files.createDirectories(root().resolve("lab/ubuntu-3f2a")).resolve("notes.txt");
    Files.writeString(foreign, "mine");

    assertFails(Kind.ALREADY_EXISTS, () -> write.commit(Map.of()));

    assertThat(filesBelow(root())).containsExactly("lab/ubuntu-3f2a/notes.txt");
  }

  @Test
  void aLeadingPathOfAKeyCountsAsTaken() throws IOException {
    publish(KEY, "bytes");
    BlobWrite above = store.open(BlobKey.of("other"));
    BlobWrite below = store.open(BlobKey.of("other", "disk"));
    above.commit(Map.of());

    assertFails(Kind.ALREADY_EXISTS, () -> store.open(BlobKey.of("lab")));
    assertFails(Kind.ALREADY_EXISTS, () -> store.open(BlobKey.of("lab", "ubuntu-3f2a", "disk")));
    assertFails(Kind.ALREADY_EXISTS, () -> below.commit(Map.of()));

    assertThat(listed("")).containsExactly("lab/ubuntu-3f2a", "other");
    assertThat(store.stat(BlobKey.of("lab", "ubuntu-3f2a", "disk"))).isEmpty();
  }

  @Test
  void aSymbolicLinkDoesNotLeadOutOfTheRoot() throws IOException {
    publish(KEY, "bytes");
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.move(root().resolve("lab"), outside.resolve("lab"));
    Files.createSymbolicLink(root().resolve("lab"), outside.resolve("lab"));

    assertThat(store.stat(KEY)).isEmpty();
    assertThat(listed("")).isEmpty();
    assertFails(Kind.NOT_FOUND, () -> store.read(KEY, 0, 1));
    assertThat(store.delete(KEY)).isFalse();
    StoreException e = assertFails(Kind.UNAVAILABLE, () -> store.open(BlobKey.of("lab", "new")));
    assertThat(e).hasMessageContaining("not a directory");
    assertThat(filesBelow(outside))
        .containsExactly("lab/ubuntu-3f2a/disk", "lab/ubuntu-3f2a/disk.json");
  }

  @Test
  void aSymbolicLinkInPlaceOfTheBytesIsNotRead() throws IOException {
    publish(KEY, "bytes");
    Path disk = root().resolve("lab/ubuntu-3f2a/disk");
    Path secret = Files.writeString(directory.resolve("secret"), "bytes");
    Files.delete(disk);
    Files.createSymbolicLink(disk, secret);

    assertFails(Kind.CORRUPT, () -> store.read(KEY, 0, 5));
    assertFails(Kind.CORRUPT, () -> store.stat(KEY));
    assertThat(store.delete(KEY)).isTrue();
    assertThat(secret).hasContent("bytes");
  }

  @Test
  void aFileOfAnotherSizeThanRecordedIsCorrupt() throws IOException {
    publish(KEY, "bytes");
    Files.writeString(root().resolve("lab/ubuntu-3f2a/disk"), "+", StandardOpenOption.APPEND);

    StoreException e = assertFails(Kind.CORRUPT, () -> store.stat(KEY));

    assertThat(e).hasMessageContaining("6 bytes").hasMessageContaining("says 5");
    assertFails(Kind.CORRUPT, () -> store.read(KEY, 0, 1));
    assertFails(Kind.ALREADY_EXISTS, () -> store.open(KEY));
    assertThat(store.delete(KEY)).isTrue();
  }

  @Test
  void aFileTruncatedDuringAReadIsCorrupt() throws IOException {
    publish(KEY, "0123456789");
    try (ReadableByteChannel channel = store.read(KEY, 0, 10)) {
      Files.writeString(root().resolve("lab/ubuntu-3f2a/disk"), "0123");
      ByteBuffer buffer = ByteBuffer.allocate(100);

      assertThat(channel.read(buffer)).isEqualTo(4);
      assertFails(Kind.CORRUPT, () -> channel.read(buffer));
    }
  }

  @Test
  void aBadRecordIsCorruptAndDoesNotHideTheOthers() throws IOException {
    for (String name : List.of("a", "garbled", "lost", "swapped", "z")) {
      publish(BlobKey.of("lab", name), "bytes");
    }
    Files.writeString(root().resolve("lab/garbled/disk.json"), "{ not json");
    Files.delete(root().resolve("lab/lost/disk.json"));
    Path swapped = root().resolve("lab/swapped/disk.json");
    Files.delete(swapped);
    Files.copy(root().resolve("lab/a/disk.json"), swapped);

    for (String name : List.of("garbled", "lost", "swapped")) {
      assertFails(Kind.CORRUPT, () -> store.stat(BlobKey.of("lab", name)));
    }
    assertThat(listed("")).containsExactly("lab/a", "lab/z");
  }

  @Test
  void missingBytesAreCorrupt() throws IOException {
    publish(KEY, "bytes");
    Files.delete(root().resolve("lab/ubuntu-3f2a/disk"));

    assertFails(Kind.CORRUPT, () -> store.stat(KEY));
    assertThat(store.delete(KEY)).isTrue();
  }

  @Test
  void foreignFilesAreNotListedAndNotSwept() throws IOException {
    publish(KEY, "bytes");
    Files.writeString(root().resolve("README"), "hands off");
    Files.createDirectories(root().resolve("lost+found"));
    Files.createDirectories(root().resolve("empty/deep"));

    assertThat(listed("")).containsExactly("lab/ubuntu-3f2a");
    assertThat(store.sweep()).isZero();
    assertThat(root().resolve("README")).hasContent("hands off");
  }

  @Test
  void aSweepRemovesAllThatAKilledWriterLeft() throws Exception {
    Process writer = EndlessWriter.start(root(), KEY);
    try {
      assertThat(EndlessWriter.token(writer)).isNotNull();

      assertThat(store.sweep()).as("while the writer lives").isZero();
      assertThat(writer.isAlive()).isTrue();
      writer.destroyForcibly().waitFor();

      assertThat(store.stat(KEY)).isEmpty();
      assertThat(listed("")).isEmpty();
      assertThat(filesBelow(root())).hasSize(1);
      assertThat(store.sweep()).as("when the writer is dead").isOne();
      assertThat(filesBelow(root())).isEmpty();
    } finally {
      writer.destroyForcibly();
    }
  }

  @Test
  void aSweepCompletesAnInterruptedDelete() throws IOException {
    publish(KEY, "bytes");
    Files.move(root().resolve("lab/ubuntu-3f2a"), root().resolve(".partial/lab+ubuntu-3f2a.0"));

    assertThat(store.stat(KEY)).isEmpty();
    assertThat(store.sweep()).isOne();
    assertThat(filesBelow(root())).isEmpty();
  }

  @Test
  void anInterruptBreaksOnlyItsOwnWrite() throws IOException {
    BlobWrite write = store.open(KEY);
    write.append(bytes("before"));

    Thread.currentThread().interrupt();
    assertFails(Kind.UNAVAILABLE, () -> write.append(bytes("after")));
    assertFails(Kind.UNAVAILABLE, () -> write.commit(Map.of()));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(store.stat(KEY)).isEmpty();
    assertThat(store.sweep()).isZero();
  }

  @Test
  void commitAndDeleteCompleteInAnInterruptedThread() throws IOException {
    BlobWrite write = store.open(KEY);
    write.append(bytes("bytes"));

    Thread.currentThread().interrupt();
    write.commit(Map.of());
    assertThat(store.delete(KEY)).isTrue();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(filesBelow(root())).isEmpty();
  }

  @Test
  void aMissingRootIsNotCreated() {
    Path missing = directory.resolve("not-mounted");

    StoreException e = assertFails(Kind.UNAVAILABLE, () -> FilesystemStore.open(missing));

    assertThat(e).hasMessageContaining(missing.toString());
    assertThat(missing).doesNotExist();
  }

  @Test
  void aFileAsARootIsUnavailable() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    StoreException e = assertFails(Kind.UNAVAILABLE, () -> FilesystemStore.open(file));

    assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("not a directory");
  }

  @Test
  void aMissingRootIsUnavailableAndNotEmpty() throws IOException {
    publish(KEY, "bytes");
    BlobWrite write = store.open(BlobKey.of("lab", "other"));
    Files.move(root(), directory.resolve("moved"));

    assertFails(Kind.UNAVAILABLE, () -> store.stat(KEY));
    assertFails(Kind.UNAVAILABLE, () -> store.list(""));
    assertFails(Kind.UNAVAILABLE, () -> store.read(KEY, 0, 1));
    assertFails(Kind.UNAVAILABLE, () -> store.delete(KEY));
    assertFails(Kind.UNAVAILABLE, () -> store.open(BlobKey.of("new")));
    assertFails(Kind.UNAVAILABLE, () -> store.probe());
    assertFails(Kind.UNAVAILABLE, () -> store.sweep());
    assertFails(Kind.UNAVAILABLE, () -> write.commit(Map.of()));
    assertThat(root()).doesNotExist();
  }

  @Test
  void anUnmountedVolumeIsUnavailableAndItsMountPointStaysEmpty() throws IOException {
    Path mountPoint = directory.resolve("volume");
    try (Mount volume = Mount.tmpfs(mountPoint, 4)) {
      FilesystemStore onVolume = FilesystemStore.open(volume.path());
      onVolume.open(KEY).commit(Map.of());

      volume.unmount();

      assertFails(Kind.UNAVAILABLE, () -> onVolume.stat(KEY));
      assertFails(Kind.UNAVAILABLE, () -> onVolume.open(BlobKey.of("new")));
      assertFails(Kind.UNAVAILABLE, () -> onVolume.delete(KEY));
      assertFails(Kind.UNAVAILABLE, () -> onVolume.probe());
      try (Stream<Path> inside = Files.list(mountPoint)) {
        assertThat(inside).isEmpty();
      }
    }
  }

  @Test
  void aReadOnlyFileSystemIsReadOnly() throws IOException {
    try (Mount volume = Mount.tmpfs(directory.resolve("volume"), 4)) {
      FilesystemStore onVolume = FilesystemStore.open(volume.path());
      onVolume.open(KEY).commit(Map.of());

      volume.becomeReadOnly();

      assertFails(Kind.READ_ONLY, () -> FilesystemStore.open(volume.path()));
      assertFails(Kind.READ_ONLY, () -> onVolume.open(BlobKey.of("new")));
      assertFails(Kind.READ_ONLY, () -> onVolume.delete(KEY));
      assertFails(Kind.READ_ONLY, () -> onVolume.probe());
      assertThat(onVolume.stat(KEY)).isPresent();
    }
  }

  @Test
  void aDirectoryThatAcceptsNoFilesIsReported() {
    // Not even root creates anything here.
    Path unwritable = Path.of("/proc/self");

    StoreException e = assertFails(Kind.UNAVAILABLE, () -> FilesystemStore.open(unwritable));

    assertThat(e).hasMessageContaining("/proc/");
  }

  @Test
  void aDirectoryWithoutPermissionIsReadOnly() throws IOException {
    Path locked = Files.createDirectories(directory.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(locked), "root may write everywhere");

    StoreException e = assertFails(Kind.READ_ONLY, () -> FilesystemStore.open(locked));

    assertThat(e).hasMessageContaining("no permission");
  }

  @Test
  void aFullDiskIsReportedByProbeAndOpen() throws IOException {
    try (Mount volume = Mount.tmpfs(directory.resolve("volume"), 1)) {
      FilesystemStore onVolume = FilesystemStore.open(volume.path());
      long before = onVolume.probe().availableBytes().orElseThrow();
      byte[] all = new byte[(int) Files.getFileStore(volume.path()).getUsableSpace()];
      Files.write(volume.path().resolve("filler"), all);

      assertThat(before).isBetween(1L, 1L << 20);
      StoreException e = assertFails(Kind.FULL, () -> onVolume.probe());
      assertThat(e).hasMessageContaining(volume.path().toString());
    }
  }

  /** The paths of all files below a directory, sorted. */
  private static List<String> filesBelow(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> top.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
