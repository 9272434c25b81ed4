package io.heimdex.archive.problem;

/**
 * The service cannot start as it is set up. The message says what to change, and is all that is
 * shown.
 */
public final class CannotStartException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public CannotStartException(String message) {
        super(message);
    }
}
