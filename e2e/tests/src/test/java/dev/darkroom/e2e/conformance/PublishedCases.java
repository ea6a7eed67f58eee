package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;
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

/** Checksums that a publisher keeps in a file, signed or not. */
final class PublishedCases {

  private static final byte[] SUMS = sums("disk.img", DISK);

  private PublishedCases() {}

  static List<Case> all() {
    return List.of(
        published(
            "published checksum",
            "The sums file beside the disk names it, with its checksum.",
            SUMS,
            Check.stored()),
        published(
            "published checksum of other bytes",
            "The sums file has the checksum of other bytes for the disk.",
            sums("disk.img", Bytes.inverted(DISK)),
            Check.failed(Reason.CHECKSUM_MISMATCH)),
        published(
            "no such entry",
            "The sums file names other files only.",
            sums("other.img", DISK),
            Check.failed(Reason.INVALID_SOURCE).and("nothing fetched", PublishedCases::untouched)),
        published(
            "a sums file that is none",
            "In the place of the sums file is a page for people.",
            "<!DOCTYPE html><html><body>Gone.</body></html>".getBytes(UTF_8),
            Check.failed(Reason.INVALID_SOURCE).and("nothing fetched", PublishedCases::untouched)),
        published(
            "an oversized sums file",
            "The sums file goes on for 8 MB.",
            new byte[8_000_000],
            Check.failed(Reason.INVALID_SOURCE)
                .saying("1048576")
                .and("nothing fetched", PublishedCases::untouched)),
        signed(
            "a good signature",
            "The sums file is signed by the publisher's key.",
            keys -> sign(keys, SUMS),
            Check.stored()
                .and(
                    "told who signed",
                    (world, outcome) ->
                        outcome instanceof Outcome.Stored stored
                                && stored.facts().signer().isPresent()
                            ? Optional.empty()
                            : Optional.of("it is not told who signed"))),
        signed(
            "a signature of something else",
            "The signature is the publisher's, but of another file.",
            keys -> sign(keys, DISK),
            Check.failed(Reason.SIGNATURE_INVALID)
                .and("nothing fetched", PublishedCases::untouched)),
        signed(
            "a signature by somebody else",
            "The sums file is signed by another key.",
            keys -> sign(keys(), SUMS),
            Check.failed(Reason.SIGNATURE_INVALID)
                .and("nothing fetched", PublishedCases::untouched)),
        signed(
            "a signature that is none",
            "In the place of the signature is a page for people.",
            keys -> "<!DOCTYPE html><html></html>".getBytes(UTF_8),
            Check.failed(Reason.SIGNATURE_INVALID)
                .and("nothing fetched", PublishedCases::untouched)));
  }

  /** Makes a signature. */
  @FunctionalInterface
  private interface Signing {
    byte[] by(KeyPair keys) throws GeneralSecurityException;
  }

  private static Case published(String name, String done, byte[] sums, Check expectation) {
    return new Case(
        Group.CHECKSUM, name, done, world -> bring(world, sums, Optional.empty()), expectation);
  }

  private static Case signed(String name, String done, Signing signing, Check expectation) {
    return new Case(
        Group.CHECKSUM,
        name,
        done,
        world -> {
          KeyPair keys = keys();
          byte[] signature = signing.by(keys);
          world.server().on("/sums.sig", exchange -> exchange.head(200).body(signature));
          Source source = new WebSource(world.server().url("/sums.sig"), world.client());
          return bring(world, SUMS, Optional.of(new SignedBy(key(keys), Optional.of(source))));
        },
        expectation);
  }

  private static Outcome bring(World world, byte[] sums, Optional<SignedBy> signedBy)
      throws Exception {
    world.server().on("/sums", exchange -> exchange.head(200).body(sums));
    world.server().on("/disk.img", exchange -> exchange.head(200).body(DISK));
    Source source = new WebSource(world.server().url("/sums"), world.client());
    return world.bring(
        world
            .importOf("/disk.img")
            .delivery(
                new DeliveryTerms(
                    Optional.of(
                        new PublishedChecksum(source, "disk.img", Optional.empty(), signedBy)),
                    Decompress.AUTO,
                    Optional.empty())));
  }

  private static Optional<String> untouched(World world, Outcome outcome) {
    return world.server().requests().stream()
            .anyMatch(request -> request.toString().contains("/disk.img"))
        ? Optional.of("the disk was asked for")
        : Optional.empty();
  }

  private static byte[] sums(String name, byte[] bytes) {
    return (World.checksum(bytes).hex() + "  " + name + "\n").getBytes(UTF_8);
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
