package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.LeftBehind;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Puts back into the queue what nobody works on, so that it is not seen as processing for ever. */
@Component
class LeftBehindAssets {

    private final JobItems items;
    private final Assets assets;

    LeftBehindAssets(JobItems items, Assets assets) {
        this.items = items;
        this.assets = assets;
    }

    @EventListener
    void release(LeftBehind left) {
        assets.release(left.job().org(), items.inHand(left.job()));
    }
}
