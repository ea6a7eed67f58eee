package dev.darkroom.e2e.bench.figures;

/**
 * What a figure can't be better than.
 *
 * @param is what it is the figure of
 * @param value in the unit of the figure
 */
public record Floor(String is, double value) {}
