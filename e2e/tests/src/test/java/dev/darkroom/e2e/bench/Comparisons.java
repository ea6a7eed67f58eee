package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Goal;
import dev.darkroom.e2e.bench.server.FileServer;
import dev.darkroom.e2e.bench.server.S3Bucket;
import dev.darkroom.transfer.model.Checksum.Algorithm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All benchmarks. */
final class Comparisons {

  private static final double LEAST_OF_FLOOR = 0.7;
  private static final double LEAST_MIB_PER_SECOND = 500;
  private static final double MAX_FOR_THREE_STORES = 1.6;
  private static final int PARALLEL = 8;
  private static final int MANY_IMAGES = 10_000;

  private final ScratchDirectory scratch;
  private final FileServer server;
  private final S3Bucket bucket;

  Comparisons(ScratchDirectory scratch, FileServer server, S3Bucket bucket) {
    this.scratch = scratch;
    this.server = server;
    this.bucket = bucket;
  }

  /** Benchmarks with files of the default size. */
  List<Benchmark> large() throws IOException {
    return List.of(
        toOneStore(),
        toThreeStores(),
        toS3(),
        withChecksum(Algorithm.SHA512),
        withChecksum(Algorithm.MD5),
        ResumeBenchmark.usual(server, scratch.directory("killed")),
        ResumeBenchmark.overSeveral(server, scratch.directory("killed-over-several")));
  }

  /** Benchmarks with files of the small size. */
  List<Benchmark> small() throws IOException {
    return List.of(manyAtOnce(), new OperatorHeap(MANY_IMAGES, scratch.directory("many-images")));
  }

  /** Benchmarks with the file of the largest size. */
  List<Benchmark> huge(DataFile disk) throws IOException {
    TransferImport path =
        TransferImport.of("transfer path", server, stores("memory", 1)).withoutChecksum();
    return List.of(new MemoryBenchmark(1, disk, path), new MemoryBenchmark(16, disk, path));
  }

  private Benchmark toOneStore() throws IOException {
    return Comparison.of(
            "web to 1 filesystem store",
            List.of(
                TransferImport.of("transfer path", server, stores("one", 1)),
                new OperatorImport(server, scratch.directory("operator-store"))),
            List.of(
                new CurlDownload(server),
                new ParallelDd(stores("dd", 1)),
                new JdkDigest(Algorithm.SHA256)))
        .withGoals(Goal.ratioAtLeast(LEAST_OF_FLOOR), Goal.atLeast(LEAST_MIB_PER_SECOND));
  }

  private Benchmark toThreeStores() throws IOException {
    return Comparison.of(
            "web to 3 filesystem stores",
            List.of(TransferImport.of("transfer path", server, stores("three", 3))),
            List.of(
                new CurlDownload(server),
                new ParallelDd(stores("dd", 3)),
                new JdkDigest(Algorithm.SHA256)))
        .withRelation(
            MAX_FOR_THREE_STORES, TransferImport.of("one store", server, stores("one", 1)));
  }

  private Benchmark toS3() {
    return Comparison.of(
        "web to S3",
        List.of(new S3Import(server, bucket)),
        List.of(new CurlDownload(server), new SdkUpload(bucket), new JdkDigest(Algorithm.SHA256)));
  }

  private Benchmark withChecksum(Algorithm algorithm) throws IOException {
    TransferImport path = TransferImport.of("transfer path", server, stores("one", 1));
    return Comparison.of(
        "web to 1 filesystem store, " + algorithm.apiName() + " and sha256",
        List.of(path.withChecksum(algorithm)),
        List.of(
            new CurlDownload(server),
            new ParallelDd(stores("dd", 1)),
            new JdkDigest(Algorithm.SHA256),
            new JdkDigest(algorithm)));
  }

  private Benchmark manyAtOnce() throws IOException {
    return Comparison.of(
        PARALLEL + " imports at once",
        List.of(TransferImport.of("transfer path", server, stores("many", 1)).times(PARALLEL)),
        List.of(new RepeatedFloor(new ParallelDd(stores("dd", PARALLEL)), PARALLEL)));
  }

  private List<Path> stores(String name, int count) throws IOException {
    List<Path> directories = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      directories.add(scratch.directory(name + "-" + i));
    }
    return directories;
  }
}
