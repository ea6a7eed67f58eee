/**
 * The API of Darkroom: its four kinds as Java types, from which the CRDs are generated.
 *
 * <p>These records are what travels as JSON. A component that is optional in the API is {@code
 * null} here when it is absent; lists and maps are never null, only empty. Whoever reads them for
 * more than passing them on turns them into types of its own first.
 */
package dev.darkroom.api;

