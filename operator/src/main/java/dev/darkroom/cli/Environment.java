package dev.darkroom.cli;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Reads options that are not on the command line from environment variables: {@code
 * --transfer-slots} from {@code PREFIX_TRANSFER_SLOTS}.
 */
public final class Environment implements IDefaultValueProvider {

  private final String prefix;
  private final Map<String, String> variables;

  /**
   * Reads variables.
   *
   * @param prefix of the names, without the underscore
   */
  public Environment(String prefix, Map<String, String> variables) {
    this.prefix = prefix;
    this.variables = Map.copyOf(variables);
  }

  /** The value of the variable of an option; null for the default of the option. */
  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && !asksForHelp(option)
        ? variables.get(variable(option))
        : null;
  }

  /** PREFIX_VERSION and PREFIX_HELP may have other uses: they do not set these options. */
  private static boolean asksForHelp(OptionSpec option) {
    return option.usageHelp() || option.versionHelp();
  }

  private String variable(OptionSpec option) {
    return prefix
        + "_"
        + option.longestName().replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
