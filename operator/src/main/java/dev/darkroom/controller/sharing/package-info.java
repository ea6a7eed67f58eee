/**
 * Reconciles access to images: members, Roles and RoleBindings, the public catalogue.
 *
 * <p>May use {@code support} and the decisions of {@code access}.
 */
package dev.darkroom.controller.sharing;
