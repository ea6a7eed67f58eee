/**
 * The values of transfers: requests, results, reasons, progress, options.
 *
 * <p>Holds no threads and does no I/O. May use the types of sources, stores, formats and codecs.
 */
package dev.darkroom.transfer.model;
