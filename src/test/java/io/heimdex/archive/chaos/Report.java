package io.heimdex.archive.chaos;

import io.heimdex.archive.chaos.Plan.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param happened how many faults of each kind really hit something
 * @param lost assets without the outcome, state and sidecar that they should have
 * @param duplicates assets that were committed more than once
 * @param reprobed probes beyond the first of each asset
 * @param stuck jobs, executions, tasks and assets that never came to an end
 * @param staleRejected commits and claims of workers that were no longer the owners
 * @param gaps how long nobody worked on what a killed or paused worker held, shortest first
 * @param slowTerms workers that took more than 30 s to end when told to
 * @param poisoned assets given up as the poison that they are
 * @param falsePoison assets given up that are none
 * @param leftProcesses probes that outlived their workers
 */
record Report(
        Plan plan,
        Map<Fault, Integer> happened,
        long lost,
        long duplicates,
        long reprobed,
        long stuck,
        long staleRejected,
        List<Duration> gaps,
        long slowTerms,
        long poisoned,
        long falsePoison,
        long leftProcesses) {

    private static final double MAX_REPROBED_PERCENT = 5;
    static final Duration MAX_TAKEOVER = Duration.ofSeconds(45);

    double reprobedPercent() {
        return 100.0 * reprobed / plan.assets();
    }

    Duration takeoverP99() {
        return gaps.isEmpty() ? Duration.ZERO : gaps.get((int) Math.ceil(gaps.size() * 0.99) - 1);
    }

    int happened(Fault fault) {
        return happened.getOrDefault(fault, 0);
    }

    String line() {
        StringBuilder line = new StringBuilder("chaos: assets=").append(plan.assets());
        for (Fault fault : Fault.values()) {
            line.append(' ').append(fault.plural()).append('=').append(happened(fault));
        }
        return line.append(
                        String.format(
                                Locale.ROOT,
                                " lost=%d duplicates=%d reprobed_pct=%.1f stuck=%d stale_rejected=%d"
                                        + " takeover_p99_s=%.1f takeovers=%d slow_terms=%d poisoned=%d"
                                        + " false_poison=%d left_processes=%d",
                                lost,
                                duplicates,
                                reprobedPercent(),
                                stuck,
                                staleRejected,
                                takeoverP99().toMillis() / 1000.0,
                                gaps.size(),
                                slowTerms,
                                poisoned,
                                falsePoison,
                                leftProcesses))
                .toString();
    }

    /** What is not as it has to be, whatever the run was like. */
    List<String> faults() {
        List<String> wrong = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            if (happened(fault) < plan.wanted(fault)) {
                wrong.add("too few " + fault.plural() + " really happened");
            }
        }
        none(wrong, lost, "assets were lost");
        none(wrong, duplicates, "assets were committed twice");
        none(wrong, stuck, "things never ended");
        none(wrong, slowTerms, "workers took more than 30 s to end");
        none(wrong, falsePoison, "sound assets were given up");
        none(wrong, leftProcesses, "probes outlived their workers");
        if (poisoned != plan.poison()) {
            wrong.add("not every poison was given up");
        }
        return wrong;
    }

    /** Whether nobody took over for too long, on a machine that starts workers in time. */
    boolean tookOverTooLate() {
        return takeoverP99().compareTo(MAX_TAKEOVER) > 0;
    }

    /** Whether there was too much of the work done again, for faults as rare as in the full run. */
    boolean reprobedTooMuch() {
        return reprobedPercent() > MAX_REPROBED_PERCENT;
    }

    private static void none(List<String> wrong, long count, String what) {
        if (count > 0) {
            wrong.add(count + " " + what);
        }
    }
}
