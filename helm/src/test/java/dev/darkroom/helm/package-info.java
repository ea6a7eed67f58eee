/** Tests of the chart with Helm itself: linting, rendering, and refused values. */
package dev.darkroom.helm;
