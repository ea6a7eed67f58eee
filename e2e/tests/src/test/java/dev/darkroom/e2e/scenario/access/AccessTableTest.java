package dev.darkroom.e2e.scenario.access;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageMemberSpecBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.Visibility;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The access table: for each persona and image, whether each operation is allowed. On a real API
 * server the requests are impersonated; the embedded server does not authorize, so that only the
 * operator's decisions are checked: catalog entries and links.
 */
class AccessTableTest extends ImportScenario {

  private static final String EXPECTED =
      """
      who           image       record list bytes link change delete offer accept
      owner         private     yes    yes  yes   yes  yes    yes    yes   no
      owner         shared      yes    yes  yes   yes  yes    yes    yes   no
      owner         community   yes    yes  yes   yes  yes    yes    yes   no
      owner         public      yes    yes  yes   yes  yes    yes    yes   no
      owner         deactivated yes    yes  no    no   yes    yes    yes   no
      owner         hidden      yes    no   yes   yes  yes    yes    yes   no
      pending       private     no     no   no    no   no     no     no    yes
      pending       shared      yes    no   yes   yes  no     no     no    yes
      pending       community   yes    no   yes   yes  no     no     no    yes
      pending       public      yes    yes  yes   yes  no     no     no    yes
      pending       deactivated yes    no   no    no   no     no     no    yes
      pending       hidden      yes    no   yes   yes  no     no     no    yes
      accepted      private     no     no   no    no   no     no     no    yes
      accepted      shared      yes    yes  yes   yes  no     no     no    yes
      accepted      community   yes    no   yes   yes  no     no     no    yes
      accepted      public      yes    yes  yes   yes  no     no     no    yes
      accepted      deactivated yes    yes  no    no   no     no     no    yes
      accepted      hidden      yes    no   yes   yes  no     no     no    yes
      rejected      private     no     no   no    no   no     no     no    yes
      rejected      shared      yes    no   yes   no   no     no     no    yes
      rejected      community   yes    no   yes   yes  no     no     no    yes
      rejected      public      yes    yes  yes   yes  no     no     no    yes
      rejected      deactivated yes    no   no    no   no     no     no    yes
      rejected      hidden      yes    no   yes   yes  no     no     no    yes
      stranger      private     no     no   no    no   no     no     no    no
      stranger      shared      no     no   no    no   no     no     no    no
      stranger      community   yes    no   yes   yes  no     no     no    no
      stranger      public      yes    yes  yes   yes  no     no     no    no
      stranger      deactivated no     no   no    no   no     no     no    no
      stranger      hidden      yes    no   yes   yes  no     no     no    no
      administrator private     yes    yes  yes   yes  yes    yes    yes   yes
      administrator shared      yes    yes  yes   yes  yes    yes    yes   yes
      administrator community   yes    yes  yes   yes  yes    yes    yes   yes
      administrator public      yes    yes  yes   yes  yes    yes    yes   yes
      administrator deactivated yes    yes  no    no   yes    yes    yes   yes
      administrator hidden      yes    no   yes   yes  yes    yes    yes   yes
      """;

  /** The images of the table. The deactivated image is shared, so that a member loses access. */
  private static final Map<String, UnaryOperator<ImageSpecBuilder>> IMAGES =
      Map.of(
          "private", spec -> spec.visibility(Visibility.PRIVATE),
          "shared", spec -> spec.visibility(Visibility.SHARED),
          "community", spec -> spec.visibility(Visibility.COMMUNITY),
          "public", spec -> spec.visibility(Visibility.PUBLIC),
          "deactivated", spec -> spec.visibility(Visibility.SHARED).deactivated(true),
          "hidden", spec -> spec.visibility(Visibility.PUBLIC).hidden(true));

  private static final Set<String> REFUSALS =
      Set.of("ImageNotVisible", "AccessRevoked", "ImageDeactivated");

  private final Map<Persona, Tenant> homes = new EnumMap<>(Persona.class);
  private AccessRequests requests;

  private void createPersonasAndImages() throws IOException {
    for (Persona who : Persona.values()) {
      homes.put(who, who.isInOwnersNamespace() ? tenant : Tenant.create(cluster.client()));
    }
    requests = AccessRequests.on(cluster, kind == ServerKind.REAL, homes);
    defaultStore();
    web.on("/disk", WebResponses.bytes(Disk.qcow2()));
    IMAGES.forEach((name, spec) -> tenant.createImage(name, spec.apply(from("/disk")).build()));
    for (String name : IMAGES.keySet()) {
      tenant.await(
          Image.class, name, name.equals("deactivated") ? resting("ImageDeactivated") : ready());
      for (Persona who : Persona.values()) {
        if (who.answer().isPresent()) {
          offer(name, who, who.answer().get());
        }
      }
    }
    tenant.await(
        Image.class,
        "shared",
        that("with one rejected member", image -> image.getStatus().members().rejected() == 1));
    homes.get(Persona.ACCEPTED).await(Image.class, "shared", ready());
  }

  @AfterEach
  void removePersonas() throws IOException {
    // Stop first: otherwise the operator writes objects that are being removed.
    stopOperator();
    if (requests != null) {
      requests.close();
    }
    homes.values().stream().filter(home -> home != tenant).forEach(Tenant::close);
  }

  @Test
  void operatorColumnsMatchTheTable() throws IOException {
    assumeTrue(kind == ServerKind.EMBEDDED, "a real API server is asked for every column");
    assertNoCellIsMissing();
    createPersonasAndImages();

    assertThat(column(lists())).isEqualTo(column(expected("list")));
    assertThat(column(links())).isEqualTo(column(expected("link")));
  }

  @Test
  void everyCellMatchesTheTable() throws IOException {
    assumeTrue(kind == ServerKind.REAL, "the embedded API server has no authorization");
    assertNoCellIsMissing();
    createPersonasAndImages();

    Map<String, String> listed = lists();
    Map<String, String> linked = links();

    assertThat(column(listed)).isEqualTo(column(expected("list")));
    assertThat(column(linked)).isEqualTo(column(expected("link")));
    Tenant.awaiting("the expected access table")
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(table(listed, linked)).isEqualTo(EXPECTED.strip()));
  }

  /** Waits for the expected catalogs. */
  private Map<String, String> lists() {
    Map<String, String> listed = new LinkedHashMap<>();
    // Before the links exist, because the catalog lists links.
    Tenant.awaiting("the catalogs")
        .untilAsserted(
            () -> {
              listed.clear();
              rows().forEach(row -> listed.put(row, yes(requests.lists(who(row), image(row)))));
              assertThat(column(listed)).isEqualTo(column(expected("list")));
            });
    return listed;
  }

  private static void assertNoCellIsMissing() {
    assertThat(rows())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Persona.values())
                .flatMap(who -> IMAGES.keySet().stream().map(image -> who + " " + image))
                .toList());
    assertThat(EXPECTED.lines()).allMatch(line -> line.split(" +").length == 10);
  }

  private String table(Map<String, String> listed, Map<String, String> linked) {
    List<String> lines = new ArrayList<>(List.of(EXPECTED.lines().findFirst().orElseThrow()));
    for (String row : rows()) {
      Persona who = who(row);
      String image = image(row);
      lines.add(
          String.format(
              "%-13s %-11s %-6s %-4s %-5s %-4s %-6s %-6s %-5s %s",
              who,
              image,
              yes(requests.reads(who, image)),
              listed.get(row),
              yes(requests.readsBytes(who, image)),
              linked.get(row),
              yes(requests.changes(who, image)),
              yes(requests.deletes(who, image)),
              yes(requests.offers(who, image)),
              yes(requests.answers(who, image))));
    }
    return String.join("\n", lines);
  }

  /** Creates a link to every image in each persona's namespace. */
  private Map<String, String> links() {
    rows().forEach(row -> requests.link(who(row), image(row), linkName(row)));
    return rows().stream()
        .collect(
            Collectors.toMap(
                row -> row,
                row ->
                    yes(
                        ready()
                            .test(
                                homes
                                    .get(who(row))
                                    .await(Image.class, linkName(row), decided())))));
  }

  private static Predicate<Image> decided() {
    return that(
        "decided",
        link ->
            ready().test(link)
                || condition(link, "Ready")
                    .filter(c -> REFUSALS.contains(c.getReason()))
                    .isPresent());
  }

  private void offer(String image, Persona who, Acceptance answer) {
    tenant.createMember(
        AccessRequests.member(image, who),
        ImageMemberSpecBuilder.builder(ImageMemberSpec.offer(image, homes.get(who).namespace()))
            .acceptance(answer)
            .build());
    tenant.await(
        ImageMember.class,
        AccessRequests.member(image, who),
        that("observed", member -> condition(member, "Ready").isPresent()));
  }

  private static Map<String, String> expected(String column) {
    int index = List.of(EXPECTED.lines().findFirst().orElseThrow().split(" +")).indexOf(column);
    return lines().collect(Collectors.toMap(AccessTableTest::key, line -> line.split(" +")[index]));
  }

  private static List<String> rows() {
    return lines().map(AccessTableTest::key).toList();
  }

  private static Stream<String> lines() {
    return EXPECTED.lines().skip(1);
  }

  private static String key(String line) {
    String[] words = line.split(" +");
    return words[0] + " " + words[1];
  }

  private static String column(Map<String, String> requests) {
    return rows().stream()
        .map(row -> row + " " + requests.get(row))
        .collect(Collectors.joining("\n"));
  }

  private static String linkName(String row) {
    return "link-" + row.replace(' ', '-');
  }

  private static Persona who(String row) {
    return Persona.named(row.split(" ")[0]);
  }

  private static String image(String row) {
    return row.split(" ")[1];
  }

  private static String yes(boolean answer) {
    return answer ? "yes" : "no";
  }
}
