package dev.darkroom.transfer.intake;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.transfer.model.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limits and the converter that all intakes of this process share. Thread-safe. */
public final class IntakeTools {

  private static final Logger LOG = LoggerFactory.getLogger(IntakeTools.class);

  private final Optional<Path> staging;
  private final Optional<Path> program;
  private final InspectionLimits inspectionLimits;
  private final DecodeLimits decodeLimits;
  private final ConvertLimits convertLimits;
  private final Clock clock;

  @GuardedBy("this")
  private Optional<Converter> converter = Optional.empty();

  /**
   * Keeps the limits; looks for nothing yet.
   *
   * @param staging a directory of this process only; its subdirectory {@code converting} is used
   * @param program qemu-img's absolute path; empty to look for it in PATH
   */
  public IntakeTools(
      Optional<Path> staging,
      Optional<Path> program,
      InspectionLimits inspectionLimits,
      DecodeLimits decodeLimits,
      ConvertLimits convertLimits,
      Clock clock) {
    this.staging = staging;
    this.program = program;
    this.inspectionLimits = inspectionLimits;
    this.decodeLimits = decodeLimits;
    this.convertLimits = convertLimits;
    this.clock = clock;
  }

  InspectionLimits inspectionLimits() {
    return inspectionLimits;
  }

  DecodeLimits decodeLimits() {
    return decodeLimits;
  }

  Clock clock() {
    return clock;
  }

  /**
   * Opens the converter at its first use, and tries again while it is missing: qemu-img may be
   * installed later.
   *
   * @throws RefusedException {@code CONVERTER_MISSING}
   */
  synchronized Converter converter() throws RefusedException, InterruptedException {
    if (converter.isEmpty()) {
      Optional<QemuImg> found = qemuImg();
      converter = Optional.of(Converter.open(staging, found, convertLimits));
      if (found.isPresent()) {
        logSandbox(found.get());
      }
    }
    return converter.get();
  }

  private static void logSandbox(QemuImg qemuImg) throws InterruptedException {
    if (qemuImg.sandboxed()) {
      LOG.info("qemu-img runs in a sandbox. {}", qemuImg.sandbox());
    } else {
      LOG.warn("qemu-img runs without a sandbox: install bubblewrap. {}", qemuImg.sandbox());
    }
  }

  private Optional<QemuImg> qemuImg() throws InterruptedException {
    if (program.isEmpty()) {
      return QemuImg.find();
    }
    return Files.isExecutable(program.get())
        ? Optional.of(QemuImg.at(program.get().toAbsolutePath()))
        : Optional.empty();
  }
}
