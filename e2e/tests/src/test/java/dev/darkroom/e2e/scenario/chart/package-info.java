/** Scenarios of the Helm chart and of the README commands for a cluster. */
package dev.darkroom.e2e.scenario.chart;
