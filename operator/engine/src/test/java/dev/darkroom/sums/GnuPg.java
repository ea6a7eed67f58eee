package dev.darkroom.sums;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real gpg with a key ring of its own and a clock that the test sets. */
final class GnuPg implements AutoCloseable {

  private final Path home;

  private GnuPg(Path home) {
    this.home = home;
  }

  /** Skips the test where gpg is not installed. */
  static GnuPg open() throws Exception {
    // Not in the test's directory: the path of the agent's socket must be short.
    GnuPg gpg = new GnuPg(Files.createTempDirectory("gpg"));
    try {
      gpg.run("20200101T000000", "--version");
    } catch (IOException e) {
      gpg.deleteHome();
      assumeTrue(false, "gpg is not installed");
    }
    return gpg;
  }

  /** Makes a signing key; returns its fingerprint. */
  String key(String at, String user, String algorithm, String expires) throws Exception {
    run(at, "--passphrase", "", "--quick-gen-key", user, algorithm, "sign", expires);
    return new String(run(at, "--with-colons", "--list-keys", user), UTF_8)
        .lines()
        .filter(line -> line.startsWith("fpr:"))
        .map(line -> line.split(":")[9])
        .findFirst()
        .orElseThrow();
  }

  byte[] export(String user, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--export", user));
    return run("20300101T000000", arguments.toArray(String[]::new));
  }

  /** Signs the bytes with the options. */
  byte[] sign(String at, byte[] bytes, String... options) throws Exception {
    Path file = home.resolve("signed");
    Files.write(file, bytes);
    List<String> arguments = new ArrayList<>(List.of("--output", "-"));
    arguments.addAll(List.of(options));
    arguments.add(file.toString());
    return run(at, arguments.toArray(String[]::new));
  }

  /** Revokes the key. */
  void revoke(String fingerprint) throws Exception {
    String made = Files.readString(home.resolve("openpgp-revocs.d/" + fingerprint + ".rev"));
    Path file = home.resolve("revocation");
    Files.writeString(file, made.replace(":-----BEGIN", "-----BEGIN"));
    byte[] unused = run("20300101T000000", "--import", file.toString());
  }

  byte[] run(String at, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("gpg", "--batch", "--no-tty", "--yes", "--pinentry-mode", "loopback"));
    command.addAll(List.of("--faked-system-time", at + "!", "--homedir", home.toString()));
    command.addAll(List.of(arguments));
    Path errors = home.resolve("stderr");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return output;
  }

  @Override
  public void close() throws Exception {
    new ProcessBuilder("gpgconf", "--homedir", home.toString(), "--kill", "all").start().waitFor();
    deleteHome();
  }

  private void deleteHome() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
