package dev.darkroom.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Asks for verdicts and says what they should be. */
final class Verdicts {
  private static final int USUAL_CHUNK = 8 << 10;

  private Verdicts() {}

  static Verdict undeclared(byte[] bytes) {
    return inspect(Optional.empty(), bytes, USUAL_CHUNK);
  }

  static Verdict declared(DiskFormat format, byte[] bytes) {
    return inspect(Optional.of(format), bytes, USUAL_CHUNK);
  }

  static Verdict inspect(Optional<DiskFormat> declared, byte[] bytes, int chunk) {
    Inspector inspector = Inspector.of(declared);
    feed(inspector, bytes, chunk);
    return inspector.finish(bytes.length);
  }

  static void feed(Inspector inspector, byte[] bytes, int chunk) {
    for (int at = 0; at < bytes.length; at += chunk) {
      inspector.update(ByteBuffer.wrap(bytes, at, Math.min(chunk, bytes.length - at)));
    }
  }

  static Verdict.Accepted accepted(Verdict verdict, DiskFormat format, long virtualSize) {
    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    Verdict.Accepted accepted = (Verdict.Accepted) verdict;
    assertThat(accepted.format()).isEqualTo(format);
    assertThat(accepted.virtualSize()).hasValue(virtualSize);
    return accepted;
  }

  static void unsafe(Verdict verdict, DiskFormat format, String says) {
    assertThat(verdict).isInstanceOf(Verdict.Unsafe.class);
    assertThat(((Verdict.Unsafe) verdict).format()).isEqualTo(format);
    assertThat(((Verdict.Unsafe) verdict).message()).contains(says);
  }

  static void truncated(Verdict verdict, DiskFormat format, String says) {
    assertThat(verdict).isInstanceOf(Verdict.Truncated.class);
    assertThat(((Verdict.Truncated) verdict).format()).isEqualTo(format);
    assertThat(((Verdict.Truncated) verdict).message()).contains(says);
  }

  static void tooLarge(Verdict verdict, DiskFormat format, String says) {
    assertThat(verdict).isInstanceOf(Verdict.TooLarge.class);
    assertThat(((Verdict.TooLarge) verdict).format()).isEqualTo(format);
    assertThat(((Verdict.TooLarge) verdict).message()).contains(says);
  }

  static void mismatch(Verdict verdict, DiskFormat declared, DiskFormat found) {
    assertThat(verdict).isInstanceOf(Verdict.Mismatch.class);
    assertThat(((Verdict.Mismatch) verdict).declared()).isEqualTo(declared);
    assertThat(((Verdict.Mismatch) verdict).found()).isEqualTo(found);
    assertThat(((Verdict.Mismatch) verdict).message())
        .contains(declared.apiName())
        .contains(found.apiName());
  }

  static void unknown(Verdict verdict, String says) {
    assertThat(verdict).isInstanceOf(Verdict.Unknown.class);
    assertThat(((Verdict.Unknown) verdict).message()).contains(says);
  }
}
