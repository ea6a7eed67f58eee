/**
 * The program for trials: API server, operator, a store and a sample image in one process and one
 * directory, without installation.
 */
package dev.darkroom.e2e.dev;
