package dev.darkroom.convert;

import dev.darkroom.convert.ConvertException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.regex.Pattern;

/**
 * The program qemu-img. It is told the formats of both files, which are local and named by absolute
 * paths behind {@code file:}, so that no name is taken for a protocol; the image must have passed
 * inspection, so that there is no further file it names. It runs at low priority, in an environment
 * of its own, within {@link ConvertLimits}, without a network where the kernel allows that to be
 * taken away, and dies with this process.
 *
 * <p>Safe for use by many threads; each conversion is a process and a thread that reads its output.
 */
public final class QemuImg {

  private static final String NAME = "qemu-img";

  private final Path program;
  private final List<String> isolation;

  private QemuImg(Path program, List<String> isolation) {
    this.program = program;
    this.isolation = isolation;
  }

  /**
   * Looks for the program in the directories of PATH. Asks the kernel, by starting it once, whether
   * it can be run without a network.
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

  /** The program of that absolute path, which need not be there before it is used. */
  public static QemuImg at(Path program) throws InterruptedException {
    InspectedImage.requireAbsolute(program);
    List<String> withoutNetwork = List.of("unshare", "--map-root-user", "--net", "--");
    List<String> probe = new ArrayList<>(withoutNetwork);
    probe.add("true");
    return new QemuImg(program, Child.succeeds(probe) ? withoutNetwork : List.of());
  }

  /**
   * Converts the image into a file that does not exist yet. Blocks until that is done; an interrupt
   * kills the process. Unless it returns, nothing is left of the file.
   *
   * @param destination an absolute path in an existing directory
   * @param progress told by another thread how much is done, from 0 to 1, some hundred times at
   *     most
   * @throws ConvertException saying why there is no converted image
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
    long output = longestOutput(image, target, limits);
    if (Files.exists(destination)) {
      throw new ConvertException(Kind.FAILED, "The file to convert into exists already.");
    }
    List<String> command = new ArrayList<>(isolation);
    command.add(program.toString());
    command.addAll(List.of("convert", "-p", "-f", driver));
    command.addAll(target.arguments());
    command.addAll(List.of("file:" + image.file(), "file:" + destination));
    boolean done = false;
    try {
      requireProgram();
      Child child = Child.start(command, limits, output, destination.getParent(), progress);
      child.requireSuccess();
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

  private void requireProgram() throws ConvertException {
    if (!Files.isExecutable(program)) {
      throw new ConvertException(Kind.ABSENT, "qemu-img is not installed.");
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

  private static void delete(Path file) {
    try {
      boolean unused = Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is in the staging directory, which is swept.
    }
  }
}
