package io.heimdex.archive.bulk;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Runs what a schedule says, for each org by itself. */
@Component
class ScheduledRuns {

    private static final Logger log = LoggerFactory.getLogger(ScheduledRuns.class);

    private final BulkRuns runs;
    private final MediaStore store;
    private final SelectedAssets assets;

    ScheduledRuns(BulkRuns runs, MediaStore store, SelectedAssets assets) {
        this.runs = runs;
        this.store = store;
        this.assets = assets;
    }

    /**
     * Asks for the runs; what keeps one org from its run does not keep the others, and is thrown
     * last if it is the database.
     *
     * @param due when it was to be: a second call about the same time asks for nothing more
     */
    void start(String schedule, BatchConfig config, Instant due) {
        String user = "schedule:" + schedule;
        DataAccessException broken = null;
        for (OrgId org : orgs(config)) {
            try {
                BulkRuns.Started started = runs.start(org, config, user, user + " " + due);
                log.info(
                        "schedule {}: {} {} for org {}",
                        schedule,
                        started.skipped() ? "goes on with job" : "asked for job",
                        started.job(),
                        org);
            } catch (HeimdexException e) {
                log.warn(
                        "schedule {}: no run for org {}: {}: {}",
                        schedule,
                        org,
                        e.code().code(),
                        e.detail());
            } catch (DataAccessException e) {
                log.error("schedule {}: no run for org {}", schedule, org, e);
                broken = e;
            }
        }
        if (broken != null) {
            throw broken;
        }
    }

    private Collection<OrgId> orgs(BatchConfig config) {
        if (config.org() != null) {
            if (config.type() != RunType.SCAN && !assets.of(config.org())) {
                log.warn(
                        "{}: org: {} has no assets; is that its name?",
                        config.name(),
                        config.org());
            }
            return List.of(config.org());
        }
        return config.type() == RunType.SCAN ? store.archives() : assets.orgs();
    }
}
