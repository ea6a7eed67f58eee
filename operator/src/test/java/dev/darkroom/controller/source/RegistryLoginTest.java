package dev.darkroom.controller.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.darkroom.source.web.WebCredentials;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryLoginTest {

  private static final String REFERENCE = "registry.example.org:5000/disks/ubuntu:24.04";
  private static final WebCredentials ALICE = WebCredentials.basic("alice", "s3cr:et");

  @Test
  void userAndPasswordAreUsed() {
    assertThat(login(Map.of("username", "alice", "password", "s3cr:et"))).isEqualTo(ALICE);
  }

  @Test
  void theEntryOfTheRegistryIsUsed() {
    String auth = Base64.getEncoder().encodeToString("alice:s3cr:et".getBytes(UTF_8));
    assertThat(
            login(
                config(
                    "{'other.example.org': {'auth': 'eDp5'},"
                        + " 'registry.example.org:5000': {'auth': '"
                        + auth
                        + "'}}")))
        .isEqualTo(ALICE);
    assertThat(
            login(
                config(
                    "{'https://registry.example.org:5000':"
                        + " {'username': 'alice', 'password': 's3cr:et'}}")))
        .isEqualTo(ALICE);
  }

  @Test
  void aSecretWithoutAUserIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> login(Map.of("password", "s3cr:et")))
        .withMessageContaining("neither username and password, nor .dockerconfigjson");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> login(config("{'other.example.org': {'auth': 'eDp5'}}")))
        .withMessageContaining("no entry for registry registry.example.org:5000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> login(config("{'registry.example.org:5000': {'auth': '%s3cr'}}")))
        .withMessageContaining("is not base64")
        .withMessageNotContaining("s3cr");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> login(Map.of(".dockerconfigjson", "s3cr:et: {")))
        .withMessageContaining("is not JSON")
        .withMessageNotContaining("s3cr")
        .withNoCause();
  }

  private static WebCredentials login(Map<String, String> secret) {
    return RegistryLogin.of(secret, REFERENCE);
  }

  private static Map<String, String> config(String auths) {
    return Map.of(".dockerconfigjson", ("{'auths': " + auths + "}").replace('\'', '"'));
  }
}
