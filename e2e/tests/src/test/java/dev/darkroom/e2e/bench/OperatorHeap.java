package dev.darkroom.e2e.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.darkroom.e2e.bench.figures.Row;
import dev.darkroom.e2e.bench.server.ChildServer;
import dev.darkroom.e2e.bench.server.ManyImagesServerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The live heap of an operator that has many Images to look after and nothing to do. The API server
 * and the operator have a process each; the operator's heap is limited to 1 GiB.
 *
 * @param images how many Images
 * @param store an empty directory for the ImageStore
 */
record OperatorHeap(int images, Path store) implements Benchmark {

  private static final int SERVER_MIB = 2048;

  @Override
  public String name() {
    return "heap at %,d Images".formatted(images);
  }

  /** Once: the live heap after full collections varies little. */
  @Override
  public List<Row> run(DataFile warmUp, DataFile data, int rounds) throws IOException {
    try (ChildServer server =
        ChildServer.start(
            ManyImagesServerMain.class, SERVER_MIB, store.toString(), Integer.toString(images))) {
      List<Long> figures = operator(server.address().toString());
      return List.of(
          Row.of(name() + ": live heap", figures.get(0) / (double) (1 << 20), "MiB"),
          Row.of(name() + ": informers", figures.get(1), ""));
    }
  }

  private static List<Long> operator(String apiServer) throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                OperatorHeapMain.class.getName(),
                apiServer)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
      String line = output.readLine();
      if (line == null) {
        throw new IOException("the operator ended without figures");
      }
      return Stream.of(line.split(" ")).map(Long::parseLong).toList();
    } finally {
      process.destroy();
    }
  }
}
