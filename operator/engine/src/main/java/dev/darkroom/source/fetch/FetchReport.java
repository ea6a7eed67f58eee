package dev.darkroom.source.fetch;

/**
 * What it took to fetch bytes.
 *
 * @param requests how many were made; redirects are not counted
 * @param received how many bytes came, again or not
 * @param delivered how many bytes were handed on
 * @param broken how many connections or answers failed and were replaced
 */
public record FetchReport(long requests, long received, long delivered, long broken) {}
