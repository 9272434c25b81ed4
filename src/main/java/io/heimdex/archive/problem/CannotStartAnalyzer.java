package io.heimdex.archive.problem;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows why the service cannot start, without the stack trace around it. */
final class CannotStartAnalyzer extends AbstractFailureAnalyzer<CannotStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CannotStartException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "See docs/reference/settings.md and the README.",
                cause);
    }
}
