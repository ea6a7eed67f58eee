package dev.darkroom.e2e.apiserver;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the real kubectl with a kubeconfig and a cache directory of its own. */
final class Kubectl {
  private final Path program;
  private final Path home;
  private final String kubeconfig;

  private Kubectl(Path program, Path home, String kubeconfig) {
    this.program = program;
    this.home = home;
    this.kubeconfig = kubeconfig;
  }

  /** The exit code of a command and its output on both streams. */
  record Said(int exit, String text) {}

  /** The kubectl on the PATH; empty when there is none. */
  static Optional<Path> program() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory, "kubectl"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Kubectl on(String kubeconfig, Path home) throws IOException {
    Path file = home.resolve("kubeconfig");
    Files.writeString(file, kubeconfig);
    return new Kubectl(program().orElseThrow(), home, file.toString());
  }

  /** Runs a command and waits for its end. */
  Said run(String... arguments) {
    return run("", Map.of(), arguments);
  }

  /** Runs a command with a text as its standard input and waits for its end. */
  Said run(String input, Map<String, String> environment, String... arguments) {
    try {
      Path answer = Files.createTempFile(home, "answer", ".txt");
      Process process = start(answer, environment, arguments);
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("kubectl did not end within 60 seconds: " + List.of(arguments));
      }
      return new Said(process.exitValue(), Files.readString(answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Starts a command that writes its output into a file; the caller must destroy it. */
  Process start(Path answer, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString(), "--kubeconfig", kubeconfig));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(answer.toFile());
    builder.environment().put("HOME", home.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }
}
