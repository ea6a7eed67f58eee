/** API servers for scenarios: found, started once per run, and reported. */
package dev.darkroom.e2e.scenario.cluster;
