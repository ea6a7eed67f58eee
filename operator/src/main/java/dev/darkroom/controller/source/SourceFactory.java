package dev.darkroom.controller.source;

import dev.darkroom.api.BundleReference;
import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.RegistrySourceSpec;
import dev.darkroom.api.S3SourceSpec;
import dev.darkroom.api.SecretReference;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.controller.support.ReferencedObjects;
import dev.darkroom.controller.support.SecretKeys;
import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import dev.darkroom.s3.S3Identity;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.registry.Platform;
import dev.darkroom.source.registry.RegistryOptions;
import dev.darkroom.source.registry.RegistrySource;
import dev.darkroom.source.s3.S3ObjectName;
import dev.darkroom.source.s3.S3Source;
import dev.darkroom.source.web.CaBundle;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebCredentials;
import dev.darkroom.source.web.WebOptions;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Makes sources from manifests and from the Secrets and ConfigMaps that they name. The content of
 * these objects is used for the source only.
 */
public final class SourceFactory implements SourceResolver {

  private static final String DEFAULT_REGION = "us-east-1";

  private final WebClient web;
  private final AddressPolicy policy;
  private final ReferencedObjects references;
  private final PublishedChecksums checksums;

  /**
   * Opens nothing yet.
   *
   * @param policy the allowed addresses of sources that are not web servers
   */
  public SourceFactory(WebClient web, AddressPolicy policy, ReferencedObjects references) {
    this.web = web;
    this.policy = policy;
    this.references = references;
    this.checksums = new PublishedChecksums(references);
  }

  @Override
  public Source open(ImageImportSpec spec, String namespace)
      throws SourceException, PrerequisiteException {
    try {
      if (spec.web() != null) {
        return web(spec.web(), namespace);
      }
      if (spec.s3() != null) {
        return s3(spec.s3(), namespace);
      }
      return registry(spec.registry(), namespace);
    } catch (IllegalArgumentException e) {
      throw new SourceException(SourceException.Kind.INVALID, sentence(e), e);
    }
  }

  @Override
  public PublishedChecksum published(
      ChecksumFromSpec from,
      ImageImportSpec spec,
      Optional<Checksum.Algorithm> algorithm,
      String namespace)
      throws SourceException, PrerequisiteException {
    try {
      return checksums.of(from, spec, algorithm, url -> beside(spec, url, namespace), namespace);
    } catch (IllegalArgumentException e) {
      throw new SourceException(SourceException.Kind.INVALID, sentence(e), e);
    }
  }

  /**
   * The source of a file beside the image. On the same server it is read with the credentials of
   * the image, on any other server without credentials.
   */
  private Source beside(ImageImportSpec spec, String url, String namespace)
      throws SourceException, PrerequisiteException {
    if (spec.web() == null) {
      return new WebSource(url, web);
    }
    boolean same = isSameServer(URI.create(url), URI.create(spec.web().url()));
    return web(
        new WebSourceSpec(url, same ? spec.web().credentialsRef() : null, spec.web().caBundleRef()),
        namespace);
  }

  private static boolean isSameServer(URI one, URI other) {
    return one.getPort() == other.getPort()
        && Objects.requireNonNullElse(one.getScheme(), "").equalsIgnoreCase(other.getScheme())
        && Objects.requireNonNullElse(one.getHost(), "").equalsIgnoreCase(other.getHost());
  }

  private Source registry(RegistrySourceSpec spec, String namespace)
      throws SourceException, PrerequisiteException {
    RegistryOptions anonymous =
        new RegistryOptions(
            WebCredentials.none(),
            authorities(spec.caBundleRef(), namespace),
            spec.platform() == null ? Platform.defaults() : Platform.parse(spec.platform()),
            Set.of());
    SecretReference ref = spec.credentialsRef();
    if (ref == null) {
      return new RegistrySource(spec.reference(), web, anonymous);
    }
    return new RotatingSource(
        () -> references.secret(namespace, ref.name()),
        secret ->
            new RegistrySource(
                spec.reference(),
                web,
                new RegistryOptions(
                    login(ref, spec.reference(), secret),
                    anonymous.authorities(),
                    anonymous.platform(),
                    anonymous.plainHosts())));
  }

  private static WebCredentials login(
      SecretReference ref, String reference, Map<String, String> secret)
      throws PrerequisiteException {
    try {
      return RegistryLogin.of(secret, reference);
    } catch (IllegalArgumentException e) {
      throw new PrerequisiteException(
          Reason.SECRET_MISSING, "Secret " + ref.name() + " can't be used: " + sentence(e));
    }
  }

  private Source web(WebSourceSpec spec, String namespace)
      throws SourceException, PrerequisiteException {
    Optional<CaBundle> authorities = authorities(spec.caBundleRef(), namespace);
    SecretReference ref = spec.credentialsRef();
    if (ref == null) {
      return new WebSource(spec.url(), web, new WebOptions(WebCredentials.none(), authorities));
    }
    return new RotatingSource(
        () -> references.secret(namespace, ref.name()),
        secret ->
            new WebSource(
                spec.url(), web, new WebOptions(webCredentials(ref, secret), authorities)));
  }

  private Source s3(S3SourceSpec spec, String namespace) throws PrerequisiteException {
    S3Identity identity =
        spec.credentialsRef() == null
            ? new S3Identity.Anonymous()
            : SecretKeys.read(
                    () -> references.s3Credentials(namespace, spec.credentialsRef().name()))
                .identity();
    S3Access access =
        S3AccessBuilder.builder(S3Access.aws())
            .endpoint(Optional.ofNullable(spec.endpoint()).map(URI::create))
            .region(Optional.of(Objects.requireNonNullElse(spec.region(), DEFAULT_REGION)))
            .addressing(
                spec.pathStyle() ? S3Access.Addressing.PATH : S3Access.Addressing.VIRTUAL_HOST)
            .identity(identity)
            .caBundle(bundle(spec.caBundleRef(), namespace))
            .build();
    return new S3Source(
        new S3ObjectName(spec.bucket(), spec.key(), Optional.empty()), access, policy);
  }

  /** Header fields, a token, or a user and a password: the first that the Secret has. */
  private static WebCredentials webCredentials(SecretReference ref, Map<String, String> secret)
      throws PrerequisiteException {
    try {
      if (secret.containsKey("headers")) {
        return WebCredentials.headers(headers(secret.get("headers")));
      }
      if (secret.containsKey("token")) {
        return WebCredentials.bearer(secret.get("token").strip());
      }
      if (secret.containsKey("username") && secret.containsKey("password")) {
        return WebCredentials.basic(secret.get("username"), secret.get("password"));
      }
    } catch (IllegalArgumentException e) {
      throw new PrerequisiteException(
          Reason.SECRET_MISSING, "Secret " + ref.name() + " can't be used: " + sentence(e));
    }
    throw new PrerequisiteException(
        Reason.SECRET_MISSING,
        "Secret " + ref.name() + " has neither username and password, nor token, nor headers.");
  }

  private static Map<String, String> headers(String lines) {
    Map<String, String> headers = new LinkedHashMap<>();
    lines
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon < 1) {
                throw new IllegalArgumentException(
                    "a line of headers is not in the form Name: value");
              }
              headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            });
    return headers;
  }

  private Optional<String> bundle(BundleReference ref, String namespace)
      throws PrerequisiteException {
    return ref == null
        ? Optional.empty()
        : Optional.of(references.configMapEntry(namespace, ref.name(), ref.key()));
  }

  private Optional<CaBundle> authorities(BundleReference ref, String namespace)
      throws PrerequisiteException {
    Optional<String> pem = bundle(ref, namespace);
    try {
      return pem.map(CaBundle::parse);
    } catch (IllegalArgumentException e) {
      throw new PrerequisiteException(
          Reason.CONFIG_MAP_MISSING,
          "Entry " + ref.key() + " of ConfigMap " + ref.name() + " can't be used: " + sentence(e));
    }
  }

  private static String sentence(IllegalArgumentException e) {
    String message = Objects.toString(e.getMessage(), "it is not valid");
    return message.endsWith(".") ? message : message + ".";
  }
}
