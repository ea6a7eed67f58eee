/**
 * How GitOps tools read objects: kstatus by its documented rules, Argo CD and Flux by the scripts
 * and expressions that are among the samples.
 */
package dev.darkroom.e2e.scenario.gitops;
