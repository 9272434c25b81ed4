package io.heimdex.archive.probe;

/**
 * Something odd about a file that is media all the same.
 *
 * @param message for the client, without paths and addresses of this machine
 */
public record Warning(WarningCode code, String message) {

    public Warning(WarningCode code) {
        this(code, code.meaning());
    }
}
