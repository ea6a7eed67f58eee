/**
 * Imports, copies and adopts blobs: {@link dev.darkroom.transfer.Transfers} is the only way in.
 *
 * <p>May use every other package below it, sources, stores and the inspection of formats. Knows
 * nothing of Kubernetes.
 */
package dev.darkroom.transfer;
