package dev.darkroom.source.s3;

import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3Clients;
import dev.darkroom.s3.S3Identity;
import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.policy.GuardedResolver;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object on an S3 server that a tenant chose. Connections go only to addresses that the address
 * policy allows, checked when a connection is made, and never through a proxy. Requests are signed
 * with the tenant's keys or not at all. Each body has its own client and connections, which are
 * closed with it.
 */
public final class S3Source implements Source {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /** Threads that wait for the head of an answer, so that the caller can be interrupted. */
  private static final ExecutorService WAITERS =
      Executors.newCachedThreadPool(DaemonThreads.named("s3-source-"));

  private final S3ObjectName object;
  private final S3Access access;
  private final AddressPolicy policy;
  private final S3SourceErrors errors;

  /**
   * Sends no request.
   *
   * @throws IllegalArgumentException for {@link S3Identity.Own}, which would read objects with the
   *     permissions of this process
   */
  public S3Source(S3ObjectName object, S3Access access, AddressPolicy policy) {
    if (access.identity() instanceof S3Identity.Own) {
      throw new IllegalArgumentException(
          "a source must not be read with the process's own credentials");
    }
    this.object = object;
    this.access = access;
    this.policy = policy;
    this.errors = new S3SourceErrors(describe());
  }

  @Override
  public SourceBody open() throws SourceException, InterruptedException {
    return ask(new S3Answer(describe(), Optional.empty(), Optional.empty()));
  }

  @Override
  public SourceBody open(ByteRange range, Optional<String> validator)
      throws SourceException, InterruptedException {
    return ask(new S3Answer(describe(), Optional.of(range), validator));
  }

  /** Returns the object and its server. */
  @Override
  public String describe() {
    return object + access.authority().map(authority -> " at " + authority).orElse("");
  }

  @Override
  public String toString() {
    return describe();
  }

  private SourceBody ask(S3Answer expected) throws SourceException, InterruptedException {
    requirePort();
    S3Client client = client();
    CompletableFuture<SourceBody> answer = new CompletableFuture<>();
    WAITERS.execute(() -> exchange(client, expected, answer));
    try {
      return answer.get();
    } catch (InterruptedException e) {
      // Decides the race: a body that comes later is closed.
      answer.cancel(true);
      WAITERS.execute(client::close);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SourceException failure) {
        throw failure;
      }
      throw new SourceException(
          Kind.UNAVAILABLE, "the request for " + describe() + " failed", e.getCause());
    }
  }

  private void exchange(S3Client client, S3Answer expected, CompletableFuture<SourceBody> answer) {
    boolean handedOver = false;
    try {
      SourceBody body = exchange(client, expected);
      handedOver = answer.complete(body);
      if (!handedOver) {
        body.close();
      }
    } catch (SourceException | RuntimeException | Error e) {
      answer.completeExceptionally(e);
    } finally {
      if (!handedOver) {
        client.close();
      }
    }
  }

  private SourceBody exchange(S3Client client, S3Answer expected) throws SourceException {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(object.bucket()).key(object.key());
    object.versionId().ifPresent(request::versionId);
    expected.ask(request);
    ResponseInputStream<GetObjectResponse> stream;
    try {
      stream = client.getObject(request.build());
    } catch (RuntimeException e) {
      Optional<SourceBody> nothing = expected.emptyBody(e);
      if (nothing.isPresent()) {
        client.close();
        return nothing.get();
      }
      throw errors.of(e);
    }
    try {
      S3Answer.Part part = expected.check(stream.response());
      return new S3Body(describe(), part, stream, client);
    } catch (SourceException e) {
      stream.abort();
      throw e;
    }
  }

  private S3Client client() throws SourceException {
    try {
      return S3Clients.open(S3SourceAccess.of(access), new GuardedResolver(policy));
    } catch (IllegalArgumentException e) {
      throw new SourceException(Kind.INVALID, describe() + ": " + e.getMessage(), e);
    }
  }

  private void requirePort() throws SourceException {
    int port = access.endpoint().map(S3Source::port).orElse(HTTPS);
    if (!policy.allowsPort(port)) {
      throw new SourceException(
          Kind.BLOCKED,
          "the address policy refuses port %d of %s: sources may be on ports %s (--source-ports)"
              .formatted(port, access.authority().orElse("AWS"), policy.ports()));
    }
  }

  private static int port(URI endpoint) {
    if (endpoint.getPort() >= 0) {
      return endpoint.getPort();
    }
    return endpoint.getScheme().equalsIgnoreCase("http") ? HTTP : HTTPS;
  }
}
