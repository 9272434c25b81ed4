package io.heimdex.archive.openapi;

import java.nio.file.Path;

/** x */
final class Contract {

    static final Path FILE = Path.of("docs/reference/openapi.json");

    private Contract() {}
}
