package dev.darkroom.controller;

import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.WebClient;
import dev.darkroom.source.WebSource;

/**
 * Makes sources from what manifests say and what is in the Secrets and ConfigMaps that they name.
 * What is in these goes into the source and nowhere else.
 */
final class SourceDrivers implements Workplace.Sources {

  private final WebClient web;

  SourceDrivers(WebClient web) {
    this.web = web;
  }

  @Override
  public Source open(ImageImportSpec spec, String namespace) throws SourceException, HeldException {
    return new WebSource(spec.web().url(), web);
  }
}
