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

/** Requests to one bucket; maps errors of the SDK to failures of a store. */
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
   * A small text object.
   *
   * @param eTag without quotes
   */
  record Small(String text, String eTag) {}

  /**
   * An object of the server.
   *
   * @param size in bytes
   * @param eTag without quotes
   */
  record Stored(long size, String eTag) {}

  S3StoreErrors errors() {
    return faults;
  }

  /** Puts an object of at most one part; overwrites an existing one. */
  void put(String object, UploadPart part) throws StoreException {
    put(putting(object, part), part);
  }

  /** Puts a small text object; overwrites an existing one. */
  void putText(String object, String text) throws StoreException {
    UploadPart part = UploadPart.of(text.getBytes(StandardCharsets.UTF_8));
    put(putting(object, part).contentType(JSON), part);
  }

  /**
   * Puts a small text object if the server finds no object of that name; some servers ignore the
   * condition.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when the server found an object
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

  /** Copies an object of the same server. */
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

  /** Returns an object that fits into memory, if it exists. */
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
   * Returns a stream of a range, which the caller closes.
   *
   * @param end the offset behind the last byte
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

  /** Returns the object, if it exists; a missing bucket looks like a missing object. */
  Optional<Stored> head(String object) throws StoreException {
    return ifFound(
        () -> {
          HeadObjectResponse head =
              call(
                  "inspect " + object,
                  Access.READ,
                  () -> client.headObject(h -> h.bucket(name).key(object)));
          return new Stored(head.contentLength(), unquoted(head.eTag()));
        });
  }

  /** Deletes an object, if it exists. */
  void delete(String object) throws StoreException {
    call(
        "delete " + object,
        Access.WRITE,
        () -> client.deleteObject(d -> d.bucket(name).key(object)));
  }

  /**
   * Deletes an object if its ETag is still the same; some servers ignore the condition.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when it is another object
   */
  void deleteIfSame(String object, String eTag) throws StoreException {
    call(
        "delete " + object,
        Access.WRITE,
        () -> client.deleteObject(d -> d.bucket(name).key(object).ifMatch('"' + eTag + '"')));
  }

  /** Returns a page of the objects whose names start with a prefix. */
  ListObjectsV2Response list(String prefix, Optional<String> continuation) throws StoreException {
    return call(
        "list " + (prefix.isEmpty() ? "objects" : prefix),
        Access.READ,
        () ->
            client.listObjectsV2(
                l -> l.bucket(name).prefix(prefix).continuationToken(continuation.orElse(null))));
  }

  /** Returns the multipart uploads of this bucket. */
  Uploads uploads() {
    return new Uploads(client, name, encoding, this);
  }

  /** Makes a request and maps its errors to failures of a store. */
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
