package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A program that writes a blob until it is killed; prints the token of the write after its start.
 */
final class EndlessWriter {

  /** The number of bytes of its repeated pattern. */
  static final int PATTERN = 1 << 20;

  private static final long LIMIT = 1L << 30;

  private EndlessWriter() {}

  /** Arguments: the root, the key. */
  public static void main(String[] arguments) throws IOException {
    FilesystemStore store = FilesystemStore.open(Path.of(arguments[0]));
    ByteBuffer bytes = ByteBuffer.wrap(pattern());
    try (BlobWrite write = store.open(new BlobKey(arguments[1]))) {
      write.append(bytes.clear());
      System.out.println(write.token().orElseThrow());
      while (write.position() < LIMIT) {
        write.append(bytes.clear());
      }
      System.in.read();
    }
  }

  /** The repeated pattern. */
  static byte[] pattern() {
    byte[] pattern = new byte[PATTERN];
    new Random(3).nextBytes(pattern);
    return pattern;
  }

  /** Starts the program in a process of its own. */
  static Process start(Path root, BlobKey key) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                EndlessWriter.class.getName(),
                root.toString(),
                key.value()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Waits until the program writes; returns the token. */
  static String token(Process writer) throws IOException {
    return writer.inputReader(StandardCharsets.UTF_8).readLine();
  }
}
