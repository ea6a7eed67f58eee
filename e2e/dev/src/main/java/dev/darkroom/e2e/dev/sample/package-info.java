/**
 * The disk of the quickstart, and its web server. The disk is generated, so that the quickstart
 * needs no network and no file of other publishers.
 */
package dev.darkroom.e2e.dev.sample;
