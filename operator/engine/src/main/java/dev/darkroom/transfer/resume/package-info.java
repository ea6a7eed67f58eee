/**
 * What an import keeps on a disk so that it can go on where it was after its process died: which
 * version of the source it reads, where its unpublished writes are, and the checksum of each part
 * of the bytes as they were delivered. Knows nothing of how bytes are transferred.
 */
package dev.darkroom.transfer.resume;

