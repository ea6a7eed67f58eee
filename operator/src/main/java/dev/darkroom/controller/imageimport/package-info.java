/**
 * Reconciles ImageImports: plans a transfer, starts it, reports it, decides retries.
 *
 * <p>May use {@code sharing}, {@code store}, {@code source} and {@code support}.
 */
package dev.darkroom.controller.imageimport;
