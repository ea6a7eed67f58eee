/** What the server serves: built-in kinds, kinds from CRDs, and how each is shown. */
package dev.darkroom.e2e.apiserver.resource;

