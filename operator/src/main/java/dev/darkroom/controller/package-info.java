/**
 * Assembles the operator: the reconcilers, their caches, the transfers and leader election.
 *
 * <p>May use every package below it. No package below it may use this one.
 */
package dev.darkroom.controller;
