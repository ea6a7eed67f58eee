package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** Offers one image to one other namespace. Created by the owner of the image. */
@JsonClassDescription("Offers one image to one other namespace.")
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@ShortNames("imgm")
@AdditionalPrinterColumn(
    name = "Image",
    jsonPath = ".spec.imageRef.name",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Member",
    jsonPath = ".spec.namespace",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Acceptance",
    jsonPath = ".spec.acceptance",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type=='Ready')].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type=='Ready')].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class ImageMember extends CustomResource<ImageMemberSpec, ImageMemberStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  @Required
  @Override
  public ImageMemberSpec getSpec() {
    return super.getSpec();
  }
}
