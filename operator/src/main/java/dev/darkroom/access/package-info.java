/**
 * Who may see an image, and the RBAC objects that say so. Nothing here asks or writes anything: it
 * works out answers from objects that it is given.
 */
package dev.darkroom.access;
