package io.heimdex.archive.legacy;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.local.LocalFiles;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** The two routes of the first version. Unlike there they need a token. */
@RestController
@ConditionalOnProperty("heimdex.legacy.enabled")
class LegacyController {

    private final MediaProber prober;

    LegacyController(MediaProber prober) {
        this.prober = prober;
    }

    @GetMapping("/legacy/health")
    @RequiresScope(Scope.MEDIA_READ)
    Health health() {
        return new Health("ok");
    }

    record Health(String status) {}

    /** Tells what is in the video, and keeps nothing of it. */
    @PostMapping(path = "/legacy/metadata", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @RequiresScope(Scope.MEDIA_WRITE)
    LegacyMetadata metadata(@RequestParam MultipartFile file) throws IOException {
        String type = Objects.requireNonNullElse(file.getContentType(), "");
        if (!type.toLowerCase(Locale.ROOT).startsWith("video/")) {
            throw new HeimdexException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The file is to be of a type video/….");
        }
        Path folder = Files.createTempDirectory("heimdex-legacy");
        Path received = folder.resolve("file");
        try {
            file.transferTo(received);
            return probe(Objects.requireNonNullElse(file.getOriginalFilename(), ""), received);
        } finally {
            Files.deleteIfExists(received);
            Files.delete(folder);
        }
    }

    private LegacyMetadata probe(String filename, Path file) {
        try (OpenedMedia media = LocalFiles.open(file)) {
            return switch (prober.probe(media)) {
                case Rejected(ErrorCode code, String message) ->
                        throw new HeimdexException(code, message);
                case Probed probed -> LegacyMetadata.of(filename, media.size(), probed.media());
            };
        }
    }
}
