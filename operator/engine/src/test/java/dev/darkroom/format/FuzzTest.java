package dev.darkroom.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Hostile headers: sound images with some fields overwritten, checksums made right again, and cut
 * off. The seed is fixed, so that a build fails for a change and not by chance.
 */
class FuzzTest {
  private static final int TRIES = 4000;
  private static final long SEED = 20;

  private static final List<Long> TURNING_POINTS =
      List.of(0L, 1L, 2L, 3L, 512L, 4096L, 65536L, 1L << 31, 1L << 62, -1L, -512L);

  /** A hang, not slowness: one inspection takes about a millisecond. */
  private static final Duration HANG = Duration.ofSeconds(30);

  /** All that one inspection may ever allocate, garbage included. */
  private static final long MAX_ALLOCATED_BYTES = 16L << 20;

  /** One field overwritten: what to write, how many bytes of it, in which order. */
  private record Mutation(int place, long value, int width, Order order) {
    void applyTo(FuzzSeeds.Seed seed, ByteBuilder blob) {
      int at = seed.offsetOf(Math.floorMod(place, seed.headerBytes()));
      int aligned = width == 1 ? at : at & -4;
      for (int i = 0; i < width; i++) {
        int shift = 8 * (order == Order.BIG_ENDIAN ? width - 1 - i : i);
        blob.u8(aligned + i, (int) (value >>> shift));
      }
    }
  }

  private enum Order {
    BIG_ENDIAN,
    LITTLE_ENDIAN
  }

  /** A file to be inspected. */
  private record Input(ByteBuilder file, Optional<DiskFormat> declared) {
    byte[] bytes() {
      return file.bytes();
    }

    @Override
    public String toString() {
      String start = HexFormat.of().formatHex(file.part(0, Math.min(file.length(), 1024)));
      return "%d bytes declared %s: %s".formatted(file.length(), declared, start);
    }
  }

  @Test
  void everyImageGetsAVerdictInBoundedTimeAndMemory() {
    // Its algorithm is part of its specification: every Java makes the same images.
    RandomGenerator random = new Random(SEED);
    Map<String, Integer> verdicts = new HashMap<>();
    Map<DiskFormat, Integer> accepted = new HashMap<>();

    for (int number = 0; number < TRIES; number++) {
      Input input = mutatedImage(random);
      Verdict verdict = inspected(number, input);
      verdicts.merge(verdict.getClass().getSimpleName(), 1, Integer::sum);
      if (verdict instanceof Verdict.Accepted good) {
        accepted.merge(good.format(), 1, Integer::sum);
      }
    }

    assertThatEveryKindIsReached(verdicts);
    assertThatEveryFormatIsAccepted(accepted);
  }

  @Test
  void metadataOfAMegabyteCostsNoMoreMemoryThanItsLimit() {
    String lines = "a=1\n".repeat(200_000);
    String leaves = "{\"a\":1" + ",\"b\":2".repeat(3000) + "}";
    String names = "{\"%s\":[%s1]}".formatted("n".repeat(5000), "1,".repeat(3000));
    List<ByteBuilder> hostile =
        List.of(
            DiskImages.vmdkOfLongDescriptor(lines),
            DiskImages.vmdkOfLongDescriptor(lines.replace('\n', ' ')),
            DiskImages.luks2(leaves.substring(0, 12_000)),
            DiskImages.luks2(names),
            DiskImages.luks2("[".repeat(12_000)),
            DiskImages.luks2("{\"a\":\"" + "\\".repeat(11_001)));

    for (ByteBuilder image : hostile) {
      assertThat(inspectWithinMemory(new Input(image, Optional.empty())))
          .isInstanceOf(Verdict.Unsafe.class);
    }
  }

  /** The verdict on one image, which must be what it may be; a failure shows the image. */
  private static Verdict inspected(int number, Input input) {
    try {
      Verdict verdict = assertTimeoutPreemptively(HANG, () -> inspectWithinMemory(input));
      assertThat(Verdicts.inspect(input.declared(), input.bytes(), 4093)).isEqualTo(verdict);
      assertHolds(verdict, input);
      return verdict;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("try %d, %s".formatted(number, input), e);
    }
  }

  private static void assertThatEveryKindIsReached(Map<String, Integer> verdicts) {
    for (String kind : List.of("Accepted", "Unsafe", "Mismatch", "Truncated", "Unknown")) {
      assertThat(verdicts.getOrDefault(kind, 0)).as(kind).isGreaterThan(50);
    }
  }

  private static void assertThatEveryFormatIsAccepted(Map<DiskFormat, Integer> accepted) {
    for (DiskFormat format : DiskFormat.values()) {
      if (format.inspectable() && format != DiskFormat.QED) {
        assertThat(accepted.getOrDefault(format, 0)).as("%s", format).isGreaterThan(5);
      }
    }
  }

  private static Input mutatedImage(RandomGenerator random) {
    FuzzSeeds.Seed seed = oneOf(FuzzSeeds.ALL, random);
    ByteBuilder blob = ByteBuilder.of(seed.image().bytes());
    mutations(random).forEach(mutation -> mutation.applyTo(seed, blob));
    ByteBuilder sealed = seed.seal().apply(blob);
    int cut = random.nextInt(10) < 9 ? Integer.MAX_VALUE : random.nextInt((4 << 20) + 1);
    Optional<DiskFormat> declared =
        random.nextInt(4) < 3
            ? Optional.empty()
            : Optional.of(oneOf(List.of(DiskFormat.values()), random));
    return new Input(sealed.cutTo(Math.min(cut, sealed.length())), declared);
  }

  /** None, or up to three. */
  private static List<Mutation> mutations(RandomGenerator random) {
    List<Mutation> mutations = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      mutations.add(
          new Mutation(
              random.nextInt(),
              value(random),
              oneOf(List.of(1, 2, 4, 8), random),
              oneOf(List.of(Order.values()), random)));
    }
    return mutations;
  }

  /** Often a number at which something begins or ends, or a small one; else any. */
  private static long value(RandomGenerator random) {
    return switch (random.nextInt(3)) {
      case 0 -> oneOf(TURNING_POINTS, random);
      case 1 -> random.nextLong(301);
      default -> random.nextLong();
    };
  }

  private static <T> T oneOf(List<T> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static Verdict inspectWithinMemory(Input input) {
    byte[] bytes = input.bytes();
    long before = allocatedBytes();
    Verdict verdict = Verdicts.inspect(input.declared(), bytes, bytes.length + 1);
    assertThat(allocatedBytes() - before).as("bytes allocated").isLessThan(MAX_ALLOCATED_BYTES);
    return verdict;
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /** What must be so whatever the inspector says, read from the bytes in another way. */
  private static void assertHolds(Verdict verdict, Input input) {
    if (verdict instanceof Verdict.Refused refused) {
      assertThat(refused.message()).matches("[ -~]{10,400}");
      return;
    }
    Verdict.Accepted accepted = (Verdict.Accepted) verdict;
    input.declared().ifPresent(declared -> assertThat(accepted.format()).isEqualTo(declared));
    accepted.virtualSize().ifPresent(size -> assertThat(size).isNotNegative());
    ByteBuffer bytes = ByteBuffer.wrap(input.bytes());
    if (accepted.format() == DiskFormat.QCOW2) {
      assertThat(bytes.getLong(8)).as("backing file").isZero();
      assertThat(bytes.getInt(4) == 2 ? 0 : bytes.getLong(72) & ~0b11011).as("features").isZero();
      if (bytes.getInt(36) > 0) {
        long table = bytes.getLong((int) bytes.getLong(40)) & 0xFFFFFFFFFFFE00L;
        assertThat(table).as("L2 table").isLessThan(bytes.capacity());
      }
    }
    if (accepted.format() == DiskFormat.VMDK) {
      String text = new Bytes(bytes.array(), 2048).textUpToNul(512, 1024);
      assertThat(text.lines().filter(line -> line.contains("SPARSE"))).hasSize(1);
      assertThat(text.lines().filter(line -> !line.startsWith("#")))
          .noneMatch(l -> l.contains("/"));
    }
  }
}
