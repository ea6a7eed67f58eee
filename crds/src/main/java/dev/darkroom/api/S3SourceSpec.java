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
 * Bytes that are an object in S3.
 *
 * @param endpoint of a server that is not AWS; null for AWS
 * @param bucket the object's bucket
 * @param key the object's name
 * @param region as AWS names it
 * @param pathStyle whether the bucket's name goes into the path
 * @param credentialsRef what requests are signed with; null for none
 * @param caBundleRef who vouches for the endpoint
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record S3SourceSpec(
    @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription("The http or https URL of a server that is not AWS.")
        String endpoint,
    @Required
        @Size(min = 1, max = Patterns.MAX_BUCKET)
        @ValidationRule(value = Patterns.BUCKET_RULE, message = Patterns.BUCKET_MESSAGE)
        @JsonPropertyDescription("The bucket.")
        String bucket,
    @Required @Size(min = 1, max = 1024) @JsonPropertyDescription("The object's name.") String key,
    @Size(min = 1, max = 63)
        @JsonPropertyDescription("The region, as AWS names it. Absent: us-east-1.")
        String region,
    @Default("false")
        @JsonPropertyDescription(
            "Whether the bucket's name goes into the path of the URL, as most servers other than"
                + " AWS want it.")
        Boolean pathStyle,
    @JsonPropertyDescription(
            "A Secret in the same namespace with accessKeyId and secretAccessKey, and sessionToken"
                + " if there is one. Absent: requests are not signed; the operator's own identity"
                + " is never used.")
        SecretReference credentialsRef,
    @JsonPropertyDescription(
            "A ConfigMap in the same namespace with the authorities to trust instead of the usual"
                + " ones.")
        BundleReference caBundleRef) {

  /** Fills in what the schema's default says. */
  public S3SourceSpec {
    pathStyle = Objects.requireNonNullElse(pathStyle, false);
  }
}
