package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.source.Source;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.sums.VerificationKey;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.PublishedChecksum.SignedBy;
import dev.darkroom.transfer.model.Reason;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Checksums in a file of the publisher, with or without a signature. */
final class PublishedCases {

  private static final byte[] SUMS = sums("disk.img", DISK);

  private PublishedCases() {}

  static List<Case> all() {
    return List.of(
        published(
            "published checksum",
            "The sums file has an entry for the disk with its checksum.",
            SUMS,
            Expectation.stored()),
        published(
            "wrong published checksum",
            "The sums file has another checksum for the disk.",
            sums("disk.img", TestBytes.inverted(DISK)),
            Expectation.failed(Reason.CHECKSUM_MISMATCH)),
        published(
            "missing entry",
            "The sums file has no entry for the disk.",
            sums("other.img", DISK),
            Expectation.failed(Reason.INVALID_SOURCE)
                .and("no request for the disk", PublishedCases::notRequested)),
        published(
            "HTML page as sums file",
            "The sums file is an HTML page.",
            "<!DOCTYPE html><html><body>Gone.</body></html>".getBytes(UTF_8),
            Expectation.failed(Reason.INVALID_SOURCE)
                .and("no request for the disk", PublishedCases::notRequested)),
        published(
            "oversized sums file",
            "The sums file has 8 MB.",
            new byte[8_000_000],
            Expectation.failed(Reason.INVALID_SOURCE)
                .messageContains("1048576")
                .and("no request for the disk", PublishedCases::notRequested)),
        signed(
            "valid signature",
            "The sums file is signed with the publisher's key.",
            keys -> sign(keys, SUMS),
            Expectation.stored()
                .and(
                    "signer reported",
                    (bed, outcome) ->
                        outcome instanceof Outcome.Stored stored
                                && stored.facts().signer().isPresent()
                            ? Optional.empty()
                            : Optional.of("the signer is not reported"))),
        signed(
            "signature of another file",
            "The signature is by the publisher's key, of another file.",
            keys -> sign(keys, DISK),
            Expectation.failed(Reason.SIGNATURE_INVALID)
                .and("no request for the disk", PublishedCases::notRequested)),
        signed(
            "signature by another key",
            "The sums file is signed with another key.",
            keys -> sign(keys(), SUMS),
            Expectation.failed(Reason.SIGNATURE_INVALID)
                .and("no request for the disk", PublishedCases::notRequested)),
        signed(
            "HTML page as signature",
            "The signature is an HTML page.",
            keys -> "<!DOCTYPE html><html></html>".getBytes(UTF_8),
            Expectation.failed(Reason.SIGNATURE_INVALID)
                .and("no request for the disk", PublishedCases::notRequested)));
  }

  /** Creates a signature. */
  @FunctionalInterface
  private interface Signing {
    byte[] by(KeyPair keys) throws GeneralSecurityException;
  }

  private static Case published(String name, String done, byte[] sums, Expectation expectation) {
    return new Case(
        Group.CHECKSUM, name, done, bed -> run(bed, sums, Optional.empty()), expectation);
  }

  private static Case signed(String name, String done, Signing signing, Expectation expectation) {
    return new Case(
        Group.CHECKSUM,
        name,
        done,
        bed -> {
          KeyPair keys = keys();
          byte[] signature = signing.by(keys);
          bed.server().on("/sums.sig", exchange -> exchange.head(200).body(signature));
          Source source = new WebSource(bed.server().url("/sums.sig"), bed.client());
          return run(bed, SUMS, Optional.of(new SignedBy(key(keys), Optional.of(source))));
        },
        expectation);
  }

  private static Outcome run(TestBed bed, byte[] sums, Optional<SignedBy> signedBy)
      throws Exception {
    bed.server().on("/sums", exchange -> exchange.head(200).body(sums));
    bed.server().on("/disk.img", exchange -> exchange.head(200).body(DISK));
    Source source = new WebSource(bed.server().url("/sums"), bed.client());
    return bed.run(
        bed.importOf("/disk.img")
            .delivery(
                new DeliveryTerms(
                    Optional.of(
                        new PublishedChecksum(source, "disk.img", Optional.empty(), signedBy)),
                    Decompress.AUTO,
                    Optional.empty())));
  }

  private static Optional<String> notRequested(TestBed bed, Outcome outcome) {
    return bed.server().requests().stream()
            .anyMatch(request -> request.toString().contains("/disk.img"))
        ? Optional.of("the disk was requested")
        : Optional.empty();
  }

  private static byte[] sums(String name, byte[] bytes) {
    return (TestBed.checksum(bytes).hex() + "  " + name + "\n").getBytes(UTF_8);
  }

  private static KeyPair keys() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static VerificationKey key(KeyPair keys) throws Exception {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    return VerificationKey.parse(pem.getBytes(UTF_8));
  }

  private static byte[] sign(KeyPair keys, byte[] bytes) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(bytes);
    return Base64.getEncoder().encode(signature.sign());
  }
}
