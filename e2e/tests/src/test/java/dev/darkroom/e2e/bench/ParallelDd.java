package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Floor: writes to several files in parallel, with fsync. */
final class ParallelDd implements Measurement {

  private static final String DD = "dd";

  private final List<Path> directories;

  /**
   * @param directories the directories, with one copy each
   */
  ParallelDd(List<Path> directories) {
    this.directories = List.copyOf(directories);
  }

  @Override
  public String name() {
    return directories.size() + " × write and fsync at once (dd)";
  }

  @Override
  public Optional<String> missing() {
    return ToolProcess.missing(DD);
  }

  /** The bytes count once, because the source sends them once. */
  @Override
  public Sample measure(DataFile data) throws IOException, InterruptedException {
    List<List<String>> commands = new ArrayList<>();
    for (Path directory : directories) {
      commands.add(
          List.of(DD, "if=" + data.path(), "of=" + copy(directory), "bs=1M", "conv=fsync"));
    }
    try {
      return ToolProcess.runAtOnce(data.bytes(), commands);
    } finally {
      for (Path directory : directories) {
        Files.deleteIfExists(copy(directory));
      }
    }
  }

  private static Path copy(Path directory) {
    return directory.resolve("dd.raw");
  }
}
