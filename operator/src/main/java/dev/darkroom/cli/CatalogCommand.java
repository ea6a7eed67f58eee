package dev.darkroom.cli;

import dev.darkroom.access.Catalogue;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.PublicImage;
import dev.darkroom.controller.support.Sizes;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the images that a namespace can see, with the reason. */
@Command(
    name = "catalog",
    description = "List the images that a namespace can see, with the reason.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CatalogCommand implements Callable<Integer> {

  private static final List<String> HEADER = List.of("NAME", "FROM", "WHY", "FORMAT", "SIZE", "OS");
  private static final String NOTHING = "-";

  @Spec private CommandSpec spec;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description =
          "Namespace of the catalogue. Default: the namespace of the kubeconfig, or default.")
  private String namespace;

  @Option(names = "--hidden", description = "List the namespace's hidden images too.")
  private boolean hidden;

  @Override
  public Integer call() throws CommandException {
    LogOptions.onlyWarnings();
    try (KubernetesClient client = cluster.connect(PublicImage.class)) {
      String of =
          Objects.requireNonNullElse(
              namespace, Objects.requireNonNullElse(client.getNamespace(), "default"));
      List<Image> images = client.resources(Image.class).inNamespace(of).list().getItems();
      List<PublicImage> published = client.resources(PublicImage.class).list().getItems();
      Optional<List<ImageMember>> offers = offers(client);
      print(
          Catalogue.of(
              of,
              images,
              offers.orElse(List.of()),
              published,
              hidden ? Catalogue.Hidden.LISTED : Catalogue.Hidden.LEFT_OUT));
      if (offers.isEmpty()) {
        spec.commandLine()
            .getErr()
            .println(
                "Offers without an answer are not listed: you may not list imagemembers of all"
                    + " namespaces. Each offer is an Event: kubectl get events -n "
                    + of
                    + " --field-selector reason=ImageOffered");
      }
      return 0;
    } catch (KubernetesClientException e) {
      throw new CommandException("The API server refused the request: " + e.getMessage(), e);
    }
  }

  /** The ImageMembers of all namespaces; empty when the user may not list them. */
  private static Optional<List<ImageMember>> offers(KubernetesClient client) {
    try {
      return Optional.of(client.resources(ImageMember.class).inAnyNamespace().list().getItems());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void print(List<Catalogue.Listing> lines) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    lines.forEach(line -> rows.add(row(line)));
    int[] widths =
        IntStream.range(0, HEADER.size())
            .map(column -> rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0))
            .toArray();
    PrintWriter out = spec.commandLine().getOut();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        line.append(row.get(column))
            .append(" ".repeat(widths[column] - row.get(column).length() + 3));
      }
      out.println(line.toString().stripTrailing());
    }
    out.flush();
  }

  private static List<String> row(Catalogue.Listing line) {
    return List.of(
        line.name(),
        line.from().orElse(NOTHING),
        line.why().toString(),
        line.format().orElse(NOTHING),
        line.size().map(Sizes::of).orElse(NOTHING),
        line.os().orElse(NOTHING));
  }
}
