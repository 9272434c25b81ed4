package io.heimdex.archive.local;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.Assets.Place;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.ingest.Commits;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.node.Roles;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.ArchiveVisitor;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.AssetIdentity;
import io.heimdex.archive.storage.FoundFile;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The service's main job, once, for whoever has just started it: the sidecar job over the archive
 * of org demo.
 */
@Component
class FirstRun {

    private static final OrgId DEMO = new OrgId("demo");
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final LocalSettings settings;
    private final Roles roles;
    private final MediaStore store;
    private final Commits commits;
    private final Assets assets;
    private final SidecarRequests requests;
    private final Jobs jobs;
    private final Clock clock;
    private final PrintStream out = System.out;

    FirstRun(
            LocalSettings settings,
            Roles roles,
            MediaStore store,
            Commits commits,
            Assets assets,
            SidecarRequests requests,
            Jobs jobs,
            Clock clock) {
        this.settings = settings;
        this.roles = roles;
        this.store = store;
        this.commits = commits;
        this.assets = assets;
        this.requests = requests;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Beside the service, which is up and stays up whatever becomes of this. */
    @EventListener
    void onReady(ApplicationReadyEvent ready) {
        if (settings.firstRun() && roles.api()) {
            Thread.ofVirtual().name("first-run").start(() -> run(ready));
        }
    }

    private void run(ApplicationReadyEvent event) {
        Instant start = clock.instant();
        List<FoundFile> files = files();
        if (files.isEmpty()) {
            out.println(
                    "The archive of org demo has no files; point HEIMDEX_ARCHIVES_DEMO at a folder of"
                            + " media.");
            return;
        }
        List<AssetId> perFile = register(files);
        Set<AssetId> ids = new LinkedHashSet<>(perFile);
        List<AssetId> queued = assets.queued(DEMO, ids);
        if (!queued.isEmpty()) {
            follow(requests.forMany(DEMO, queued, "first-run"), queued.size());
        }
        Map<AssetId, Asset.Status> statuses =
                assets.find(DEMO, ids).stream().collect(Collectors.toMap(Asset::id, Asset::status));
        List<Asset.Status> ofFiles = perFile.stream().map(statuses::get).toList();
        int ready = Collections.frequency(ofFiles, Asset.Status.READY);
        int failed = Collections.frequency(ofFiles, Asset.Status.FAILED);
        out.printf(
                "demo archive: files=%d ready=%d failed=%d waiting=%d probed_now=%d seconds=%.1f%n",
                files.size(),
                ready,
                failed,
                ofFiles.size() - ready - failed,
                queued.size(),
                Duration.between(start, clock.instant()).toMillis() / 1000.0);
        List<AssetId> probed =
                ids.stream().filter(id -> statuses.get(id) == Asset.Status.READY).toList();
        if (!probed.isEmpty()
                && event.getApplicationContext() instanceof WebServerApplicationContext web
                && web.getWebServer() != null) {
            printCalls(web.getWebServer().getPort(), probed.getFirst());
        }
    }

    /** The files of the archive by their URIs; none if it cannot be read. */
    private List<FoundFile> files() {
        List<FoundFile> files = new ArrayList<>();
        try {
            store.walk(
                    DEMO,
                    null,
                    new ArchiveVisitor() {
                        @Override
                        public void file(FoundFile file) {
                            files.add(file);
                        }

                        @Override
                        public void unreadable(String uri, ErrorCode code, String message) {
                            leftOut(uri, code, message);
                        }
                    });
        } catch (HeimdexException e) {
            leftOut("the archive", e.code(), e.detail());
        }
        files.sort(Comparator.comparing(file -> file.uri().text()));
        return files;
    }

    private void leftOut(String what, ErrorCode code, String message) {
        out.printf("demo archive: %s is left out: %s %s%n", what, code.code(), message);
    }

    /** The asset of each file that could be read. */
    private List<AssetId> register(List<FoundFile> files) {
        Map<String, Place> known = assets.places(DEMO);
        List<AssetId> ids = new ArrayList<>();
        for (FoundFile file : files) {
            Place place = known.get(file.uri().text());
            try {
                ids.add(
                        place != null && place.fingerprint().equals(file.fingerprint())
                                ? place.id()
                                : commit(file.uri()));
            } catch (HeimdexException e) {
                leftOut(file.uri().name(), e.code(), e.detail());
            }
        }
        return ids;
    }

    private AssetId commit(SourceUri file) {
        return commits.commit(DEMO, null, file.text(), AssetIdentity.DEFAULT_STRONG_LIMIT).id();
    }

    private void follow(JobId id, int total) {
        long shown = -1;
        for (JobView job = look(id); ; job = look(id)) {
            long done = job.progress().done();
            if (done != shown) {
                out.printf("demo archive: %d of %d probed%n", done, total);
                shown = done;
            }
            if (job.status().ended()) {
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
