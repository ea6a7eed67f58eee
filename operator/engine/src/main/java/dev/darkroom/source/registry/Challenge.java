package dev.darkroom.source.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An authentication challenge of a registry (RFC 9110, section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {

  private static final int MAX_LENGTH = 4096;
  private static final Pattern SCHEME =
      Pattern.compile("\\s*(basic|bearer)(?=\\s|$)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PARAMETER =
      Pattern.compile("\\s*,?\\s*([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");

  /** Returns the first challenge of a scheme, given in lower case. */
  static Optional<Challenge> find(List<String> headers, String scheme) {
    return headers.stream()
        .filter(header -> header.length() <= MAX_LENGTH)
        .flatMap(header -> parse(header).stream())
        .filter(challenge -> challenge.scheme.equals(scheme))
        .findFirst();
  }

  /** Returns the value of a parameter. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  private static Optional<Challenge> parse(String header) {
    Matcher scheme = SCHEME.matcher(header);
    if (!scheme.lookingAt()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    Matcher parameter = PARAMETER.matcher(header).region(scheme.end(), header.length());
    while (parameter.lookingAt()) {
      String value =
          parameter.group(2) == null
              ? parameter.group(3)
              : parameter.group(2).replaceAll("\\\\(.)", "$1");
      parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), value);
      parameter.region(parameter.end(), header.length());
    }
    return Optional.of(
        new Challenge(scheme.group(1).toLowerCase(Locale.ROOT), Map.copyOf(parameters)));
  }
}
