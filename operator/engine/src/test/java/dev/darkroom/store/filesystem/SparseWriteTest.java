package dev.darkroom.store.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseWriteTest {

  private static final BlobKey KEY = BlobKey.of("lab", "sparse");
  private static final int MIB = 1 << 20;

  @TempDir Path root;
  private FilesystemStore store;

  @BeforeEach
  void open() throws IOException {
    store = FilesystemStore.open(root);
  }

  @Test
  void zerosUseNoDiskSpace() throws Exception {
    byte[] disk = new byte[64 * MIB];
    Arrays.fill(disk, 20 * MIB, 21 * MIB, (byte) 1);

    try (BlobWrite write = store.open(KEY)) {
      write.append(ByteBuffer.wrap(disk));
      assertThat(write.position()).isEqualTo(disk.length);
      write.commit(Map.of());
    }

    Path file = root.resolve("lab/sparse/disk");
    assertThat(Files.readAllBytes(file)).isEqualTo(disk);
    assertThat(kibibytesUsed(file)).isBetween(1024L, 2048L);
  }

  @Test
  void allChunkSizesGiveTheSameBytes() throws IOException {
    Random random = new Random(5);
    for (int round = 0; round < 30; round++) {
      byte[] disk = patchwork(random);
      BlobKey key = BlobKey.of("lab", "round" + round);

      try (BlobWrite write = store.open(key)) {
        ByteBuffer direct = ByteBuffer.allocateDirect(disk.length).put(disk).flip();
        ByteBuffer left = random.nextBoolean() ? direct : ByteBuffer.wrap(disk);
        while (left.hasRemaining()) {
          int length = Math.min(left.remaining(), 1 + random.nextInt(300_000));
          int end = left.position() + length;
          left.limit(end);
          write.append(left);
          assertThat(left.position()).isEqualTo(end);
          left.limit(disk.length);
        }
        assertThat(write.commit(Map.of()).size()).isEqualTo(disk.length);
      }

      assertThat(Files.readAllBytes(root.resolve(key.value()).resolve("disk"))).isEqualTo(disk);
    }
  }

  /** Runs of zeros and other bytes, of lengths around the block size. */
  private static byte[] patchwork(Random random) {
    ByteArrayOutputStream disk = new ByteArrayOutputStream();
    while (disk.size() < 2 * MIB) {
      byte[] run = new byte[1 + random.nextInt(3 * ZeroBlocks.BLOCK)];
      if (random.nextBoolean()) {
        // The first byte that is not zero may be the last one.
        run[random.nextInt(run.length)] = 1;
      }
      disk.writeBytes(run);
    }
    return disk.toByteArray();
  }

  @Test
  void zerosAtTheEndSurviveACheckpointAndASuspension() throws IOException {
    BlobWrite write = store.open(KEY);
    write.append(ByteBuffer.wrap("head".getBytes(UTF_8)));
    write.append(ByteBuffer.allocate(MIB));

    assertThat(write.checkpoint()).isEqualTo(MIB + 4);
    write.append(ByteBuffer.allocate(3 * MIB));
    write.suspend();

    try (BlobWrite again = store.resume(KEY, write.token().orElseThrow()).orElseThrow()) {
      assertThat(again.position()).isEqualTo(4 * MIB + 4);
      again.append(ByteBuffer.allocate(MIB));
      byte[] back =
          Channels.newInputStream(again.readBack(0, Long.MAX_VALUE).orElseThrow()).readAllBytes();
      assertThat(back).isEqualTo(Arrays.copyOf("head".getBytes(UTF_8), 5 * MIB + 4));
      again.append(ByteBuffer.allocate(MIB));
      assertThat(again.commit(Map.of()).size()).isEqualTo(6 * MIB + 4);
    }

    assertThat(root.resolve("lab/sparse/disk")).hasSize(6 * MIB + 4);
  }

  @Test
  void aHoleDoesNotExposeTruncatedBytes() throws IOException {
    byte[] ones = new byte[2 * MIB];
    Arrays.fill(ones, (byte) 1);
    BlobWrite write = store.open(KEY);
    write.append(ByteBuffer.wrap(ones));
    write.suspend();

    try (BlobWrite again = store.resume(KEY, write.token().orElseThrow(), MIB).orElseThrow()) {
      again.append(ByteBuffer.allocate(MIB));
      again.commit(Map.of());
    }

    Arrays.fill(ones, MIB, 2 * MIB, (byte) 0);
    assertThat(Files.readAllBytes(root.resolve("lab/sparse/disk"))).isEqualTo(ones);
  }

  private static long kibibytesUsed(Path file) throws Exception {
    Process du;
    try {
      du = new ProcessBuilder("du", "-k", file.toString()).start();
    } catch (IOException e) {
      assumeTrue(false, "no du here");
      throw e;
    }
    String[] answer = new String(du.getInputStream().readAllBytes(), UTF_8).split("\\s", 2);
    return Long.parseLong(answer[0]);
  }
}
