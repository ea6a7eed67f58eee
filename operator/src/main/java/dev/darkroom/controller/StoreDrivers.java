package dev.darkroom.controller;

import dev.darkroom.api.ImageStore;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what ImageStores describe, with what they refer to in the operator's namespace. Safe for
 * use by many threads; blocks on I/O.
 */
final class StoreDrivers {

  /** What an open store was opened with: when it is another now, the store is opened again. */
  private sealed interface Settings {

    /** A directory. */
    record Directory(Path path) implements Settings {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(StoreDrivers.class);

  private final Map<BlobStore, Settings> openedWith =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * Opens the store.
   *
   * @throws HeldException when a Secret or ConfigMap that it refers to is not there
   */
  BlobStore open(ImageStore definition) throws StoreException, HeldException {
    Settings settings = settings(definition);
    BlobStore store = open(settings);
    openedWith.put(store, settings);
    return store;
  }

  /**
   * Whether the open store is still what its ImageStore describes, as far as can be told now.
   * Credentials that were rotated are taken over.
   *
   * @throws HeldException when a Secret or ConfigMap that it refers to is not there
   */
  boolean fits(BlobStore store, ImageStore definition) throws HeldException {
    Settings before = openedWith.get(store);
    try {
      return before == null || before.equals(settings(definition));
    } catch (KubernetesClientException e) {
      LOG.debug("What store {} refers to can't be read now", definition.getMetadata().getName(), e);
      return true;
    }
  }

  private Settings settings(ImageStore definition) throws HeldException {
    return new Settings.Directory(Path.of(definition.getSpec().filesystem().path()));
  }

  private static BlobStore open(Settings settings) throws StoreException {
    Settings.Directory directory = (Settings.Directory) settings;
    return FilesystemStore.open(directory.path());
  }
}
