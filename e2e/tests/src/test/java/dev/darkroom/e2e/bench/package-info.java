/**
 * Measures what the whole costs beside floors that are measured in the same rounds on the same
 * files: what one step of the work takes when a plain tool does nothing else. Start at {@link
 * dev.darkroom.e2e.bench.Bench}; to measure something new write a {@link
 * dev.darkroom.e2e.bench.Measurement} and name it in {@link dev.darkroom.e2e.bench.Comparisons}.
 */
package dev.darkroom.e2e.bench;
