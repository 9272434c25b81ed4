package io.heimdex.archive.ffmpeg;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What FFmpeg's tools may read, and how. */
public final class Inputs {

    /** Containers only: a playlist would lead a tool to other files. */
    public static final String FORMATS =
            String.join(
                    ",",
                    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mxf,mpegts,mpeg,mpegvideo,flv,asf,gxf,dv,ogg,nut,ivf",
                    "wav,w64,aiff,caf,mp3,flac,aac,ac3,eac3,dts,dtshd,truehd,wv,ape,tta,amr,au",
                    "h264,hevc,av1,obu,m4v,mjpeg",
                    "jpeg_pipe,png_pipe,tiff_pipe,webp_pipe,bmp_pipe,gif,jpegxl_pipe,dpx_pipe,exr_pipe,j2k_pipe");

    /** Of one piece of memory. */
    public static final String MAX_ALLOCATION_BYTES = "268435456";

    /** A file is read through a descriptor. */
    public static final List<String> OF_FILES = List.of("-protocol_whitelist", "fd");

    /** Bounded requests, so that nothing is read ahead that is then thrown away. */
    private static final Map<String, String> HTTP_OPTIONS =
            new TreeMap<>(
                    Map.of(
                            "max_redirects", "0",
                            "multiple_requests", "1",
                            "request_size", "65536",
                            "icy", "0"));

    private Inputs() {}

    /** What a command of ffmpeg begins with, at a level of what it logs. */
    public static List<String> ffmpeg(Path executable, String level) {
        return List.of(
                executable.toString(),
                "-nostdin",
                "-hide_banner",
                "-nostats",
                "-loglevel",
                level,
                "-max_alloc",
                MAX_ALLOCATION_BYTES);
    }

    /**
     * How URLs of ours are read by the tools of this installation: older ones lack some options.
     *
     * @throws IOException if they cannot be asked
     */
    static List<String> ofUrls(Cage cage, FfmpegInstallation tools) throws IOException {
        List<String> command =
                List.of(tools.ffprobe().toString(), "-hide_banner", "-h", "protocol=http");
        try (CagedTool help = new CagedTool(cage, command, tools.environment())) {
            String told = help.run(null).stdout();
            List<String> options = new ArrayList<>(List.of("-protocol_whitelist", "http,tcp"));
            HTTP_OPTIONS.forEach((option, value) -> {
                if (told.contains(" -" + option + " ")) {
                    options.add("-" + option);
                    options.add(value);
                }
            });
            return List.copyOf(options);
        }
    }
}
