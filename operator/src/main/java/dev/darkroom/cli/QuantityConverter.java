package dev.darkroom.cli;

import io.fabric8.kubernetes.api.model.Quantity;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a Kubernetes quantity from the command line, such as {@code 500Gi}. */
final class QuantityConverter implements ITypeConverter<Quantity> {

  @Override
  public Quantity convert(String value) {
    try {
      Quantity quantity = Quantity.parse(value);
      Object unused = quantity.getNumericalAmount();
      return quantity;
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("not a quantity: " + value);
    }
  }
}
