package dev.darkroom.access;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.MemberCounts;
import dev.darkroom.api.Visibility;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An image with its members.
 *
 * @param members the members that count, the oldest first: at most {@link #MAX_MEMBERS}
 */
public record Sharing(Image image, List<ImageMember> members) {

  /** The most members of an image; younger members beyond it do not count. */
  public static final int MAX_MEMBERS = 128;

  /** Copies the members. */
  public Sharing {
    members = List.copyOf(members);
  }

  /**
   * An image with its own members of some candidates.
   *
   * @param candidates ImageMembers of any images
   */
  public static Sharing of(Image image, Collection<ImageMember> candidates) {
    return new Sharing(
        image,
        candidates.stream()
            .filter(member -> isOf(member, image))
            .sorted(
                Comparator.comparing((ImageMember m) -> m.getMetadata().getCreationTimestamp())
                    .thenComparing(m -> m.getMetadata().getName()))
            .limit(MAX_MEMBERS)
            .toList());
  }

  /**
   * Whether a member belongs to this image: it names the image, is not being deleted, and is not
   * owned by an earlier image of the same name.
   */
  public static boolean isOf(ImageMember member, Image image) {
    return member.getMetadata().getNamespace().equals(image.getMetadata().getNamespace())
        && member.getSpec().imageRef().name().equals(image.getMetadata().getName())
        && member.getMetadata().getDeletionTimestamp() == null
        && member.getMetadata().getOwnerReferences().stream()
            .filter(owner -> owner.getKind().equals(image.getKind()))
            .allMatch(owner -> owner.getUid().equals(image.getMetadata().getUid()));
  }

  /** Whether a member of the image does not count, because {@link #MAX_MEMBERS} are older. */
  public boolean leavesOut(ImageMember member) {
    return members.stream()
        .noneMatch(m -> m.getMetadata().getUid().equals(member.getMetadata().getUid()));
  }

  /**
   * Decides whether a namespace may use the image: read its record, link to it, and copy its bytes.
   * No other code decides this.
   */
  public VisibilityDecision by(String namespace) {
    if (image.getMetadata().getNamespace().equals(namespace)) {
      return VisibilityDecision.OWN;
    }
    return switch (image.getSpec().visibility()) {
      case PRIVATE -> VisibilityDecision.NONE;
      case SHARED -> isMember(namespace) ? VisibilityDecision.MEMBER : VisibilityDecision.NONE;
      case COMMUNITY -> VisibilityDecision.COMMUNITY;
      case PUBLIC -> VisibilityDecision.PUBLIC;
    };
  }

  private boolean isMember(String namespace) {
    return members.stream()
        .map(ImageMember::getSpec)
        .anyMatch(m -> m.namespace().equals(namespace) && m.acceptance() != Acceptance.REJECTED);
  }

  /**
   * The namespaces that may read the image by its name as members, whatever their answer; empty
   * unless the image is shared.
   */
  public Set<String> offeredTo() {
    Set<String> namespaces = new LinkedHashSet<>();
    if (image.getSpec().visibility() == Visibility.SHARED) {
      members.forEach(member -> namespaces.add(member.getSpec().namespace()));
    }
    return namespaces;
  }

  /** The number of members by answer. */
  public MemberCounts counts() {
    return new MemberCounts(
        count(Acceptance.PENDING), count(Acceptance.ACCEPTED), count(Acceptance.REJECTED));
  }

  private int count(Acceptance answer) {
    return (int) members.stream().filter(m -> m.getSpec().acceptance() == answer).count();
  }
}
