/** Scenarios of operation: restarts, failover, restores, idle behaviour, metrics. */
package dev.darkroom.e2e.scenario.operations;
