package dev.darkroom.e2e.bench.figures;

/**
 * The lower bound of a figure.
 *
 * @param is the name of the measurement
 * @param value the value, in the unit of the figure
 */
public record Floor(String is, double value) {}
