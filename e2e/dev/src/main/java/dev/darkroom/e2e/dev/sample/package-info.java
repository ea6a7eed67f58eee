/**
 * The disk that a newcomer's first image is made of, and the web server that offers it. The disk is
 * made here, from nothing, so that what the quickstart shows needs no network and is nobody else's.
 */
package dev.darkroom.e2e.dev.sample;
