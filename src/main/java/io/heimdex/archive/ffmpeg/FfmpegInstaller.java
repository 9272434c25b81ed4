package io.heimdex.archive.ffmpeg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Unpacks the tools that this build carries, once per version, and makes them run on servers
 * without desktop libraries.
 */
public final class FfmpegInstaller {

    private static final Pattern MISSING_LIBRARY =
            Pattern.compile(
                    "error while loading shared libraries: ([A-Za-z0-9_.+-]+): cannot open");
    private static final Pattern VERSION = Pattern.compile("^ff(?:probe|mpeg) version (\\S+)");
    private static final int MAX_MISSING = 32;
    private static final String LIBRARY_PATH = "LD_LIBRARY_PATH";

    /**
     * Of screens, sound cards and other devices. With the two dozen libraries that they bring, they
     * are a third of what it costs to start ffprobe.
     */
    private static final List<String> DEVICE_LIBRARIES =
            List.of(
                    "libxcb.so.1",
                    "libxcb-shm.so.0",
                    "libasound.so.2",
                    "libpulse.so.0",
                    "libudev.so.1");

    private FfmpegInstaller() {}

    /** The configured ffprobe, or the bundled one unpacked below the folder. */
    public static FfmpegInstallation install(Path dataDir, Cage cage) throws IOException {
        return install(dataDir, cage, platform());
    }

    /** One of the builds that may be on the class path. */
    public static FfmpegInstallation install(Path dataDir, Cage cage, String platform)
            throws IOException {
        Path folder =
                dataDir.toAbsolutePath()
                        .resolve("native")
                        .resolve("ffmpeg-" + bundledVersion() + "-" + platform);
        if (!Files.exists(folder)) {
            unpack(platform, folder);
        }
        for (String library : DEVICE_LIBRARIES) {
            standIn(folder, library);
        }
        standInForMissingLibraries(folder, cage);
        return installation(folder.resolve("ffprobe"), folder, cage);
    }

    /** An ffprobe that is installed on this machine. */
    public static FfmpegInstallation installed(Path executable, Cage cage) throws IOException {
        return installation(executable, null, cage);
    }

    private static FfmpegInstallation installation(
            Path ffprobe, @Nullable Path libraries, Cage cage) throws IOException {
        String version =
                version(ffprobe, libraries, cage)
                        .orElseThrow(() ->
                                new IOException(
                                        "there is no ffprobe that runs at the configured place"));
        Path ffmpeg = ffprobe.resolveSibling("ffmpeg");
        String ffmpegVersion = version(ffmpeg, libraries, cage).orElse(null);
        return new FfmpegInstallation(
                ffprobe, version, ffmpegVersion == null ? null : ffmpeg, ffmpegVersion, libraries);
    }

    private static Optional<String> version(Path tool, @Nullable Path libraries, Cage cage)
            throws IOException {
        if (!Files.isExecutable(tool)) {
            return Optional.empty();
        }
        CagedTool.Result run = askVersion(tool, libraries, cage);
        Matcher version = VERSION.matcher(run.stdout());
        return run.exitCode() == 0 && version.find()
                ? Optional.of(version.group(1))
                : Optional.empty();
    }

    private static CagedTool.Result askVersion(Path tool, @Nullable Path libraries, Cage cage)
            throws IOException {
        List<String> command = List.of(tool.toString(), "-version");
        try (CagedTool asked = new CagedTool(cage, command, environment(libraries))) {
            return asked.run(null);
        }
    }

    private static void standInForMissingLibraries(Path folder, Cage cage) throws IOException {
        for (int i = 0; i < MAX_MISSING; i++) {
            CagedTool.Result run = askVersion(folder.resolve("ffprobe"), folder, cage);
            Matcher missing = MISSING_LIBRARY.matcher(run.stderr());
            if (run.exitCode() == 0) {
                return;
            }
            if (!missing.find()) {
                throw new IOException("the bundled ffprobe does not run: " + run.stderr());
            }
            standIn(folder, missing.group(1));
        }
        throw new IOException("the bundled ffprobe misses more than " + MAX_MISSING + " libraries");
    }

    /**
     * ffprobe links libraries for cameras and sound cards, opens none of them, and binds their
     * functions only when called: any library under the name lets it start. The smallest one of the
     * bundle serves.
     */
    private static void standIn(Path folder, String library) throws IOException {
        try {
            Files.createSymbolicLink(folder.resolve(library), Path.of("libva-drm.so.2"));
        } catch (FileAlreadyExistsException _) {
            // Another node on this machine was faster.
        }
    }

    static Map<String, String> environment(@Nullable Path libraries) {
        return libraries == null ? Map.of() : Map.of(LIBRARY_PATH, libraries.toString());
    }

    /** The folder that {@link #environment} was made for. */
    static @Nullable Path libraries(Map<String, String> environment) {
        String folder = environment.get(LIBRARY_PATH);
        return folder == null ? null : Path.of(folder);
    }

    private static void unpack(String platform, Path folder) throws IOException {
        Path fresh = folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID());
        Files.createDirectories(fresh);
        Resource[] resources =
                new PathMatchingResourcePatternResolver()
                        .getResources("classpath*:org/bytedeco/ffmpeg/" + platform + "/*");
        for (Resource resource : resources) {
            String name = Objects.requireNonNullElse(resource.getFilename(), "");
            // The bindings to Java are not used.
            if (name.isEmpty() || name.startsWith("libjni") || !resource.isReadable()) {
                continue;
            }
            Path file = fresh.resolve(name);
            try (InputStream in = resource.getInputStream()) {
                Files.copy(in, file);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        if (!Files.exists(fresh.resolve("ffprobe"))) {
            throw new IOException(
                    "this build carries no ffprobe for "
                            + platform
                            + "; set heimdex.probe.ffprobe to one of version 6 or newer");
        }
        try {
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(fresh);
            if (!Files.exists(folder)) {
                throw e;
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static String platform() {
        return "linux-" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64");
    }

    private static String bundledVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in =
                FfmpegInstaller.class.getResourceAsStream(
                        "/META-INF/maven/org.bytedeco/ffmpeg/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties.getProperty("version", "unknown");
    }
}
