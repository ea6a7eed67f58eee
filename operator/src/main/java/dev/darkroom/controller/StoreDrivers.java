package dev.darkroom.controller;

import dev.darkroom.api.EncryptionType;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.S3StoreSpec;
import dev.darkroom.api.S3StoreSpecBuilder;
import dev.darkroom.api.ServerSideEncryption;
import dev.darkroom.api.UploadChecksum;
import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import dev.darkroom.s3.S3Credentials;
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
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what ImageStores describe, with what they refer to in the operator's namespace. Safe for
 * use by many threads; blocks on I/O.
 */
final class StoreDrivers {

  /** What a store is opened with: when it is another, the store is opened again. */
  private sealed interface Settings {

    /** A directory. */
    record Directory(Path path) implements Settings {}

    /**
     * A bucket.
     *
     * @param spec without what it refers to
     * @param caBundle the certificates that it refers to
     * @param identity whose rights are used
     */
    record Bucket(S3StoreSpec spec, Optional<String> caBundle, Identity identity)
        implements Settings {}
  }

  /** Whose rights requests are made with. */
  private enum Identity {
    OWN,
    KEYS
  }

  /** What is looked up anew with every probe; credentials may change under an open store. */
  private record Found(Settings settings, Optional<S3Credentials> credentials) {}

  /** What an open store was opened with. */
  private record Opened(Settings settings, AtomicReference<S3Credentials> credentials) {}

  private static final Logger LOG = LoggerFactory.getLogger(StoreDrivers.class);

  private final Map<BlobStore, Opened> opened = Collections.synchronizedMap(new WeakHashMap<>());
  private final References references;
  private final String namespace;

  /**
   * Opens nothing yet.
   *
   * @param namespace where the Secrets and ConfigMaps of stores are
   */
  StoreDrivers(References references, String namespace) {
    this.references = references;
    this.namespace = namespace;
  }

  /**
   * Opens the store.
   *
   * @throws HeldException when a Secret or ConfigMap that it refers to is not there
   */
  BlobStore open(ImageStore definition) throws StoreException, HeldException {
    Found found = look(definition);
    AtomicReference<S3Credentials> credentials =
        new AtomicReference<>(found.credentials().orElse(null));
    BlobStore store = open(found.settings(), credentials);
    opened.put(store, new Opened(found.settings(), credentials));
    return store;
  }

  /**
   * Whether the open store is still what its ImageStore describes, as far as can be told now.
   * Credentials that were rotated are taken over.
   *
   * @throws HeldException when a Secret or ConfigMap that it refers to is not there
   */
  boolean fits(BlobStore store, ImageStore definition) throws HeldException {
    Opened before = opened.get(store);
    if (before == null) {
      return true;
    }
    try {
      Found now = look(definition);
      now.credentials().ifPresent(before.credentials()::set);
      return before.settings().equals(now.settings());
    } catch (KubernetesClientException e) {
      LOG.debug("What store {} refers to can't be read now", definition.getMetadata().getName(), e);
      return true;
    }
  }

  private Found look(ImageStore definition) throws HeldException {
    S3StoreSpec s3 = definition.getSpec().s3();
    if (s3 == null) {
      Path path = Path.of(definition.getSpec().filesystem().path());
      return new Found(new Settings.Directory(path), Optional.empty());
    }
    Optional<String> caBundle =
        s3.caBundleRef() == null
            ? Optional.empty()
            : Optional.of(
                references.configMapEntry(
                    namespace, s3.caBundleRef().name(), s3.caBundleRef().key()));
    Optional<S3Credentials> credentials =
        s3.credentialsRef() == null
            ? Optional.empty()
            : Optional.of(references.s3Credentials(namespace, s3.credentialsRef().name()));
    S3StoreSpec bare =
        S3StoreSpecBuilder.builder(s3).credentialsRef(null).caBundleRef(null).build();
    return new Found(
        new Settings.Bucket(bare, caBundle, credentials.isPresent() ? Identity.KEYS : Identity.OWN),
        credentials);
  }

  private static BlobStore open(Settings settings, AtomicReference<S3Credentials> credentials)
      throws StoreException {
    if (settings instanceof Settings.Bucket bucket) {
      try {
        return S3Store.open(config(bucket, credentials));
      } catch (IllegalArgumentException e) {
        throw new StoreException(StoreException.Kind.UNAVAILABLE, e.getMessage(), e);
      }
    }
    return FilesystemStore.open(((Settings.Directory) settings).path());
  }

  private static S3StoreConfig config(
      Settings.Bucket bucket, AtomicReference<S3Credentials> credentials) {
    S3StoreSpec spec = bucket.spec();
    S3StoreConfigBuilder config =
        S3StoreConfigBuilder.builder(S3StoreConfig.inBucket(spec.bucket()))
            .access(access(bucket, credentials))
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

  private static S3Access access(
      Settings.Bucket bucket, AtomicReference<S3Credentials> credentials) {
    S3StoreSpec spec = bucket.spec();
    return S3AccessBuilder.builder(S3Access.aws())
        .endpoint(Optional.ofNullable(spec.endpoint()).map(URI::create))
        .region(Optional.ofNullable(spec.region()))
        .addressing(spec.pathStyle() ? S3Access.Addressing.PATH : S3Access.Addressing.VIRTUAL_HOST)
        .identity(
            bucket.identity() == Identity.KEYS
                ? new S3Identity.Keys(credentials::get)
                : new S3Identity.Own())
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
