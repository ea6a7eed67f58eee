package dev.darkroom.e2e.conformance;

import java.util.List;
import java.util.stream.Stream;

/** The list of all cases. */
final class Cases {

  private Cases() {}

  static List<Case> all() {
    return Stream.of(
            BodyCases.all(),
            PartCases.all(),
            AddressCases.all(),
            CredentialCases.all(),
            ChecksumCases.all(),
            PublishedCases.all(),
            ImageCases.all(),
            DeliveryCases.all(),
            StoreCases.all(),
            S3Cases.all(),
            ResumeCases.all(),
            KillCases.all(),
            ClockCases.all())
        .flatMap(List::stream)
        .toList();
  }
}
