/**
 * How imports are shown to the person who waits for them: bars where the terminal can move its
 * cursor, lines where it can't. Knows nothing of Kubernetes.
 */
package dev.darkroom.e2e.dev.terminal;
