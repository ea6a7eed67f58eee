/**
 * Figures of a benchmark: cost of one run, medians, goals, and their tables for the terminal, the
 * results file and the README.
 */
package dev.darkroom.e2e.bench.figures;
