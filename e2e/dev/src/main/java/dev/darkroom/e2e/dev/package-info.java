/**
 * The program that a newcomer starts: an API server, the operator, a store and an image to import,
 * all in one process and one directory, with nothing else installed.
 */
package dev.darkroom.e2e.dev;
