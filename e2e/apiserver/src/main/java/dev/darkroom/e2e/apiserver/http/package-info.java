/** How requests arrive and answers look: paths, media types, discovery, documents, watches. */
package dev.darkroom.e2e.apiserver.http;

