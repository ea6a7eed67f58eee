package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Catalogue entry of one Image with the visibility Public; all users may list it. The operator
 * creates the entry, and deletes it when the Image is no longer public. It has no status: its spec
 * is observed, not desired, state.
 */
@JsonClassDescription(
    "Catalogue entry of one public image. The operator creates and deletes it;"
        + " the Image itself is in the namespace that the entry names.")
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@ShortNames("pubimg")
@AdditionalPrinterColumn(
    name = "Namespace",
    jsonPath = ".spec.namespace",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Image",
    jsonPath = ".spec.name",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Format",
    jsonPath = ".spec.diskFormat",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Size",
    jsonPath = ".spec.summary.size",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "OS",
    jsonPath = ".spec.summary.os",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Digest",
    jsonPath = ".spec.digest",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
public final class PublicImage extends CustomResource<PublicImageSpec, Void> {

  private static final long serialVersionUID = 1L;

  @Required
  @Override
  public PublicImageSpec getSpec() {
    return super.getSpec();
  }
}
