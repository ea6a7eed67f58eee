package dev.darkroom.source.registry;

import dev.darkroom.source.web.CaBundle;
import dev.darkroom.source.web.WebCredentials;
import java.util.Optional;
import java.util.Set;

/**
 * Options for the requests to a registry.
 *
 * @param login user name and password (basic), for the registry and its token server; none for an
 *     anonymous user
 * @param authorities certificate authorities that are trusted in addition to the system's
 * @param platform selects one of several images
 * @param plainHosts the authorities, such as {@code localhost:5000}, that are requested without TLS
 */
public record RegistryOptions(
    WebCredentials login,
    Optional<CaBundle> authorities,
    Platform platform,
    Set<String> plainHosts) {

  /** Copies the set. */
  public RegistryOptions {
    plainHosts = Set.copyOf(plainHosts);
  }

  /**
   * Returns the defaults: an anonymous user, the system's certificate authorities, the usual
   * platform, TLS everywhere.
   */
  public static RegistryOptions defaults() {
    return new RegistryOptions(
        WebCredentials.none(), Optional.empty(), Platform.defaults(), Set.of());
  }
}
