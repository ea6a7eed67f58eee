package dev.darkroom.e2e.bench;

/**
 * What a figure can't be better than.
 *
 * @param is what it is the figure of
 * @param value in the unit of the figure
 */
record Floor(String is, double value) {}
