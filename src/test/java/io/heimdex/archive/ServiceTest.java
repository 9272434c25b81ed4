package io.heimdex.archive;

import io.heimdex.archive.openapi.SpringdocConfiguration;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/**
 * A test against the whole running service: real PostgreSQL, real ffprobe, real HTTP. All such
 * tests share one service, so each uses orgs of its own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@TestPropertySource(
        properties = {
            "heimdex.data-dir=target/test-data",
            "heimdex.local.first-run=false",
            "heimdex.archives.demo=samples",
            "heimdex.archives.folders=target/test-archives/folders",
            "heimdex.archives.drained=target/test-archives/drained",
            "heimdex.archives.scanned=target/test-archives/scanned",
            "heimdex.probe.timeout=10s",
            "springdoc.api-docs.enabled=true",
            "logging.level.root=WARN"
        })
@Import({TestApi.class, TestWorker.class, TestDatabase.class, SpringdocConfiguration.class})
@ExtendWith(FreshTestData.class)
public @interface ServiceTest {}
