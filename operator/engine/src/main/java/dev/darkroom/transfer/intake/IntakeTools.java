package dev.darkroom.transfer.intake;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.transfer.model.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** The limits and the converter that all intakes of this process share. Thread-safe. */
public final class IntakeTools {

  private final Optional<Path> staging;
  private final Optional<Path> program;
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
      DecodeLimits decodeLimits,
      ConvertLimits convertLimits,
      Clock clock) {
    this.staging = staging;
    this.program = program;
    this.decodeLimits = decodeLimits;
    this.convertLimits = convertLimits;
    this.clock = clock;
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
      converter = Optional.of(Converter.open(staging, qemuImg(), convertLimits));
    }
    return converter.get();
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
