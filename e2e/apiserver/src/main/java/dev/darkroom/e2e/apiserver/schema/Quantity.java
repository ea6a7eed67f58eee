package dev.darkroom.e2e.apiserver.schema;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount in Kubernetes' notation, {@code 1Ki}, {@code 500m}, {@code 1e3} (apimachinery, {@code
 * api/resource}), for the CEL functions that compare quantities.
 *
 * @param amount the plain number, without trailing zeros
 */
record Quantity(BigDecimal amount) implements Comparable<Quantity> {
  private static final Pattern TEXT =
      Pattern.compile(
          "([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(?:(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)|[eE]([+-]?\\d+))?");
  private static final Map<String, Integer> BINARY =
      Map.of("Ki", 1, "Mi", 2, "Gi", 3, "Ti", 4, "Pi", 5, "Ei", 6);
  private static final Map<String, Integer> DECIMAL =
      Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);

  static Optional<Quantity> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String suffix = matcher.group(2);
    if (suffix != null && BINARY.containsKey(suffix)) {
      number = number.multiply(BigDecimal.valueOf(1024).pow(BINARY.get(suffix)));
    } else if (suffix != null) {
      number = number.scaleByPowerOfTen(DECIMAL.get(suffix));
    } else if (matcher.group(3) != null) {
      number = number.scaleByPowerOfTen(Integer.parseInt(matcher.group(3)));
    }
    return Optional.of(of(number));
  }

  static Quantity of(BigDecimal number) {
    return new Quantity(number.stripTrailingZeros());
  }

  boolean isWhole() {
    return amount.scale() <= 0 && amount.toBigInteger().bitLength() < Long.SIZE;
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }
}
