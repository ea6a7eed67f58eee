package dev.darkroom.source;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a source announces about its bytes. All values are untrusted.
 *
 * @param location the URL behind all redirects; contains no user info or secret
 * @param length the announced number of bytes
 * @param validator identifies this version of the bytes (a strong ETag)
 * @param acceptsRanges whether the source says that it serves ranges
 * @param contentType the media type
 */
public record SourceHead(
    String location,
    OptionalLong length,
    Optional<String> validator,
    boolean acceptsRanges,
    Optional<String> contentType) {}
