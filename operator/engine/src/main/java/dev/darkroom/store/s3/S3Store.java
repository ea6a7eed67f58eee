package dev.darkroom.store.s3;

import dev.darkroom.s3.S3Clients;
import dev.darkroom.s3.S3Identity;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.Headroom;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * A {@link BlobStore} in an S3 bucket, on AWS or any server that speaks its protocol.
 *
 * <p>A blob is two objects. Its bytes are in an object that belongs to one attempt to write it,
 * {@code lab/ubuntu-3f2a/disk-<instance>-<random>}; that object is never written twice. Then the
 * record {@code lab/ubuntu-3f2a/disk.json} is created, once, in one small request. It names the
 * object with the bytes, their number and its ETag, and holds all attributes. The record makes the
 * blob visible. So readers never see half a blob; of two writers one creates the record, and the
 * other has changed nothing of the first one's. The server only has to show what was written.
 * (Servers differ in how they treat a conditional completion of an upload, and some accept several;
 * {@link RecordPublication} describes how the record is created.) A delete removes the record
 * first.
 *
 * <p>A commit that gets no answer of the server, not even to the question whether its record
 * exists, fails with {@code UNAVAILABLE}. The server may still create the record, which is then a
 * whole blob.
 *
 * <p>Bytes are sent in parts with a checksum each, several at a time, from memory that all writes
 * of the store share ({@link S3StoreConfig#bufferBytes}). A blob of at most one part needs one
 * request. The SDK retries requests whose failure may pass.
 *
 * <p>A write {@linkplain #resume resumes} behind the last part that has arrived without a gap
 * before it. The server lists the parts; the caller keeps only the token. Between two stores on the
 * same server, with the same access key, the server {@linkplain #copy copies} blobs.
 *
 * <p>Several processes may use the same bucket and prefix. {@link #sweep} spares the unfinished
 * writes of another process until they have not changed for {@link S3StoreConfig#abandonedAfter}.
 *
 * <p>Permissions needed on AWS: s3:ListBucket, s3:ListBucketMultipartUploads,
 * s3:ListMultipartUploadParts, s3:GetObject, s3:PutObject, s3:DeleteObject,
 * s3:AbortMultipartUpload.
 */
public final class S3Store implements BlobStore {

  private static final Duration MAX_PRESIGN = Duration.ofDays(7);

  private final S3StoreConfig config;
  private final S3Client client;
  private final S3Presigner presigner;
  private final Bucket bucket;
  private final Layout layout;
  private final Records records;
  private final RecordPublication publication;
  private final WriteStarts writes;

  private S3Store(S3StoreConfig config, S3Client client, S3Presigner presigner) {
    this.config = config;
    this.client = client;
    this.presigner = presigner;
    this.bucket = new Bucket(client, config);
    this.layout = Layout.of(config);
    this.records = new Records(bucket, layout);
    this.publication = new RecordPublication(bucket, layout, records, new Claims(bucket, layout));
    this.writes = new WriteStarts(config, bucket, layout, records, publication);
  }

  /**
   * Opens the store. Sends no request; {@link #probe} checks the server.
   *
   * @throws StoreException {@code UNAVAILABLE} when the configuration can't be used: no region is
   *     known, or the CA bundle is invalid
   */
  public static S3Store open(S3StoreConfig config) throws StoreException {
    try {
      return new S3Store(
          config, S3Clients.open(config.access()), S3Clients.presigner(config.access()));
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          Kind.UNAVAILABLE, "bucket " + config.bucket() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return config.access().identity() instanceof S3Identity.Anonymous
        ? Set.of(Capability.RANGE, Capability.SERVER_SIDE_COPY, Capability.RESUME)
        : Set.of(Capability.values());
  }

  @Override
  public BlobWrite open(BlobKey key) throws StoreException {
    return S3Threads.finish(() -> writes.open(key));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The position is the end of the last whole part below the limit; parts that were being sent
   * are sent again. A write of which nothing has reached the server is not found, unless it was
   * suspended. The store can't tell whether the write is open in another process.
   */
  @Override
  public Optional<BlobWrite> resume(BlobKey key, String token, long atMost) throws StoreException {
    if (atMost < 0) {
      throw new IllegalArgumentException("the limit is negative: " + atMost);
    }
    return S3Threads.finish(() -> writes.resume(key, token, atMost));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Works between S3 stores on the same server with the same access key. The request names the
   * ETag of the record, so that the server copies no other object; some servers ignore the ETag.
   * The size is compared afterwards. An interrupt ends the copy between two requests.
   */
  @Override
  public Optional<BlobWrite> copy(BlobKey key, BlobStore from, Blob blob) throws StoreException {
    return from instanceof S3Store other && config.access().isSameAccountAs(other.config.access())
        ? writes.copy(key, other.writes, blob)
        : Optional.empty();
  }

  private StoreException missing(BlobKey key) {
    return bucket.errors().of(Kind.NOT_FOUND, "no blob " + key);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The URL of temporary credentials ends with them, if that is earlier.
   *
   * @throws IllegalArgumentException when the validity is not positive or longer than 7 days, the
   *     limit of S3
   */
  @Override
  public Optional<URI> presign(BlobKey key, Duration validFor) throws StoreException {
    if (validFor.isNegative() || validFor.isZero() || validFor.compareTo(MAX_PRESIGN) > 0) {
      throw new IllegalArgumentException(
          "the validity of a URL must be positive and at most 7 days: " + validFor);
    }
    if (!capabilities().contains(Capability.PRESIGN)) {
      return Optional.empty();
    }
    return S3Threads.finish(
        () -> {
          ObjectBlobRecord record = records.findSound(key).orElseThrow(() -> missing(key));
          return Optional.of(presigned(records.data(key, record), validFor));
        });
  }

  private URI presigned(String object, Duration validFor) throws StoreException {
    return bucket.call(
        "sign a URL of " + object,
        S3StoreErrors.Access.READ,
        () ->
            URI.create(
                presigner
                    .presignGetObject(
                        p ->
                            p.signatureDuration(validFor)
                                .getObjectRequest(g -> g.bucket(config.bucket()).key(object)))
                    .url()
                    .toString()));
  }

  @Override
  public ReadableByteChannel read(BlobKey key, long offset, long length) throws StoreException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset or length is negative: " + offset + ", " + length);
    }
    return S3Threads.finish(() -> openRange(key, offset, length));
  }

  private ReadableByteChannel openRange(BlobKey key, long offset, long length)
      throws StoreException {
    ObjectBlobRecord record = records.findSound(key).orElseThrow(() -> missing(key));
    if (offset > record.size()) {
      throw new IllegalArgumentException(
          "offset " + offset + " is past the " + record.size() + " bytes of " + key);
    }
    long end = offset + Math.min(length, record.size() - offset);
    return ObjectRangeChannel.open(key, record, records, bucket, offset, end);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The size and ETag of the object with the bytes are compared with the record.
   */
  @Override
  public Optional<Blob> stat(BlobKey key) throws StoreException {
    return S3Threads.finish(() -> records.findSound(key).map(ObjectBlobRecord::toBlob));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Omits a blob whose record is invalid. Sizes are those of the records, not compared with the
   * objects. Costs one request for each thousand objects and one for each blob.
   */
  @Override
  public Stream<Blob> list(String prefix) {
    return BucketListing.mayBeginKey(prefix)
        ? BucketListing.of(bucket, layout, records, prefix)
        : Stream.empty();
  }

  @Override
  public boolean delete(BlobKey key) throws StoreException {
    return S3Threads.finish(() -> publication.withdraw(key));
  }

  @Override
  public int sweep(Set<String> keep) throws StoreException {
    Set<String> kept =
        keep.stream()
            .flatMap(token -> ResumeToken.parse(token).stream())
            .map(ResumeToken::object)
            .collect(Collectors.toUnmodifiableSet());
    return S3Threads.finish(
        () -> new Leftovers(bucket, layout, records, config.abandonedAfter(), kept).sweep());
  }

  /**
   * {@inheritDoc}
   *
   * <p>The headroom is unknown: S3 does not tell it.
   */
  @Override
  public Headroom probe() throws StoreException {
    return S3Threads.finish(
        () -> {
          new BucketProbe(bucket, layout).run();
          return new Headroom(OptionalLong.empty());
        });
  }

  /** Closes the connections: open reads and writes fail from now on. */
  @Override
  public void close() {
    presigner.close();
    client.close();
  }

  @Override
  public String toString() {
    return "S3 store " + bucket.errors().where();
  }
}
