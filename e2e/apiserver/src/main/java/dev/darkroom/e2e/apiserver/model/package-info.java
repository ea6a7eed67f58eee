/** Types that all parts of the server share: JSON objects, their metadata, and errors as Status. */
package dev.darkroom.e2e.apiserver.model;
