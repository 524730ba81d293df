package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CallersLocaleTest {
    @Test
    void putsBackWhatTheCallerHad() {
        assertThat(CallersLocale.changes(Map.of("LC_ALL", "C.UTF-8", "USHER_LC_ALL", "=de_DE.ISO-8859-1")))
                .containsExactly(Map.entry("LC_ALL", Optional.of("de_DE.ISO-8859-1")));
    }

    @Test
    void tellsAnEmptyValueFromNone() {
        assertThat(CallersLocale.changes(Map.of("LC_ALL", "C.UTF-8", "USHER_LC_ALL", "=")))
                .containsExactly(Map.entry("LC_ALL", Optional.of("")));
        assertThat(CallersLocale.changes(Map.of("LC_ALL", "C.UTF-8", "USHER_LC_ALL", "")))
                .containsExactly(Map.entry("LC_ALL", Optional.empty()));
    }

    @Test
    void changesNothingIfStartedOtherwise() {
        assertThat(CallersLocale.changes(Map.of("LC_ALL", "C"))).isEmpty();
    }
}
