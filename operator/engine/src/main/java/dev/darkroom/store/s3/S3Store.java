package dev.darkroom.store.s3;

import dev.darkroom.s3.S3Clients;
import dev.darkroom.s3.S3Errors;
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
 * <p>A blob is two objects. Its bytes are in an object that one attempt to write it has for its
 * own, {@code lab/ubuntu-3f2a/disk-<instance>-<random>}; that object is never written twice. Then
 * the record {@code lab/ubuntu-3f2a/disk.json} is created, once, in one small request: it names the
 * object with the bytes, their number and its ETag, and holds the attributes, as many as there are.
 * The record is the blob: without it nothing is visible, with it everything is there. So readers
 * never see half a blob, of two writers one gets the record and the other has touched nothing of
 * the winner's, and no promise is asked of the server but that it shows what was written. (Servers
 * differ in what they make of a conditional completion of an upload, and some let several win; the
 * record is created as {@link RecordPublication} says.) A delete removes the record first.
 *
 * <p>A commit that ends without an answer of the server, even to the question whether its record is
 * there, fails with {@code UNAVAILABLE}; the record may still come to be, and is then a whole blob.
 *
 * <p>Bytes are sent in parts that are checked by a checksum each, several at a time, from memory
 * that all writes of the store share ({@link S3StoreConfig#bufferBytes}); a blob of at most one
 * part goes in one request. The SDK repeats requests that fail in passing.
 *
 * <p>A write can be {@linkplain #resume resumed} after the last part that has arrived without a gap
 * before it; the parts are asked of the server, and nothing need be kept here but the token.
 * Between two stores on the same server, with the same access key, blobs are {@linkplain #copy
 * copied} there.
 *
 * <p>Several processes may use the same bucket and prefix. {@link #sweep} spares what another
 * process wrote until it has not been touched for {@link S3StoreConfig#abandonedAfter}.
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
  private final PartMemory memory;

  private S3Store(S3StoreConfig config, S3Client client, S3Presigner presigner) {
    this.config = config;
    this.client = client;
    this.presigner = presigner;
    this.bucket = new Bucket(client, config);
    this.layout = Layout.of(config);
    this.records = new Records(bucket, layout);
    this.publication = new RecordPublication(bucket, layout, records, new Claims(bucket, layout));
    this.memory = new PartMemory(config.bufferBytes());
  }

  /**
   * Opens the store. Nothing is asked of the server yet: {@link #probe} says whether it is there.
   *
   * @throws StoreException {@code UNAVAILABLE} when the configuration can't be used: no region is
   *     known, or the CA bundle is none
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
    return S3Threads.finish(
        () -> {
          publication.requireFree(key);
          Layout.Attempt attempt = layout.newData(key);
          OpenAttempts.add(attempt);
          return write(key, attempt, plan(), data(attempt, plan()));
        });
  }

  private PartPlan plan() {
    return new PartPlan(config.partBytes(), config.maxParts());
  }

  private DataUpload data(Layout.Attempt attempt, PartPlan plan) {
    return new DataUpload(attempt, bucket, memory.share(), plan, config.partsInFlight());
  }

  private S3Write write(BlobKey key, Layout.Attempt attempt, PartPlan plan, DataUpload data) {
    return new S3Write(key, attempt, new ResumeToken(attempt.object(), plan), data, publication);
  }

  /**
   * {@inheritDoc}
   *
   * <p>It stands at the end of the last whole part below the limit; parts that were on their way
   * are sent again. A write of which nothing has come to the server yet is not found, unless it was
   * suspended. Whether it is open in another process can't be told.
   */
  @Override
  public Optional<BlobWrite> resume(BlobKey key, String token, long atMost) throws StoreException {
    if (atMost < 0) {
      throw new IllegalArgumentException("nothing stands at most at " + atMost);
    }
    return S3Threads.finish(
        () -> {
          publication.requireFree(key);
          Optional<ResumeToken> parsed = ResumeToken.parse(token);
          return parsed.isPresent() ? resumed(key, parsed.get(), atMost) : Optional.empty();
        });
  }

  private Optional<BlobWrite> resumed(BlobKey key, ResumeToken token, long atMost)
      throws StoreException {
    UploadResumption resumption = new UploadResumption(bucket, layout);
    Optional<Layout.Attempt> found = resumption.attempt(key, token);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Layout.Attempt attempt = found.get();
    if (!OpenAttempts.add(attempt)) {
      throw resumption.open(key);
    }
    Optional<BlobWrite> write = Optional.empty();
    try {
      DataUpload data = data(attempt, token.plan());
      if (resumption.fill(data, attempt, token.plan(), atMost)) {
        write = Optional.of(new S3Write(key, attempt, token, data, publication));
      }
      return write;
    } finally {
      if (write.isEmpty()) {
        OpenAttempts.remove(attempt);
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where both are S3 stores on the same server with the same access key. The server is asked to
   * copy only the very object that the record names, by its ETag; some don't look. The size is
   * compared afterwards. An interrupt ends it between two requests.
   */
  @Override
  public Optional<BlobWrite> copy(BlobKey key, BlobStore from, Blob blob) throws StoreException {
    if (!(from instanceof S3Store other)
        || !config.access().isSameAccountAs(other.config.access())) {
      return Optional.empty();
    }
    S3Threads.finish(
        () -> {
          publication.requireFree(key);
          return null;
        });
    S3CopySource source = S3Threads.finish(() -> other.source(blob));
    Layout.Attempt attempt = layout.newData(key);
    OpenAttempts.add(attempt);
    DataUpload data = data(attempt, plan());
    S3Write write = write(key, attempt, plan(), data);
    try {
      data.copy(source, config.copyPartBytes());
      return Optional.of(write);
    } catch (StoreException e) {
      write.abort();
      if (S3StoreErrors.is(S3Errors.Kind.NOT_IMPLEMENTED, e)) {
        return Optional.empty();
      }
      throw copyFailed(source, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      write.abort();
      throw bucket.faults().of(Kind.UNAVAILABLE, "interrupted while copying " + blob.key());
    }
  }

  private StoreException copyFailed(S3CopySource source, StoreException e) {
    if (S3StoreErrors.is(S3Errors.Kind.CONDITION, e)) {
      return new StoreException(
          Kind.CORRUPT, source.object() + " is not the object that was written", e);
    }
    return e;
  }

  private S3CopySource source(Blob blob) throws StoreException {
    ObjectBlobRecord record = records.findSound(blob.key()).orElseThrow(() -> missing(blob.key()));
    if (!record.toBlob().equals(blob)) {
      throw bucket.faults().of(Kind.NOT_FOUND, blob.key() + " is another blob by now");
    }
    return new S3CopySource(
        config.bucket(), records.data(blob.key(), record), record.size(), record.eTag());
  }

  private StoreException missing(BlobKey key) {
    return bucket.faults().of(Kind.NOT_FOUND, "no blob " + key);
  }

  /**
   * {@inheritDoc}
   *
   * <p>With temporary credentials the URL ends with them, if that is earlier.
   *
   * @throws IllegalArgumentException when it is not longer than nothing and at most 7 days, the
   *     most that S3 knows
   */
  @Override
  public Optional<URI> presign(BlobKey key, Duration validFor) throws StoreException {
    if (validFor.isNegative() || validFor.isZero() || validFor.compareTo(MAX_PRESIGN) > 0) {
      throw new IllegalArgumentException("a URL is valid for up to 7 days, not for " + validFor);
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
      throw new IllegalArgumentException("no range: offset " + offset + ", length " + length);
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
   * <p>A blob whose record can't be understood is left out. Sizes are those of the records, not
   * compared with the objects. It costs a request for each thousand objects and one for each blob.
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
   * <p>How much room there is S3 does not tell.
   */
  @Override
  public Headroom probe() throws StoreException {
    return S3Threads.finish(
        () -> {
          new BucketProbe(bucket, layout).run();
          return new Headroom(OptionalLong.empty());
        });
  }

  /** Ends the connections: reads and writes that are open fail from now on. */
  @Override
  public void close() {
    presigner.close();
    client.close();
  }

  /** The memory of the writes, for those who watch it. */
  PartMemory memory() {
    return memory;
  }

  @Override
  public String toString() {
    return "S3 store " + bucket.faults().where();
  }
}
