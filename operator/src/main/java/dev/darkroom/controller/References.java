package dev.darkroom.controller;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.transfer.Reason;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the Secrets and ConfigMaps that manifests name, when they are needed: they are not watched,
 * so that nobody's secrets are kept here. What is in them is never logged. Safe for use by many
 * threads; asks the API server.
 */
final class References {

  private final KubernetesClient client;

  References(KubernetesClient client) {
    this.client = client;
  }

  /**
   * What a Secret holds, decoded.
   *
   * @throws HeldException {@code SecretMissing} when it is not there
   */
  Map<String, String> secret(String namespace, String name) throws HeldException {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null) {
      throw new HeldException(
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
   * An entry of a Secret.
   *
   * @throws HeldException {@code SecretMissing} when the Secret or the entry is not there
   */
  String secretEntry(String namespace, String name, String key) throws HeldException {
    return Optional.ofNullable(secret(namespace, name).get(key))
        .orElseThrow(
            () ->
                new HeldException(
                    Reason.SECRET_MISSING,
                    "Secret " + name + in(namespace) + " has no entry " + key + "."));
  }

  /**
   * An entry of a ConfigMap.
   *
   * @throws HeldException {@code ConfigMapMissing} when the ConfigMap or the entry is not there
   */
  String configMapEntry(String namespace, String name, String key) throws HeldException {
    ConfigMap map = client.configMaps().inNamespace(namespace).withName(name).get();
    if (map == null) {
      throw new HeldException(
          Reason.CONFIG_MAP_MISSING, "There is no ConfigMap " + name + in(namespace) + ".");
    }
    return Optional.ofNullable(map.getData())
        .map(data -> data.get(key))
        .orElseThrow(
            () ->
                new HeldException(
                    Reason.CONFIG_MAP_MISSING,
                    "ConfigMap " + name + in(namespace) + " has no entry " + key + "."));
  }

  private static byte[] decode(String value) {
    try {
      return Base64.getMimeDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      // The API server lets nothing else in.
      return new byte[0];
    }
  }

  private static String in(String namespace) {
    return " in namespace " + namespace;
  }
}
