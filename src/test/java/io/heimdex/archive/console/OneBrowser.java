package io.heimdex.archive.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test a new tab of the one browser of the run. */
final class OneBrowser implements ExecutionCondition, ParameterResolver {

    private static final Optional<Path> CHROMIUM =
            Browser.find("chromium", "chromium-browser", "google-chrome");
    private static final Optional<Path> CHROMEDRIVER = Browser.find("chromedriver");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return CHROMIUM.isPresent() && CHROMEDRIVER.isPresent()
                ? ConditionEvaluationResult.enabled("there is a browser")
                : ConditionEvaluationResult.disabled(
                        "The console is not tested: chromium and chromedriver are not installed"
                                + " (Debian has them as chromium and chromium-driver)");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(Browser.class);
    }

    @Override
    public Browser resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Browser browser =
                context.getRoot()
                        .getStore(Namespace.create(OneBrowser.class))
                        .computeIfAbsent(Browser.class, _ -> start(), Browser.class);
        browser.newTab();
        return browser;
    }

    private static Browser start() {
        try {
            return Browser.start(CHROMIUM.orElseThrow(), CHROMEDRIVER.orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
