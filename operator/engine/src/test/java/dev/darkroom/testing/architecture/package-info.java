/** The rules of the architecture tests of all modules, and the table of the engine's rooms. */
package dev.darkroom.testing.architecture;
