package dev.darkroom.source;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a source says about its bytes before the first of them. All of it is hearsay.
 *
 * @param location where the bytes really come from, after redirects; holds no user info or secret
 * @param length how many bytes are announced
 * @param validator what tells this version of the bytes from another (a strong ETag)
 * @param acceptsRanges whether it says that it serves ranges
 * @param contentType the media type it names
 */
public record SourceHead(
    String location,
    OptionalLong length,
    Optional<String> validator,
    boolean acceptsRanges,
    Optional<String> contentType) {}
