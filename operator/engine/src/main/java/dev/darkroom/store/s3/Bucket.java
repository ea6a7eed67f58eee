package dev.darkroom.store.s3;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.s3.S3StoreErrors.Access;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** What can be done with the objects of one bucket; errors of the SDK come out as a store's. */
final class Bucket {

  private static final String JSON = "application/json";
  private static final int MAX_SMALL_BYTES = 2 << 20;

  private final S3Client client;
  private final String name;
  private final Encoding encoding;
  private final S3StoreErrors faults;

  Bucket(S3Client client, S3StoreConfig config) {
    this.client = client;
    this.name = config.bucket();
    this.encoding = new Encoding(config);
    this.faults = new S3StoreErrors(config);
  }

  /**
   * A small object of text.
   *
   * @param eTag without quotes
   */
  record Small(String text, String eTag) {}

  /**
   * What the server says of an object.
   *
   * @param size in bytes
   * @param eTag without quotes
   */
  record Stored(long size, String eTag) {}

  S3StoreErrors faults() {
    return faults;
  }

  /** Puts an object of at most one part, over what may be there. */
  void put(String object, UploadPart part) throws StoreException {
    put(putting(object, part), part);
  }

  /** Puts a small object of text, over what may be there. */
  void putText(String object, String text) throws StoreException {
    UploadPart part = UploadPart.of(text.getBytes(StandardCharsets.UTF_8));
    put(putting(object, part).contentType(JSON), part);
  }

  /**
   * Puts a small object of text if the server finds no object of that name; some servers do not
   * look.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when it did find one
   */
  void putTextIfAbsent(String object, String text) throws StoreException {
    UploadPart part = UploadPart.of(text.getBytes(StandardCharsets.UTF_8));
    put(putting(object, part).contentType(JSON).ifNoneMatch("*"), part);
  }

  private PutObjectRequest.Builder putting(String object, UploadPart part) {
    return encoding.encoded(PutObjectRequest.builder().bucket(name).key(object), part);
  }

  private void put(PutObjectRequest.Builder request, UploadPart part) throws StoreException {
    PutObjectRequest put =
        request.overrideConfiguration(c -> encoding.allowTimeFor(part.size(), c)).build();
    call("write " + put.key(), Access.WRITE, () -> client.putObject(put, body(part)));
  }

  /** Makes an object of another on the same server. */
  void copy(S3CopySource source, String object) throws StoreException {
    CopyObjectRequest copy =
        encoding
            .encoded(
                CopyObjectRequest.builder()
                    .sourceBucket(source.bucket())
                    .sourceKey(source.object())
                    .copySourceIfMatch(source.quotedETag())
                    .destinationBucket(name)
                    .destinationKey(object))
            .overrideConfiguration(c -> encoding.allowTimeForCopy(source.size(), c))
            .build();
    call("copy " + source.object() + " to " + object, Access.WRITE, () -> client.copyObject(copy));
  }

  static RequestBody body(UploadPart part) {
    return RequestBody.fromContentProvider(part::stream, part.size(), "application/octet-stream");
  }

  /** An object that fits into memory, if there is one. */
  Optional<Small> getSmall(String object) throws StoreException {
    return ifFound(
        () ->
            call(
                "read " + object,
                Access.READ,
                () ->
                    client.getObject(
                        get -> get.bucket(name).key(object),
                        (response, body) -> {
                          byte[] bytes = body.readNBytes(MAX_SMALL_BYTES);
                          return new Small(
                              new String(bytes, StandardCharsets.UTF_8), unquoted(response.eTag()));
                        })));
  }

  /**
   * A stream of a range, to be closed by the caller.
   *
   * @param end the byte after the last
   * @throws StoreException {@code NOT_FOUND} when there is no such object
   */
  ResponseInputStream<GetObjectResponse> get(String object, long begin, long end)
      throws StoreException {
    String range = "bytes=" + begin + "-" + (end - 1);
    return call(
        "read " + object,
        Access.READ,
        () -> client.getObject(get -> get.bucket(name).key(object).range(range)));
  }

  /** What there is, if anything; a bucket that is missing looks like an object that is. */
  Optional<Stored> head(String object) throws StoreException {
    return ifFound(
        () -> {
          HeadObjectResponse head =
              call(
                  "look at " + object,
                  Access.READ,
                  () -> client.headObject(h -> h.bucket(name).key(object)));
          return new Stored(head.contentLength(), unquoted(head.eTag()));
        });
  }

  /** Removes an object, if there is one. */
  void delete(String object) throws StoreException {
    call(
        "delete " + object,
        Access.WRITE,
        () -> client.deleteObject(d -> d.bucket(name).key(object)));
  }

  /**
   * Removes an object if it is still the one that was read; some servers do not look.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when it is another one
   */
  void deleteIfSame(String object, String eTag) throws StoreException {
    call(
        "delete " + object,
        Access.WRITE,
        () -> client.deleteObject(d -> d.bucket(name).key(object).ifMatch('"' + eTag + '"')));
  }

  /** A page of the objects whose names begin with a prefix. */
  ListObjectsV2Response list(String prefix, Optional<String> continuation) throws StoreException {
    return call(
        "list " + (prefix.isEmpty() ? "objects" : prefix),
        Access.READ,
        () ->
            client.listObjectsV2(
                l -> l.bucket(name).prefix(prefix).continuationToken(continuation.orElse(null))));
  }

  /** The multipart uploads in this bucket. */
  Uploads uploads() {
    return new Uploads(client, name, encoding, this);
  }

  /** Does something, with its errors as a store's. */
  <T> T call(String toDo, Access access, Supplier<T> request) throws StoreException {
    try {
      return request.get();
    } catch (RuntimeException e) {
      throw faults.of(toDo, access, e);
    }
  }

  private interface Found<T> {
    T get() throws StoreException;
  }

  private static <T> Optional<T> ifFound(Found<T> request) throws StoreException {
    try {
      return Optional.of(request.get());
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  static String unquoted(String eTag) {
    return eTag == null ? "" : eTag.replace("\"", "");
  }
}
