package io.heimdex.archive.cli;

/** What ends a command; the message is all that is shown. */
final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CliException(String message) {
        super(message);
    }
}
