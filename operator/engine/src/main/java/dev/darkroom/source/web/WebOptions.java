package dev.darkroom.source.web;

import java.util.Optional;

/**
 * How one web source is asked.
 *
 * @param credentials for the server of its URL
 * @param authorities that may vouch for its servers, those of redirects too, besides the system's
 */
public record WebOptions(WebCredentials credentials, Optional<CaBundle> authorities) {

  /** No credentials, and the system's authorities. */
  public static WebOptions none() {
    return new WebOptions(WebCredentials.none(), Optional.empty());
  }

  /** With other credentials. */
  public WebOptions with(WebCredentials other) {
    return new WebOptions(other, authorities);
  }
}
