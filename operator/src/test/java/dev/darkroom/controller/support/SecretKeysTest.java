package dev.darkroom.controller.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.darkroom.s3.S3Credentials;
import dev.darkroom.s3.S3Identity;
import dev.darkroom.transfer.model.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SecretKeysTest {

  private static final S3Credentials OLD = S3Credentials.of("old", "old-secret");
  private static final S3Credentials NEW = S3Credentials.of("new", "new-secret");

  private final AtomicLong nanos = new AtomicLong();
  private S3Credentials inSecret = OLD;
  private boolean gone;
  private int reads;

  private S3Credentials read() throws PrerequisiteException {
    reads++;
    if (gone) {
      throw new PrerequisiteException(Reason.SECRET_MISSING, "There is no Secret.");
    }
    return inSecret;
  }

  private S3Identity.Keys keys() throws PrerequisiteException {
    return (S3Identity.Keys) SecretKeys.read(this::read, nanos::get).identity();
  }

  @Test
  void rotatedKeysAreReadAfterARefusal() throws PrerequisiteException {
    S3Identity.Keys keys = keys();
    inSecret = NEW;
    assertThat(keys.current().get()).isEqualTo(OLD);

    assertThat(keys.renewed().test(OLD)).isTrue();

    assertThat(keys.current().get()).isEqualTo(NEW);
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void aLaterRefusalOfTheOldKeysReadsNothing() throws PrerequisiteException {
    S3Identity.Keys keys = keys();
    inSecret = NEW;
    assertThat(keys.renewed().test(OLD)).isTrue();

    assertThat(keys.renewed().test(OLD)).isTrue();

    assertThat(reads).isEqualTo(2);
  }

  @Test
  void wrongKeysAreReadAtMostOnceInTheInterval() throws PrerequisiteException {
    S3Identity.Keys keys = keys();
    for (int i = 0; i < 1000; i++) {
      assertThat(keys.renewed().test(OLD)).isFalse();
    }
    assertThat(reads).isEqualTo(2);

    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    inSecret = NEW;

    assertThat(keys.renewed().test(OLD)).isTrue();
  }

  @Test
  void aMissingSecretKeepsTheOldKeys() throws PrerequisiteException {
    S3Identity.Keys keys = keys();
    gone = true;

    assertThat(keys.renewed().test(OLD)).isFalse();

    assertThat(keys.current().get()).isEqualTo(OLD);
    assertThatExceptionOfType(PrerequisiteException.class).isThrownBy(this::keys);
  }
}
