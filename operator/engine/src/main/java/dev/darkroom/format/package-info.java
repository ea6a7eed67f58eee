/**
 * Recognises the formats of disk images, and decides whether an image is safe to store. Uses the
 * JDK only. Start at {@link dev.darkroom.format.Inspector}.
 */
package dev.darkroom.format;
