package io.heimdex.archive.bench;

import com.github.kokorin.jaffree.ffprobe.FFprobe;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.storage.gcs.StandInGcs;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/**
 * Measures what probing objects of a slow bucket reads of them: the real prober and the real client
 * of Google against the stand-in, which takes 30 ms for each request.
 */
final class Remote {

    private static final int DELAY_MILLIS = 30;
    private static final int AT_ONCE = 16;
    private static final int ROUNDS = 40;
    private static final OrgId ORG = new OrgId("acme");
    private static final String BUCKET = "media";
    private static final String TARGET = "mp4-moov-at-end-10240mb";

    private final StandInGcs gcs;
    private final MediaStore store;
    private final MediaProber prober;

    private Remote(StandInGcs gcs, ConfigurableApplicationContext context) {
        this.gcs = gcs;
        this.store = context.getBean(MediaStore.class);
        this.prober = context.getBean(MediaProber.class);
    }

    /** What the bench needs of the service. */
    @ComponentScan({"io.heimdex.archive.probe", "io.heimdex.archive.storage.gcs"})
    @ConfigurationPropertiesScan("io.heimdex.archive.storage.gcs")
    @EnableConfigurationProperties({ProbeSettings.class, ArchiveSettings.class})
    static class Parts {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    private record Seen(String name, long bytes, long requests, double millis) {}

    /** FOLDER to work in. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        try (StandInGcs gcs = new StandInGcs();
                ConfigurableApplicationContext context = context(gcs, folder)) {
            gcs.bucket(BUCKET);
            Path tools;
            try (Stream<Path> found = Files.walk(folder.resolve("data/native"))) {
                tools =
                        Objects.requireNonNull(
                                found.filter(file -> file.endsWith("ffmpeg"))
                                        .findFirst()
                                        .orElseThrow()
                                        .getParent());
            }
            Map<String, HugeMedia> objects = HugeMedia.all(tools, folder);
            objects.forEach((name, content) ->
                    gcs.put(BUCKET, name, content, StandInGcs.crc32c(new byte[0])));
            new Remote(gcs, context).measure(objects, tools, folder);
        }
        System.exit(0);
    }

    private static ConfigurableApplicationContext context(StandInGcs gcs, Path folder) {
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "--heimdex.probe.data-dir=" + folder.resolve("data"),
                                "--heimdex.archives.acme=gs://" + BUCKET,
                                "--heimdex.archives.demo=gs://demo",
                                "--heimdex.storage.gcs.bucket=own",
                                "--spring.main.log-startup-info=false",
                                "--logging.level.root=WARN"));
        gcs.properties().forEach((name, value) -> settings.add("--" + name + "=" + value));
        return new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE)
                .run(settings.toArray(String[]::new));
    }

    private void measure(Map<String, HugeMedia> objects, Path tools, Path folder) throws Exception {
        for (String name : objects.keySet()) {
            probe(name);
        }
        gcs.delay(DELAY_MILLIS);
        List<Seen> all = new ArrayList<>();
        for (Map.Entry<String, HugeMedia> object : objects.entrySet()) {
            Seen seen = counted(object.getKey());
            all.add(seen);
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %,15d bytes: read %,11d in %3d requests, %.0f ms%n",
                    seen.name(),
                    object.getValue().size(),
                    seen.bytes(),
                    seen.requests(),
                    seen.millis());
        }
        Seen target =
                all.stream().filter(seen -> seen.name().equals(TARGET)).findFirst().orElseThrow();
        long beyondMoov = target.bytes() - Objects.requireNonNull(objects.get(TARGET)).indexBytes();
        throughput(AT_ONCE);
        double one = throughput(1);
        double sixteen = throughput(AT_ONCE);
        Seen channel = channelInput(tools, folder);
        System.out.printf(
                Locale.ROOT,
                "Jaffree's ChannelInput on %s: read %,d in %d requests, %.0f ms%n",
                TARGET,
                channel.bytes(),
                channel.requests(),
                channel.millis());
        System.out.printf(
                Locale.ROOT,
                "remote: read_bytes_p50=%d read_bytes_max=%d requests_p50=%d ms_p50=%.0f x16=%.1f"
                        + " mp4_10g_beyond_moov_bytes=%d mp4_10g_requests=%d mp4_10g_ms=%.0f"
                        + " channel_bytes=%d channel_requests=%d channel_ms=%.0f%n",
                all.stream().map(Seen::bytes).sorted().toList().get(all.size() / 2),
                Collections.max(all.stream().map(Seen::bytes).toList()),
                all.stream().map(Seen::requests).sorted().toList().get(all.size() / 2),
                all.stream().map(Seen::millis).sorted().toList().get(all.size() / 2),
                sixteen / one,
                beyondMoov,
                target.requests(),
                target.millis(),
                channel.bytes(),
                channel.requests(),
                channel.millis());
    }

    private Seen counted(String name) {
        long bytes = gcs.mediaBytes();
        long requests = gcs.requests();
        long start = System.nanoTime();
        probe(name);
        return new Seen(
                name,
                gcs.mediaBytes() - bytes,
                gcs.requests() - requests,
                (System.nanoTime() - start) / 1e6);
    }

    private void probe(String name) {
        try (OpenedMedia media = store.open(ORG, SourceUri.parse("gs://" + BUCKET + "/" + name))) {
            if (!(prober.probe(media) instanceof ProbeOutcome.Probed)) {
                throw new IllegalStateException(name + ": " + prober.probe(media));
            }
        }
    }

    /** Probes a second of the target with so many at once. */
    private double throughput(int atOnce) throws Exception {
        int count = ROUNDS * atOnce;
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Future<?>> probes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                probes.add(threads.submit(() -> probe(TARGET)));
            }
            for (Future<?> probe : probes) {
                probe.get();
            }
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }

    /** The other way that was weighed: Jaffree's server, each of whose reads is one of ours. */
    private Seen channelInput(Path tools, Path folder) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path script = bin.resolve("ffprobe");
        Files.writeString(
                script,
                "#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s/ffprobe \"$@\"\n".formatted(tools, tools));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        long bytes = gcs.mediaBytes();
        long requests = gcs.requests();
        long start = System.nanoTime();
        try (OpenedMedia media =
                store.open(ORG, SourceUri.parse("gs://" + BUCKET + "/" + TARGET))) {
            FFprobe.atPath(bin)
                    .setShowStreams(true)
                    .setShowFormat(true)
                    .setInput(new MediaChannel(media))
                    .execute();
        }
        return new Seen(
                TARGET,
                gcs.mediaBytes() - bytes,
                gcs.requests() - requests,
                (System.nanoTime() - start) / 1e6);
    }

    /** A file as a channel. */
    private static final class MediaChannel implements SeekableByteChannel {

        private final OpenedMedia media;
        private long position;

        MediaChannel(OpenedMedia media) {
            this.media = media;
        }

        @Override
        public int read(ByteBuffer into) {
            if (position >= media.size()) {
                return -1;
            }
            byte[] bytes = media.read(position, into.remaining());
            into.put(bytes);
            position += bytes.length;
            return bytes.length;
        }

        @Override
        public int write(ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public SeekableByteChannel position(long newPosition) {
            position = newPosition;
            return this;
        }

        @Override
        public long size() {
            return media.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
