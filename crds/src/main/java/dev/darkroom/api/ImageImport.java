package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Imports bytes into an Image, with retries. Runs once, like a Job, and is then kept or expires.
 * Deleting an unfinished import cancels it and leaves no data behind.
 */
@JsonClassDescription(
    "Imports bytes into an Image, with retries. Runs once, like a Job."
        + " Deleting an unfinished import cancels it and leaves no data behind.")
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@ShortNames("imgimp")
@AdditionalPrinterColumn(
    name = "Image",
    jsonPath = ".spec.imageRef.name",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Phase",
    jsonPath = ".status.phase",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Progress",
    jsonPath = ".status.column",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Attempts",
    jsonPath = ".status.attempts",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type=='Ready')].message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
public final class ImageImport extends CustomResource<ImageImportSpec, ImageImportStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  @Required
  @Override
  public ImageImportSpec getSpec() {
    return super.getSpec();
  }
}
