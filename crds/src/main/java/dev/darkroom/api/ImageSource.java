package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Where an image's bytes come from: exactly one of its components is there.
 *
 * @param web a web server
 */
@ValidationRule(
    value = "[has(self.web)].filter(x, x).size() == 1",
    message = "exactly one source must be given: web")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageSource(
    @JsonPropertyDescription("A web server offers the bytes.") WebSourceSpec web) {}
