package io.heimdex.archive.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete.Result;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;

class ComeBackTests {

    private static final Instant DONE = Instant.parse("2026-01-01T00:00:00Z");

    @SuppressWarnings("unchecked")
    private final ExecutionOperations<Void> task = mock(ExecutionOperations.class);

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 8", "4, 16", "5, 16", "19, 16"})
    void whatFailsAtOnceWaitsLongerEachTime(int failures, long seconds) {
        new ComeBack().onFailure(ended(failures, Duration.ofSeconds(1)), task);

        verify(task).reschedule(any(), eq(DONE.plusSeconds(seconds)));
        verifyNoMoreInteractions(task);
    }

    @Test
    void whatFailsAtOnceAgainAndAgainIsGivenUp() {
        new ComeBack().onFailure(ended(20, Duration.ofSeconds(1)), task);

        verify(task).remove();
        verifyNoMoreInteractions(task);
    }

    @Test
    void whatRanForAWhileComesBackSoonHoweverOftenItFailed() {
        new ComeBack().onFailure(ended(20, Duration.ofHours(1)), task);

        ArgumentCaptor<ExecutionComplete> counted =
                ArgumentCaptor.forClass(ExecutionComplete.class);
        verify(task).reschedule(counted.capture(), eq(DONE.plusSeconds(1)));
        assertThat(counted.getValue().getResult()).isEqualTo(Result.OK);
        verifyNoMoreInteractions(task);
    }

    private static ExecutionComplete ended(int failures, Duration ran) {
        Execution execution = new Execution(DONE, new TaskInstance<>("launch-job", "1"));
        execution.consecutiveFailures = failures;
        return ExecutionComplete.failure(
                execution, DONE.minus(ran), DONE, new IllegalStateException("early"));
    }
}
