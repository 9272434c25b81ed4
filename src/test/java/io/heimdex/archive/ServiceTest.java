package io.heimdex.archive;

import io.heimdex.archive.console.TestLogin;
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
            "heimdex.archives.migrated=target/test-archives/migrated",
            "heimdex.archives.films=target/test-archives/home/films",
            "heimdex.archives.folders=target/test-archives/folders",
            "heimdex.archives.drained=target/test-archives/drained",
            "heimdex.archives.scanned=target/test-archives/scanned",
            "heimdex.archives.few-assets=target/test-archives/few-assets",
            "heimdex.quota.orgs.few-requests.requests-per-minute=6",
            "heimdex.quota.orgs.few-bytes.uploaded-per-day=1000B",
            "heimdex.quota.orgs.few-assets.assets=2",
            "heimdex.quota.orgs.few-jobs.queued-jobs=2",
            "heimdex.quota.orgs.few-uploads.uploads-at-once=1",
            "heimdex.quota.orgs.few-uploads.open-uploads=3",
            "heimdex.storage.min-free=1MB",
            "heimdex.probe.timeout=10s",
            // Only what a test asks to be traced is.
            "management.opentelemetry.enabled=true",
            "management.tracing.sampling.probability=0",
            "springdoc.api-docs.enabled=true",
            "logging.level.root=WARN"
        })
@Import({
    TestApi.class,
    TestWorker.class,
    TestDatabase.class,
    TestLogin.class,
    TestSpans.class,
    SpringdocConfiguration.class
})
@ExtendWith(FreshTestData.class)
public @interface ServiceTest {}
