package dev.darkroom.source.fetch;

/**
 * Counts of a fetch.
 *
 * @param requests the requests; redirects are not counted
 * @param received the bytes that came, repeated ones included
 * @param delivered the bytes that the reader got
 * @param broken the failed connections or answers that another request replaced
 */
public record FetchReport(long requests, long received, long delivered, long broken) {}
