package io.heimdex.archive.console;

import io.heimdex.archive.ServiceTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test of the console in a real browser; skipped where none is installed. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OneBrowser.class)
@ServiceTest
@interface BrowserTest {}
