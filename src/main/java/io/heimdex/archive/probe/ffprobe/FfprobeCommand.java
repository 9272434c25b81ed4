package io.heimdex.archive.probe.ffprobe;

import com.github.kokorin.jaffree.LogLevel;
import com.github.kokorin.jaffree.ffprobe.FFprobe;
import com.github.kokorin.jaffree.ffprobe.FFprobeResult;
import io.heimdex.archive.ffmpeg.Inputs;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a probe, and the reading of its answer. Jaffree builds and reads; it does not
 * start the process, because it can neither bound nor kill one.
 */
final class FfprobeCommand extends FFprobe {

    private static final long PROBE_BYTES = 10_000_000;
    private static final long ANALYZE_MICROSECONDS = 10_000_000;

    private static final String MAX_PROBE_PACKETS = "2500";

    /** A programme repeats its streams; their numbers are enough. */
    private static final String PROGRAMS =
            "program=program_id,program_num:program_tags=service_name,service_provider:program_stream=index";

    private static final String CHAPTERS =
            "chapter=time_base,start,end,start_time,end_time:chapter_tags=title";

    private final Path executable;

    /** What to look at. */
    enum Look {
        /** What the container tells, and what decoding a little tells of each stream. */
        HEADERS,
        /** What is said beside the first frame of the first video that is no cover. */
        FIRST_FRAME
    }

    /** Probes what is on standard input, through that descriptor and no other file or protocol. */
    static FfprobeCommand ofFile(Path executable, Look look) {
        FfprobeCommand command = new FfprobeCommand(executable, look);
        Inputs.OF_FILES.forEach(command::addArgument);
        command.addArguments("-fd", "0");
        command.setInput("fd:");
        return command;
    }

    /**
     * Probes what a URL of ours serves. It is left to be added as the last argument.
     *
     * @param httpOptions how URLs are read
     */
    static FfprobeCommand ofUrl(Path executable, Look look, List<String> httpOptions) {
        FfprobeCommand command = new FfprobeCommand(executable, look);
        httpOptions.forEach(command::addArgument);
        return command;
    }

    private FfprobeCommand(Path executable, Look look) {
        super(executable);
        this.executable = executable;
        setLogLevel(LogLevel.ERROR);
        addArgument("-hide_banner");
        addArguments("-format_whitelist", Inputs.FORMATS);
        addArguments("-max_alloc", Inputs.MAX_ALLOCATION_BYTES);
        // One more shows that there are more.
        addArguments("-max_streams", Integer.toString(Bounds.MAX_STREAMS + 1));
        addArguments("-max_probe_packets", MAX_PROBE_PACKETS);
        setProbeSize(PROBE_BYTES);
        setAnalyzeDuration(ANALYZE_MICROSECONDS);
        switch (look) {
            case HEADERS -> {
                setShowFormat(true);
                setShowStreams(true);
                setShowEntries(PROGRAMS + ":" + CHAPTERS);
            }
            case FIRST_FRAME -> {
                addArguments("-select_streams", "V:0");
                setReadIntervals("%+#1");
                setShowEntries("frame=stream_index:frame_side_data");
            }
        }
        setFormatParser(new JacksonProbeData.Parser());
    }

    List<String> commandLine() {
        List<String> line = new ArrayList<>();
        line.add(executable.toString());
        line.addAll(buildArguments());
        return line;
    }

    static FFprobeResult parse(String output) {
        return new FFprobeResult(
                new JacksonProbeData.Parser()
                        .parse(new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8))));
    }
}
