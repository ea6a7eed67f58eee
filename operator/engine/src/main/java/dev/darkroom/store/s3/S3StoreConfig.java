package dev.darkroom.store.s3;

import dev.darkroom.s3.S3Access;
import dev.darkroom.store.BlobKey;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an {@link S3Store} is and how it is spoken to. {@link #inBucket} has the defaults, {@code
 * S3StoreConfigBuilder.builder(config)} changes them.
 *
 * <h2>Servers differ</h2>
 *
 * <p>The defaults are what AWS, Ceph, MinIO, and Swift's S3 interface all take. They send plain
 * bodies without the checksums that the SDK would add by itself, and with a {@code Content-MD5}
 * that every server compares. What may be worth changing:
 *
 * <ul>
 *   <li>{@code access.addressing}: {@code PATH} for nearly every server but AWS; {@link
 *       S3Access#at} has it so.
 *   <li>{@code maxParts}: 1,000 on Swift. With parts of 16 MiB that still makes 104 GiB, since
 *       parts grow towards the end; with 64 MiB it makes 418 GiB.
 *   <li>{@code checksums}: {@code CRC32} costs a third of the processor time of {@code CONTENT_MD5}
 *       and goes where MD5 is forbidden (FIPS). AWS compares it; Ceph up to 16 and Swift take it
 *       and do not look.
 *   <li>{@code access.checksums}, {@code access.bodyEncoding}: only for a server that insists on
 *       what newer SDKs do by themselves. Ceph up to 16 and Swift refuse it.
 *   <li>{@code copyPartBytes}: smaller when a server takes so long to copy a piece within itself
 *       that requests time out.
 * </ul>
 *
 * <p>Nothing needs to be said about conditional requests: whether the server heeds them is found
 * out by trial, and nothing is ever overwritten in any case.
 *
 * @param bucket the bucket, which exists already
 * @param prefix what all object names begin with, as a directory: without a slash at either end;
 *     empty for the whole bucket
 * @param access the server, and as whom it is asked
 * @param encryption how objects are encrypted by the server
 * @param checksums how the server checks what arrives
 * @param partBytes size of the first parts of an upload and the most that is sent without one, from
 *     5 MiB to 1 GiB
 * @param maxParts how many parts the server takes, at least 10: 10,000 on AWS, Ceph and MinIO
 * @param partsInFlight how many parts of one write are on their way at the same time, 1 to 64
 * @param bufferBytes how much memory all writes of the store share for parts in flight, beyond the
 *     one part that each may always hold
 * @param copyPartBytes what is copied within the server by one request; more goes by parts of this
 *     size. 5 MiB to 5 GiB
 * @param abandonedAfter the time without activity after which another process's unfinished write
 *     counts as left behind
 * @param instance the name of this process in object names: what it left behind is then recognised
 *     by the process that has the name after it. Lower-case letters, digits, dots and hyphens, at
 *     most 63, such as a pod's name; no two live processes may have the same. Absent: a random one
 */
@RecordBuilder
public record S3StoreConfig(
    String bucket,
    String prefix,
    S3Access access,
    S3Encryption encryption,
    Checksums checksums,
    int partBytes,
    int maxParts,
    int partsInFlight,
    long bufferBytes,
    long copyPartBytes,
    Duration abandonedAfter,
    Optional<String> instance) {

  /** The least size of a part but the last, as S3 has it. */
  public static final int MIN_PART_BYTES = 5 << 20;

  /** The greatest size of the first parts: they are held in memory. */
  public static final int MAX_PART_BYTES = 1 << 30;

  /** The least number of parts that a server takes. */
  public static final int MIN_PARTS = 10;

  /** The most that one request copies, as S3 has it. */
  public static final long MAX_COPY_BYTES = 5L << 30;

  private static final Pattern INSTANCE = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");

  /** How the server checks that bytes arrived as they were sent. */
  public enum Checksums {
    /** {@code Content-MD5}: what every server checks. */
    CONTENT_MD5,
    /** {@code x-amz-checksum-crc32}: cheaper, but some servers store what does not match. */
    CRC32
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException saying which is wrong
   */
  public S3StoreConfig {
    require(!bucket.isBlank(), "the bucket has no name");
    require(prefix.isEmpty() || BlobKey.isValid(prefix), "not a prefix: " + prefix);
    require(partBytes >= MIN_PART_BYTES && partBytes <= MAX_PART_BYTES, "parts are 5 MiB to 1 GiB");
    require(maxParts >= MIN_PARTS, "fewer than 10 parts");
    require(partsInFlight >= 1 && partsInFlight <= 64, "1 to 64 parts are in flight");
    require(bufferBytes >= 0, "less than no memory");
    require(
        copyPartBytes >= MIN_PART_BYTES && copyPartBytes <= MAX_COPY_BYTES,
        "5 MiB to 5 GiB are copied at once");
    require(!abandonedAfter.isNegative(), "abandoned before it began");
    require(
        instance.isEmpty() || INSTANCE.matcher(instance.get()).matches(),
        "not the name of an instance: " + instance.orElse(""));
  }

  /** The defaults: AWS, as this process itself, parts of 16 MiB, four in flight. */
  public static S3StoreConfig inBucket(String bucket) {
    return new S3StoreConfig(
        bucket,
        "",
        S3Access.aws(),
        new S3Encryption.BucketDefault(),
        Checksums.CONTENT_MD5,
        16 << 20,
        10_000,
        4,
        128L << 20,
        1L << 30,
        Duration.ofHours(24),
        Optional.empty());
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException("S3 store: " + otherwise);
    }
  }
}
