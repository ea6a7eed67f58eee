package dev.darkroom.source.s3;

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
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Bytes from an object on an S3 server that a tenant chose. Requests go only where the address
 * policy lets them, which is checked when a connection is made, and never through a proxy. They are
 * signed with the tenant's keys or not at all. Each opening has a client and connections of its
 * own, which are closed with it.
 */
public final class S3Source implements Source {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Threads that wait for an answer's head, so that the caller can be interrupted meanwhile. */
  private static final ExecutorService WAITERS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "s3-source-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  private final S3ObjectName object;
  private final S3Access access;
  private final AddressPolicy policy;
  private final S3SourceErrors trouble;

  /**
   * Nothing is sent yet.
   *
   * @throws IllegalArgumentException when requests would be made as this process itself, which
   *     would let whoever chose the object read what only we may
   */
  public S3Source(S3ObjectName object, S3Access access, AddressPolicy policy) {
    if (access.identity() instanceof S3Identity.Own) {
      throw new IllegalArgumentException("a source is not read as this process itself");
    }
    this.object = object;
    this.access = access;
    this.policy = policy;
    this.trouble = new S3SourceErrors(describe());
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

  /** The object and where it is. */
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
      // Whichever of the two is first: a body that comes after this is closed.
      answer.cancel(true);
      WAITERS.execute(client::close);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SourceException failure) {
        throw failure;
      }
      throw new SourceException(Kind.UNAVAILABLE, describe() + " can't be asked", e.getCause());
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
      Optional<SourceBody> nothing = expected.isOfNothing(e);
      if (nothing.isPresent()) {
        client.close();
        return nothing.get();
      }
      throw trouble.of(e);
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
