package dev.darkroom.controller.support;

import static dev.darkroom.controller.Fixtures.NAMESPACE;
import static dev.darkroom.controller.Fixtures.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStore;
import dev.darkroom.controller.Fixtures;
import dev.darkroom.controller.MockCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedInformersTest {

  private final MockCluster cluster = new MockCluster();
  private SharedInformers informers = new SharedInformers(cluster.client(), Set.of());

  @AfterEach
  void close() {
    informers.close();
    cluster.close();
  }

  @Test
  void theCacheIsCompleteAfterTheStart() {
    Image ubuntu = create(image("ubuntu"));

    informers.start();

    assertThat(informers.images().get(NAMESPACE, "ubuntu"))
        .map(Image::getSpec)
        .contains(ubuntu.getSpec());
    assertThat(informers.isHealthy()).isTrue();
    assertThat(informers.count()).isEqualTo(9);
  }

  @Test
  void anIndexFindsObjectsFromBeforeAndAfterTheStart() {
    IndexedInformer.Index<Image> byUrl =
        informers.images().index("url", found -> List.of(found.getSpec().source().web().url()));
    create(image("ubuntu"));
    informers.start();
    informers.images().awaitWritten(create(image("debian")));

    assertThat(byUrl.get(Fixtures.URL))
        .extracting(found -> found.getMetadata().getName())
        .containsExactlyInAnyOrder("ubuntu", "debian");
    assertThat(byUrl.get("https://images.example/other")).isEmpty();
  }

  @Test
  void aWriterSeesItsOwnWriteAndItsOwnDeletion() {
    informers.start();

    Image ubuntu = create(image("ubuntu"));
    informers.images().awaitWritten(ubuntu);
    assertThat(informers.images().get(NAMESPACE, "ubuntu")).isPresent();

    cluster.client().resource(ubuntu).delete();
    informers.images().awaitDeleted(ubuntu);
    assertThat(informers.images().get(NAMESPACE, "ubuntu")).isEmpty();
  }

  @Test
  void aWriterDoesNotWaitForAStoppedCache() {
    informers.start();
    informers.close();

    Image ubuntu = create(image("ubuntu"));

    assertThatThrownBy(() -> informers.images().awaitWritten(ubuntu))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("Image");
  }

  @Test
  void theInformerOfAControllerIsASubscriptionToTheSharedOne() {
    create(image("ubuntu"));
    informers.start();
    KubernetesClient client = informers.client();
    List<String> seen = new CopyOnWriteArrayList<>();
    SharedIndexInformer<Image> subscription =
        client
            .resources(Image.class)
            .inAnyNamespace()
            .withLabelSelector((String) null)
            .runnableInformer(0);
    ResourceEventHandler<Image> names =
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(Image added) {
            seen.add(added.getMetadata().getName());
          }

          @Override
          public void onUpdate(Image before, Image now) {}

          @Override
          public void onDelete(Image deleted, boolean unknown) {}
        };

    subscription.addEventHandler(names);
    assertThat(seen).isEmpty();
    subscription.start();
    assertThat(seen).containsExactly("ubuntu");
    create(image("debian"));
    await().until(() -> seen.contains("debian"));
    assertThat(subscription.getStore())
        .isSameAs(informers.images().informer(Optional.empty()).orElseThrow().getStore());

    subscription.stop();
    informers.images().awaitWritten(create(image("fedora")));
    assertThat(subscription.isRunning()).isFalse();
    assertThat(informers.isHealthy()).isTrue();
    assertThat(seen).doesNotContain("fedora");
  }

  @Test
  void theClientOfTheControllersReadsAndWrites() {
    informers.start();

    Image created = informers.client().resource(image("ubuntu")).inNamespace(NAMESPACE).create();

    assertThat(
            informers
                .client()
                .resources(Image.class)
                .inNamespace(NAMESPACE)
                .withName("ubuntu")
                .get())
        .isEqualTo(created);
  }

  @Test
  void aConfinedOperatorHasOneInformerForEachNamespaceOfAKind(@TempDir Path directory) {
    informers = new SharedInformers(cluster.client(), Set.of(NAMESPACE, "team"));
    create(image("ubuntu"));
    cluster.client().resource(Fixtures.store("fast", directory)).create();
    cluster
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName("x").endMetadata().build())
        .create();

    informers.start();

    // Images, ImageImports, ImageMembers, Roles and RoleBindings twice; the other four kinds once.
    assertThat(informers.count()).isEqualTo(14);
    assertThat(informers.images().get(NAMESPACE, "ubuntu")).isPresent();
    assertThat(informers.stores().list())
        .extracting(ImageStore::getMetadata)
        .extracting(meta -> meta.getName())
        .containsExactly("fast");
    assertThat(informers.images().informer(Optional.of("elsewhere"))).isEmpty();
  }

  @Test
  void aRefusedKindFailsTheStart() {
    cluster
        .server()
        .expect()
        .get()
        .withPath("/apis/darkroom.dev/v1alpha1/imagestores?resourceVersion=0")
        .andReturn(404, new StatusBuilder().withStatus("Failure").withCode(404).build())
        .always();

    assertThatThrownBy(informers::start)
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("imagestores");
  }

  private Image create(Image image) {
    return cluster.client().resource(image).create();
  }
}
