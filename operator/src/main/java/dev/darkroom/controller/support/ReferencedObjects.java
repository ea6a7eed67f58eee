package dev.darkroom.controller.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.s3.S3Credentials;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the Secrets and ConfigMaps that manifests name, each time they are needed. They are neither
 * watched nor cached, so that the operator holds no secrets of others. Their content is never
 * logged. Thread-safe; calls the API server.
 */
public final class ReferencedObjects {

  private final KubernetesClient client;

  /** Reads with the client. */
  public ReferencedObjects(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The content of a Secret, decoded.
   *
   * @throws PrerequisiteException {@code SecretMissing} when there is no such Secret
   */
  public Map<String, String> secret(String namespace, String name) throws PrerequisiteException {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null) {
      throw new PrerequisiteException(
          Reason.SECRET_MISSING, "There is no Secret " + name + in(namespace) + ".");
    }
    Map<String, String> decoded = new TreeMap<>();
    Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
        .forEach((key, value) -> decoded.put(key, new String(decode(value), UTF_8)));
    Objects.requireNonNullElse(secret.getStringData(), Map.<String, String>of())
        .forEach(decoded::put);
    return decoded;
  }

  /**
   * An entry of a ConfigMap.
   *
   * @throws PrerequisiteException {@code ConfigMapMissing} when the ConfigMap or the entry is not
   *     there
   */
  public String configMapEntry(String namespace, String name, String key)
      throws PrerequisiteException {
    ConfigMap map = client.configMaps().inNamespace(namespace).withName(name).get();
    if (map == null) {
      throw new PrerequisiteException(
          Reason.CONFIG_MAP_MISSING, "There is no ConfigMap " + name + in(namespace) + ".");
    }
    return Optional.ofNullable(map.getData())
        .map(data -> data.get(key))
        .orElseThrow(
            () ->
                new PrerequisiteException(
                    Reason.CONFIG_MAP_MISSING,
                    "ConfigMap " + name + in(namespace) + " has no entry " + key + "."));
  }

  /**
   * An entry of a Secret, byte for byte.
   *
   * @throws PrerequisiteException {@code SecretMissing} when the Secret or the entry is not there
   */
  public byte[] secretBytes(String namespace, String name, String key)
      throws PrerequisiteException {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    return Optional.ofNullable(secret)
        .map(Secret::getData)
        .map(data -> data.get(key))
        .map(ReferencedObjects::decode)
        .orElseThrow(
            () ->
                new PrerequisiteException(
                    Reason.SECRET_MISSING,
                    secret == null
                        ? "There is no Secret " + name + in(namespace) + "."
                        : "Secret " + name + in(namespace) + " has no entry " + key + "."));
  }

  /**
   * An entry of a ConfigMap, text or not, byte for byte.
   *
   * @throws PrerequisiteException {@code ConfigMapMissing} when the ConfigMap or the entry is not
   *     there
   */
  public byte[] configMapBytes(String namespace, String name, String key)
      throws PrerequisiteException {
    ConfigMap map = client.configMaps().inNamespace(namespace).withName(name).get();
    Optional<byte[]> binary =
        Optional.ofNullable(map)
            .map(ConfigMap::getBinaryData)
            .map(data -> data.get(key))
            .map(ReferencedObjects::decode);
    return binary.isPresent() ? binary.get() : configMapEntry(namespace, name, key).getBytes(UTF_8);
  }

  /**
   * The credentials for S3 in a Secret.
   *
   * @throws PrerequisiteException {@code SecretMissing} when the Secret or one of the keys is
   *     missing
   */
  public S3Credentials s3Credentials(String namespace, String name) throws PrerequisiteException {
    Map<String, String> secret = secret(namespace, name);
    String id = secret.get("accessKeyId");
    String key = secret.get("secretAccessKey");
    if (id == null || id.isBlank() || key == null || key.isBlank()) {
      throw new PrerequisiteException(
          Reason.SECRET_MISSING,
          "Secret " + name + in(namespace) + " lacks accessKeyId or secretAccessKey.");
    }
    return new S3Credentials(
        id.strip(),
        key.strip(),
        Optional.ofNullable(secret.get("sessionToken"))
            .map(String::strip)
            .filter(token -> !token.isEmpty()));
  }

  private static byte[] decode(String value) {
    try {
      return Base64.getMimeDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      // The API server accepts only Base64.
      return new byte[0];
    }
  }

  private static String in(String namespace) {
    return " in namespace " + namespace;
  }
}
