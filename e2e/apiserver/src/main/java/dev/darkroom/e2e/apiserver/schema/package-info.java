/**
 * Structural schemas of custom resources: compiled once, then used to default, prune and validate.
 */
package dev.darkroom.e2e.apiserver.schema;
