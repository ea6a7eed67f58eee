/**
 * Leader election: only the Lease holder reconciles.
 *
 * <p>May use {@code support}.
 */
package dev.darkroom.controller.leader;
