package dev.darkroom.controller.store;

import dev.darkroom.api.EncryptionType;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.S3StoreSpec;
import dev.darkroom.api.S3StoreSpecBuilder;
import dev.darkroom.api.SecretReference;
import dev.darkroom.api.ServerSideEncryption;
import dev.darkroom.api.UploadChecksum;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.controller.support.ReferencedObjects;
import dev.darkroom.controller.support.SecretKeys;
import dev.darkroom.controller.support.Sizes;
import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import dev.darkroom.s3.S3Identity;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.store.s3.S3Encryption;
import dev.darkroom.store.s3.S3Store;
import dev.darkroom.store.s3.S3StoreConfig;
import dev.darkroom.store.s3.S3StoreConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the store of an ImageStore, with its Secret and ConfigMap in the operator's namespace.
 * Thread-safe; blocks on I/O.
 */
public final class StoreFactory {

  /** The settings of an open store: a change opens the store again. */
  private sealed interface Settings {

    /** A directory. */
    record DirectorySettings(Path path) implements Settings {}

    /**
     * A bucket.
     *
     * @param spec without its references
     * @param caBundle the content of the referenced certificates
     * @param secret the name of the Secret with the keys; empty for the identity of the process
     */
    record BucketSettings(S3StoreSpec spec, Optional<String> caBundle, Optional<String> secret)
        implements Settings {}
  }

  /**
   * The settings of an open store.
   *
   * @param keys the credentials, which may rotate while the store is open
   */
  private record Opened(Settings settings, Optional<SecretKeys> keys) {}

  private static final Logger LOG = LoggerFactory.getLogger(StoreFactory.class);

  private final Map<BlobStore, Opened> opened = Collections.synchronizedMap(new WeakHashMap<>());
  private final ReferencedObjects references;
  private final String namespace;

  /**
   * Opens nothing yet.
   *
   * @param namespace of the Secrets and ConfigMaps of stores
   */
  public StoreFactory(ReferencedObjects references, String namespace) {
    this.references = references;
    this.namespace = namespace;
  }

  /**
   * Opens the store.
   *
   * @throws PrerequisiteException when a referenced Secret or ConfigMap is missing
   */
  BlobStore open(ImageStore definition) throws StoreException, PrerequisiteException {
    Settings settings = settings(definition);
    Optional<SecretKeys> keys = Optional.empty();
    if (settings instanceof Settings.BucketSettings bucket && bucket.secret().isPresent()) {
      String secret = bucket.secret().get();
      keys = Optional.of(SecretKeys.read(() -> references.s3Credentials(namespace, secret)));
    }
    BlobStore store = open(settings, keys);
    opened.put(store, new Opened(settings, keys));
    return store;
  }

  /**
   * Whether the settings of the open store are still current; true when they can't be read now.
   * Takes over rotated credentials.
   *
   * @throws PrerequisiteException when a referenced Secret or ConfigMap is missing
   */
  boolean fits(BlobStore store, ImageStore definition) throws PrerequisiteException {
    Opened before = opened.get(store);
    if (before == null) {
      return true;
    }
    try {
      boolean same = before.settings().equals(settings(definition));
      if (same && before.keys().isPresent()) {
        before.keys().get().readAgain();
      }
      return same;
    } catch (KubernetesClientException e) {
      LOG.debug(
          "The Secret or ConfigMap of store {} can't be read now",
          definition.getMetadata().getName(),
          e);
      return true;
    }
  }

  private Settings settings(ImageStore definition) throws PrerequisiteException {
    S3StoreSpec s3 = definition.getSpec().s3();
    if (s3 == null) {
      return new Settings.DirectorySettings(Path.of(definition.getSpec().filesystem().path()));
    }
    Optional<String> caBundle =
        s3.caBundleRef() == null
            ? Optional.empty()
            : Optional.of(
                references.configMapEntry(
                    namespace, s3.caBundleRef().name(), s3.caBundleRef().key()));
    S3StoreSpec bare =
        S3StoreSpecBuilder.builder(s3).credentialsRef(null).caBundleRef(null).build();
    return new Settings.BucketSettings(
        bare, caBundle, Optional.ofNullable(s3.credentialsRef()).map(SecretReference::name));
  }

  private static BlobStore open(Settings settings, Optional<SecretKeys> keys)
      throws StoreException {
    if (settings instanceof Settings.BucketSettings bucket) {
      try {
        return S3Store.open(config(bucket, keys));
      } catch (IllegalArgumentException e) {
        throw new StoreException(StoreException.Kind.UNAVAILABLE, e.getMessage(), e);
      }
    }
    return FilesystemStore.open(((Settings.DirectorySettings) settings).path());
  }

  private static S3StoreConfig config(Settings.BucketSettings bucket, Optional<SecretKeys> keys) {
    S3StoreSpec spec = bucket.spec();
    S3StoreConfigBuilder config =
        S3StoreConfigBuilder.builder(S3StoreConfig.inBucket(spec.bucket()))
            .access(access(bucket, keys))
            .encryption(encryption(spec.serverSideEncryption()));
    if (spec.prefix() != null) {
      config.prefix(spec.prefix());
    }
    if (spec.partSize() != null) {
      config.partBytes(Math.toIntExact(Sizes.of(spec.partSize())));
    }
    if (spec.maxParts() != null) {
      config.maxParts(spec.maxParts());
    }
    if (spec.uploadChecksum() == UploadChecksum.CRC32) {
      config.checksums(S3StoreConfig.Checksums.CRC32);
    }
    return config.build();
  }

  private static S3Access access(Settings.BucketSettings bucket, Optional<SecretKeys> keys) {
    S3StoreSpec spec = bucket.spec();
    return S3AccessBuilder.builder(S3Access.aws())
        .endpoint(Optional.ofNullable(spec.endpoint()).map(URI::create))
        .region(Optional.ofNullable(spec.region()))
        .addressing(spec.pathStyle() ? S3Access.Addressing.PATH : S3Access.Addressing.VIRTUAL_HOST)
        .identity(keys.map(SecretKeys::identity).orElseGet(S3Identity.Own::new))
        .caBundle(bucket.caBundle())
        .build();
  }

  private static S3Encryption encryption(ServerSideEncryption encryption) {
    if (encryption == null) {
      return new S3Encryption.BucketDefault();
    }
    return encryption.type() == EncryptionType.AES256
        ? new S3Encryption.ServerKeys()
        : new S3Encryption.Kms(Optional.ofNullable(encryption.kmsKeyID()));
  }
}
