package dev.darkroom.controller.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RotatingSourceTest {

  private static final SourceBody EMPTY =
      new SourceBody() {
        @Override
        public SourceHead head() {
          return new SourceHead(
              "nowhere", OptionalLong.of(0), Optional.empty(), false, Optional.empty());
        }

        @Override
        public int read(ByteBuffer into) {
          return -1;
        }

        @Override
        public void close() {
          // Nothing to close.
        }
      };

  private final List<String> asked = new ArrayList<>();
  private RotatingSource.SecretReader secret = () -> Map.of("token", "old");
  private String accepted = "old";
  private Kind refusal = Kind.FORBIDDEN;

  /** Accepts only the current token. */
  private final class Guarded implements Source {

    private final String token;

    Guarded(String token) {
      this.token = token;
    }

    @Override
    public SourceBody open() throws SourceException {
      asked.add(token);
      if (!token.equals(accepted)) {
        throw new SourceException(refusal, "You may not.");
      }
      return EMPTY;
    }

    @Override
    public SourceBody open(ByteRange range, Optional<String> validator) throws SourceException {
      return open();
    }

    @Override
    public String describe() {
      return "a guarded source";
    }
  }

  private RotatingSource source() throws SourceException, PrerequisiteException {
    return new RotatingSource(() -> secret.read(), found -> new Guarded(found.get("token")));
  }

  private SourceException fails(RotatingSource source) {
    return catchThrowableOfType(SourceException.class, source::open);
  }

  @Test
  void aRefusedRequestIsRepeatedWithTheChangedSecret() throws Exception {
    RotatingSource source = source();
    accepted = "new";
    secret = () -> Map.of("token", "new");

    SourceBody body = source.open(new ByteRange(0, 1), Optional.empty());

    assertThat(body).isNotNull();
    assertThat(source.open()).isNotNull();
    assertThat(asked).containsExactly("old", "new", "new");
  }

  @Test
  void anUnchangedSecretCausesNoSecondRequest() throws Exception {
    RotatingSource source = source();
    accepted = "other";

    assertThat(fails(source).kind()).isEqualTo(Kind.FORBIDDEN);

    assertThat(asked).as("requests").containsExactly("old");
  }

  @Test
  void otherFailuresDoNotReadTheSecret() throws Exception {
    RotatingSource source = source();
    accepted = "new";
    refusal = Kind.UNAVAILABLE;
    secret = () -> Map.of("token", "new");

    assertThat(fails(source).kind()).isEqualTo(Kind.UNAVAILABLE);

    assertThat(asked).containsExactly("old");
  }

  @Test
  void aMissingSecretMakesTheSourceUnavailable() throws Exception {
    RotatingSource source = source();
    accepted = "new";
    secret =
        () -> {
          throw new PrerequisiteException(Reason.SECRET_MISSING, "There is no Secret login.");
        };

    SourceException e = fails(source);

    assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(e).hasMessage("You may not. There is no Secret login.");
  }

  @Test
  void anApiServerWithoutAnAnswerMakesTheSourceUnavailable() throws Exception {
    RotatingSource source = source();
    accepted = "new";
    secret =
        () -> {
          throw new KubernetesClientException("away");
        };

    assertThat(fails(source).kind()).isEqualTo(Kind.UNAVAILABLE);
  }
}
