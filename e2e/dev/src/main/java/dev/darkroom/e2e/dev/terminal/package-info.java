/**
 * Progress of imports on a terminal: bars if the cursor can move, otherwise lines. Independent of
 * Kubernetes.
 */
package dev.darkroom.e2e.dev.terminal;
