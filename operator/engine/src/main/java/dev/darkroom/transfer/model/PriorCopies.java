package dev.darkroom.transfer.model;

import dev.darkroom.store.Blob;
import java.util.function.BiPredicate;

/**
 * Copies of the same bytes in a request's targets under other keys, which earlier owners left. A
 * transfer reads one of them instead of the source, compares its digest, and makes its own copies
 * from it; it never changes or removes them.
 *
 * @param prefix of the keys of all these copies
 * @param fits whether a copy is one of them, by its attributes and its verified facts
 */
public record PriorCopies(String prefix, BiPredicate<Blob, Facts> fits) {}
