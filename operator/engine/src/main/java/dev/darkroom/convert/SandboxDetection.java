package dev.darkroom.convert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds the strongest sandbox of this system by a trial. In the sandbox, qemu-img must convert a
 * small file, and must not be able to read a file that is neither input nor output.
 */
final class SandboxDetection {

  private static final String CANARY = "A file of no conversion.";
  private static final List<String> WITHOUT_NETWORK =
      List.of("unshare", "--map-root-user", "--net", "--");

  private final Path program;

  private SandboxDetection(Path program) {
    this.program = program;
  }

  /**
   * The strongest sandbox in which the program works; {@link Sandbox.Kind#NONE} if none works.
   * Starts some short processes, and keeps a file of half a kilobyte until this process ends.
   *
   * @param program qemu-img, an absolute path
   */
  static Sandbox detect(Path program) throws InterruptedException {
    return new SandboxDetection(program).strongest();
  }

  private Sandbox strongest() throws InterruptedException {
    for (Sandbox candidate : candidates()) {
      if (works(candidate)) {
        return candidate;
      }
    }
    return new Sandbox(Sandbox.Kind.NONE, withoutNetwork(), Optional.empty());
  }

  private List<Sandbox> candidates() throws InterruptedException {
    List<Sandbox> candidates = new ArrayList<>();
    for (Optional<Path> filter : filters()) {
      candidates.add(new Sandbox(Sandbox.Kind.BUBBLEWRAP, List.of(), filter));
    }
    for (Optional<Path> filter : filters()) {
      candidates.add(new Sandbox(Sandbox.Kind.LANDLOCK, withoutNetwork(), filter));
    }
    return candidates;
  }

  /** Tries with a filter, if the processor is known and the file can be written; then without. */
  private static List<Optional<Path>> filters() {
    Optional<byte[]> filter = SyscallFilter.ofThisProcessor();
    if (filter.isEmpty()) {
      return List.of(Optional.empty());
    }
    try {
      Path file = Files.createTempFile("darkroom-", ".seccomp");
      file.toFile().deleteOnExit();
      return List.of(Optional.of(Files.write(file, filter.get())), Optional.empty());
    } catch (IOException e) {
      return List.of(Optional.empty());
    }
  }

  private static List<String> withoutNetwork() throws InterruptedException {
    List<String> probe = new ArrayList<>(WITHOUT_NETWORK);
    probe.add("true");
    return LimitedProcess.succeeds(probe) ? WITHOUT_NETWORK : List.of();
  }

  private boolean works(Sandbox sandbox) throws InterruptedException {
    List<Path> files = new ArrayList<>();
    try {
      Path input = temporary(files, "0".repeat(512));
      Path canary = temporary(files, CANARY);
      Path output = temporary(files, "");
      return converts(sandbox, input, input, output)
          && !converts(sandbox, canary, input, output)
          && !holds(output, CANARY);
    } catch (IOException e) {
      return false;
    } finally {
      files.forEach(QemuImg::delete);
    }
  }

  /**
   * Converts file {@code read} in a sandbox whose input is {@code input}; returns whether it
   * succeeds.
   */
  private boolean converts(Sandbox sandbox, Path read, Path input, Path output)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of("convert", "-f", "raw", "-O", "raw", "file:" + read, "file:" + output);
    return LimitedProcess.succeeds(sandbox.command(program, arguments, input, output));
  }

  private static Path temporary(List<Path> files, String content) throws IOException {
    Path file = Files.createTempFile("darkroom-", ".sandbox");
    files.add(file);
    return Files.writeString(file, content);
  }

  private static boolean holds(Path file, String content) throws IOException {
    byte[] start = Arrays.copyOf(Files.readAllBytes(file), content.length());
    return Arrays.equals(start, content.getBytes(StandardCharsets.US_ASCII));
  }
}
