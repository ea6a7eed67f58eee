package dev.darkroom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.darkroom.source.policy.AddressPolicy;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class SourcePolicyOptionsTest {

  @Test
  void withoutOptionsTheDefaultsApply() {
    assertThat(policy()).hasToString(AddressPolicy.defaults().toString());
  }

  @Test
  void optionsAcceptListsAndRepetition() {
    assertThat(
            policy(
                "--allow-sources=10.0.0.0/8,mirror.lan",
                "--allow-sources=fd00::/8",
                "--deny-sources=10.96.0.0/12,10.244.0.0/16",
                "--source-ports=443,8000-8999"))
        .hasToString(
            "public addresses and mirror.lan, 10.0.0.0/8, fd00::/8, but not 10.96.0.0/12,"
                + " 10.244.0.0/16, on ports 443,8000-8999");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--allow-sources | 10.0.0.1/8 | bits beyond its prefix",
        "--allow-sources | *.example.org | neither an IP address",
        "--allow-sources | 10.0.0.0/8,,mirror.lan | neither an IP address",
        "--deny-sources | example.org | not an IP address or CIDR range",
        "--source-ports | https | not a port",
      })
  void aMalformedValueNamesItsOption(String option, String value, String why) {
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> policy(option, value))
        .withMessageStartingWith(option + ": ")
        .withMessageContaining(why);
  }

  @Test
  void theOperatorDoesNotStartWithAMalformedPolicy() {
    StringWriter errors = new StringWriter();
    int exit =
        new CommandLine(new OperatorCommand())
            .setErr(new PrintWriter(errors))
            .execute("--kubeconfig=/does/not/exist", "--deny-sources=10.0.0.1/8");

    assertThat(exit).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).startsWith("--deny-sources: 10.0.0.1/8 has bits beyond");
  }

  private static AddressPolicy policy(String... arguments) {
    Program program = new Program();
    new CommandLine(program).parseArgs(arguments);
    return program.sources.policy();
  }

  @Command
  private static final class Program {
    @Mixin private SourcePolicyOptions sources = new SourcePolicyOptions();
  }
}
