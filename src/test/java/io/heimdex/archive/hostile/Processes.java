package io.heimdex.archive.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The processes of one program, whoever their parents are. */
public final class Processes {

    private static final Path PROC = Path.of("/proc");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private Processes() {}

    /** The numbers of those that run the program. */
    public static List<String> of(Path program) {
        try (Stream<Path> all = Files.list(PROC)) {
            return all.map(process -> process.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .filter(name -> runs(name, program))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the last of them to end, also of those that have left their parents. */
    public static void awaitNone(Path program) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(of(program)).isEmpty());
    }

    private static boolean runs(String process, Path program) {
        try {
            // In a sandbox it has another root.
            return Files.readSymbolicLink(PROC.resolve(process).resolve("exe"))
                    .endsWith(Path.of("/").relativize(program));
        } catch (IOException _) {
            return false;
        }
    }

    /** The most memory that it has had until now. */
    static long peakKilobytes(String process) {
        try {
            Matcher peak = PEAK.matcher(Files.readString(PROC.resolve(process).resolve("status")));
            return peak.find() ? Long.parseLong(peak.group(1)) : 0;
        } catch (IOException _) {
            return 0;
        }
    }
}
