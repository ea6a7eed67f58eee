/** HTTP requests and answers: paths, media types, discovery, OpenAPI documents, watches. */
package dev.darkroom.e2e.apiserver.http;
