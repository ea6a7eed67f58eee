/** Patches, field sets and managed fields: who wrote which field, and what an apply may change. */
package dev.darkroom.e2e.apiserver.fields;

