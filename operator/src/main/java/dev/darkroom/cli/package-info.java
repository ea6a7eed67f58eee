/** The commands of the program, with their options, log and health server. */
package dev.darkroom.cli;
