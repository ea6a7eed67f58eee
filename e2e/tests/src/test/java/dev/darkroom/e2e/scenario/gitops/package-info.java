/**
 * Status evaluation as in GitOps tools: kstatus by its documented rules, Argo CD and Flux by the
 * scripts and expressions of the samples.
 */
package dev.darkroom.e2e.scenario.gitops;
