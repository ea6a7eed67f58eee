/** Scenarios of imports: sources, verification, conversion, limits, the queue, spec changes. */
package dev.darkroom.e2e.scenario.imports;
