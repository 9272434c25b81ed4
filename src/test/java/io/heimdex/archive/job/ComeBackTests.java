package io.heimdex.archive.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete.Result;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComeBackTests {

    private static final Instant DONE = Instant.parse("2026-01-01T00:00:00Z");

    @SuppressWarnings("unchecked")
    private final ExecutionOperations<Void> task = mock(ExecutionOperations.class);

    private boolean stopping;
    private boolean diedAtWork;
    private final List<String> givenUp = new ArrayList<>();
    private final ComeBack comeBack =
            new ComeBack(
                    () -> stopping,
                    _ -> diedAtWork,
                    givenUp::add,
                    new SimpleMeterRegistry(),
                    Lane.SINGLE);

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 8", "4, 16", "5, 16", "19, 16"})
    void whatFailsAtOnceWaitsLongerEachTime(int failures, long seconds) {
        comeBack.onFailure(ended(failures, Duration.ofSeconds(1)), task);

        verify(task).reschedule(counted(Result.FAILED), eq(DONE.plusSeconds(seconds)));
        verifyNoMoreInteractions(task);
    }

    @Test
    void whatFailsAtOnceAgainAndAgainIsGivenUp() {
        comeBack.onFailure(ended(20, Duration.ofSeconds(1)), task);

        verify(task).remove();
        verifyNoMoreInteractions(task);
        assertThat(givenUp).containsExactly("1");
    }

    @Test
    void whatRanForAWhileComesBackSoonHoweverOftenItFailed() {
        comeBack.onFailure(ended(20, Duration.ofHours(1)), task);

        verify(task).reschedule(counted(Result.OK), eq(DONE.plusSeconds(1)));
        verifyNoMoreInteractions(task);
    }

    @Test
    void whatAStoppedWorkerLetGoOfDidNotFail() {
        stopping = true;

        comeBack.onFailure(ended(20, Duration.ofSeconds(1)), task);

        verify(task).reschedule(counted(Result.OK), eq(DONE.plusSeconds(1)));
        verifyNoMoreInteractions(task);
    }

    @Test
    void whatADeadWorkerWorkedOnIsGoneOnWithAtOnceHoweverManyDied() {
        diedAtWork = true;

        comeBack.deadExecution(ended(20, Duration.ZERO), task);

        verify(task).reschedule(counted(Result.OK), eq(DONE));
        verifyNoMoreInteractions(task);
    }

    @Test
    void whatEndsItsWorkersAtItsBeginningIsTriedAFewTimes() {
        comeBack.deadExecution(ended(19, Duration.ZERO), task);
        verify(task).reschedule(counted(Result.FAILED), eq(DONE));
        assertThat(givenUp).isEmpty();

        comeBack.deadExecution(ended(20, Duration.ZERO), task);
        verify(task).remove();
        verifyNoMoreInteractions(task);
        assertThat(givenUp).containsExactly("1");
    }

    private static ExecutionComplete counted(Result as) {
        return argThat(ended -> ended.getResult() == as);
    }

    private static ExecutionComplete ended(int failures, Duration ran) {
        Execution execution = new Execution(DONE, new TaskInstance<>("launch-job", "1"));
        execution.consecutiveFailures = failures;
        return ExecutionComplete.failure(
                execution, DONE.minus(ran), DONE, new IllegalStateException("early"));
    }
}
