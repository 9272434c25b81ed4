import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The client's side of bench/bulk.sh. */
final class Bulk {

    private static final List<String> FORMATS =
            List.of(
                    "h264-aac.mp4",
                    "chapters-subtitles.mkv",
                    "vp9-opus.webm",
                    "prores-timecode.mov",
                    "tone-with-cover.mp3",
                    "tone.flac",
                    "tone-mono-8khz.wav",
                    "test-pattern.jpg");
    private static final int ROUNDS = Integer.parseInt(System.getenv().getOrDefault("ROUNDS", "3"));

    private final Service service;

    private Bulk(Service service) {
        this.service = service;
    }

    /** An ffprobe that xargs runs; a slow one gets a part of the files. */
    private record Rival(String name, String ffprobe, String libraries, int part) {}

    /** make FOLDER COUNT, or measure URL FOLDER COUNT BUNDLED INSTALLED DISTRO; the first and the last may be empty. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "make" -> make(Path.of(args[1]), Integer.parseInt(args[2]));
            case "measure" -> {
                List<Rival> rivals = new ArrayList<>();
                if (!args[4].isEmpty()) {
                    rivals.add(new Rival("bundled", args[4], Path.of(args[4]).getParent().toString(), 1));
                }
                rivals.add(new Rival("installed", args[5], Path.of(args[5]).getParent().toString(), 1));
                if (!args[6].isEmpty()) {
                    rivals.add(new Rival("distro", args[6], "", 5));
                }
                new Bulk(new Service(args[1], "bench")).measure(Path.of(args[2]), Integer.parseInt(args[3]), rivals);
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Copies of the samples that differ in their last bytes, in folders of a hundred. */
    private static void make(Path folder, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String format = FORMATS.get(i % FORMATS.size());
            Path to = Files.createDirectories(folder.resolve("%03d".formatted(i / 100)));
            Path file = to.resolve("%06d-%s".formatted(i, format));
            Files.copy(Path.of("samples", format), file);
            Files.write(
                    file,
                    "%08d".formatted(i).getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.APPEND);
        }
    }

    private void measure(Path folder, int count, List<Rival> rivals)
            throws IOException, InterruptedException {
        double scan = service.perSecond("{\"type\":\"scan\"}", count);
        System.out.printf(Locale.ROOT, "scan, hashing included: %.1f files/s%n", scan);
        List<Double> ours = new ArrayList<>();
        Map<String, List<Double>> theirs = new LinkedHashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            ours.add(service.perSecond("{\"type\":\"reprobe\",\"select\":{\"which\":\"all\"}}", count));
            System.out.printf(Locale.ROOT, "round %d: ours %.1f/s", round, ours.getLast());
            for (Rival rival : rivals) {
                double each = xargs(folder, count / rival.part(), rival.ffprobe(), rival.libraries());
                theirs.computeIfAbsent(rival.name(), _ -> new ArrayList<>()).add(each);
                System.out.printf(Locale.ROOT, ", %s by xargs %.1f/s", rival.name(), each);
            }
            System.out.println();
        }
        StringBuilder line = new StringBuilder();
        line.append("bulk: files=%d ours_per_s=%.1f".formatted(count, Service.median(ours)));
        theirs.forEach((name, each) -> line.append(" %s_xargs_per_s=%.1f".formatted(name, Service.median(each))));
        theirs.forEach((name, each) -> line.append(" ratio_%s=%.2f".formatted(name, Service.median(ours) / Service.median(each))));
        line.append(" scan_per_s=%.1f".formatted(scan));
        System.out.println(line);
    }

    /** What one would do in a shell: a process for each file, as many at once as there are cores. */
    private static double xargs(Path folder, int count, String ffprobe, String libraries)
            throws IOException, InterruptedException {
        Path list = Files.createTempFile("bulk", ".list");
        try (Stream<Path> files = Files.walk(folder)) {
            StringBuilder names = new StringBuilder();
            files.filter(Files::isRegularFile)
                    .sorted()
                    .limit(count)
                    .forEach(file -> names.append(file).append('\0'));
            Files.writeString(list, names);
        }
        ProcessBuilder xargs =
                new ProcessBuilder(
                        "xargs",
                        "-0",
                        "-P" + Runtime.getRuntime().availableProcessors(),
                        "-n1",
                        ffprobe,
                        "-v",
                        "error",
                        "-print_format",
                        "json",
                        "-show_format",
                        "-show_streams");
        xargs.redirectInput(list.toFile())
                .redirectOutput(Path.of("/dev/null").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        if (!libraries.isEmpty()) {
            xargs.environment().put("LD_LIBRARY_PATH", libraries);
        }
        long start = System.nanoTime();
        int exit = xargs.start().waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        Files.delete(list);
        if (exit != 0) {
            throw new IllegalStateException(ffprobe + " by xargs ended with " + exit);
        }
        return count / seconds;
    }
}
