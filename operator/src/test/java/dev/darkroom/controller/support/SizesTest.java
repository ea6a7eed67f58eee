package dev.darkroom.controller.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0B",
    "1, 1B",
    "1023, 1023B",
    "1024, 1KiB",
    "1536, 1.5KiB",
    "2047, 2.0KiB",
    "10188, 9.9KiB",
    "10189, 10KiB",
    "10240, 10KiB",
    "1048576, 1MiB",
    "21474836480, 20GiB",
    "1649267441664, 1.5TiB",
    "9223372036854775807, 8EiB"
  })
  void aSizeHasOneDecimalBelowTen(long bytes, String text) {
    assertThat(Sizes.of(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"1048063, 1023KiB", "1048064, 1.0MiB", "1048575, 1.0MiB", "1073741823, 1.0GiB"})
  void aSizeThatRoundsUpToTheNextUnitUsesIt(long bytes, String text) {
    assertThat(Sizes.of(bytes)).isEqualTo(text);
  }
}
