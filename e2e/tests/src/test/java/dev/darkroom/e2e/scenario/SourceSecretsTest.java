package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.message;
import static dev.darkroom.e2e.scenario.States.ready;
import static dev.darkroom.e2e.scenario.States.reconciling;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.SecretReference;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.support.OperatorSettings;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sources that want to know who asks. */
class SourceSecretsTest extends ImportScenario {

  @Override
  OperatorSettings settings() {
    return quick().referenceInterval(Duration.ofMillis(300)).build();
  }

  @Test
  void aSecretThatComesLaterIsWaitedForAndNeverTold() throws IOException {
    defaultStore();
    web.on("/fedora", Answers.bytes(Disk.qcow2()));
    tenant.createImage(
        "fedora",
        ImageSpecBuilder.builder()
            .source(
                ImageSource.of(
                    new WebSourceSpec(web.url("/fedora"), new SecretReference("mirror"), null)))
            .build());
    Image waiting = tenant.await(Image.class, "fedora", reconciling("SecretMissing"));
    assertThat(message(waiting)).contains("mirror");
    assertThat(web.requests()).isEmpty();

    tenant.putSecret("mirror", Map.of("token", "open-sesame"));

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(web.requests().get(0).toString()).contains("Bearer open-sesame");
    ImageImport job = tenant.get(ImageImport.class, image.getStatus().importRef().name());
    assertThat(job.getStatus().attempts()).as("to wait is no failure").isEqualTo(1);
    assertThat(Serialization.asYaml(image) + Serialization.asYaml(job) + tenant.events("fedora"))
        .doesNotContain("open-sesame");
  }
}
