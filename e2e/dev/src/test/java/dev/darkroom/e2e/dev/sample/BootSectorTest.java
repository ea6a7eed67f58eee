package dev.darkroom.e2e.dev.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BootSectorTest {

  @Test
  void refusesALineThatWouldReachIntoThePartitionTable() {
    assertThatThrownBy(() -> BootSector.saying("x".repeat(400), 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void resolvesJumpsForwardsAndBackwardsAndAddressesFromTheOrigin() {
    byte[] code =
        new RealModeCode(0x7C00)
            .label("start")
            .jump(0xEB, "end")
            .withAddress(0xBE, "end")
            .jump(0xEB, "start")
            .label("end")
            .op(0xF4)
            .assemble();

    assertThat(HexFormat.of().formatHex(code)).isEqualTo("eb05" + "be077c" + "ebf9" + "f4");
  }

  @Test
  void refusesAShortJumpThatIsNotShort() {
    RealModeCode code =
        new RealModeCode(0).label("start").text("x".repeat(127)).jump(0xEB, "start");

    assertThatThrownBy(code::assemble).hasMessageContaining("too far");
  }
}
