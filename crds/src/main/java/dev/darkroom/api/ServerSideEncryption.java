package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How an S3 server is asked to encrypt what it keeps.
 *
 * @param type whose keys
 * @param kmsKeyID which of the key management service's
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.kmsKeyID) || self.type == 'KMS'",
    message = "kmsKeyID is for type KMS")
public record ServerSideEncryption(
    @Required
        @JsonPropertyDescription(
            "Whose keys: AES256, the server's own, or KMS, those of a key management service.")
        EncryptionType type,
    @Size(min = 1, max = 2048)
        @JsonPropertyDescription(
            "Id or ARN of the key. Absent: the key management service's default for S3.")
        String kmsKeyID) {}
