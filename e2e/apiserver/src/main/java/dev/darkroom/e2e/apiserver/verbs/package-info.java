/** The verbs of the server, independent of HTTP. */
package dev.darkroom.e2e.apiserver.verbs;
