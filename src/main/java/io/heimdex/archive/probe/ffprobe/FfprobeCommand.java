package io.heimdex.archive.probe.ffprobe;

import com.github.kokorin.jaffree.LogLevel;
import com.github.kokorin.jaffree.ffprobe.FFprobe;
import com.github.kokorin.jaffree.ffprobe.FFprobeResult;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line of a probe, and the reading of its answer. Jaffree builds and reads; it does not
 * start the process, because it can neither bound nor kill one.
 */
final class FfprobeCommand extends FFprobe {

    /** Containers only: a playlist would lead ffprobe to other files. */
    private static final String FORMATS =
            String.join(
                    ",",
                    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mxf,mpegts,mpeg,mpegvideo,flv,asf,gxf,dv,ogg,nut,ivf",
                    "wav,w64,aiff,caf,mp3,flac,aac,ac3,eac3,dts,dtshd,truehd,wv,ape,tta,amr,au",
                    "h264,hevc,av1,obu,m4v,mjpeg",
                    "jpeg_pipe,png_pipe,tiff_pipe,webp_pipe,bmp_pipe,gif,jpegxl_pipe,dpx_pipe,exr_pipe,j2k_pipe");

    /** Bounded requests, so that nothing is read ahead that is then thrown away. */
    private static final Map<String, String> HTTP_OPTIONS =
            Map.of(
                    "max_redirects", "0",
                    "multiple_requests", "1",
                    "request_size", "65536",
                    "icy", "0");

    private static final long PROBE_BYTES = 10_000_000;
    private static final long ANALYZE_MICROSECONDS = 10_000_000;
    private static final String MAX_ALLOCATION_BYTES = "268435456";
    private static final String MAX_STREAMS = "256";
    private static final String MAX_PROBE_PACKETS = "2500";

    private final Path executable;
    private final JacksonProbeData.Parser parser = new JacksonProbeData.Parser();

    /** Probes what is on standard input, through that descriptor and no other file or protocol. */
    static FfprobeCommand ofFile(Path executable) {
        FfprobeCommand command = new FfprobeCommand(executable);
        command.addArguments("-protocol_whitelist", "fd");
        command.addArguments("-fd", "0");
        command.setInput("fd:");
        return command;
    }

    /**
     * Probes what a URL of ours serves. It is left to be added as the last argument.
     *
     * @param httpHelp what this ffprobe tells of its protocol {@code http}: older ones lack options
     */
    static FfprobeCommand ofUrl(Path executable, String httpHelp) {
        FfprobeCommand command = new FfprobeCommand(executable);
        command.addArguments("-protocol_whitelist", "http,tcp");
        HTTP_OPTIONS.forEach((option, value) -> {
            if (httpHelp.contains(" -" + option + " ")) {
                command.addArguments("-" + option, value);
            }
        });
        return command;
    }

    private FfprobeCommand(Path executable) {
        super(executable);
        this.executable = executable;
        setLogLevel(LogLevel.ERROR);
        addArgument("-hide_banner");
        addArguments("-format_whitelist", FORMATS);
        addArguments("-max_alloc", MAX_ALLOCATION_BYTES);
        addArguments("-max_streams", MAX_STREAMS);
        addArguments("-max_probe_packets", MAX_PROBE_PACKETS);
        setProbeSize(PROBE_BYTES);
        setAnalyzeDuration(ANALYZE_MICROSECONDS);
        setShowFormat(true);
        setShowStreams(true);
        setFormatParser(parser);
    }

    List<String> commandLine() {
        List<String> line = new ArrayList<>();
        line.add(executable.toString());
        line.addAll(buildArguments());
        return line;
    }

    FFprobeResult parse(String output) {
        return new FFprobeResult(
                parser.parse(new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8))));
    }
}
