package dev.darkroom.cli;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that the command line leaves out come from the environment: {@code --transfer-slots} from
 * {@code PREFIX_TRANSFER_SLOTS}.
 */
public final class Environment implements IDefaultValueProvider {

  private final String prefix;
  private final Map<String, String> variables;

  /**
   * Reads variables.
   *
   * @param prefix what their names begin with, without the underscore
   */
  public Environment(String prefix, Map<String, String> variables) {
    this.prefix = prefix;
    this.variables = Map.copyOf(variables);
  }

  /** The variable of an option, or null for what the option says itself. */
  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && !asksForHelp(option)
        ? variables.get(variable(option))
        : null;
  }

  /** PREFIX_VERSION is somebody's note of what is installed, not a question. */
  private static boolean asksForHelp(OptionSpec option) {
    return option.usageHelp() || option.versionHelp();
  }

  private String variable(OptionSpec option) {
    return prefix
        + "_"
        + option.longestName().replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
