import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The client's side of bench/thumbnails.sh. */
final class Thumbnails {

    private static final int ROUNDS = 3;

    /** Longer than a minute: a poster and two samples. */
    private static final int SECONDS = 66;

    private static final int PICTURES = 3;

    /** Width and height, and from one key frame to the next. */
    private static final List<String> KINDS =
            List.of("640x360 -g 50", "1280x720 -g 250", "1920x1080 -g 60", "720x1280 -g 120");

    /** make FOLDER COUNT FFMPEG LIBRARIES ENCODER, or measure URL FOLDER COUNT FFMPEG LIBRARIES. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "make" -> make(Path.of(args[1]), Integer.parseInt(args[2]), args[3], args[4], args[5]);
            case "measure" ->
                    measure(
                            new Service(args[1], "bench"),
                            Path.of(args[2]),
                            Integer.parseInt(args[3]),
                            args[4],
                            args[5]);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void make(Path folder, int count, String ffmpeg, String libraries, String encoder)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            int kind = i % KINDS.size();
            Path file = folder.resolve("%03d.mp4".formatted(i));
            String[] format = KINDS.get(kind).split(" ", 2);
            String arguments =
                    i < KINDS.size()
                            ? "-f lavfi -i testsrc2=rate=25:duration=%d:size=%s -vf noise=alls=8:allf=t -pix_fmt yuv420p -c:v %s %s"
                                    .formatted(SECONDS, format[0], encoder, format[1])
                            : "-i %s -c copy".formatted(folder.resolve("%03d.mp4".formatted(kind)));
            List<String> command = new ArrayList<>(List.of(ffmpeg, "-v", "error", "-nostdin"));
            command.addAll(Arrays.asList(arguments.split(" ")));
            command.addAll(List.of("-metadata", "comment=" + i, file.toString()));
            run(command, libraries);
        }
    }

    private static void run(List<String> command, String libraries) throws IOException, InterruptedException {
        ProcessBuilder process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        if (!libraries.isEmpty()) {
            process.environment().put("LD_LIBRARY_PATH", libraries);
        }
        int exit = process.start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException(command + " ended with " + exit);
        }
    }

    private static void measure(
            Service service, Path folder, int count, String ffmpeg, String libraries)
            throws IOException, InterruptedException {
        service.perSecond("{\"type\":\"scan\"}", count);
        List<Double> ours = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        List<Double> keys = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            ours.add(
                    PICTURES
                            * service.perSecond(
                                    "{\"type\":\"thumbnails\",\"select\":{\"which\":\"all\"}}", count));
            plain.add(xargs(folder, ffmpeg, libraries, ""));
            keys.add(xargs(folder, ffmpeg, libraries, "-skip_frame nokey"));
            System.out.printf(
                    Locale.ROOT,
                    "round %d: ours %.1f pictures/s, ffmpeg by xargs %.1f, of key frames alone %.1f%n",
                    round,
                    ours.getLast(),
                    plain.getLast(),
                    keys.getLast());
        }
        System.out.printf(
                Locale.ROOT,
                "thumbnails: files=%d ours_per_s=%.1f ffmpeg_per_s=%.1f key_frames_per_s=%.1f ratio=%.2f ratio_key_frames=%.2f%n",
                count,
                Service.median(ours),
                Service.median(plain),
                Service.median(keys),
                Service.median(ours) / Service.median(plain),
                Service.median(ours) / Service.median(keys));
    }

    /** What one would do in a shell: a call for each picture, as many at once as there are cores. */
    private static double xargs(Path folder, String ffmpeg, String libraries, String options)
            throws IOException, InterruptedException {
        Path out = Files.createTempDirectory("thumbnails");
        Path list = Files.createTempFile("thumbnails", ".list");
        int calls = 0;
        try (Stream<Path> files = Files.list(folder)) {
            StringBuilder lines = new StringBuilder();
            for (Path file : files.sorted().toList()) {
                for (double place : new double[] {0.5, 0.2, 0.8}) {
                    double second = place * SECONDS;
                    lines.append(second).append(' ').append(file).append(' ');
                    lines.append(out.resolve(calls++ + ".jpg")).append('\n');
                }
            }
            Files.writeString(list, lines);
        }
        String script =
                "exec \"$0\" -nostdin -v error -threads 1 " + options
                        + " -ss $1 -i $2 -frames:v 1 -vf scale=320:-2 -threads 1 -q:v 4 $3";
        ProcessBuilder xargs =
                new ProcessBuilder(
                        "xargs",
                        "-L1",
                        "-P" + Runtime.getRuntime().availableProcessors(),
                        "sh",
                        "-c",
                        script,
                        ffmpeg);
        xargs.redirectInput(list.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        xargs.environment().put("LD_LIBRARY_PATH", libraries);
        long start = System.nanoTime();
        int exit = xargs.start().waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        try (Stream<Path> made = Files.list(out)) {
            List<Path> pictures = made.toList();
            if (exit != 0 || pictures.size() != calls) {
                throw new IllegalStateException("xargs made " + pictures.size() + " of " + calls);
            }
            for (Path picture : pictures) {
                Files.delete(picture);
            }
        }
        Files.delete(out);
        Files.delete(list);
        return calls / seconds;
    }
}
