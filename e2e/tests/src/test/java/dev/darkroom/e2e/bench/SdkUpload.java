package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.ProcessCost;
import dev.darkroom.e2e.bench.figures.Sample;
import dev.darkroom.e2e.bench.server.S3Bucket;
import dev.darkroom.s3.S3Clients;
import dev.darkroom.testing.S3Server;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Floor: an upload of the file by the AWS SDK, with the store's part size and parallelism, without
 * Darkroom's checksums.
 */
final class SdkUpload implements Measurement {

  private static final String OBJECT = "floor";
  private static final int PART = 16 << 20;
  private static final int IN_FLIGHT = 4;

  private final S3Bucket bucket;

  SdkUpload(S3Bucket bucket) {
    this.bucket = bucket;
  }

  @Override
  public String name() {
    return "upload of the file (AWS SDK)";
  }

  @Override
  public Sample measure(DataFile data) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(IN_FLIGHT);
    try (S3Client client = S3Clients.open(bucket.access())) {
      ProcessCost cost = ProcessCost.begin();
      upload(client, data, threads);
      Sample sample = cost.end(data.bytes());
      Object unused = client.deleteObject(delete -> delete.bucket(S3Server.BUCKET).key(OBJECT));
      return sample;
    } finally {
      threads.shutdown();
    }
  }

  private static void upload(S3Client client, DataFile data, ExecutorService threads)
      throws IOException, InterruptedException {
    String id =
        client
            .createMultipartUpload(create -> create.bucket(S3Server.BUCKET).key(OBJECT))
            .uploadId();
    List<Future<CompletedPart>> parts = new ArrayList<>();
    for (int number = 1; (long) (number - 1) * PART < data.bytes(); number++) {
      int which = number;
      parts.add(threads.submit(() -> part(client, id, data.path(), which)));
    }
    List<CompletedPart> completed = new ArrayList<>();
    for (Future<CompletedPart> part : parts) {
      try {
        completed.add(part.get());
      } catch (ExecutionException e) {
        throw new IOException("the upload by the SDK failed", e);
      }
    }
    Object unused =
        client.completeMultipartUpload(
            complete ->
                complete
                    .bucket(S3Server.BUCKET)
                    .key(OBJECT)
                    .uploadId(id)
                    .multipartUpload(upload -> upload.parts(completed)));
  }

  private static CompletedPart part(S3Client client, String id, Path file, int number)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(PART);
    try (FileChannel channel = FileChannel.open(file)) {
      long offset = (long) (number - 1) * PART;
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
        // Reads on to the end of the part or of the file.
      }
    }
    UploadPartRequest request =
        UploadPartRequest.builder()
            .bucket(S3Server.BUCKET)
            .key(OBJECT)
            .uploadId(id)
            .partNumber(number)
            .build();
    String tag = client.uploadPart(request, RequestBody.fromByteBuffer(bytes.flip())).eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }
}
