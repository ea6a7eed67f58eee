package dev.darkroom.e2e.dev;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.DiskFormatName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Creates the manifest of an Image from a URL.
 *
 * @param url the URL
 * @param checksum {@code algorithm:hex}
 * @param format the disk format to declare
 */
record ImageFromUrl(String url, Optional<String> checksum, Optional<DiskFormatName> format) {

  /** The maximum length of a label value, shorter than that of a name. */
  private static final int LONGEST_NAME = 63;

  private static final String ENDING =
      "\\.(img|raw|qcow2?|vmdk|vdi|vhdx?|iso|disk|gz|xz|bz2|zst|zip)$";

  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  /** The text of the manifest. */
  String manifest() {
    ObjectNode image = YAML.createObjectNode();
    image.put("apiVersion", ApiGroup.NAME + "/" + ApiGroup.VERSION).put("kind", "Image");
    image.putObject("metadata").put("name", name());
    ObjectNode spec = image.putObject("spec");
    spec.putObject("source").putObject("web").put("url", url);
    checksum.ifPresent(c -> spec.put("checksum", c));
    format.ifPresent(f -> spec.put("diskFormat", f.apiName()));
    try {
      return YAML.writeValueAsString(image);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A valid object name from the file name without its endings: {@code noble-server-cloudimg-amd64}
   * for {@code …/noble-server-cloudimg-amd64.img}.
   */
  String name() {
    String name = withoutEndings(lastSegment().toLowerCase(Locale.ROOT));
    name = name.replaceAll("[^a-z0-9.]+", "-").replaceAll("-*\\.[-.]*", ".");
    name = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    name = name.replaceAll("^[-.]+|[-.]+$", "");
    return name.isEmpty() ? "image" : name;
  }

  private static String withoutEndings(String name) {
    String shorter = name.replaceFirst(ENDING, "");
    return shorter.equals(name) ? name : withoutEndings(shorter);
  }

  private String lastSegment() {
    try {
      String path = Optional.ofNullable(new URI(url).getPath()).orElse("").replaceAll("/+$", "");
      return path.substring(path.lastIndexOf('/') + 1);
    } catch (URISyntaxException e) {
      throw new InputException("Not a URL: " + url, e);
    }
  }
}
