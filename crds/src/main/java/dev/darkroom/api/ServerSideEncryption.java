package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Encryption that an S3 server is asked for.
 *
 * @param type owner of the keys
 * @param kmsKeyID key of the key management service; null for its default key
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.kmsKeyID) || self.type == 'KMS'",
    message = "kmsKeyID can only be set for type KMS")
public record ServerSideEncryption(
    @Required
        @JsonPropertyDescription(
            "Owner of the keys. AES256: the S3 server. KMS: a key management service.")
        EncryptionType type,
    @Size(min = 1, max = 2048)
        @JsonPropertyDescription(
            "ID or ARN of the key. If unset: the default key of the key management service for"
                + " S3.")
        String kmsKeyID) {}
