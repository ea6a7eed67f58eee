/** The example of the engine's README. */
package dev.darkroom.example;
