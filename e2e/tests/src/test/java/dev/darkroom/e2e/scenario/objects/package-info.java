/** Scenarios of API objects as kubectl and GitOps tools use them: apply, status, deletion. */
package dev.darkroom.e2e.scenario.objects;
