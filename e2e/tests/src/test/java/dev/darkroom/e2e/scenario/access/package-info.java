/** Scenarios of access control: roles, admission policies, least privilege, secrets. */
package dev.darkroom.e2e.scenario.access;
