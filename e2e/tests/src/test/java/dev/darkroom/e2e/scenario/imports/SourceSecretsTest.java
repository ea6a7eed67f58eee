package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.SecretReference;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.WebResponses;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sources with credentials in Secrets. */
class SourceSecretsTest extends ImportScenario {

  @Override
  protected OperatorSettings settings() {
    return quick().referenceInterval(Duration.ofMillis(300)).build();
  }

  @Test
  void importWaitsForASecretAndDoesNotReveal() throws IOException {
    defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
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
    ImageImport imageImport = tenant.get(ImageImport.class, image.getStatus().importRef().name());
    assertThat(imageImport.getStatus().attempts()).as("attempts after waiting").isEqualTo(1);
    assertThat(
            Serialization.asYaml(image)
                + Serialization.asYaml(imageImport)
                + tenant.events("fedora"))
        .doesNotContain("open-sesame");
  }
}
