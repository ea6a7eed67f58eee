/** What every part of the server shares: JSON objects, their metadata, and errors as Status. */
package dev.darkroom.e2e.apiserver.model;

