/** Scenarios of version changes: upgrade, rollback, a second API version. */
package dev.darkroom.e2e.scenario.upgrade;
