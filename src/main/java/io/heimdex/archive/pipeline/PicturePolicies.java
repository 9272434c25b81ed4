package io.heimdex.archive.pipeline;

import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which pictures the jobs were asked for. */
@Component
class PicturePolicies {

    private final JobItems items;
    private final JsonMapper json;

    PicturePolicies(JobItems items, JsonMapper json) {
        this.items = items;
        this.json = json;
    }

    ThumbnailPolicy of(JobScope scope) {
        JsonNode policy = json.readTree(items.spec(scope)).path("policy");
        return policy.isObject()
                ? json.treeToValue(policy, ThumbnailPolicy.class)
                : ThumbnailPolicy.USUAL;
    }
}
