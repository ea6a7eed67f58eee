package dev.darkroom.e2e.dev.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "50724864, 48.4 MiB",
    "104857600, 100 MiB",
    "9223372036854775807, 8.0 EiB"
  })
  void writesBytesInTheUnitThatSuits(long bytes, String text) {
    assertThat(Amounts.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 50724864, 0.0/48.4 MiB",
    "1048576, 50724864, 1.0/48.4 MiB",
    "1048576, 5368709120, 0.0/5.0 GiB"
  })
  void writesAPartInTheUnitOfTheWhole(long bytes, long total, String text) {
    assertThat(Amounts.bytesOf(bytes, total)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.25S, 0.3 s",
    "PT3S, 3 s",
    "PT9.34S, 9.3 s",
    "PT59S, 59 s",
    "PT3M20S, 3:20 min",
    "PT1H3M2S, 1:03:02 h"
  })
  void writesTimes(Duration time, String text) {
    assertThat(Amounts.time(time)).isEqualTo(text);
  }
}
