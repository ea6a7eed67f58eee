package dev.darkroom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class DeliveryOptionsTest {

  @Command
  static final class Program {
    @Mixin private DeliveryOptions options;
  }

  @Test
  void theVirtualSizeIsLimitedTo64TebibytesByDefault() {
    assertThat(settings().inspection().maxVirtualBytes()).isEqualTo(64L << 40);
  }

  @ParameterizedTest
  @CsvSource({"512, 512", "500Gi, 536870912000", "1G, 1000000000", "1Pi, 1125899906842624"})
  void theLimitOfTheVirtualSizeIsAQuantity(String quantity, long bytes) {
    assertThat(settings("--max-virtual-size", quantity).inspection().maxVirtualBytes())
        .isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "511", "-1Gi", "lots", "1Zi", "9Ei"})
  void anotherLimitOfTheVirtualSizeIsRefused(String quantity) {
    assertThatThrownBy(() -> settings("--max-virtual-size", quantity))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("--max-virtual-size");
  }

  private static OperatorSettings settings(String... arguments) {
    Program program = new Program();
    CommandLine.populateCommand(program, arguments);
    return program
        .options
        .apply(OperatorSettingsBuilder.builder(OperatorSettings.defaults()))
        .build();
  }
}
