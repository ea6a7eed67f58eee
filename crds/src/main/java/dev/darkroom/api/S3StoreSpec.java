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
 * A bucket, or a part of one.
 *
 * @param bucket which exists already
 * @param prefix what the names of all objects begin with, as a directory
 * @param region as AWS names it
 * @param endpoint of a server that is not AWS; null for AWS
 * @param pathStyle whether the bucket's name goes into the path
 * @param credentialsRef what requests are signed with; null for the pod's own identity
 * @param caBundleRef who vouches for the endpoint
 * @param serverSideEncryption how the server is asked to encrypt; null as the bucket is set up
 * @param partSize of uploads in parts
 * @param maxParts how many parts the server takes
 * @param uploadChecksum how the server checks what arrives
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(value = StructuralSchema.class, input = "partSize=quantity maxParts=int32")
public record S3StoreSpec(
    @Required
        @Size(min = 1, max = Patterns.MAX_BUCKET)
        @ValidationRule(value = Patterns.BUCKET_RULE, message = Patterns.BUCKET_MESSAGE)
        @JsonPropertyDescription("The bucket. It exists already: the operator never makes one.")
        String bucket,
    @Size(min = 1, max = Patterns.MAX_TEXT)
        @ValidationRule(value = Patterns.PREFIX_RULE, message = Patterns.PREFIX_MESSAGE)
        @JsonPropertyDescription(
            "What the names of all objects begin with, as a directory: images/eu. Absent: the whole"
                + " bucket is the store's.")
        String prefix,
    @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "The region, as AWS names it. Absent: what the operator's environment says, or"
                + " us-east-1 where there is an endpoint.")
        String region,
    @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription("The http or https URL of a server that is not AWS.")
        String endpoint,
    @Default("false")
        @JsonPropertyDescription(
            "Whether the bucket's name goes into the path of the URL, as most servers other than"
                + " AWS want it.")
        Boolean pathStyle,
    @JsonPropertyDescription(
            "A Secret in the operator's namespace with accessKeyId and secretAccessKey, and"
                + " sessionToken if there is one. It may be rotated at any time. Absent: the"
                + " operator's own identity.")
        SecretReference credentialsRef,
    @JsonPropertyDescription(
            "A ConfigMap in the operator's namespace with the authorities to trust instead of the"
                + " usual ones.")
        BundleReference caBundleRef,
    @JsonPropertyDescription(
            "How the server is asked to encrypt what it keeps. Absent: as the bucket is set up.")
        ServerSideEncryption serverSideEncryption,
    @ValidationRule(
            value = "quantity(string(self)).compareTo(quantity('5Mi')) >= 0",
            message = "must be at least 5Mi")
        @ValidationRule(
            value = "quantity(string(self)).compareTo(quantity('1Gi')) <= 0",
            message = "must be at most 1Gi")
        @JsonPropertyDescription(
            "Size of the first parts of an upload, from 5Mi to 1Gi; later parts grow as the image"
                + " does. Absent: 16Mi.")
        Quantity partSize,
    @Min(100)
        @Max(10_000)
        @JsonPropertyDescription(
            "How many parts the server takes: 10000 on AWS and Ceph, 1000 on some others. Absent:"
                + " 10000.")
        Integer maxParts,
    @JsonPropertyDescription(
            "How the server checks that bytes arrived as they were sent. ContentMD5 works with every"
                + " server, CRC32 takes less time. Absent: ContentMD5.")
        UploadChecksum uploadChecksum) {

  /** Fills in what the schema's default says. */
  public S3StoreSpec {
    pathStyle = Objects.requireNonNullElse(pathStyle, false);
  }
}
