/** The chart as Helm itself sees it: linted, rendered with several values, and refused values. */
package dev.darkroom.helm;

