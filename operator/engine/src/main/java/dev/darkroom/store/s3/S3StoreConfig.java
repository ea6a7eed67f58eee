package dev.darkroom.store.s3;

import dev.darkroom.s3.S3Access;
import dev.darkroom.store.BlobKey;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The location and settings of an {@link S3Store}. {@link #inBucket} has the defaults, {@code
 * S3StoreConfigBuilder.builder(config)} changes them.
 *
 * <h2>Servers differ</h2>
 *
 * <p>AWS, Ceph, MinIO, and Swift's S3 interface all accept the defaults: plain bodies without the
 * checksums of the SDK, with a {@code Content-MD5} that every server compares. Settings to
 * consider:
 *
 * <ul>
 *   <li>{@code access.addressing}: {@code PATH} for nearly every server but AWS; {@link
 *       S3Access#at} sets it.
 *   <li>{@code maxParts}: 1,000 on Swift. Parts of 16 MiB still hold 104 GiB, since parts grow
 *       towards the end; parts of 64 MiB hold 418 GiB.
 *   <li>{@code checksums}: {@code CRC32} costs a third of the processor time of {@code CONTENT_MD5}
 *       and works where MD5 is forbidden (FIPS). AWS compares it; Ceph up to 16 and Swift accept
 *       and ignore it.
 *   <li>{@code access.checksums}, {@code access.bodyEncoding}: only for a server that requires the
 *       defaults of newer SDKs. Ceph up to 16 and Swift refuse them.
 *   <li>{@code copyPartBytes}: smaller when a server copies a piece so slowly that requests time
 *       out.
 * </ul>
 *
 * <p>Conditional requests need no setting: a trial shows whether the server obeys them, and nothing
 * is overwritten in any case.
 *
 * @param bucket the bucket, which exists already
 * @param prefix the prefix of all object names, as a directory: without a slash at either end;
 *     empty for the whole bucket
 * @param access the server and the identity of requests
 * @param encryption the encryption by the server
 * @param checksums the checksums of uploads
 * @param partBytes the size of the first parts of an upload and the limit of a single request, from
 *     5 MiB to 1 GiB
 * @param maxParts the most parts that the server accepts, at least 10: 10,000 on AWS, Ceph and
 *     MinIO
 * @param partsInFlight the most parts of one write that are sent at once, 1 to 64
 * @param bufferBytes the memory that all writes of the store share for parts, beyond the one part
 *     that each may always hold
 * @param copyPartBytes the most bytes of one copy request on the server, 5 MiB to 5 GiB; larger
 *     objects are copied in parts of this size
 * @param abandonedAfter the time without a change after which an unfinished write of another
 *     process counts as abandoned
 * @param instance the name of this process in object names; a later process of the same name
 *     recognizes its leftovers. Lower-case letters, digits, dots and hyphens, at most 63, such as a
 *     pod's name; no two live processes may have the same. Absent: a random name
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

  /** The smallest size of a part except the last, by S3. */
  public static final int MIN_PART_BYTES = 5 << 20;

  /** The largest size of the first parts, which are in memory. */
  public static final int MAX_PART_BYTES = 1 << 30;

  /** The smallest limit of parts. */
  public static final int MIN_PARTS = 10;

  /** The largest copy of one request, by S3. */
  public static final long MAX_COPY_BYTES = 5L << 30;

  private static final Pattern INSTANCE = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");

  /** The checksum by which the server verifies a body. */
  public enum Checksums {
    /** {@code Content-MD5}: every server verifies it. */
    CONTENT_MD5,
    /** {@code x-amz-checksum-crc32}: cheaper, but some servers ignore a mismatch. */
    CRC32
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the invalid value
   */
  public S3StoreConfig {
    require(!bucket.isBlank(), "the bucket name is empty");
    require(prefix.isEmpty() || BlobKey.isValid(prefix), "not a prefix: " + prefix);
    require(
        partBytes >= MIN_PART_BYTES && partBytes <= MAX_PART_BYTES, "partBytes: 5 MiB to 1 GiB");
    require(maxParts >= MIN_PARTS, "maxParts: at least 10");
    require(partsInFlight >= 1 && partsInFlight <= 64, "partsInFlight: 1 to 64");
    require(bufferBytes >= 0, "bufferBytes: at least 0");
    require(
        copyPartBytes >= MIN_PART_BYTES && copyPartBytes <= MAX_COPY_BYTES,
        "copyPartBytes: 5 MiB to 5 GiB");
    require(!abandonedAfter.isNegative(), "abandonedAfter: at least 0");
    require(
        instance.isEmpty() || INSTANCE.matcher(instance.get()).matches(),
        "not a valid instance name: " + instance.orElse(""));
  }

  /** Returns the defaults: AWS, the process's own credentials, parts of 16 MiB, four at once. */
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
