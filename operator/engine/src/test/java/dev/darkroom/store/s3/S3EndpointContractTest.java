package dev.darkroom.store.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;

/**
 * The contract on a server that the environment names: {@code DARKROOM_TEST_S3_ENDPOINT} (such as
 * {@code https://s3.example.org}), {@code DARKROOM_TEST_S3_BUCKET} (an existing bucket), optionally
 * {@code DARKROOM_TEST_S3_REGION} and, for a server that accepts fewer than 10,000 parts, {@code
 * DARKROOM_TEST_S3_MAX_PARTS}. The SDK finds the keys, as in {@code AWS_ACCESS_KEY_ID} and {@code
 * AWS_SECRET_ACCESS_KEY}.
 */
class S3EndpointContractTest extends S3Contract {

  private static final String PREFIX = "DARKROOM_TEST_S3_";
  private static final Map<String, String> ENVIRONMENT = System.getenv();

  @BeforeAll
  static void requireEndpoint() {
    assumeTrue(
        value("ENDPOINT").isPresent() && value("BUCKET").isPresent(),
        "set " + PREFIX + "ENDPOINT and " + PREFIX + "BUCKET to test a server");
  }

  @Override
  S3StoreConfigBuilder server() {
    S3Access access =
        S3AccessBuilder.builder(S3Access.at(URI.create(value("ENDPOINT").orElseThrow())))
            .region(value("REGION"))
            .build();
    return S3StoreConfigBuilder.builder(S3StoreConfig.inBucket(value("BUCKET").orElseThrow()))
        .access(access)
        .maxParts(value("MAX_PARTS").map(Integer::parseInt).orElse(10_000))
        .partBytes(S3StoreConfig.MIN_PART_BYTES);
  }

  private static Optional<String> value(String name) {
    return Optional.ofNullable(ENVIRONMENT.get(PREFIX + name));
  }
}
