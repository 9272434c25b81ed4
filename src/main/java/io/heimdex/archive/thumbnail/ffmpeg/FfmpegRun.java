package io.heimdex.archive.thumbnail.ffmpeg;

import io.heimdex.archive.ffmpeg.CagedTool;
import io.heimdex.archive.ffmpeg.Inputs;
import io.heimdex.archive.thumbnail.Picture;
import io.heimdex.archive.thumbnail.ThumbnailPlan;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs of ffmpeg over one file. In a run the file is opened once for each picture, decoding ends
 * with its first frame, and the pictures come one after the other.
 */
final class FfmpegRun {

    /** As many descriptors as a run has. */
    private static final int MAX_SHOTS = 1 + CagedTool.Input.COPIES.size();

    /** What the filter {@code metadata} prints of the frame that is the picture. */
    private static final Pattern SHOWN =
            Pattern.compile("frame:0 +pts:\\S+ +pts_time:(-?[0-9.e+-]+)\\s+shot=(\\d+)");

    private final CagedTool tool;
    private final ThumbnailPlan plan;
    private final boolean toneMaps;
    private final @Nullable Path file;
    private final @Nullable String url;
    private final List<String> inputOptions;
    private Duration left;
    private boolean outOfTime;

    /** Of a file of this machine. */
    FfmpegRun(CagedTool tool, ThumbnailPlan plan, boolean toneMaps, Path file, Duration timeout) {
        this(tool, plan, toneMaps, file, null, Inputs.OF_FILES, timeout);
    }

    /** Of what a URL of ours serves. */
    FfmpegRun(
            CagedTool tool,
            ThumbnailPlan plan,
            boolean toneMaps,
            String url,
            List<String> urlOptions,
            Duration timeout) {
        this(tool, plan, toneMaps, null, url, urlOptions, timeout);
    }

    private FfmpegRun(
            CagedTool tool,
            ThumbnailPlan plan,
            boolean toneMaps,
            @Nullable Path file,
            @Nullable String url,
            List<String> inputOptions,
            Duration timeout) {
        this.tool = tool;
        this.plan = plan;
        this.toneMaps = toneMaps;
        this.file = file;
        this.url = url;
        this.inputOptions = inputOptions;
        this.left = timeout;
    }

    /** How the place of a picture is found. */
    enum Seek {
        /** It is the first frame that there is. */
        NOT,
        /** Where decoding can begin, at the place or before it. */
        FAST,
        /** The place; but frames that no other frame needs are passed over. */
        EXACT
    }

    static List<String> command(Path executable) {
        return Inputs.ffmpeg(executable, "error");
    }

    /** Whether the time for the asset's pictures has run out. */
    boolean outOfTime() {
        return outOfTime;
    }

    /**
     * Takes those of the plan's pictures; whatever there is of them, by their places in the plan.
     */
    Map<Integer, Picture> take(List<Integer> shots, Seek seek) throws IOException {
        Map<Integer, Picture> taken = new TreeMap<>();
        for (int from = 0; from < shots.size(); from += MAX_SHOTS) {
            List<Integer> some = shots.subList(from, Math.min(from + MAX_SHOTS, shots.size()));
            Map<Integer, Picture> together = run(some, seek);
            taken.putAll(together);
            if (together.size() < some.size() && some.size() > 1) {
                // One that cannot be taken spoils the others.
                for (int shot : some) {
                    if (!taken.containsKey(shot)) {
                        taken.putAll(run(List.of(shot), seek));
                    }
                }
            }
        }
        return taken;
    }

    private Map<Integer, Picture> run(List<Integer> shots, Seek seek) throws IOException {
        if (outOfTime) {
            return Map.of();
        }
        long start = System.nanoTime();
        List<String> arguments = arguments(shots, seek);
        CagedTool.Result result =
                file == null ? tool.runOnUrl(arguments, left) : tool.run(file, arguments, left);
        left = left.minusNanos(System.nanoTime() - start);
        outOfTime = result.timedOut() || !left.isPositive();
        if (result.notStarted()) {
            throw new IOException("ffmpeg could not be started");
        }
        return result.timedOut() || result.stdoutCut() ? Map.of() : pictures(shots, seek, result);
    }

    private Map<Integer, Picture> pictures(
            List<Integer> shots, Seek seek, CagedTool.Result result) {
        Map<Integer, Double> shown = new TreeMap<>();
        Matcher matcher = SHOWN.matcher(result.stderr());
        while (matcher.find()) {
            int input = Integer.parseInt(matcher.group(2));
            if (input < shots.size()) {
                shown.put(input, number(matcher.group(1)));
            }
        }
        List<ByteBuffer> images = Jpegs.split(result.output());
        if (images.size() != shown.size()) {
            return Map.of();
        }
        Map<Integer, Picture> pictures = new TreeMap<>();
        int next = 0;
        for (Map.Entry<Integer, Double> one : shown.entrySet()) {
            int shot = shots.get(one.getKey());
            double from = seek == Seek.NOT ? 0 : plan.seconds().get(shot);
            pictures.put(shot, new Picture(Math.max(0, from + one.getValue()), images.get(next)));
            next++;
        }
        return pictures;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** What the tool is given besides its command. */
    List<String> arguments(List<Integer> shots, Seek seek) {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < shots.size(); i++) {
            arguments.addAll(inputOptions);
            arguments.addAll(List.of("-format_whitelist", Inputs.FORMATS, "-threads", "1"));
            if (seek != Seek.NOT) {
                arguments.addAll(
                        seek == Seek.FAST
                                ? List.of("-noaccurate_seek")
                                : List.of("-skip_frame", "noref"));
                arguments.add("-ss");
                arguments.add(BigDecimal.valueOf(plan.seconds().get(shots.get(i))).toPlainString());
            }
            if (url == null) {
                int descriptor = i == 0 ? 0 : CagedTool.Input.COPIES.get(i - 1);
                arguments.addAll(List.of("-fd", Integer.toString(descriptor), "-i", "fd:"));
            } else {
                arguments.addAll(List.of("-i", url));
            }
        }
        arguments.addAll(
                List.of(
                        "-filter_complex_threads",
                        "1",
                        "-filter_complex",
                        graph(shots.size()),
                        "-fps_mode",
                        "passthrough",
                        "-threads",
                        "1",
                        "-c:v",
                        "mjpeg",
                        "-q:v",
                        "4",
                        "-flags",
                        "+bitexact",
                        "-f",
                        "image2pipe",
                        "pipe:1"));
        return arguments;
    }

    private String graph(int shots) {
        StringBuilder graph = new StringBuilder();
        IntStream.range(0, shots)
                .forEach(i ->
                        graph.append("[%d:%d]trim=end_frame=1,".formatted(i, plan.stream()))
                                .append("metadata=add:key=shot:value=%d,".formatted(i))
                                .append("metadata=print:key=shot:direct=1:file=pipe\\\\:2,")
                                .append(toJpeg())
                                .append(",setsar=1,format=yuvj420p[p%d];".formatted(i)));
        IntStream.range(0, shots).forEach(i -> graph.append("[p%d]".formatted(i)));
        return graph.append("concat=n=%d,setpts=N/TB".formatted(shots)).toString();
    }

    private String toJpeg() {
        int width = plan.width();
        int height = plan.height();
        return switch (plan.light()) {
            case PQ, HLG ->
                    toneMaps
                            ? toneMapped(
                                    plan.light() == ThumbnailPlan.Light.PQ
                                            ? "smpte2084"
                                            : "arib-std-b67")
                            : scaled(width, height);
            case STANDARD, UNKNOWN -> scaled(width, height);
        };
    }

    private static String scaled(int width, int height) {
        return "scale=%d:%d:out_color_matrix=bt601:out_range=pc".formatted(width, height);
    }

    private String toneMapped(String transfer) {
        return "zscale=w=%d:h=%d:tin=%s:pin=bt2020:min=bt2020nc:t=linear:npl=100,format=gbrpf32le,"
                        .formatted(plan.width(), plan.height(), transfer)
                + "tonemap=hable:desat=0,zscale=t=bt709:p=bt709:m=470bg:r=full";
    }
}
