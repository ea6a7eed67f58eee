package dev.darkroom.controller.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.source.web.WebCredentials;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Base64;
import java.util.Map;

/**
 * Reads the credentials of a registry from a Secret: {@code username} and {@code password}, or the
 * file of {@code kubectl create secret docker-registry}.
 */
final class RegistryLogin {

  private static final String DOCKER_CONFIG = ".dockerconfigjson";

  /** The key of Docker Hub in that file. */
  private static final String DOCKER_HUB = "https://index.docker.io/v1/";

  private RegistryLogin() {}

  /**
   * The credentials for the registry at the start of a reference.
   *
   * @throws IllegalArgumentException when the Secret has none; the message holds no secret
   */
  static WebCredentials of(Map<String, String> secret, String reference) {
    if (secret.containsKey("username") && secret.containsKey("password")) {
      return WebCredentials.basic(secret.get("username"), secret.get("password"));
    }
    if (!secret.containsKey(DOCKER_CONFIG)) {
      throw new IllegalArgumentException(
          "it has neither username and password, nor " + DOCKER_CONFIG);
    }
    String host = reference.substring(0, Math.max(0, reference.indexOf('/')));
    Map<?, ?> auths = map(map(parse(secret.get(DOCKER_CONFIG))).get("auths"));
    Object entry = auths.get(host);
    if (entry == null) {
      entry = auths.get("https://" + host);
    }
    if (entry == null && host.equals("docker.io")) {
      entry = auths.get(DOCKER_HUB);
    }
    if (entry == null) {
      throw new IllegalArgumentException(
          "its " + DOCKER_CONFIG + " has no entry for registry " + host);
    }
    return user(map(entry), host);
  }

  private static WebCredentials user(Map<?, ?> entry, String host) {
    if (entry.get("username") instanceof String name
        && entry.get("password") instanceof String password) {
      return WebCredentials.basic(name, password);
    }
    if (entry.get("auth") instanceof String auth) {
      String[] both = decoded(auth, host).split(":", 2);
      if (both.length == 2) {
        return WebCredentials.basic(both[0], both[1]);
      }
    }
    throw new IllegalArgumentException(
        "the entry for registry " + host + " in its " + DOCKER_CONFIG + " has no user");
  }

  private static String decoded(String auth, String host) {
    try {
      return new String(Base64.getDecoder().decode(auth), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "auth of registry " + host + " in its " + DOCKER_CONFIG + " is not base64", e);
    }
  }

  private static Object parse(String json) {
    try {
      return Serialization.unmarshal(json, Map.class);
    } catch (RuntimeException e) {
      // Without the cause: it would quote the secret.
      throw new IllegalArgumentException("its " + DOCKER_CONFIG + " is not JSON");
    }
  }

  private static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
