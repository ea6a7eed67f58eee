package dev.darkroom.transfer.intake;

import dev.darkroom.convert.ConvertException;
import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.convert.InspectedImage;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Verdict;
import dev.darkroom.source.Source;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.RefusedException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;
import java.util.function.DoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts disk images in a directory: the delivered bytes are staged there and inspected, then
 * converted by qemu-img; the result is read like any other source. Takes the space of both.
 * Thread-safe.
 */
public final class Converter {

  private static final Logger LOG = LoggerFactory.getLogger(Converter.class);

  /** The prefix of the directories of this process: others are left over. */
  private static final String PREFIX = UUID.randomUUID() + "-";

  private final Path directory;
  private final QemuImg qemuImg;
  private final ConvertLimits limits;

  private Converter(Path directory, QemuImg qemuImg, ConvertLimits limits) {
    this.directory = directory;
    this.qemuImg = qemuImg;
    this.limits = limits;
  }

  /**
   * Opens a directory below the staging directory, and removes what earlier processes left there.
   *
   * @param staging a directory of this process only; empty when there is none
   * @param qemuImg empty when it is not installed
   * @throws RefusedException {@code CONVERTER_MISSING} when either can't be used
   */
  static Converter open(Optional<Path> staging, Optional<QemuImg> qemuImg, ConvertLimits limits)
      throws RefusedException {
    if (qemuImg.isEmpty()) {
      throw new RefusedException(Failures.noConverter("qemu-img is not installed"));
    }
    if (staging.isEmpty()) {
      throw new RefusedException(Failures.noConverter("there is no staging directory"));
    }
    Path directory = in(staging.get());
    try {
      sweep(staging.get());
      if (!Files.isDirectory(directory)) {
        Path unused = Files.createDirectory(directory);
      }
      return new Converter(directory, qemuImg.get(), limits);
    } catch (IOException e) {
      LOG.warn("The directory for conversions can't be made: {}", directory, e);
      throw new RefusedException(Failures.noConverter("the staging directory can't be used"));
    }
  }

  /**
   * Removes the files of conversions of earlier processes, which may be large.
   *
   * @throws IOException when a file can't be removed
   */
  public static void sweep(Path staging) throws IOException {
    Path directory = in(staging);
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path work : all) {
        if (!work.getFileName().toString().startsWith(PREFIX)) {
          deleteAll(work);
        }
      }
    }
  }

  private static Path in(Path staging) {
    return staging.toAbsolutePath().resolve("converting");
  }

  /** The files of one conversion. {@link #close} removes them. */
  final class Work implements AutoCloseable {

    private final Path files;

    private Work(Path files) {
      this.files = files;
    }

    /** The file for the delivered bytes. */
    Path original() {
      return files.resolve("original");
    }

    /**
     * Converts the file, unless it has the format already. Blocks; an interrupt ends it at once.
     *
     * @param verdict of the inspection of the whole file
     * @param description of the source of the bytes
     * @param progress gets the share that is done, from 0 to 1
     * @return the bytes to be stored, until {@link #close}
     * @throws RefusedException when the conversion fails
     */
    Source convert(
        Verdict.Accepted verdict, TargetFormat target, String description, DoubleConsumer progress)
        throws RefusedException, InterruptedException {
      DiskFormat found = verdict.format();
      if (found.openedAs() == target.format()) {
        return new LocalFileSource(original(), description);
      }
      Path converted = files.resolve("converted");
      try {
        qemuImg.convert(
            new InspectedImage(original(), verdict), target, converted, limits, progress);
      } catch (ConvertException e) {
        throw new RefusedException(Failures.of(e));
      }
      return new LocalFileSource(converted, description);
    }

    @Override
    public void close() {
      try {
        deleteAll(files);
      } catch (IOException e) {
        LOG.warn("The files of a conversion stay in {} until the next start", files, e);
      }
    }
  }

  /**
   * Begins a conversion.
   *
   * @throws RefusedException when the directory can't be used
   */
  Work begin() throws RefusedException {
    try {
      return new Work(Files.createTempDirectory(directory, PREFIX));
    } catch (IOException e) {
      throw new RefusedException(Failures.stagingUnusable(e));
    }
  }

  private static void deleteAll(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Path unused =
        Files.walkFileTree(
            root,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                  throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult postVisitDirectory(Path directory, IOException thrown)
                  throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
              }
            });
  }
}
