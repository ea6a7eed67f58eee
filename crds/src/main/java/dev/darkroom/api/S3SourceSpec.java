package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Objects;

/**
 * An object in S3.
 *
 * @param endpoint URL of a server that is not AWS; null for AWS
 * @param bucket bucket of the object
 * @param key key of the object
 * @param region region, as AWS names it
 * @param pathStyle whether the bucket name is part of the path
 * @param credentialsRef credentials that sign requests; null for unsigned requests
 * @param caBundleRef CA certificates for the endpoint
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record S3SourceSpec(
    @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription(
            "URL (http or https) of the server. Required for servers other than AWS.")
        String endpoint,
    @Required
        @Size(min = 1, max = Patterns.MAX_BUCKET)
        @ValidationRule(value = Patterns.BUCKET_RULE, message = Patterns.BUCKET_MESSAGE)
        @JsonPropertyDescription("Name of the bucket.")
        String bucket,
    @Required @Size(min = 1, max = 1024) @JsonPropertyDescription("Key of the object.") String key,
    @Size(min = 1, max = 63)
        @JsonPropertyDescription("Region, as AWS names it. If unset: us-east-1.")
        String region,
    @Default("false")
        @JsonPropertyDescription(
            "If true, the name of the bucket is part of the URL path. Most servers other than"
                + " AWS need this.")
        Boolean pathStyle,
    @JsonPropertyDescription(
            "Secret in the same namespace with accessKeyId, secretAccessKey and, optionally,"
                + " sessionToken. If unset: requests are not signed. The identity of the"
                + " operator is never used.")
        SecretReference credentialsRef,
    @JsonPropertyDescription(
            "ConfigMap in the same namespace with CA certificates to trust instead of the"
                + " default ones.")
        BundleReference caBundleRef) {

  /** Applies the defaults of the schema. */
  public S3SourceSpec {
    pathStyle = Objects.requireNonNullElse(pathStyle, false);
  }
}
