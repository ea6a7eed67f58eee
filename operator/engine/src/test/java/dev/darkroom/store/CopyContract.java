package dev.darkroom.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.store.BlobStore.Capability;
import dev.darkroom.store.StoreException.Kind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Copies on the server and presigned URLs, where a store supports them. */
public abstract class CopyContract extends StoreFixture {

  private static final BlobKey COPY = BlobKey.of("prod", "ubuntu-3f2a");

  @Test
  void aCopyIsUnpublishedUntilItsCommit() throws IOException {
    assumeTrue(can(Capability.SERVER_SIDE_COPY));
    Blob blob = publish(KEY, "the whole of it");

    try (BlobStore other = openStore();
        BlobWrite write = store.copy(COPY, other, blob).orElseThrow()) {
      assertThat(write.position()).isEqualTo(blob.size());
      assertThat(store.stat(COPY)).isEmpty();

      Blob copy = write.commit(Map.of("of", "lab"));

      assertThat(store.stat(COPY)).contains(copy);
      assertThat(copy.attributes()).containsExactly(Map.entry("of", "lab"));
      assertThat(copy.size()).isEqualTo(blob.size());
    }
    assertThat(read(store, COPY, 0, 100)).asString(UTF_8).isEqualTo("the whole of it");
    assertThat(store.stat(KEY)).contains(blob);
    assertThat(store.sweep()).isZero();
  }

  @Test
  void anAbortedCopyLeavesNothing() throws IOException {
    assumeTrue(can(Capability.SERVER_SIDE_COPY));
    Blob blob = publish(KEY, "the whole of it");

    store.copy(COPY, store, blob).orElseThrow().abort();

    assertThat(store.stat(COPY)).isEmpty();
    assertThat(store.stat(KEY)).contains(blob);
    assertThat(store.sweep()).isZero();
  }

  @Test
  void aCopyOfAMissingBlobOrToATakenKeyFails() throws IOException {
    assumeTrue(can(Capability.SERVER_SIDE_COPY));
    Blob blob = publish(KEY, "the whole of it");
    Blob none = new Blob(BlobKey.of("none"), 15, Map.of(), Instant.EPOCH);

    assertFails(Kind.ALREADY_EXISTS, () -> store.copy(KEY, store, blob));
    assertFails(Kind.NOT_FOUND, () -> store.copy(COPY, store, none));
  }

  @Test
  void aStoreThatCanNotCopyReturnsEmpty() throws IOException {
    assumeFalse(can(Capability.SERVER_SIDE_COPY));
    Blob blob = publish(KEY, "the whole of it");

    assertThat(store.copy(COPY, store, blob)).isEmpty();
  }

  @Test
  void aPresignedUrlReadsTheBlobWithoutCredentials() throws Exception {
    assumeTrue(can(Capability.PRESIGN));
    publish(KEY, "the whole of it");

    HttpRequest request =
        HttpRequest.newBuilder(store.presign(KEY, Duration.ofMinutes(5)).orElseThrow())
            .timeout(Duration.ofSeconds(30))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("the whole of it");
  }

  @Test
  void aMissingBlobIsNotPresigned() throws IOException {
    if (can(Capability.PRESIGN)) {
      assertFails(Kind.NOT_FOUND, () -> store.presign(KEY, Duration.ofMinutes(5)));
    } else {
      publish(KEY, "the whole of it");
      assertThat(store.presign(KEY, Duration.ofMinutes(5))).isEqualTo(Optional.empty());
    }
  }

  private boolean can(Capability capability) {
    return store.capabilities().contains(capability);
  }
}
