package dev.darkroom.store.s3;

import java.time.Duration;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Settings of requests that carry bytes: checksum, encryption and timeout. */
final class Encoding {

  /** A part that is slower than this, in bytes a second, is aborted and retried. */
  private static final long SLOWEST = 64 << 10;

  /** The same for a copy on the server. */
  private static final long SLOWEST_COPY = 4 << 20;

  private final S3Encryption encryption;
  private final S3StoreConfig.Checksums checksums;
  private final Duration requestTimeout;

  Encoding(S3StoreConfig config) {
    this.encryption = config.encryption();
    this.checksums = config.checksums();
    this.requestTimeout = config.access().requestTimeout();
  }

  PutObjectRequest.Builder encoded(PutObjectRequest.Builder put, UploadPart part) {
    if (encryption instanceof S3Encryption.ServerKeys) {
      put.serverSideEncryption(ServerSideEncryption.AES256);
    } else if (encryption instanceof S3Encryption.Kms kms) {
      put.serverSideEncryption(ServerSideEncryption.AWS_KMS);
      kms.keyId().ifPresent(put::ssekmsKeyId);
    }
    return switch (checksums) {
      case CONTENT_MD5 -> put.contentMD5(part.md5());
      case CRC32 -> put.checksumCRC32(part.crc32());
    };
  }

  CreateMultipartUploadRequest.Builder encoded(CreateMultipartUploadRequest.Builder create) {
    if (encryption instanceof S3Encryption.ServerKeys) {
      create.serverSideEncryption(ServerSideEncryption.AES256);
    } else if (encryption instanceof S3Encryption.Kms kms) {
      create.serverSideEncryption(ServerSideEncryption.AWS_KMS);
      kms.keyId().ifPresent(create::ssekmsKeyId);
    }
    return switch (checksums) {
      case CONTENT_MD5 -> create;
      case CRC32 -> create.checksumAlgorithm(ChecksumAlgorithm.CRC32);
    };
  }

  UploadPartRequest.Builder encoded(UploadPartRequest.Builder upload, UploadPart part) {
    return switch (checksums) {
      case CONTENT_MD5 -> upload.contentMD5(part.md5());
      case CRC32 -> upload.checksumCRC32(part.crc32());
    };
  }

  CopyObjectRequest.Builder encoded(CopyObjectRequest.Builder copy) {
    if (encryption instanceof S3Encryption.ServerKeys) {
      copy.serverSideEncryption(ServerSideEncryption.AES256);
    } else if (encryption instanceof S3Encryption.Kms kms) {
      copy.serverSideEncryption(ServerSideEncryption.AWS_KMS);
      kms.keyId().ifPresent(copy::ssekmsKeyId);
    }
    return copy;
  }

  void allowTimeFor(long bytes, AwsRequestOverrideConfiguration.Builder request) {
    request.apiCallAttemptTimeout(requestTimeout.plusSeconds(bytes / SLOWEST));
  }

  /** As for a completion: some servers send blanks during the work. */
  void allowTimeForCopy(long bytes, AwsRequestOverrideConfiguration.Builder request) {
    request.apiCallAttemptTimeout(requestTimeout.plusSeconds(bytes / SLOWEST_COPY));
  }

  /** Servers may take minutes to complete many parts; they send blanks during the work. */
  void allowTimeForCompletion(AwsRequestOverrideConfiguration.Builder request) {
    request.apiCallAttemptTimeout(requestTimeout.multipliedBy(10));
  }
}
