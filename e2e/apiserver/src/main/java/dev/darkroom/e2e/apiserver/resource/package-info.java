/** The resources of the server: built-in kinds, kinds from CRDs, and their table columns. */
package dev.darkroom.e2e.apiserver.resource;
