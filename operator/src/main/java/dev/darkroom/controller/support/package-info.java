/**
 * What several controllers use: conditions, Events, status writing, caches, owned objects.
 *
 * <p>May use no other package of the controllers.
 */
package dev.darkroom.controller.support;
