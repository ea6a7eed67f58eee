package dev.darkroom.transfer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Verdict;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.StoreException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {

  static Stream<Arguments> verdicts() {
    return Stream.of(
        Arguments.of(new Verdict.Unsafe(DiskFormat.QCOW2, "Why."), Reason.UNSAFE_IMAGE),
        Arguments.of(
            new Verdict.Mismatch(DiskFormat.RAW, DiskFormat.ISO, "Why."), Reason.FORMAT_MISMATCH),
        Arguments.of(new Verdict.TooLarge(DiskFormat.QCOW2, "Why."), Reason.VIRTUAL_SIZE_TOO_LARGE),
        Arguments.of(new Verdict.Truncated(DiskFormat.VHD, "Why."), Reason.SIZE_MISMATCH),
        Arguments.of(new Verdict.Unknown("Why."), Reason.UNKNOWN_FORMAT));
  }

  @ParameterizedTest
  @MethodSource("verdicts")
  void mapsEveryRefusalToItsReasonAndMessage(Verdict.Refused verdict, Reason reason) {
    assertThat(Failures.of(verdict)).isEqualTo(Failure.of(reason, "Why."));
  }

  @ParameterizedTest
  @EnumSource
  void mapsEveryFailureOfASource(SourceException.Kind kind) {
    Failure failure = Failures.ofSource(new SourceException(kind, "Why."));

    assertThat(failure.message()).isEqualTo("Why.");
    assertThat(failure.reason().recovery()).isNotEqualTo(Reason.Recovery.WAIT);
  }

  @ParameterizedTest
  @EnumSource
  void everyFailureOfAStoreIsRetryable(StoreException.Kind kind) {
    Failure failure = Failures.ofStore("fast", new StoreException(kind, "why"));

    assertThat(failure.message()).isEqualTo("Store fast: why");
    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.RETRY);
  }

  @Test
  void anImageThatBreaksAnInspectorIsNotRetryable() {
    Failure failure = Failures.ofInspector(new IndexOutOfBoundsException("header byte 17"));

    assertThat(failure.reason()).isEqualTo(Reason.UNSAFE_IMAGE);
    assertThat(failure.message())
        .contains("IndexOutOfBoundsException")
        .doesNotContain("header byte 17");
  }

  @Test
  void anUnexpectedExceptionIsRetryable() {
    assertThat(Failures.of(new OutOfMemoryError("on purpose")).reason().recovery())
        .isEqualTo(Reason.Recovery.RETRY);
  }
}
