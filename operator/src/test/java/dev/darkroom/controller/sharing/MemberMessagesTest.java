package dev.darkroom.controller.sharing;

import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpecBuilder;
import dev.darkroom.api.ImageMemberStatus;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.controller.MessageTable;
import dev.darkroom.controller.TestClock;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The condition messages of an ImageMember, in {@code messages/imagemember.txt}. */
class MemberMessagesTest {

  private final MessageTable table = new MessageTable();

  @Test
  void theMessagesAreThoseOfTheTable() throws IOException {
    add("the offer has no answer", MemberStatusCalculator::offered);
    add("accepted", MemberStatusCalculator::accepted);
    add("rejected", MemberStatusCalculator::rejected);
    add(
        "an obstacle that a change may remove",
        s -> s.held(Failure.of(Reason.IMAGE_NOT_VISIBLE, "There is no Image ubuntu.")));

    table.check("imagemember");
  }

  private void add(String example, Function<MemberStatusCalculator, ImageMemberStatus> step) {
    ImageMember member = new ImageMember();
    member.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("lab")
            .withName("ubuntu-team")
            .withUid("uid")
            .withGeneration(1L)
            .build());
    member.setSpec(
        ImageMemberSpecBuilder.builder()
            .imageRef(new ObjectReference("ubuntu"))
            .namespace("team")
            .build());
    MemberStatusCalculator next =
        new MemberStatusCalculator(member, Optional.empty(), new TestClock("2026-11-22T10:00:00Z"));
    table.add(example, step.apply(next).conditions());
  }
}
