package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.CREATED;
import static dev.darkroom.controller.Fixtures.NAMESPACE;
import static dev.darkroom.controller.Fixtures.SHA256;
import static dev.darkroom.controller.Fixtures.URL;
import static dev.darkroom.controller.Fixtures.createdAt;
import static dev.darkroom.controller.Fixtures.deletedAt;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.markedDefault;
import static dev.darkroom.controller.Fixtures.open;
import static dev.darkroom.controller.Fixtures.ownedBy;
import static dev.darkroom.controller.Fixtures.store;
import static dev.darkroom.controller.Fixtures.web;
import static dev.darkroom.controller.Fixtures.with;
import static dev.darkroom.controller.Fixtures.withBytes;
import static dev.darkroom.controller.Fixtures.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.access.Links;
import dev.darkroom.access.Sharing;
import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.ConversionTarget;
import dev.darkroom.api.CopySourceSpec;
import dev.darkroom.api.Decompression;
import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.KeyHolder;
import dev.darkroom.api.NamespaceSelector;
import dev.darkroom.api.PublicKeyReference;
import dev.darkroom.api.SignatureSpec;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.Fixtures;
import dev.darkroom.controller.MockCluster;
import dev.darkroom.controller.source.SourceFactory;
import dev.darkroom.controller.store.StoreAccess;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.ReferencedObjects;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.store.BlobKey;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportPlannerTest {

  private static final String SUMS_URL = "https://images.example/SHA256SUMS";
  private static final String MD5 = "md5:" + "0f".repeat(16);

  @TempDir private Path directory;
  private final WebClient client =
      new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed());
  private final MockCluster cluster = new MockCluster();
  private final StoreRegistry stores = new StoreRegistry();
  private final Map<ResourceID, Image> others = new HashMap<>();
  private final Map<String, Map<String, String>> labels = new HashMap<>();
  private final ImportPlanner planner =
      new ImportPlanner(
          new StoreAccess(stores, namespace -> labels.getOrDefault(namespace, Map.of())),
          new ImportSources(
              new SourceFactory(
                  client, AddressPolicy.defaults(), new ReferencedObjects(cluster.client())),
              stores,
              new Links(
                  (namespace, name) ->
                      Optional.ofNullable(others.get(new ResourceID(name, namespace))),
                  image -> Sharing.of(image, List.of()))));

  /** An Image without a source, and an import for it: it can start. */
  private final Image record = image("ubuntu", spec -> spec);

  private final ImageImport job = job("first", "ubuntu");

  @BeforeEach
  void aDefaultStoreIsOpen() throws IOException {
    stores.put(open(markedDefault(store("fast", directory("fast")))));
  }

  @AfterEach
  void close() throws IOException {
    stores.close();
    client.close();
    cluster.close();
  }

  @Test
  void anImportWithoutItsImageWaits() {
    Failure failure = held(planner.plan(job, Optional.empty(), Optional.empty()));

    assertThat(failure.reason()).isEqualTo(Reason.IMAGE_NOT_VISIBLE);
    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.WAIT);
    assertThat(failure.message()).contains("Image ubuntu");
  }

  @Test
  void anImageThatIsBeingDeletedIsNotVisible() {
    assertThat(held(plan(job, deletedAt(Instant.EPOCH, record))).reason())
        .isEqualTo(Reason.IMAGE_NOT_VISIBLE);
  }

  @Test
  void anImageWithBytesRefusesAnImport() {
    Failure failure = held(plan(job, withBytes(record, "fast")));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.TERMINAL);
    assertThat(failure.message()).contains("Image ubuntu");
  }

  @Test
  void anImageWithASourceAcceptsOnlyItsOwnImport() {
    Image image = image("ubuntu");

    assertHeld(plan(job, image), Reason.INVALID_SOURCE, "Image ubuntu", "spec.source");
    assertThat(plan(ownedBy(image, job), image)).isInstanceOf(ImportPlan.Go.class);
  }

  @Test
  void anImportWaitsForTheOneAheadOfIt() {
    ImageImport ahead = job("earlier", "ubuntu");

    Failure failure = held(planner.plan(job, Optional.of(record), Optional.of(ahead)));

    assertThat(failure.reason()).isEqualTo(Reason.IMPORT_IN_PROGRESS);
    assertThat(failure.message()).contains("ImageImport earlier");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "ftp://images.example/a", "https://", "no url", "https:a"})
  void anUnusableUrlIsTerminal(String url) {
    ImageImport bad = job("first", "ubuntu", spec -> spec.web(WebSourceSpec.of(url)));

    Failure failure = held(plan(bad, record));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message()).isNotBlank();
  }

  @Test
  void aMalformedChecksumIsRefused() {
    assertHeld(
        plan(job("first", "ubuntu", spec -> spec.checksum("sha256:ab")), record),
        Reason.INVALID_SOURCE,
        "sha256:ab");
    assertHeld(
        plan(job, image("ubuntu", spec -> spec.checksum("crc32:00"))),
        Reason.INVALID_SOURCE,
        "crc32:00");
  }

  @Test
  void differentChecksumsAreRefused() {
    Failure failure =
        held(
            plan(
                job("first", "ubuntu", spec -> spec.checksum(MD5)),
                image("ubuntu", spec -> spec.checksum(SHA256))));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message()).contains(MD5, SHA256);
  }

  @Test
  void theChecksumOfTheImportOrOfItsImageIsUsed() {
    ImageImport withChecksum = job("first", "ubuntu", spec -> spec.checksum(SHA256));
    Image imageWithChecksum =
        image("ubuntu", spec -> spec.checksum(SHA256.toUpperCase(Locale.ROOT)));

    assertThat(request(plan(job, record)).checksum()).isEmpty();
    assertThat(request(plan(withChecksum, record)).checksum()).isEqualTo(Checksum.parse(SHA256));
    assertThat(request(plan(job, imageWithChecksum)).checksum()).isEqualTo(Checksum.parse(SHA256));
    assertThat(request(plan(withChecksum, imageWithChecksum)).checksum())
        .isEqualTo(Checksum.parse(SHA256));
  }

  @Test
  void withoutADefaultStoreAnImageWithoutStoresWaits() {
    stores.remove("fast");

    assertHeld(plan(job, record), Reason.STORE_MISSING, "default", "spec.stores");
  }

  @Test
  void aMissingStoreIsNamed() {
    assertHeld(
        plan(job, image("ubuntu", spec -> spec.stores(List.of("fast", "cold")))),
        Reason.STORE_MISSING,
        "ImageStore cold");
  }

  @Test
  void theFailureOfAStoreIsReported() throws IOException {
    Failure full = Failure.of(Reason.STORE_FULL, "Store fast: no space left");
    StoreRegistry.Entry fast = stores.find("fast").orElseThrow();
    stores.put(new StoreRegistry.Entry(fast.definition(), fast.store(), Optional.of(full)));

    assertThat(held(plan(job, record))).isEqualTo(full);
  }

  @Test
  void anImportWaitsForAStoreThatIsBeingOpened() {
    stores.announce(store("cold", directory));

    assertThat(plan(job, image("ubuntu", spec -> spec.stores(List.of("fast", "cold")))))
        .isInstanceOf(ImportPlan.Later.class);
  }

  @Test
  void theRequestHasEveryFieldOfTheManifests() throws IOException {
    stores.put(open("cold", directory("cold")));
    Image image =
        image(
            "ubuntu",
            spec ->
                spec.source(web(URL))
                    .diskFormat(DiskFormatName.RAW)
                    .stores(List.of("cold", "fast"))
                    .displayName("Ubuntu"));

    TransferRequest request = request(plan(ownedBy(image, job), image));

    assertThat(request.source().describe()).isEqualTo(URL);
    assertThat(request.declaredFormat()).contains(DiskFormat.RAW);
    assertThat(request.targets()).extracting(Target::name).containsExactly("cold", "fast");
    assertThat(request.targets())
        .extracting(Target::key)
        .containsOnly(new BlobKey("lab/ubuntu-uid-of-ubuntu"));
    assertThat(request.targets())
        .extracting(Target::store)
        .containsExactly(
            stores.find("cold").flatMap(StoreRegistry.Entry::store).orElseThrow(),
            stores.find("fast").flatMap(StoreRegistry.Entry::store).orElseThrow());
    assertThat(request.attributes())
        .containsEntry("namespace", NAMESPACE)
        .containsEntry("name", "ubuntu")
        .containsEntry("uid", "uid-of-ubuntu")
        .containsOnlyKeys("namespace", "name", "uid", "import", "spec");
    assertThat(request.attributes().get("spec")).contains("\"displayName\":\"Ubuntu\"");
  }

  @Test
  void storesOfTheImportPrecedeStoresOfTheImageAndTheDefault() throws IOException {
    stores.put(open("cold", directory("cold")));
    Image cold = image("ubuntu", spec -> spec.stores(List.of("cold")));
    ImageImport fast = job("first", "ubuntu", spec -> spec.stores(List.of("fast")));

    assertThat(request(plan(job, record)).targets()).extracting(Target::name).containsOnly("fast");
    assertThat(request(plan(job, cold)).targets()).extracting(Target::name).containsOnly("cold");
    assertThat(request(plan(fast, cold)).targets()).extracting(Target::name).containsOnly("fast");
  }

  @Test
  void minAvailableStoresAreEnough() throws IOException {
    Image image =
        image(
            "ubuntu",
            spec -> spec.source(web(URL)).stores(List.of("fast", "cold")).minAvailable(1));
    ImageImport own = ImageImportFactory.of(image);
    own.getMetadata().setUid("own");

    TransferRequest request = request(plan(own, image));

    assertThat(request.targets()).extracting(Target::name).containsExactly("fast");
    assertThat(request.minCopies()).isEqualTo(1);
    assertHeld(plan(ownedBy(image, job), image), Reason.STORE_MISSING, "ImageStore cold");
  }

  @Test
  void aStoreMayRefuseANamespace() throws IOException {
    stores.put(
        open(
            with(
                store("cold", directory("cold")),
                spec -> spec.namespaces(new NamespaceSelector(Map.of("tier", "gold"), null)))));
    Image image = image("ubuntu", spec -> spec.stores(List.of("cold")));

    assertHeld(plan(job, image), Reason.STORE_NOT_ALLOWED, "ImageStore cold", "namespace lab");
  }

  @Test
  void aStoreSelectsNamespacesByLabels() throws IOException {
    labels.put("lab", Map.of("tier", "gold"));
    stores.put(
        open(
            with(
                store("cold", directory("cold")),
                spec -> spec.namespaces(new NamespaceSelector(Map.of("tier", "gold"), null)))));

    assertThat(plan(job, image("ubuntu", spec -> spec.stores(List.of("cold")))))
        .isInstanceOf(ImportPlan.Go.class);
  }

  @Test
  void aReadOnlyOrFullStoreIsRefused() throws IOException {
    stores.put(open(with(store("cold", directory("cold")), spec -> spec.readOnly(true))));
    stores.put(
        open(with(store("small", directory("small")), s -> s.capacity(new Quantity("1Gi")))));
    stores.room("small").count(1L << 30, Set.of(), Fixtures.CREATED);

    assertThat(held(plan(job, image("ubuntu", spec -> spec.stores(List.of("cold"))))).reason())
        .isEqualTo(Reason.STORE_READ_ONLY);
    assertHeld(
        plan(job, image("ubuntu", spec -> spec.stores(List.of("small")))),
        Reason.STORE_FULL,
        "ImageStore small",
        "use 1GiB",
        "capacity of 1Gi");
  }

  @Test
  void allStoresSelectsEveryAllowedStore() throws IOException {
    stores.put(open(with(store("locked", directory("locked")), spec -> spec.readOnly(true))));
    stores.put(open(createdAt(CREATED.plusSeconds(1), store("cold", directory("cold")))));

    assertThat(request(plan(job, image("ubuntu", spec -> spec.allStores(true)))).targets())
        .extracting(Target::name)
        .containsExactly("fast", "cold");
  }

  @Test
  void aCopyIsReadFromTheStoreWithTheHighestWeight() throws IOException {
    stores.put(open(with(store("heavy", directory("heavy")), spec -> spec.weight(5))));
    stores.put(open("cold", directory("cold")));
    Image image =
        withBytes(
            image("ubuntu", spec -> spec.stores(List.of("fast", "heavy", "cold"))),
            "fast",
            "heavy");

    TransferRequest request = request(plan(copyTo("cold"), image));

    assertThat(request.source().describe()).contains("heavy");
    assertThat(request.targets()).extracting(Target::name).containsExactly("cold");
    assertThat(request.expected().orElseThrow().sha256()).hasToString(SHA256);
  }

  @Test
  void existingCopiesAreNotMadeAgain() throws IOException {
    assertThat(plan(copyTo("fast"), withBytes(record, "fast"))).isInstanceOf(ImportPlan.Done.class);
  }

  @Test
  void aCopyInAnotherStoreThanRequestedIsRefused() {
    Image image = withBytes(image("ubuntu", spec -> spec.stores(List.of("fast"))), "fast");

    assertHeld(plan(copyTo("cold"), image), Reason.INVALID_SOURCE, "Image ubuntu", "store cold");
  }

  @Test
  void aCopyOfAnImageWithoutBytesWaits() {
    assertThat(held(plan(copyTo("fast"), record)).reason()).isEqualTo(Reason.IMPORT_IN_PROGRESS);
  }

  @Test
  void anImportWaitsForItsSourceImage() {
    ImageImport copy = job("first", "ubuntu", s -> s.web(null).image(ImageReference.of("golden")));
    assertHeld(plan(copy, record), Reason.IMAGE_NOT_VISIBLE, "Image golden");
    Image golden = image("golden");
    others.put(ResourceID.fromResource(golden), golden);
    assertHeld(plan(copy, record), Reason.IMAGE_NOT_READY, "Image lab/golden", "no bytes");
    withBytes(golden, "fast");
    assertHeld(plan(copy, record), Reason.IMAGE_NOT_READY, "Image lab/golden", "not Ready");

    withStatus(
        withBytes(golden, "fast"),
        status ->
            status.conditions(
                Conditions.after(List.of(), 1L, Clock.systemUTC()).ready("Available", "").list()));

    Facts facts = request(plan(copy, record)).expected().orElseThrow();
    assertThat(Optional.of(facts.sha256())).isEqualTo(Checksum.parse(SHA256));
    assertThat(facts.format()).isEqualTo(DiskFormat.QCOW2);
  }

  @Test
  void theRequestMustAgreeWithTheFactsOfTheSourceImage() {
    readyGolden();

    assertThat(held(plan(golden("sha256:" + "0".repeat(64)), record)).reason())
        .isEqualTo(Reason.CHECKSUM_MISMATCH);
    assertThat(held(plan(golden("sha512:" + "0".repeat(128)), record)).message())
        .contains("sha512", SHA256);
    assertThat(request(plan(golden(SHA256), record)).expected()).isPresent();
  }

  @Test
  void theTermsAreThoseOfTheImportOrOfItsImage() {
    ImageImport converted = job("first", "ubuntu", s -> s.convertTo(ConversionTarget.RAW));
    Image asItIs = image("ubuntu", s -> s.source(null).decompress(Decompression.NEVER));

    assertThat(request(plan(converted, record)).delivery())
        .isEqualTo(
            new DeliveryTerms(Optional.empty(), Decompress.AUTO, Optional.of(TargetFormat.RAW)));
    assertThat(request(plan(job, asItIs)).delivery().decompress()).isEqualTo(Decompress.NEVER);
    assertThat(request(plan(job, record)).delivery()).isEqualTo(DeliveryTerms.defaults());
  }

  @Test
  void differentTermsOfImportAndImageAreRefused() {
    ImageImport converted = job("first", "ubuntu", s -> s.convertTo(ConversionTarget.RAW));
    Image other = image("ubuntu", s -> s.source(null).convertTo(ConversionTarget.QCOW2));

    Failure failure = held(plan(converted, other));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message()).contains("convertTo");
  }

  @Test
  void theDefaultEntryOfAChecksumsFileIsTheFileName() {
    ImageImport unnamed = published(new ChecksumFromSpec(SUMS_URL, null, null));
    ImageImport named = published(new ChecksumFromSpec(SUMS_URL, "other.img", null));

    PublishedChecksum published =
        request(plan(unnamed, record)).delivery().published().orElseThrow();

    assertThat(published.entry()).isEqualTo("ubuntu.qcow2");
    assertThat(published.sums().describe()).isEqualTo(SUMS_URL);
    assertThat(published.signedBy()).isEmpty();
    assertThat(request(plan(named, record)).delivery().published().orElseThrow().entry())
        .isEqualTo("other.img");
  }

  @Test
  void aMissingPublicKeyIsWaitedFor() {
    Failure inSecret = held(plan(published(signedBy(KeyHolder.SECRET)), record));
    Failure inMap = held(plan(published(signedBy(KeyHolder.CONFIG_MAP)), record));

    assertThat(inSecret.reason()).isEqualTo(Reason.SECRET_MISSING);
    assertThat(inSecret.message()).contains("Secret publisher", "namespace lab");
    assertThat(inMap.reason()).isEqualTo(Reason.CONFIG_MAP_MISSING);
    assertThat(inMap.reason().recovery()).isEqualTo(Reason.Recovery.WAIT);
  }

  @Test
  void aMalformedPublicKeyIsTerminal() {
    publish("no key");

    Failure failure = held(plan(published(signedBy(KeyHolder.CONFIG_MAP)), record));

    assertThat(failure.reason()).isEqualTo(Reason.SIGNATURE_INVALID);
    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.TERMINAL);
    assertThat(failure.message()).startsWith("Entry key.pub of ConfigMap publisher");
  }

  @Test
  void aSignatureIsCheckedWithThePublishersKey() throws Exception {
    byte[] key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    publish(
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key)
            + "\n-----END PUBLIC KEY-----\n");

    PublishedChecksum.SignedBy signedBy =
        request(plan(published(signedBy(KeyHolder.CONFIG_MAP)), record))
            .delivery()
            .published()
            .flatMap(PublishedChecksum::signedBy)
            .orElseThrow();

    assertThat(signedBy.signature().orElseThrow().describe()).isEqualTo(SUMS_URL + ".sig");
  }

  @Test
  void aCopyOfAnImageIsNeverConverted() {
    readyGolden();
    ImageImport converted =
        job(
            "first",
            "ubuntu",
            s -> s.web(null).image(ImageReference.of("golden")).convertTo(ConversionTarget.RAW));

    Failure failure = held(plan(converted, record));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message()).contains("convertTo", "qcow2");
  }

  private static ImageImport published(ChecksumFromSpec from) {
    return job("first", "ubuntu", s -> s.checksumFrom(from));
  }

  private static ChecksumFromSpec signedBy(KeyHolder kind) {
    return new ChecksumFromSpec(
        SUMS_URL,
        null,
        new SignatureSpec(SUMS_URL + ".sig", new PublicKeyReference(kind, "publisher", "key.pub")));
  }

  private void publish(String key) {
    cluster
        .client()
        .configMaps()
        .inNamespace(NAMESPACE)
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("publisher")
                .endMetadata()
                .addToData("key.pub", key)
                .build())
        .create();
  }

  private void readyGolden() {
    Image golden =
        withStatus(
            withBytes(image("golden"), "fast"),
            status ->
                status.conditions(
                    Conditions.after(List.of(), 1L, Clock.systemUTC())
                        .ready("Available", "")
                        .list()));
    others.put(ResourceID.fromResource(golden), golden);
  }

  private static ImageImport golden(String checksum) {
    return job(
        "first", "ubuntu", s -> s.web(null).image(ImageReference.of("golden")).checksum(checksum));
  }

  private static ImageImport copyTo(String store) {
    return job(
        "copy", "ubuntu", spec -> spec.web(null).copy(new CopySourceSpec()).stores(List.of(store)));
  }

  private ImportPlan plan(ImageImport of, Image image) {
    return planner.plan(of, Optional.of(image), Optional.empty());
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  private static void assertHeld(ImportPlan plan, Reason reason, String... parts) {
    Failure failure = held(plan);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.message()).contains(parts);
  }

  private static Failure held(ImportPlan plan) {
    assertThat(plan).isInstanceOf(ImportPlan.Hold.class);
    return ((ImportPlan.Hold) plan).failure();
  }

  private static TransferRequest request(ImportPlan plan) {
    assertThat(plan).isInstanceOf(ImportPlan.Go.class);
    return ((ImportPlan.Go) plan).request();
  }
}
