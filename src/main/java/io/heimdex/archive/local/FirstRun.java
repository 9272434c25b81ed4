package io.heimdex.archive.local;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.ingest.Commits;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The service's main job, once, for whoever has just started it: the sidecar job over the archive
 * of org demo.
 */
@Component
@ConditionalOnProperty("heimdex.local.first-run")
class FirstRun {

    private static final OrgId DEMO = new OrgId("demo");
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final MediaStore store;
    private final Commits commits;
    private final Assets assets;
    private final SidecarRequests requests;
    private final Jobs jobs;
    private final Clock clock;
    private final PrintStream out = System.out;

    FirstRun(
            MediaStore store,
            Commits commits,
            Assets assets,
            SidecarRequests requests,
            Jobs jobs,
            Clock clock) {
        this.store = store;
        this.commits = commits;
        this.assets = assets;
        this.requests = requests;
        this.jobs = jobs;
        this.clock = clock;
    }

    @EventListener
    void onReady(ApplicationReadyEvent ready) {
        Instant start = clock.instant();
        List<SourceUri> files = store.listArchive(DEMO);
        if (files.isEmpty()) {
            out.println(
                    "The archive of org demo has no files; point HEIMDEX_ARCHIVES_DEMO at a folder of media.");
            return;
        }
        List<AssetId> ids = register(files);
        List<AssetId> queued = assets.queued(DEMO, ids);
        if (!queued.isEmpty()) {
            follow(requests.forMany(DEMO, queued, "first-run"), queued.size());
        }
        List<Asset> found =
                assets.find(DEMO, ids).stream()
                        .sorted(Comparator.comparingInt(asset -> ids.indexOf(asset.id())))
                        .toList();
        List<Asset> probed =
                found.stream().filter(asset -> asset.status() == Asset.Status.READY).toList();
        long failed = found.stream().filter(asset -> asset.status() == Asset.Status.FAILED).count();
        out.printf(
                "demo archive: files=%d ready=%d failed=%d probed_now=%d seconds=%.1f%n",
                files.size(),
                probed.size(),
                failed,
                queued.size(),
                Duration.between(start, clock.instant()).toMillis() / 1000.0);
        if (!probed.isEmpty()
                && ready.getApplicationContext() instanceof WebServerApplicationContext web
                && web.getWebServer() != null) {
            printCalls(web.getWebServer().getPort(), probed.getFirst().id());
        }
    }

    private List<AssetId> register(List<SourceUri> files) {
        List<AssetId> ids = new ArrayList<>();
        for (SourceUri file : files) {
            try {
                ids.add(commits.commit(DEMO, null, file.text(), Commits.DEFAULT_STRONG_LIMIT).id());
            } catch (HeimdexException e) {
                out.printf(
                        "demo archive: %s is left out: %s %s%n",
                        file.name(), e.code().code(), e.detail());
            }
        }
        return ids;
    }

    private void follow(JobId id, int total) {
        long shown = -1;
        for (JobView job = look(id); ; job = look(id)) {
            long done = job.progress().done();
            if (done != shown) {
                out.printf("demo archive: %d of %d probed%n", done, total);
                shown = done;
            }
            if (job.finishedAt() != null || Thread.currentThread().isInterrupted()) {
                return;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private JobView look(JobId id) {
        return jobs.find(DEMO, id).orElseThrow();
    }

    private void printCalls(int port, AssetId id) {
        String base = "http://localhost:" + port;
        out.printf(
                """
                Try these, one after another:
                  TOKEN=$(curl -s -X POST %1$s/v1/admin/dev-token -H 'Content-Type: application/json' -d '{"org_id":"demo"}' | cut -d'"' -f4)
                  curl -s -H "Authorization: Bearer $TOKEN" %1$s/v1/assets/%2$s
                  curl -s -H "Authorization: Bearer $TOKEN" %1$s/v1/assets/%2$s/sidecar
                """,
                base, id);
    }
}
