/** Objects in memory: revisions, a bounded history, and who wants to hear of changes. */
package dev.darkroom.e2e.apiserver.storage;

