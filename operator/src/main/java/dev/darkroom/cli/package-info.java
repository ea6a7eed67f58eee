/** The commands of the program, and what a process needs around its work: flags, logs, health. */
package dev.darkroom.cli;
