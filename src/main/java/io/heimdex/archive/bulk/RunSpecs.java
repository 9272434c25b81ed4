package io.heimdex.archive.bulk;

import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What the runs were asked to do. */
@Component
public class RunSpecs {

    private final JobItems items;
    private final JsonMapper json;

    RunSpecs(JobItems items, JsonMapper json) {
        this.items = items;
        this.json = json;
    }

    public RunSpec of(JobScope scope) {
        return json.readValue(items.spec(scope), RunSpec.class);
    }

    String toJson(RunSpec spec) {
        return json.writeValueAsString(spec);
    }
}
