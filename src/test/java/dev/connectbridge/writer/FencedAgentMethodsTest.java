package dev.connectbridge.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentApi;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has a default in the interface is easily left out. */
class FencedAgentMethodsTest {
  @Test
  void everyQuestionReachesTheAgent() {
    List<String> leftOut = new ArrayList<>();
    for (Method method : AgentApi.class.getMethods()) {
      try {
        Method own =
            FencedAgent.class.getDeclaredMethod(method.getName(), method.getParameterTypes());
        assertThat(own.getDeclaringClass()).isEqualTo(FencedAgent.class);
      } catch (NoSuchMethodException e) {
        leftOut.add(method.toString());
      }
    }

    assertThat(leftOut).isEmpty();
  }
}
