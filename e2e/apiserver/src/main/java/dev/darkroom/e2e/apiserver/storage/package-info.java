/** Objects in memory, with revisions, a bounded history, and listeners for changes. */
package dev.darkroom.e2e.apiserver.storage;
