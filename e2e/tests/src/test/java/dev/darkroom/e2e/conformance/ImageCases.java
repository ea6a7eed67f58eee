package dev.darkroom.e2e.conformance;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.format.BadImage;
import dev.darkroom.format.BadImages;
import dev.darkroom.format.Verdict;
import dev.darkroom.transfer.model.Reason;
import java.util.List;

/** Each unsafe image as a source. */
final class ImageCases {

  private ImageCases() {}

  static List<Case> all() {
    return BadImages.all().stream().map(ImageCases::of).toList();
  }

  private static Case of(BadImage image) {
    String declared =
        image.declared().map(format -> "declared as " + format.apiName()).orElse("undeclared");
    return new Case(
        Group.IMAGE,
        image.what(),
        "An image of " + image.bytes().length + " bytes, " + declared + ".",
        bed -> {
          bed.server().on("/disk", exchange -> exchange.head(200).body(image.bytes()));
          return bed.run(bed.importOf("/disk").declaredFormat(image.declared()));
        },
        Expectation.failed(reason(image.refusal())));
  }

  private static Reason reason(Class<? extends Verdict.Refused> refusal) {
    if (refusal == Verdict.Unsafe.class) {
      return Reason.UNSAFE_IMAGE;
    }
    if (refusal == Verdict.Mismatch.class) {
      return Reason.FORMAT_MISMATCH;
    }
    return refusal == Verdict.Truncated.class ? Reason.SIZE_MISMATCH : Reason.UNKNOWN_FORMAT;
  }
}
