package dev.darkroom.source.web;

import java.util.Optional;

/**
 * Options of one web source.
 *
 * @param credentials for the server of the URL
 * @param authorities certificate authorities that are trusted in addition to the system's, for
 *     redirects too
 */
public record WebOptions(WebCredentials credentials, Optional<CaBundle> authorities) {

  /** Returns no credentials and the system's certificate authorities. */
  public static WebOptions none() {
    return new WebOptions(WebCredentials.none(), Optional.empty());
  }

  /** Returns these options with other credentials. */
  public WebOptions with(WebCredentials other) {
    return new WebOptions(other, authorities);
  }
}
