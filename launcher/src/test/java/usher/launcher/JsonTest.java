package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void writesMembersAndElementsInTheOrderOfTheCalls() {
        Json json = new Json()
                .object()
                .member("name", "web")
                .member("starts", 2)
                .key("up")
                .value(true);
        json.key("pid")
                .nothing()
                .key("on")
                .array()
                .value("a")
                .value("b")
                .endArray()
                .endObject();

        assertThat(json.text()).isEqualTo("""
                {"name":"web",
                 "starts":2,
                 "up":true,
                 "pid":null,
                 "on":["a",
                  "b"]}
                """);
    }

    @Test
    void keepsWhatLiesDeeperOnOneLine() {
        Json json = new Json()
                .object()
                .key("x")
                .array()
                .object()
                .member("a", 1)
                .member("b", 2)
                .endObject();
        assertThat(json.object().endObject().endArray().endObject().text()).isEqualTo("""
                {"x":[{"a":1,"b":2},
                  {}]}
                """);
    }

    @Test
    void escapesWhatJsonDoesNotTakeAndNothingElse() {
        String text = "\"\\\n\t\u0001\u007f é 日 \uD83D\uDE80 \uD800";
        assertThat(new Json().value(text).text())
                .isEqualTo("\"\\\"\\\\\\n\\t\\u0001\\u007f é 日 \uD83D\uDE80 \\ud800\"\n");
    }
}
