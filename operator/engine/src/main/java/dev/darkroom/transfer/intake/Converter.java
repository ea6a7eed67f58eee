package dev.darkroom.transfer.intake;

import dev.darkroom.convert.ConvertException;
import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.convert.InspectedImage;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Verdict;
import dev.darkroom.source.Source;
import dev.darkroom.transfer.model.Reason;
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
 * Makes of delivered bytes those that are to be stored, by way of a directory: brought there and
 * inspected, converted, and read from there like from any other source. Takes the room of both.
 *
 * <p>Safe for use by many threads.
 */
public final class Converter {

  private static final Logger LOG = LoggerFactory.getLogger(Converter.class);

  /** What this process makes begins with it, so that it is known from what others left. */
  private static final String OURS = UUID.randomUUID() + "-";

  private final Path directory;
  private final QemuImg qemuImg;
  private final ConvertLimits limits;

  private Converter(Path directory, QemuImg qemuImg, ConvertLimits limits) {
    this.directory = directory;
    this.qemuImg = qemuImg;
    this.limits = limits;
  }

  /**
   * Takes a directory below the staging one, and removes what a process before this one left there.
   *
   * @param staging of this process alone; empty when there is none
   * @param qemuImg empty where it is not installed
   * @throws RefusedException {@code CONVERTER_MISSING} saying which of them is
   */
  static Converter open(Optional<Path> staging, Optional<QemuImg> qemuImg, ConvertLimits limits)
      throws RefusedException {
    if (qemuImg.isEmpty()) {
      throw new RefusedException(
          Reason.CONVERTER_MISSING,
          "A conversion was asked for, but qemu-img is not installed beside the operator.");
    }
    if (staging.isEmpty()) {
      throw new RefusedException(
          Reason.CONVERTER_MISSING,
          "A conversion was asked for, but the operator has no staging directory to do it in.");
    }
    Path directory = in(staging.get());
    try {
      sweep(staging.get());
      if (!Files.isDirectory(directory)) {
        Path unused = Files.createDirectory(directory);
      }
      return new Converter(directory, qemuImg.get(), limits);
    } catch (IOException e) {
      LOG.warn("No directory to convert in: {}", directory, e);
      throw new RefusedException(
          Reason.CONVERTER_MISSING, "The staging directory can't be used to convert in.");
    }
  }

  /**
   * Removes what processes before this one left in a staging directory, whose disks may be large.
   *
   * @throws IOException when it can't be removed
   */
  public static void sweep(Path staging) throws IOException {
    Path directory = in(staging);
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path place : all) {
        if (!place.getFileName().toString().startsWith(OURS)) {
          deleteAll(place);
        }
      }
    }
  }

  private static Path in(Path staging) {
    return staging.toAbsolutePath().resolve("converting");
  }

  /** The files of one conversion. Closing it removes them. */
  final class Work implements AutoCloseable {

    private final Path place;

    private Work(Path place) {
      this.place = place;
    }

    /** Where the delivered bytes go. */
    Path original() {
      return place.resolve("original");
    }

    /**
     * Converts what was received there, unless it has that format already. Blocks; an interrupt
     * ends it at once.
     *
     * @param verdict of the inspector that saw all of it
     * @param description of where the bytes came from
     * @param progress told how much is done, from 0 to 1
     * @return the bytes to be stored, until this is closed
     * @throws RefusedException when it can't be converted
     */
    Source convert(
        Verdict.Accepted verdict, TargetFormat target, String description, DoubleConsumer progress)
        throws RefusedException, InterruptedException {
      DiskFormat found = verdict.format();
      if (found.openedAs() == target.format()) {
        return new LocalFileSource(original(), description);
      }
      Path converted = place.resolve("converted");
      try {
        qemuImg.convert(
            new InspectedImage(original(), verdict), target, converted, limits, progress);
      } catch (ConvertException e) {
        throw new RefusedException(reasonOf(e.kind()), e.getMessage());
      }
      return new LocalFileSource(converted, description);
    }

    @Override
    public void close() {
      try {
        deleteAll(place);
      } catch (IOException e) {
        LOG.warn("What was converted is left in {} until the next start", place, e);
      }
    }
  }

  /**
   * Begins one.
   *
   * @throws RefusedException when there is no room for it
   */
  Work begin() throws RefusedException {
    try {
      return new Work(Files.createTempDirectory(directory, OURS));
    } catch (IOException e) {
      LOG.warn("Nothing can be staged in {}", directory, e);
      throw new RefusedException(
          Reason.STORE_FULL, "The staging directory can't be used to convert in.");
    }
  }

  /** An image that qemu-img refuses is malformed in a way that our inspector did not see. */
  private static Reason reasonOf(ConvertException.Kind kind) {
    return switch (kind) {
      case ABSENT -> Reason.CONVERTER_MISSING;
      case UNSUPPORTED, ENCRYPTED -> Reason.FORMAT_MISMATCH;
      case TOO_LARGE, LIMIT -> Reason.VIRTUAL_SIZE_TOO_LARGE;
      case FULL -> Reason.STORE_FULL;
      case FAILED -> Reason.UNSAFE_IMAGE;
    };
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
