package io.heimdex.archive.node;

import io.heimdex.archive.problem.CannotStartException;
import java.util.List;
import java.util.Set;

/**
 * What this node does; one of them at least.
 *
 * @param api whether it answers the API
 * @param worker whether it takes jobs from the queues
 */
public record Roles(boolean api, boolean worker) {

    private static final String API = "api";
    private static final String WORKER = "worker";
    private static final Set<String> KNOWN = Set.of(API, WORKER);

    /** Whether other nodes do the rest, on the same database. */
    public boolean shared() {
        return !(api && worker);
    }

    /**
     * The roles that the settings give.
     *
     * @throws CannotStartException if they name none, or one that there is not
     */
    static Roles of(NodeSettings settings) {
        List<String> ofBackend =
                switch (settings.jobQueueBackend()) {
                    case "immediate" -> List.of(API, WORKER);
                    case "rq" -> List.of(API);
                    default ->
                            throw new CannotStartException(
                                    "HEIMDEX_JOB_QUEUE_BACKEND is '"
                                            + settings.jobQueueBackend()
                                            + "'; it is immediate, which runs jobs in the process of the"
                                            + " API, or rq, which leaves them to worker nodes");
                };
        List<String> names = settings.roles() == null ? ofBackend : settings.roles();
        if (names.isEmpty() || !KNOWN.containsAll(names)) {
            throw new CannotStartException(
                    "HEIMDEX_ROLES is '"
                            + String.join(",", names)
                            + "'; a node has the role api, the role worker, or api,worker");
        }
        return new Roles(names.contains(API), names.contains(WORKER));
    }
}
