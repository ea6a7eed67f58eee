/** What the stores' drivers share for their I/O. */
package dev.darkroom.store.io;
