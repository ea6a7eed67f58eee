/**
 * A misbehaving world, on purpose: everything that a source, an image, a store or the machine may
 * do to an import, as named cases on the real path, and what must come of each. Start at {@link
 * dev.darkroom.e2e.conformance.ConformanceTest}; to add a case write it into one of the classes
 * that {@link dev.darkroom.e2e.conformance.Cases} lists.
 */
package dev.darkroom.e2e.conformance;
