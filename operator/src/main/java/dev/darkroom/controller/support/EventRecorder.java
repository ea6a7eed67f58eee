package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records Events about objects. A repeated Event increases the count of the first one. A failure to
 * write an Event is logged and has no other effect. Thread-safe; calls the API server.
 */
public final class EventRecorder {

  /** The type of an Event. */
  public enum Severity {
    /** Information. */
    NORMAL("Normal"),
    /** A problem. */
    WARNING("Warning");

    private final String apiName;

    Severity(String apiName) {
      this.apiName = apiName;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final String COMPONENT = "darkroom";
  private static final String CLUSTER_SCOPED_NAMESPACE = "default";
  private static final int MAX_MESSAGE = 1024;
  private static final int MAX_NAME = 253;

  private final KubernetesClient client;
  private final Clock clock;

  /** Records with the client. */
  public EventRecorder(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Records an Event about a namespace in that namespace, where its users list Events. */
  public void recordInNamespace(String namespace, String reason, String message) {
    Namespace about =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(namespace)
            // An Event must be in the namespace of its object.
            .withNamespace(namespace)
            .endMetadata()
            .build();
    record(about, Severity.NORMAL, reason, message);
  }

  /** Records an Event about an object; a message is cut after 1024 characters. */
  public void record(HasMetadata about, Severity severity, String reason, String message) {
    String text = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
    String namespace =
        about.getMetadata().getNamespace() == null
            ? CLUSTER_SCOPED_NAMESPACE
            : about.getMetadata().getNamespace();
    String name = name(about, severity, reason, text);
    try {
      if (!created(event(about, namespace, name, severity, reason, text))) {
        count(namespace, name);
      }
    } catch (KubernetesClientException e) {
      // Creation fails in a namespace that is being deleted.
      LOG.debug("Event {} not written: {}", reason, e.getMessage());
    }
  }

  /** Creates the Event; false when it exists. Most Events are new, so this comes first. */
  private boolean created(Event event) {
    try {
      client.resource(event).create();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private void count(String namespace, String name) {
    String now = now();
    client
        .v1()
        .events()
        .inNamespace(namespace)
        .withName(name)
        .edit(
            event ->
                new EventBuilder(event)
                    .withCount(event.getCount() == null ? 2 : event.getCount() + 1)
                    .withLastTimestamp(now)
                    .build());
  }

  private Event event(
      HasMetadata about,
      String namespace,
      String name,
      Severity severity,
      String reason,
      String message) {
    String now = now();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(about.getMetadata().getNamespace())
        .withName(about.getMetadata().getName())
        .withUid(about.getMetadata().getUid())
        .endInvolvedObject()
        .withType(severity.apiName)
        .withReason(reason)
        .withMessage(message)
        .withNewSource()
        .withComponent(COMPONENT)
        .endSource()
        .withReportingComponent(COMPONENT)
        .withReportingInstance(COMPONENT)
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .build();
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The name of an Event, derived from its content: a repeated Event has the same name. */
  private static String name(HasMetadata about, Severity severity, String reason, String message) {
    String content =
        String.join(
            "\n", String.valueOf(about.getMetadata().getUid()), severity.apiName, reason, message);
    String id =
        UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8))
            .toString()
            .substring(0, 18);
    String object = about.getMetadata().getName();
    int left = MAX_NAME - id.length() - 1;
    // A name must end with a letter or digit, also when it is cut.
    return (object.length() <= left
            ? object
            : object.substring(0, left).replaceFirst("[^a-z0-9]+$", ""))
        + "."
        + id;
  }
}
