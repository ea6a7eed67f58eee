/**
 * Conversion of disk images by the real qemu-img, as a child process within limits. Begin at {@link
 * dev.darkroom.convert.QemuImg}.
 */
package dev.darkroom.convert;
