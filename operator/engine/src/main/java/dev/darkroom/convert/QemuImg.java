package dev.darkroom.convert;

import dev.darkroom.convert.ConvertException.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.regex.Pattern;

/**
 * The program qemu-img. It receives the formats of both files, which are local. Their paths are
 * absolute, so qemu-img reads no name as a protocol. It never opens a backing file. Two barriers
 * protect the files of the host from an image: the image must have passed inspection, and qemu-img
 * runs in the strongest sandbox of this system ({@link #sandbox}). It runs at low priority, in an
 * environment of its own, within {@link ConvertLimits}, and dies with this process.
 *
 * <p>Safe for use by many threads; each conversion is a process and a thread that reads its output.
 */
public final class QemuImg {

  private static final String NAME = "qemu-img";

  private final Path program;
  private Optional<Sandbox> sandbox;

  private QemuImg(Path program, Optional<Sandbox> sandbox) {
    this.program = program;
    this.sandbox = sandbox;
  }

  /**
   * Looks for the program in the directories of PATH.
   *
   * @return the program; empty where it is not installed
   */
  public static Optional<QemuImg> find() throws InterruptedException {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String directory : path.split(Pattern.quote(System.getProperty("path.separator")))) {
      Path candidate = Path.of(directory).resolve(NAME);
      if (candidate.isAbsolute() && Files.isExecutable(candidate)) {
        return Optional.of(at(candidate));
      }
    }
    return Optional.empty();
  }

  /** The program at that absolute path; the file need not exist before the first use. */
  public static QemuImg at(Path program) throws InterruptedException {
    InspectedImage.requireAbsolute(program);
    return new QemuImg(program, Optional.empty());
  }

  /** The program in that sandbox, for tests. */
  static QemuImg at(Path program, Sandbox sandbox) {
    return new QemuImg(program, Optional.of(sandbox));
  }

  /**
   * Returns the sandbox of the program as one phrase for a log. The first call starts some short
   * processes to detect it.
   */
  public String sandbox() throws InterruptedException {
    return detected().description();
  }

  /** Returns whether the kernel denies the program all files but its input and output. */
  public boolean sandboxed() throws InterruptedException {
    return detected().kind() != Sandbox.Kind.NONE;
  }

  /**
   * Converts the image into a file that does not exist yet. Blocks until the conversion ends; an
   * interrupt kills the process. After an exception, no partial file remains.
   *
   * @param destination an absolute path in an existing directory
   * @param progress called by another thread with the progress, from 0 to 1; at most some hundred
   *     times
   * @throws ConvertException with the reason why the image was not converted
   * @throws InterruptedException when it was interrupted, once the process is gone
   */
  public void convert(
      InspectedImage image,
      TargetFormat target,
      Path destination,
      ConvertLimits limits,
      DoubleConsumer progress)
      throws ConvertException, InterruptedException {
    InspectedImage.requireAbsolute(destination);
    String driver = image.driver();
    long longest = longestOutput(image, target, limits);
    requireProgram();
    String source = SourceOptions.of(image.file(), driver);
    create(destination);
    boolean done = false;
    try {
      List<String> command =
          detected()
              .command(program, target.arguments(source, destination), image.file(), destination);
      LimitedProcess process =
          LimitedProcess.start(command, limits, longest, destination.getParent(), progress);
      process.requireSuccess();
      done = true;
    } catch (IOException e) {
      throw e instanceof ConvertException known
          ? known
          : new ConvertException(Kind.FAILED, "qemu-img could not be run.", e);
    } finally {
      if (!done) {
        delete(destination);
      }
    }
  }

  private synchronized Sandbox detected() throws InterruptedException {
    if (sandbox.isEmpty()) {
      Sandbox found = SandboxDetection.detect(program);
      // An absent program works in no sandbox; it may be installed later.
      sandbox = Files.isExecutable(program) ? Optional.of(found) : Optional.empty();
      return found;
    }
    return sandbox.get();
  }

  private void requireProgram() throws ConvertException {
    if (!Files.isExecutable(program)) {
      throw new ConvertException(Kind.ABSENT, "qemu-img is not installed.");
    }
  }

  /** Creates the output file: a sandbox can only show existing files. */
  private static void create(Path destination) throws ConvertException {
    try {
      Path unused = Files.createFile(destination);
    } catch (FileAlreadyExistsException e) {
      throw new ConvertException(Kind.FAILED, "The file to convert into exists already.", e);
    } catch (IOException e) {
      throw new ConvertException(Kind.FAILED, "The file to convert into can't be created.", e);
    }
  }

  private static long longestOutput(InspectedImage image, TargetFormat target, ConvertLimits limits)
      throws ConvertException {
    long virtualSize;
    try {
      virtualSize = image.verdict().virtualSize().orElse(Files.size(image.file()));
    } catch (IOException e) {
      throw new ConvertException(Kind.FAILED, "The image to convert can't be read.", e);
    }
    if (virtualSize > limits.outputBytes()) {
      throw new ConvertException(
          Kind.TOO_LARGE,
          "The image holds a disk of %d bytes, more than the %d that may be converted."
              .formatted(virtualSize, limits.outputBytes()));
    }
    return target.longest(virtualSize);
  }

  static void delete(Path file) {
    try {
      boolean unused = Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is in the staging directory, which is swept.
    }
  }
}
