package io.heimdex.archive.ingest.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Announces an upload. */
record InitRequest(
        @Nullable String orgId,
        @NotBlank @Size(max = 255) String sourceName,
        @NotNull @PositiveOrZero Long contentLength,
        @Size(max = 255) @Pattern(regexp = "[ -~]*", message = "must be printable ASCII")
                @Nullable String contentType,
        @Valid @Nullable DeclaredChecksum checksum) {

    /** The checksum that the bytes will have. */
    record DeclaredChecksum(@NotBlank String algorithm, @NotBlank String value) {}
}
