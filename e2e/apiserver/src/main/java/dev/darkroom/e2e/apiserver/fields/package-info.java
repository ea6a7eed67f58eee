/** Patches, field sets and managed fields: the owner of each field, and the limits of an apply. */
package dev.darkroom.e2e.apiserver.fields;
