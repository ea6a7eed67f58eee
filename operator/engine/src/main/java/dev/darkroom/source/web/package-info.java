/**
 * Sources on web servers (HTTP and HTTPS): requests, redirects, proxies, certificates.
 *
 * <p>May use {@code source} and {@code source.policy}.
 */
package dev.darkroom.source.web;
