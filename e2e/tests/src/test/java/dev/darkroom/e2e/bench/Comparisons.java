package dev.darkroom.e2e.bench;

import dev.darkroom.transfer.model.Checksum.Algorithm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everything that is measured. */
final class Comparisons {

  private static final double LEAST_OF_FLOOR = 0.7;
  private static final double LEAST_MIB_PER_SECOND = 500;
  private static final double MOST_FOR_THREE_STORES = 1.6;
  private static final int AT_ONCE = 8;
  private static final int MANY_IMAGES = 10_000;

  private final Scratch scratch;
  private final FileServer server;
  private final S3Bucket bucket;

  Comparisons(Scratch scratch, FileServer server, S3Bucket bucket) {
    this.scratch = scratch;
    this.server = server;
    this.bucket = bucket;
  }

  /** Of the settings' size. */
  List<Job> large() throws IOException {
    return List.of(
        toOneStore(),
        toThreeStores(),
        toS3(),
        comparing(Algorithm.SHA512),
        comparing(Algorithm.MD5),
        Resume.usual(server, scratch.directory("killed")),
        Resume.overSeveral(server, scratch.directory("killed-over-several")));
  }

  /** Of the settings' smaller size. */
  List<Job> small() throws IOException {
    return List.of(manyAtOnce(), new OperatorHeap(MANY_IMAGES, scratch.directory("many-images")));
  }

  /** Of the settings' largest size. */
  List<Job> huge(DataFile disk) throws IOException {
    TransferImport path =
        TransferImport.of("transfer path", server, stores("memory", 1)).comparingNothing();
    return List.of(new Memory(1, disk, path), new Memory(16, disk, path));
  }

  private Job toOneStore() throws IOException {
    return Comparison.of(
            "web to 1 filesystem store",
            List.of(
                TransferImport.of("transfer path", server, stores("one", 1)),
                new OperatorImport(server, scratch.directory("operator-store"))),
            List.of(
                new CurlToNowhere(server),
                new ManyDd(stores("dd", 1)),
                new JdkDigest(Algorithm.SHA256)))
        .aiming(Goal.ratioAtLeast(LEAST_OF_FLOOR), Goal.atLeast(LEAST_MIB_PER_SECOND));
  }

  private Job toThreeStores() throws IOException {
    return Comparison.of(
            "web to 3 filesystem stores",
            List.of(TransferImport.of("transfer path", server, stores("three", 3))),
            List.of(
                new CurlToNowhere(server),
                new ManyDd(stores("dd", 3)),
                new JdkDigest(Algorithm.SHA256)))
        .atMostTimes(
            MOST_FOR_THREE_STORES, TransferImport.of("one store", server, stores("one", 1)));
  }

  private Job toS3() {
    return Comparison.of(
        "web to S3",
        List.of(new S3Import(server, bucket)),
        List.of(new CurlToNowhere(server), new SdkUpload(bucket), new JdkDigest(Algorithm.SHA256)));
  }

  private Job comparing(Algorithm algorithm) throws IOException {
    TransferImport path = TransferImport.of("transfer path", server, stores("one", 1));
    return Comparison.of(
        "web to 1 filesystem store, " + algorithm.apiName() + " and sha256",
        List.of(path.comparing(algorithm)),
        List.of(
            new CurlToNowhere(server),
            new ManyDd(stores("dd", 1)),
            new JdkDigest(Algorithm.SHA256),
            new JdkDigest(algorithm)));
  }

  private Job manyAtOnce() throws IOException {
    return Comparison.of(
        AT_ONCE + " imports at once",
        List.of(TransferImport.of("transfer path", server, stores("many", 1)).times(AT_ONCE)),
        List.of(new Manifold(new ManyDd(stores("dd", AT_ONCE)), AT_ONCE)));
  }

  private List<Path> stores(String name, int count) throws IOException {
    List<Path> directories = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      directories.add(scratch.directory(name + "-" + i));
    }
    return directories;
  }
}
