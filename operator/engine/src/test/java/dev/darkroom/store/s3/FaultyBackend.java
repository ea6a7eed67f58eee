package dev.darkroom.store.s3;

import java.io.InputStream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Runs a test's hook before and after each operation of the server. */
final class FaultyBackend extends ForwardingBlobStore {

  /** An operation of the server. */
  enum Operation {
    PUT,
    GET,
    HEAD,
    DELETE,
    PART,
    COMPLETE
  }

  /** A hook. */
  interface Fault {
    /** Does nothing, waits, or throws an {@linkplain #answer answer}. */
    void strike(Operation operation, String object);
  }

  private volatile Fault before = (operation, object) -> {};
  private volatile Fault after = (operation, object) -> {};

  FaultyBackend(BlobStore backend) {
    super(backend);
  }

  /** Sets the hook before every operation; when it throws, the operation does not happen. */
  FaultyBackend before(Fault fault) {
    before = fault;
    return this;
  }

  /** Sets the hook after every operation; when it throws, only the answer is lost. */
  FaultyBackend after(Fault fault) {
    after = fault;
    return this;
  }

  /** Makes an exception that becomes the server's answer. */
  static S3Exception answer(int status, String code) {
    return (S3Exception)
        S3Exception.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode(code).errorMessage("for a test").build())
            .build();
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
    before.strike(Operation.PUT, request.key());
    PutObjectResponse response = super.putBlob(request, payload);
    after.strike(Operation.PUT, request.key());
    return response;
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    before.strike(Operation.GET, request.key());
    return super.getBlob(request);
  }

  @Override
  public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    before.strike(Operation.HEAD, request.key());
    return super.blobMetadata(request);
  }

  @Override
  public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
    before.strike(Operation.DELETE, request.key());
    DeleteObjectResponse response = super.removeBlob(request);
    after.strike(Operation.DELETE, request.key());
    return response;
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream payload) {
    before.strike(Operation.PART, upload.blobName());
    UploadPartResponse response = super.uploadMultipartPart(upload, request, payload);
    after.strike(Operation.PART, upload.blobName());
    return response;
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    before.strike(Operation.COMPLETE, upload.blobName());
    CompleteMultipartUploadResponse response = super.completeMultipartUpload(upload, request);
    after.strike(Operation.COMPLETE, upload.blobName());
    return response;
  }
}
