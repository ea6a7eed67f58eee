package dev.darkroom.e2e.apiserver.verbs;

import dev.darkroom.e2e.apiserver.resource.Resources;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;

/**
 * All verbs on objects.
 *
 * @param reading get and list
 * @param creation create
 * @param updates update, patch and apply
 * @param deletion delete
 */
public record Verbs(Reading reading, Creation creation, Updates updates, Deletion deletion) {

  /** Creates the verbs on a store. */
  public static Verbs over(ObjectStore store, Resources resources) {
    Commit commit = new Commit(store, resources);
    Creation creation = new Creation(store, commit);
    return new Verbs(
        new Reading(store),
        creation,
        new Updates(store, creation, commit),
        new Deletion(store, commit));
  }
}
