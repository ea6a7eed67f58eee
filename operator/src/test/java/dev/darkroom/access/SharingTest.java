package dev.darkroom.access;

import static dev.darkroom.access.Given.image;
import static dev.darkroom.access.Given.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.MemberCounts;
import dev.darkroom.api.Visibility;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharingTest {

  @ParameterizedTest
  @CsvSource({
    "PRIVATE,   own, OWN",
    "PRIVATE,   pending, NONE",
    "PRIVATE,   accepted, NONE",
    "PRIVATE,   rejected, NONE",
    "PRIVATE,   stranger, NONE",
    "SHARED,    own, OWN",
    "SHARED,    pending, MEMBER",
    "SHARED,    accepted, MEMBER",
    "SHARED,    rejected, NONE",
    "SHARED,    stranger, NONE",
    "COMMUNITY, own, OWN",
    "COMMUNITY, rejected, COMMUNITY",
    "COMMUNITY, stranger, COMMUNITY",
    "PUBLIC,    own, OWN",
    "PUBLIC,    rejected, PUBLIC",
    "PUBLIC,    stranger, PUBLIC",
  })
  void visibilityAndMembersDecideAccess(
      Visibility visibility, String namespace, VisibilityDecision expected) {
    Image image = image("own", "fedora", spec -> spec.visibility(visibility));
    Sharing sharing =
        Sharing.of(
            image,
            List.of(
                member("a", image, "pending", Acceptance.PENDING),
                member("b", image, "accepted", Acceptance.ACCEPTED),
                member("c", image, "rejected", Acceptance.REJECTED)));

    assertThat(sharing.by(namespace)).isEqualTo(expected);
    assertThat(sharing.counts()).isEqualTo(new MemberCounts(1, 1, 1));
  }

  @Test
  void membersOfOtherOrEarlierImagesDoNotCount() {
    Image image = image("own", "fedora", spec -> spec.visibility(Visibility.SHARED));
    Image debian = image("own", "debian", spec -> spec);
    Image elsewhere = image("elsewhere", "fedora", spec -> spec);
    ImageMember earlier = member("a", image, "team", Acceptance.ACCEPTED);
    earlier
        .getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withKind(image.getKind())
                    .withName("fedora")
                    .withUid("another")
                    .build()));
    ImageMember going = member("b", image, "team", Acceptance.ACCEPTED);
    going.getMetadata().setDeletionTimestamp("2026-11-02T08:00:00Z");

    Sharing sharing =
        Sharing.of(
            image,
            List.of(
                earlier,
                going,
                member("c", debian, "team", Acceptance.ACCEPTED),
                member("d", elsewhere, "team", Acceptance.ACCEPTED)));

    assertThat(sharing.members()).isEmpty();
    assertThat(sharing.by("team")).isEqualTo(VisibilityDecision.NONE);
    assertThat(Audience.of(sharing, 0).reach()).isEqualTo(Audience.Reach.INSIDE);
  }

  @Test
  void theOldestMembersCount() {
    Image image = image("own", "fedora", spec -> spec.visibility(Visibility.SHARED));
    List<ImageMember> all = new ArrayList<>();
    IntStream.range(0, Sharing.MAX_MEMBERS)
        .forEach(i -> all.add(member("z" + i, image, "team" + i, Acceptance.PENDING)));
    ImageMember young = member("a", image, "young", Acceptance.PENDING);
    young.getMetadata().setCreationTimestamp("2026-11-01T08:00:01Z");
    all.add(0, young);

    Sharing sharing = Sharing.of(image, all);

    assertThat(sharing.members()).hasSize(Sharing.MAX_MEMBERS);
    assertThat(sharing.leavesOut(young)).isTrue();
    assertThat(sharing.leavesOut(all.get(1))).isFalse();
    assertThat(sharing.by("young")).isEqualTo(VisibilityDecision.NONE);
    assertThat(Audience.of(sharing, 0).who()).endsWith("and 118 more may see it.");
  }
}
