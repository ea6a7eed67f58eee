/**
 * Benchmarks beside floors: a floor is one step of the work by a plain tool, measured in the same
 * rounds on the same files. Start at {@link dev.darkroom.e2e.bench.Bench}. To add a measurement,
 * implement {@link dev.darkroom.e2e.bench.Measurement} and use it in {@link
 * dev.darkroom.e2e.bench.Comparisons}.
 */
package dev.darkroom.e2e.bench;
