package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.sidecar.SidecarSchema;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The schema that clients check sidecars against. */
@ServiceTest
class SchemaTests {

    @Autowired TestApi api;

    @Test
    void theSchemaIsOpenToAll() throws IOException {
        Answer answer = api.withToken(null).get("/v1/schemas/sidecar-1.0.json");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().headers().firstValue("Content-Type"))
                .contains("application/schema+json");
        assertThat(answer.response().body()).isEqualTo(Files.readString(SidecarSchema.FILE));
    }

    @Test
    void aSidecarThatIsNotAsTheSchemaSaysIsFound() throws IOException {
        Client client = api.as(TestApi.newOrg());
        String asset =
                client.asset("tone.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));
        client.sidecarJob(asset);
        JsonNode good = client.get("/v1/assets/" + asset + "/sidecar").json();

        SidecarSchema.check(good);
        assertThatThrownBy(() -> SidecarSchema.check(without(good, "format")))
                .isInstanceOf(AssertionError.class);
        ObjectNode wrong = (ObjectNode) good.deepCopy();
        ((ObjectNode) wrong.path("audio")).put("channels", "two");
        assertThatThrownBy(() -> SidecarSchema.check(wrong)).isInstanceOf(AssertionError.class);
        ObjectNode yesterday = (ObjectNode) good.deepCopy();
        ((ObjectNode) yesterday.path("provenance")).put("ingested_at", "yesterday");
        assertThatThrownBy(() -> SidecarSchema.check(yesterday)).isInstanceOf(AssertionError.class);
    }

    private static JsonNode without(JsonNode sidecar, String key) {
        return ((ObjectNode) sidecar.deepCopy()).without(key);
    }
}
