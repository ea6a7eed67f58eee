package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Record of a disk image: what it is, where its bytes come from, and which stores must hold a copy.
 * The bytes never change once the image has bytes.
 */
@JsonClassDescription(
    "A disk image: what it is, where its bytes come from, and which stores must hold a"
        + " copy. The bytes never change once the image has bytes.")
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@ShortNames("img")
@AdditionalPrinterColumn(
    name = "Format",
    jsonPath = ".status.diskFormat",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Size",
    jsonPath = ".status.summary.size",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Virtual",
    jsonPath = ".status.summary.virtualSize",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Stores",
    jsonPath = ".status.summary.stores",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Visibility",
    jsonPath = ".spec.visibility",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type=='Ready')].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Progress",
    jsonPath = ".status.progress",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Digest",
    jsonPath = ".status.digest",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@ValidationRule(
    value = "self.metadata.name.size() <= 128",
    message = "metadata.name must be at most 128 characters long")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.digest)"
            + " || (has(self.spec.source) == has(oldSelf.spec.source)"
            + " && (!has(self.spec.source) || self.spec.source == oldSelf.spec.source))",
    message = "spec.source is immutable once the image has bytes")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.digest)"
            + " || (has(self.spec.checksum) == has(oldSelf.spec.checksum)"
            + " && (!has(self.spec.checksum) || self.spec.checksum == oldSelf.spec.checksum))",
    message = "spec.checksum is immutable once the image has bytes")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.digest)"
            + " || (has(self.spec.diskFormat) == has(oldSelf.spec.diskFormat)"
            + " && (!has(self.spec.diskFormat) || self.spec.diskFormat == oldSelf.spec.diskFormat))",
    message = "spec.diskFormat is immutable once the image has bytes")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.digest)"
            + " || (has(self.spec.checksumFrom) == has(oldSelf.spec.checksumFrom)"
            + " && (!has(self.spec.checksumFrom) || self.spec.checksumFrom == oldSelf.spec.checksumFrom))",
    message = "spec.checksumFrom is immutable once the image has bytes")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.digest)"
            + " || (has(self.spec.decompress) == has(oldSelf.spec.decompress)"
            + " && (!has(self.spec.decompress) || self.spec.decompress == oldSelf.spec.decompress))",
    message = "spec.decompress is immutable once the image has bytes")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.digest)"
            + " || (has(self.spec.convertTo) == has(oldSelf.spec.convertTo)"
            + " && (!has(self.spec.convertTo) || self.spec.convertTo == oldSelf.spec.convertTo))",
    message = "spec.convertTo is immutable once the image has bytes")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.digest)"
            + " || (has(self.status) && has(self.status.digest)"
            + " && self.status.digest == oldSelf.status.digest)",
    message = "status.digest is immutable once it is set")
public final class Image extends CustomResource<ImageSpec, ImageStatus> implements Namespaced {

  private static final long serialVersionUID = 1L;

  @Required
  @Override
  public ImageSpec getSpec() {
    return super.getSpec();
  }
}
