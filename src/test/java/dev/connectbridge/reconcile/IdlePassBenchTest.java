package dev.connectbridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.SimulatedAgent;
import dev.connectbridge.testing.VirtualTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a pass with nothing to do costs: twice the services, twice the time. */
@Tag("bench")
class IdlePassBenchTest {
  private static final int IN_A_FILE = 50;
  private static final boolean BENCH = Integer.getInteger("bench.rounds", 1) > 1;

  @Test
  void onOneAgentItGrowsAsTheServicesDo() {
    int[] sizes = BENCH ? new int[] {1_000, 2_500, 5_000, 10_000} : new int[] {100, 200, 400};
    Map<Integer, Double> millis = new TreeMap<>();
    Map<Integer, Long> questions = new TreeMap<>();
    for (int size : sizes) {
      Node node = new Node(size);
      int times = BENCH ? 15 : 5;
      long before = node.agent.questions();
      millis.put(size, measured(node, times));
      questions.put(size, (node.agent.questions() - before) / times);
    }
    millis.forEach(
        (size, time) ->
            System.out.printf(
                "idle pass: %6d services %8.1f ms, %.1f µs each, %d questions%n",
                size, time, 1000 * time / size, questions.get(size)));
    assertThat(new TreeSet<>(questions.values())).as("questions a pass").hasSize(1);
    assertThat(questions.get(sizes[0])).isBetween(1L, 5L);
    if (BENCH) {
      double growth = millis.get(10_000) / millis.get(2_500);
      assertThat(growth).as("four times the services").isLessThan(8);
    }
  }

  @Test
  void onManyAgentsItCostsWhatItCostsOnEach() {
    int nodes = BENCH ? 100 : 3;
    int each = BENCH ? 1_000 : 50;
    double all = 0;
    double first = 0;
    for (int i = 0; i < nodes; i++) {
      Node node = new Node(each);
      double one = measured(node, 5);
      first = i == 0 ? one : first;
      all += one;
    }
    System.out.printf(
        "idle pass: %d services over %d agents, %.1f ms in all, %.1f ms each%n",
        nodes * each, nodes, all, all / nodes);
    assertThat(all / nodes).isLessThan(Math.max(50, 5 * first));
  }

  /** Returns the median, in milliseconds. */
  private static double measured(Node node, int times) {
    double[] millis = new double[times];
    for (int i = 0; i < times; i++) {
      long began = System.nanoTime();
      assertThat(node.reconciler.pass(node.specs).plan().isEmpty()).isTrue();
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    assertThat(node.agent.takeWrites()).isEmpty();
    Arrays.sort(millis);
    return millis[times / 2];
  }

  /** A node with its services, all of them registered. */
  private static final class Node {
    private final Snapshot specs;
    private final SimulatedAgent agent;
    private final Reconciler reconciler;

    private Node(int services) {
      VirtualTime time = new VirtualTime();
      agent = new SimulatedAgent(SimulatedAgent.Options.dev(), time);
      reconciler =
          new Reconciler(Wire.to(agent, time, () -> ""), Settings.of("default"), Shop.memory());
      specs = specs(services);
      assertThat(reconciler.pass(specs).done()).isTrue();
      assertThat(agent.takeWrites()).hasSize(services);
    }

    /** Every fifth service has a sidecar. */
    private static Snapshot specs(int services) {
      List<Snapshot.File> files = new ArrayList<>();
      for (int from = 0; from < services; from += IN_A_FILE) {
        List<String> blocks = new ArrayList<>();
        for (int i = from; i < Math.min(services, from + IN_A_FILE); i++) {
          String port = String.valueOf(33_000 + i);
          blocks.add(
              (i % 5 == 0 ? Shop.service("s" + i, Shop.CONNECT) : Shop.service("s" + i))
                  .replace("9001", port));
        }
        files.add(Shop.file("f" + from, blocks.toArray(String[]::new)));
      }
      return Shop.all(files.toArray(Snapshot.File[]::new));
    }
  }
}
