package dev.darkroom.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.format.Qcow2Image;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.testing.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketExampleTest {

  private static final Path SOURCE =
      Path.of("src", "test", "java", "dev", "darkroom", "example", "BucketExample.java");
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");
  private static final byte[] DISK = Qcow2Image.v3(1 << 30).bytes();

  @TempDir private Path directory;

  @Test
  void storesReadsAndListsBlobsAndImportsAUrl() throws Exception {
    try (S3Server s3 = S3Server.inMemory();
        FaultyServer web = FaultyServer.start()) {
      web.on("/disk", exchange -> exchange.head(200, "Content-Length: " + DISK.length).body(DISK));

      String output = run(s3.endpoint().toString(), S3Server.BUCKET, web.url("/disk"), "127.0.0.1");

      assertThat(output.lines())
          .startsWith("Hello")
          .anyMatch(line -> line.startsWith("Stored["))
          .endsWith("example/greeting: 5 bytes", "example/imported: " + DISK.length + " bytes");
      assertThat(s3.objects()).contains("example/greeting/disk.json", "example/imported/disk.json");
    }
  }

  @Test
  void isTheCodeOfTheReadme() throws IOException {
    Matcher block = JAVA_BLOCK.matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).isTrue();

    assertThat(block.group(1)).startsWith("public static void main(");
    assertThat(Files.readString(SOURCE).replaceAll("(?m)^  ", "")).endsWith(block.group(1) + "}\n");
  }

  /** Runs the example as a program; its credentials are in its environment. */
  private String run(String... arguments) throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                BucketExample.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("AWS_ACCESS_KEY_ID", S3Server.CREDENTIALS.accessKeyId());
    builder.environment().put("AWS_SECRET_ACCESS_KEY", S3Server.CREDENTIALS.secretAccessKey());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the example ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
