package dev.darkroom.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.s3.S3Access;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.s3.S3Store;
import dev.darkroom.store.s3.S3StoreConfig;
import dev.darkroom.store.s3.S3StoreConfigBuilder;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequest;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/**
 * Stores, reads and lists blobs in a bucket, and imports a URL.
 *
 * <p>Arguments: the S3 server, the bucket, the URL, then addresses that are not public and still
 * allowed as a source. The credentials are those that the AWS SDK finds.
 */
public final class BucketExample {

  private BucketExample() {}

  public static void main(String[] args) throws Exception {
    S3StoreConfig config =
        S3StoreConfigBuilder.builder(S3StoreConfig.inBucket(args[1]))
            .access(S3Access.at(URI.create(args[0])))
            .build();
    AddressPolicy policy =
        AddressPolicy.defaults().withAllowed(List.of(args).subList(3, args.length));
    try (BlobStore store = S3Store.open(config);
        WebClient web = new WebClient(WebLimits.defaults(), policy)) {
      BlobKey greeting = BlobKey.of("example", "greeting");
      try (BlobWrite write = store.open(greeting)) {
        write.append(UTF_8.encode("Hello"));
        write.commit(Map.of("language", "en"));
      }
      try (ReadableByteChannel bytes = store.read(greeting, 0, 100)) {
        System.out.println(new String(Channels.newInputStream(bytes).readAllBytes(), UTF_8));
      }

      BlockingQueue<String> changed = new LinkedBlockingQueue<>();
      Transfers transfers = new Transfers(TransferOptions.defaults(), changed::add);
      Target target = new Target("bucket", store, BlobKey.of("example", "imported"));
      var request = TransferRequest.of(new WebSource(args[2], web), List.of(target)).build();
      transfers.submit("import", request, Map.of());
      while (transfers.status("import").orElseThrow().outcome().isEmpty()) {
        changed.take();
      }
      System.out.println(transfers.status("import").orElseThrow().outcome().orElseThrow());
      transfers.close(Duration.ofSeconds(10));

      try (Stream<Blob> blobs = store.list("example/")) {
        blobs.forEach(blob -> System.out.println(blob.key() + ": " + blob.size() + " bytes"));
      }
    }
  }
}
