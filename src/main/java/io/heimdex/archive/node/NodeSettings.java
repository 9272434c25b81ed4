package io.heimdex.archive.node;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this node does.
 *
 * @param roles api, worker or both; if absent, what the job queue backend says
 * @param jobQueueBackend immediate for a node that answers the API and runs the jobs too, rq for
 *     one that leaves them to worker nodes; heimdex.roles goes before it
 */
@ConfigurationProperties("heimdex")
record NodeSettings(
        @Nullable List<String> roles, @DefaultValue("immediate") String jobQueueBackend) {}
