/**
 * Conversion of disk images by qemu-img, a child process within limits and in a sandbox. Uses the
 * verdicts of {@code format} only. Start at {@link dev.darkroom.convert.QemuImg}.
 */
package dev.darkroom.convert;
