/** The API servers that scenarios run on: found, started once for all, closed and reported on. */
package dev.darkroom.e2e.scenario.cluster;
