package dev.darkroom.transfer.model;

import dev.darkroom.store.Blob;
import java.util.function.BiPredicate;

/**
 * Copies in a request's targets that were made of the same bytes under another key, for somebody
 * who is no more. A transfer reads one of them again, instead of the source, and makes its own
 * copies from it if it still is what it was verified to be; it never changes or removes them.
 *
 * @param prefix that the keys of all of them begin with
 * @param fits whether a copy is one of them, by what the store keeps beside it and what was found
 *     of its bytes then
 */
public record PriorCopies(String prefix, BiPredicate<Blob, Facts> fits) {}
