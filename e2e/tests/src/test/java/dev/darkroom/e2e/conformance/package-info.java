/**
 * Conformance cases: faults of sources, images, stores and the machine on the real path, and the
 * required outcome of each. Start at {@link dev.darkroom.e2e.conformance.ConformanceTest}. Add a
 * case to one of the classes in {@link dev.darkroom.e2e.conformance.Cases}.
 */
package dev.darkroom.e2e.conformance;
