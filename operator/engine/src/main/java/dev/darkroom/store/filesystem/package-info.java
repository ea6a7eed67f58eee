/**
 * A store in a directory. Other rooms use {@link dev.darkroom.store.filesystem.FilesystemStore}
 * only; the rest of the package is how it works.
 *
 * <pre>
 * &lt;root&gt;/lab/ubuntu-3f2a/disk         the bytes of the blob "lab/ubuntu-3f2a"
 * &lt;root&gt;/lab/ubuntu-3f2a/disk.json    its record: key, size, time, attributes
 * &lt;root&gt;/.partial/…                   writes that are not published, blobs that are being removed
 * </pre>
 */
package dev.darkroom.store.filesystem;
