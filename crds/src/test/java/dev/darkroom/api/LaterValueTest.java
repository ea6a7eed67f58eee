package dev.darkroom.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enum values of a later release. */
class LaterValueTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void unknownValuesAreReadAsTheSafestValue() throws JsonProcessingException {
    ImageSpec spec =
        JSON.readValue(
            """
            {"visibility": "Galaxy", "reclaimPolicy": "Archive", "decompress": "Sometimes",
             "diskFormat": "qcow4", "convertTo": "vmdk5", "aFieldOfLater": {"a": 1}}
            """,
            ImageSpec.class);

    assertThat(spec.visibility()).isEqualTo(Visibility.PRIVATE);
    assertThat(spec.reclaimPolicy()).isEqualTo(ReclaimPolicy.RETAIN);
    assertThat(spec.decompress()).isEqualTo(Decompression.NEVER);
    assertThat(spec.diskFormat()).isEqualTo(DiskFormatName.UNKNOWN);
    assertThat(spec.convertTo()).isEqualTo(ConversionTarget.UNKNOWN);
  }

  @Test
  void aSelectorWithAnUnknownOperatorSelectsNothing() throws JsonProcessingException {
    SelectorRequirement requirement =
        JSON.readValue(
            "{\"key\": \"team\", \"operator\": \"Like\", \"values\": [\"a\"]}",
            SelectorRequirement.class);

    assertThat(requirement.isMetBy(Map.of("team", "a"))).isFalse();
    assertThat(requirement.isMetBy(Map.of())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Acceptance.class,
        ConversionTarget.class,
        CopyState.class,
        Decompression.class,
        DiskFormatName.class,
        EncryptionType.class,
        ImagePhase.class,
        ImportPhase.class,
        KeyHolder.class,
        ReclaimPolicy.class,
        SelectorOperator.class,
        UploadChecksum.class,
        Visibility.class
      })
  void everyEnumReadsUnknownValuesAndItsOwnValues(Class<? extends Enum<?>> type)
      throws JsonProcessingException {
    assertThat(JSON.readValue("\"OfALaterRelease\"", type)).isNotNull();
    for (Enum<?> constant : type.getEnumConstants()) {
      assertThat((Object) JSON.readValue(JSON.writeValueAsString(constant), type))
          .isEqualTo(constant);
    }
  }
}
