/**
 * Which network addresses a source may connect to; every connection is checked here.
 *
 * <p>{@link dev.darkroom.source.policy.AddressPolicy} decides. May use nothing else of the house.
 */
package dev.darkroom.source.policy;
