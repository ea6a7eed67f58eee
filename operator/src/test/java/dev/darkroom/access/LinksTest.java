package dev.darkroom.access;

import static dev.darkroom.access.Given.image;
import static dev.darkroom.access.Given.link;
import static dev.darkroom.access.Given.thatHasShown;
import static dev.darkroom.access.Given.withBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStatusBuilder;
import dev.darkroom.api.Visibility;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinksTest {

  private final Map<String, Image> images = new HashMap<>();
  private final Links links =
      new Links(
          (namespace, name) -> Optional.ofNullable(images.get(namespace + "/" + name)),
          image -> Sharing.of(image, List.of()));

  private final Image root =
      there(withBytes(image("own", "fedora", s -> s.visibility(Visibility.COMMUNITY))));

  @Test
  void aLinkReachesItsRootOverAtMostOneOtherLink() {
    Image first = there(link("team", "first", "own", "fedora"));
    Image second = there(link("team", "second", "team", "first"));
    Image third = there(link("team", "third", "team", "second"));

    assertThat(links.follow(first)).isEqualTo(new Links.Resolution.Root(root));
    assertThat(links.follow(second)).isEqualTo(new Links.Resolution.Root(root));
    assertThat(why(third)).isEqualTo(Links.Obstacle.INVALID);
  }

  @Test
  void everyImageOnTheWayMustBeVisible() {
    there(withLinkVisibility(link("middle", "first", "own", "fedora"), Visibility.PRIVATE));
    Image second = there(link("team", "second", "middle", "first"));
    assertThat(why(second)).isEqualTo(Links.Obstacle.NOT_VISIBLE);

    there(withLinkVisibility(link("middle", "first", "own", "fedora"), Visibility.PUBLIC));
    assertThat(links.follow(second)).isEqualTo(new Links.Resolution.Root(root));

    root.setSpec(ImageSpecBuilder.builder().visibility(Visibility.PRIVATE).build());
    assertThat(why(second)).isEqualTo(Links.Obstacle.NOT_VISIBLE);
  }

  @Test
  void aReferenceBackIsInvalid() {
    assertThat(why(there(link("team", "self", "team", "self")))).isEqualTo(Links.Obstacle.INVALID);
    Image hen = there(link("team", "hen", "team", "egg"));
    Image egg = there(link("team", "egg", "team", "hen"));
    assertThat(why(hen)).isEqualTo(Links.Obstacle.INVALID);
    assertThat(why(egg)).isEqualTo(Links.Obstacle.INVALID);
    Image onto = there(link("team", "onto-itself", "team", "self"));
    assertThat(why(onto)).isEqualTo(Links.Obstacle.INVALID);
  }

  @Test
  void aLostVisibilityIsRevokedAndAnUnknownImageIsNotVisible() {
    Image link = there(link("team", "golden", "own", "fedora"));
    root.setSpec(ImageSpecBuilder.builder().visibility(Visibility.PRIVATE).build());
    assertThat(why(link)).isEqualTo(Links.Obstacle.NOT_VISIBLE);

    thatHasShown(root, link);
    assertThat(why(link)).isEqualTo(Links.Obstacle.REVOKED);

    root.getMetadata().setUid("a later one");
    assertThat(why(link)).isEqualTo(Links.Obstacle.NOT_VISIBLE);
    images.remove("own/fedora");
    assertThat(why(link)).isEqualTo(Links.Obstacle.NOT_VISIBLE);
  }

  @Test
  void anotherDigestIsAnObstacle() {
    Image link = thatHasShown(root, there(link("team", "golden", "own", "fedora")));
    root.setStatus(ImageStatusBuilder.builder(root.getStatus()).digest("sha256:other").build());
    assertThat(why(link)).isEqualTo(Links.Obstacle.DIGEST_CHANGED);

    withBytes(root).getMetadata().setUid("a later one");
    assertThat(links.follow(link)).isEqualTo(new Links.Resolution.Root(root));
  }

  @Test
  void anImageWithoutServedBytesIsAnObstacle() {
    Image link = there(link("team", "golden", "own", "fedora"));
    root.setSpec(ImageSpecBuilder.builder(root.getSpec()).deactivated(true).build());
    assertThat(why(link)).isEqualTo(Links.Obstacle.DEACTIVATED);
    root.setSpec(ImageSpecBuilder.builder(root.getSpec()).deactivated(false).build());
    root.setStatus(null);
    assertThat(why(link)).isEqualTo(Links.Obstacle.WITHOUT_BYTES);
  }

  @Test
  void aLinkWithStoresIsInvalid() {
    Image link = link("team", "golden", "own", "fedora");
    assertThat(Links.isLink(link)).isTrue();
    Image copy = link("team", "copy", "own", "fedora");
    copy.setSpec(ImageSpecBuilder.builder(copy.getSpec()).stores(List.of("main")).build());
    assertThat(Links.isLink(copy)).isFalse();

    thatHasShown(root, link)
        .setSpec(ImageSpecBuilder.builder(link.getSpec()).allStores(true).build());
    withBytes(copy).setSpec(ImageSpecBuilder.builder(copy.getSpec()).stores(List.of()).build());

    assertThat(Links.isLink(link)).isTrue();
    assertThat(why(link)).isEqualTo(Links.Obstacle.INVALID);
    assertThat(Links.isLink(copy)).isFalse();
  }

  private Links.Obstacle why(Image link) {
    return ((Links.Resolution.Obstructed) links.follow(link)).why();
  }

  private Image there(Image image) {
    images.put(image.getMetadata().getNamespace() + "/" + image.getMetadata().getName(), image);
    return image;
  }

  private static Image withLinkVisibility(Image link, Visibility visibility) {
    link.setSpec(ImageSpecBuilder.builder(link.getSpec()).visibility(visibility).build());
    return link;
  }
}
