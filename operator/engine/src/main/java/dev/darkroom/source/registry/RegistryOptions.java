package dev.darkroom.source.registry;

import dev.darkroom.source.web.CaBundle;
import dev.darkroom.source.web.WebCredentials;
import java.util.Optional;
import java.util.Set;

/**
 * How a registry is asked.
 *
 * @param login a user's name and password (basic), for the registry and the service that gives
 *     tokens for it; none for an anonymous user
 * @param authorities that may vouch for it besides the system's
 * @param platform which image is meant where there are several
 * @param plainHosts the authorities, such as {@code localhost:5000}, that are asked without TLS
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

  /** An anonymous user, the system's authorities, the usual platform, TLS everywhere. */
  public static RegistryOptions defaults() {
    return new RegistryOptions(
        WebCredentials.none(), Optional.empty(), Platform.defaults(), Set.of());
  }
}
