package io.heimdex.archive.system;

import io.heimdex.archive.access.OpenToAll;
import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.tenancy.Scope;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether the service is up, and with which tools. */
@RestController
class SystemController {

    private final MediaProber prober;
    private final Clock clock;

    SystemController(MediaProber prober, Clock clock) {
        this.prober = prober;
        this.clock = clock;
    }

    /** Whether the service answers. */
    @GetMapping("/v1/health")
    @OpenToAll
    Health health() {
        return new Health("ok", clock.instant());
    }

    /** Which tools this node works with. */
    @GetMapping("/v1/admin/env-check")
    @RequiresScope(Scope.ADMIN)
    EnvCheck envCheck() {
        MediaProber.Tools tools = prober.tools();
        return new EnvCheck(tools.ffmpeg() != null, true, tools.ffmpeg(), tools.ffprobe());
    }

    record Health(String status, Instant time) {}

    record EnvCheck(
            boolean ffmpeg,
            boolean ffprobe,
            @Nullable String ffmpegVersion,
            String ffprobeVersion) {}
}
