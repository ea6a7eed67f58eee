/**
 * The API of Darkroom: its five kinds as Java types. The CRDs are generated from these types.
 *
 * <p>These records mirror the JSON of the API. An optional component that is absent in JSON is
 * {@code null}; lists and maps are never null, only empty. Code that interprets a record first
 * converts it to types of its own.
 */
package dev.darkroom.api;
