package dev.darkroom.e2e.scenario;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageMemberSpecBuilder;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpec;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A namespace with the operations of a user: create, edit, await and delete objects. Closing
 * deletes the namespace and everything created through it, stores included.
 */
public final class Tenant implements AutoCloseable {

  public static final Duration TIMEOUT = Duration.ofSeconds(40);

  private static final Duration POLL = Duration.ofMillis(50);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final KubernetesClient client;
  private final String namespace;
  private final List<String> stores = new ArrayList<>();

  private Tenant(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Creates a namespace with a generated name. */
  public static Tenant create(KubernetesClient client) {
    return create(client, "tenant-" + COUNT.incrementAndGet());
  }

  /** Creates a namespace of this name, which must not exist. */
  public static Tenant create(KubernetesClient client, String namespace) {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    return new Tenant(client, namespace);
  }

  /** The name of the namespace. */
  public String namespace() {
    return namespace;
  }

  /** Creates an image. */
  public Image createImage(String name, ImageSpec spec) {
    return create(new Image(), name, spec);
  }

  /** Creates an import. */
  public ImageImport createImport(String name, ImageImportSpec spec) {
    return create(new ImageImport(), name, spec);
  }

  /** Creates a member. */
  public ImageMember createMember(String name, ImageMemberSpec spec) {
    return create(new ImageMember(), name, spec);
  }

  /** Also removes this store on close. */
  public void removeOnClose(String store) {
    stores.add(store);
  }

  /** Creates a store; closing removes it. */
  public ImageStore createStore(String name, ImageStoreSpec spec) {
    stores.add(name);
    return create(new ImageStore(), name, spec);
  }

  /** Creates or replaces a Secret. */
  public void putSecret(String name, Map<String, String> content) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .withStringData(content)
            .build();
    deleteSecret(name);
    client.resource(secret).create();
  }

  /** Deletes a Secret, if it exists. */
  public void deleteSecret(String name) {
    client.secrets().inNamespace(namespace).withName(name).delete();
  }

  private <S, R extends CustomResource<S, ?>> R create(R object, String name, S spec) {
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(object instanceof ImageStore ? null : namespace)
            .build());
    object.setSpec(spec);
    return client.resource(object).create();
  }

  /** The current object; fails if it does not exist. */
  public <T extends HasMetadata> T get(Class<T> kind, String name) {
    return Objects.requireNonNull(
        resource(kind, name).get(), kind.getSimpleName() + " " + name + " does not exist");
  }

  /** The current image of this name; fails if it does not exist. */
  public Image image(String name) {
    return get(Image.class, name);
  }

  /** The names of all imports, sorted. */
  public List<String> imports() {
    return client.resources(ImageImport.class).inNamespace(namespace).list().getItems().stream()
        .map(imageImport -> imageImport.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** Edits an object; repeats on conflict, like a user. */
  public <T extends HasMetadata> T edit(Class<T> kind, String name, UnaryOperator<T> change) {
    while (true) {
      try {
        return resource(kind, name).edit(change);
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          throw e;
        }
      }
    }
  }

  /** Edits the spec of an image. */
  public void change(String image, UnaryOperator<ImageSpecBuilder> change) {
    edit(
        Image.class,
        image,
        now -> {
          now.setSpec(change.apply(ImageSpecBuilder.builder(now.getSpec())).build());
          return now;
        });
  }

  /** Sets the acceptance of a member in this namespace. */
  public void setAcceptance(String member, Acceptance acceptance) {
    edit(
        ImageMember.class,
        member,
        now -> {
          now.setSpec(ImageMemberSpecBuilder.builder(now.getSpec()).acceptance(acceptance).build());
          return now;
        });
  }

  /** Requests the deletion without waiting for it. */
  public <T extends HasMetadata> void delete(Class<T> kind, String name) {
    resource(kind, name).delete();
  }

  /** Whether the object exists. */
  public <T extends HasMetadata> boolean exists(Class<T> kind, String name) {
    return resource(kind, name).get() != null;
  }

  /** Waits until the object matches; a failure shows its last state and its Events. */
  public <T extends HasMetadata> T await(Class<T> kind, String name, Predicate<? super T> state) {
    AtomicReference<T> last = new AtomicReference<>();
    try {
      return awaiting(kind.getSimpleName() + " " + name)
          .until(
              () -> {
                last.set(resource(kind, name).get());
                return last.get();
              },
              object -> object != null && state.test(object));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%s %s did not become %s; last state:%n%s%nEvents:%n%s",
              kind.getSimpleName(),
              name,
              state,
              yaml(last.get()),
              String.join("\n", events(name))),
          e);
    }
  }

  /** Waits until the object does not exist. */
  public <T extends HasMetadata> void awaitGone(Class<T> kind, String name) {
    AtomicReference<T> last = new AtomicReference<>();
    try {
      awaiting(kind.getSimpleName() + " " + name)
          .until(
              () -> {
                last.set(resource(kind, name).get());
                return last.get() == null;
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("was not deleted: " + yaml(last.get()), e);
    }
  }

  /** Waits for an Event with this reason about the object; returns its message. */
  public String awaitEvent(String name, String reason) {
    String line =
        awaiting("an Event " + reason + " about " + name)
            .until(() -> events(name), lines -> lines.stream().anyMatch(has(reason)))
            .stream()
            .filter(has(reason))
            .findFirst()
            .orElseThrow();
    return line.split(": ", 2)[1];
  }

  private static Predicate<String> has(String reason) {
    return line -> line.contains(" " + reason + ": ");
  }

  /** The Events about objects of this name, oldest first, as {@code type reason: message}. */
  public List<String> events(String name) {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .sorted(Comparator.comparing(Event::getFirstTimestamp))
        .map(event -> event.getType() + " " + event.getReason() + ": " + event.getMessage())
        .collect(Collectors.toList());
  }

  private static String yaml(HasMetadata object) {
    if (object == null) {
      return "does not exist";
    }
    object.getMetadata().setManagedFields(List.of());
    return Serialization.asYaml(object);
  }

  /** Starts a wait of at most 40 s, with a check every 50 ms. */
  public static ConditionFactory awaiting(String what) {
    return Awaitility.await(what).atMost(TIMEOUT).pollDelay(Duration.ZERO).pollInterval(POLL);
  }

  private <T extends HasMetadata> Resource<T> resource(Class<T> kind, String name) {
    return kind == ImageStore.class
        ? client.resources(kind).withName(name)
        : client.resources(kind).inNamespace(namespace).withName(name);
  }

  /** Removes finalizers, because no operator runs any more. */
  @Override
  public void close() {
    List<HasMetadata> all =
        Stream.of(ImageImport.class, Image.class, ImageMember.class)
            .flatMap(
                kind -> client.resources(kind).inNamespace(namespace).list().getItems().stream())
            .map(HasMetadata.class::cast)
            .toList();
    Parallel.forEach(all, this::remove);
    stores.stream()
        .map(store -> client.resources(ImageStore.class).withName(store).get())
        .filter(Objects::nonNull)
        .forEach(this::remove);
    client.namespaces().withName(namespace).delete();
  }

  /** The garbage collector may delete the object at the same time; each step is idempotent. */
  private void remove(HasMetadata object) {
    try {
      client
          .resource(object)
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");
      client.resource(object).delete();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
