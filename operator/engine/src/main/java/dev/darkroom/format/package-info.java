/**
 * Formats of disk images: what bytes are, and whether they are safe to store. Uses the JDK only.
 * Start at {@link dev.darkroom.format.Inspector}.
 */
package dev.darkroom.format;
