package dev.darkroom.store.s3;

import dev.darkroom.s3.S3Errors;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.s3.S3StoreErrors.Access;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** The multipart uploads in one bucket. */
final class Uploads {

  /** The most pages of a list, for a server whose list does not end. */
  private static final int MAX_PAGES = 1_000;

  private final S3Client client;
  private final String name;
  private final Encoding encoding;
  private final Bucket bucket;

  Uploads(S3Client client, String name, Encoding encoding, Bucket bucket) {
    this.client = client;
    this.name = name;
    this.encoding = encoding;
    this.bucket = bucket;
  }

  /** One upload: its future object and the server's id. */
  record Upload(String object, String id) {}

  /** A part that has arrived, with its size and its entry in the completion request. */
  record Sent(CompletedPart part, long bytes) {}

  /** An upload of a list, with the time of its start, if known. */
  record Found(Upload upload, Optional<Instant> initiated) {}

  /** A part of a list, with the time of its arrival, if known. */
  record FoundPart(int number, Sent sent, Optional<Instant> modified) {}

  /**
   * A piece of an object on the same server.
   *
   * @param end the offset behind the last byte
   */
  record Piece(S3CopySource source, long begin, long end) {}

  Upload begin(String object) throws StoreException {
    CreateMultipartUploadRequest create =
        encoding.encoded(CreateMultipartUploadRequest.builder().bucket(name).key(object)).build();
    String id =
        bucket.call(
            "start the upload of " + object,
            Access.WRITE,
            () -> client.createMultipartUpload(create).uploadId());
    return new Upload(object, id);
  }

  /** Sends a part; a second part of the same number replaces the first. */
  Sent send(Upload upload, int number, UploadPart part) throws StoreException {
    UploadPartRequest request =
        encoding
            .encoded(
                UploadPartRequest.builder()
                    .bucket(name)
                    .key(upload.object())
                    .uploadId(upload.id())
                    .partNumber(number),
                part)
            .overrideConfiguration(c -> encoding.allowTimeFor(part.size(), c))
            .build();
    UploadPartResponse response =
        bucket.call(
            "write part %d of %s".formatted(number, upload.object()),
            Access.WRITE,
            () -> client.uploadPart(request, Bucket.body(part)));
    return new Sent(
        CompletedPart.builder()
            .partNumber(number)
            .eTag(response.eTag())
            .checksumCRC32(response.checksumCRC32())
            .build(),
        part.size());
  }

  /** Copies a part from another object. */
  Sent copy(Upload upload, int number, Piece piece) throws StoreException {
    long bytes = piece.end() - piece.begin();
    CopyPartResult result =
        bucket.call(
            "copy part %d of %s".formatted(number, upload.object()),
            Access.WRITE,
            () ->
                client
                    .uploadPartCopy(
                        c ->
                            c.sourceBucket(piece.source().bucket())
                                .sourceKey(piece.source().object())
                                .copySourceIfMatch(piece.source().quotedETag())
                                .copySourceRange("bytes=" + piece.begin() + "-" + (piece.end() - 1))
                                .destinationBucket(name)
                                .destinationKey(upload.object())
                                .uploadId(upload.id())
                                .partNumber(number)
                                .overrideConfiguration(o -> encoding.allowTimeForCopy(bytes, o)))
                    .copyPartResult());
    return new Sent(
        CompletedPart.builder()
            .partNumber(number)
            .eTag(result.eTag())
            .checksumCRC32(result.checksumCRC32())
            .build(),
        bytes);
  }

  /** Completes the upload: its parts, in the order of their numbers, become an object. */
  void complete(Upload upload, Collection<Sent> parts) throws StoreException {
    List<CompletedPart> all = parts.stream().map(Sent::part).toList();
    bucket.call(
        "complete the upload of " + upload.object(),
        Access.WRITE,
        () ->
            client.completeMultipartUpload(
                c ->
                    c.bucket(name)
                        .key(upload.object())
                        .uploadId(upload.id())
                        .multipartUpload(m -> m.parts(all))
                        .overrideConfiguration(encoding::allowTimeForCompletion)));
  }

  /** Aborts an upload; a missing upload is no error. */
  void abort(Upload upload) throws StoreException {
    try {
      bucket.call(
          "abort the upload of " + upload.object(),
          Access.WRITE,
          () ->
              client.abortMultipartUpload(
                  a -> a.bucket(name).key(upload.object()).uploadId(upload.id())));
    } catch (StoreException e) {
      if (e.kind() != Kind.NOT_FOUND && !S3StoreErrors.is(S3Errors.Kind.NO_UPLOAD, e)) {
        throw e;
      }
    }
  }

  /**
   * Lists the uploads of objects whose names start with a prefix. Ends when the server makes no
   * progress, since some servers repeat pages forever.
   */
  List<Found> find(String prefix) throws StoreException {
    List<Found> found = new ArrayList<>();
    String keyMarker = null;
    String idMarker = null;
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      String afterKey = keyMarker;
      String afterId = idMarker;
      ListMultipartUploadsResponse page =
          bucket.call(
              "list unfinished uploads",
              Access.READ,
              () ->
                  client.listMultipartUploads(
                      l ->
                          l.bucket(name)
                              .prefix(prefix)
                              .keyMarker(afterKey)
                              .uploadIdMarker(afterId)));
      page.uploads().stream().map(Uploads::found).forEach(found::add);
      keyMarker = emptyToNull(page.nextKeyMarker());
      idMarker = emptyToNull(page.nextUploadIdMarker());
      boolean stands = Objects.equals(keyMarker, afterKey) && Objects.equals(idMarker, afterId);
      if (!Boolean.TRUE.equals(page.isTruncated()) || keyMarker == null || stands) {
        break;
      }
    }
    return found;
  }

  private static Found found(MultipartUpload upload) {
    return new Found(
        new Upload(upload.key(), upload.uploadId()), Optional.ofNullable(upload.initiated()));
  }

  private static String emptyToNull(String marker) {
    return marker == null || marker.isEmpty() ? null : marker;
  }

  /** Lists the parts of an upload that have arrived; none when there is no such upload. */
  List<FoundPart> parts(Upload upload) throws StoreException {
    try {
      return partsThere(upload);
    } catch (StoreException e) {
      // Aborted since; servers report this in two ways.
      if (e.kind() == Kind.NOT_FOUND || S3StoreErrors.is(S3Errors.Kind.NO_UPLOAD, e)) {
        return List.of();
      }
      throw e;
    }
  }

  private List<FoundPart> partsThere(Upload upload) throws StoreException {
    List<FoundPart> found = new ArrayList<>();
    Optional<Integer> marker = Optional.empty();
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      Integer after = marker.orElse(null);
      ListPartsResponse page =
          bucket.call(
              "list the parts of " + upload.object(),
              Access.READ,
              () ->
                  client.listParts(
                      l ->
                          l.bucket(name)
                              .key(upload.object())
                              .uploadId(upload.id())
                              .partNumberMarker(after)));
      page.parts().stream().map(Uploads::found).forEach(found::add);
      Optional<Integer> next = Optional.ofNullable(page.nextPartNumberMarker());
      boolean getsOn = next.isPresent() && next.get() > marker.orElse(0);
      if (!Boolean.TRUE.equals(page.isTruncated()) || !getsOn) {
        break;
      }
      marker = next;
    }
    return found;
  }

  private static FoundPart found(software.amazon.awssdk.services.s3.model.Part part) {
    CompletedPart completed =
        CompletedPart.builder()
            .partNumber(part.partNumber())
            .eTag(part.eTag())
            .checksumCRC32(part.checksumCRC32())
            .build();
    return new FoundPart(
        part.partNumber(),
        new Sent(completed, part.size()),
        Optional.ofNullable(part.lastModified()));
  }
}
