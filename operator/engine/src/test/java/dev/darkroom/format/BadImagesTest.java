package dev.darkroom.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadImagesTest {

  static Stream<BadImage> all() {
    return BadImages.all().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachIsRefusedAsItSays(BadImage image) {
    Inspector inspector = Inspector.of(image.declared());
    inspector.update(ByteBuffer.wrap(image.bytes()));

    assertThat(inspector.finish(image.bytes().length))
        .as(image.what())
        .isInstanceOf(image.refusal());
  }

  @Test
  void eachHasANameOfItsOwn() {
    List<String> names = BadImages.all().stream().map(BadImage::what).toList();

    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(40);
  }
}
