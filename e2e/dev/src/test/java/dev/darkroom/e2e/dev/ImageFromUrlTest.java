package dev.darkroom.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.darkroom.api.DiskFormatName;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFromUrlTest {

  @ParameterizedTest
  @CsvSource({
    "https://example.org/noble-server-cloudimg-amd64.img, noble-server-cloudimg-amd64",
    "https://example.org/a/Fedora-Cloud-Base-43-1.6.x86_64.qcow2, fedora-cloud-base-43-1.6.x86-64",
    "https://example.org/disk.raw.xz?sig=a%2Fb#c, disk",
    "https://example.org/win%20server_2025.vhdx, win-server-2025",
    "https://example.org/images/debian/, debian",
    "https://example.org, image",
    "https://example.org/%2e%2e, image",
    "https://example.org/-.-x-.qcow2, x",
    "https://example.org/..--a.-.b--.img, a.b"
  })
  void imageIsNamedAfterTheFile(String url, String name) {
    assertThat(image(url).name()).isEqualTo(name);
  }

  @Test
  void nameFitsALabel() {
    String name = image("https://example.org/" + "long-".repeat(40) + ".img").name();

    assertThat(name).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  }

  @Test
  void manifestHasTheOptions() {
    ImageFromUrl image =
        new ImageFromUrl(
            "https://example.org/a.qcow2?x=y:1&z='*#2",
            Optional.of("md5:0"),
            Optional.of(DiskFormatName.QCOW2));

    GenericKubernetesResource object =
        ManifestReader.parse("--url", image.manifest()).get(0).object();

    assertThat(object.getMetadata().getName()).isEqualTo("a");
    assertThat(object.<String>get("spec", "source", "web", "url")).isEqualTo(image.url());
    assertThat(object.<String>get("spec", "checksum")).isEqualTo("md5:0");
    assertThat(object.<String>get("spec", "diskFormat")).isEqualTo("qcow2");
  }

  @Test
  void invalidUrlIsRefused() {
    assertThatThrownBy(() -> image("https://exa mple.org/a").name())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Not a URL");
  }

  private static ImageFromUrl image(String url) {
    return new ImageFromUrl(url, Optional.empty(), Optional.empty());
  }
}
