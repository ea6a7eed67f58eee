package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Objects;

/**
 * A store in a bucket, or in a part of a bucket.
 *
 * @param bucket an existing bucket
 * @param prefix prefix of the names of all objects, used as a directory
 * @param region region, as AWS names it
 * @param endpoint URL of a server that is not AWS; null for AWS
 * @param pathStyle whether the bucket name is part of the path
 * @param credentialsRef credentials that sign requests; null for the pod's own identity
 * @param caBundleRef CA certificates for the endpoint
 * @param serverSideEncryption encryption to request; null for the bucket's own configuration
 * @param partSize size of the first parts of a multipart upload
 * @param maxParts maximum number of parts that the server accepts
 * @param uploadChecksum how the server verifies uploaded bytes
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(value = StructuralSchema.class, input = "partSize=quantity maxParts=int32")
public record S3StoreSpec(
    @Required
        @Size(min = 1, max = Patterns.MAX_BUCKET)
        @ValidationRule(value = Patterns.BUCKET_RULE, message = Patterns.BUCKET_MESSAGE)
        @JsonPropertyDescription("Name of an existing bucket. The operator never creates a bucket.")
        String bucket,
    @Size(min = 1, max = Patterns.MAX_TEXT)
        @ValidationRule(value = Patterns.PREFIX_RULE, message = Patterns.PREFIX_MESSAGE)
        @JsonPropertyDescription(
            "Prefix of the names of all objects, used as a directory, for example images/eu. If"
                + " unset: the store uses the whole bucket.")
        String prefix,
    @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Region, as AWS names it. If unset: the region in the environment of the operator,"
                + " or us-east-1 if an endpoint is set.")
        String region,
    @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription(
            "URL (http or https) of the server. Required for servers other than AWS.")
        String endpoint,
    @Default("false")
        @JsonPropertyDescription(
            "If true, the name of the bucket is part of the URL path. Most servers other than"
                + " AWS need this.")
        Boolean pathStyle,
    @JsonPropertyDescription(
            "Secret in the operator's namespace with accessKeyId, secretAccessKey and,"
                + " optionally, sessionToken. It can be rotated at any time. If unset: the"
                + " operator's own identity.")
        SecretReference credentialsRef,
    @JsonPropertyDescription(
            "ConfigMap in the operator's namespace with CA certificates to trust instead of the"
                + " default ones.")
        BundleReference caBundleRef,
    @JsonPropertyDescription(
            "Server-side encryption to request. If unset: the bucket's own configuration applies.")
        ServerSideEncryption serverSideEncryption,
    @ValidationRule(
            value = "quantity(string(self)).compareTo(quantity('5Mi')) >= 0",
            message = "must be at least 5Mi")
        @ValidationRule(
            value = "quantity(string(self)).compareTo(quantity('1Gi')) <= 0",
            message = "must be at most 1Gi")
        @JsonPropertyDescription(
            "Size of the first parts of a multipart upload, from 5Mi to 1Gi. Later parts grow"
                + " with the size of the image. If unset: 16Mi.")
        Quantity partSize,
    @Min(100)
        @Max(10_000)
        @JsonPropertyDescription(
            "Maximum number of parts that the server accepts: 10000 on AWS and Ceph, 1000 on"
                + " some other servers. If unset: 10000.")
        Integer maxParts,
    @JsonPropertyDescription(
            "Checksum by which the server verifies uploaded bytes. ContentMD5 works with every"
                + " server; CRC32 takes less time. If unset: ContentMD5.")
        UploadChecksum uploadChecksum) {

  /** Applies the defaults of the schema. */
  public S3StoreSpec {
    pathStyle = Objects.requireNonNullElse(pathStyle, false);
  }
}
