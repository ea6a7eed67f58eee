/**
 * Decides which namespaces may see an image, and makes the RBAC objects for it.
 *
 * <p>Sends no requests: every result is calculated from objects that the caller passes.
 */
package dev.darkroom.access;
