package dev.connectbridge.planted.plan;

import dev.connectbridge.Breaks;
import dev.connectbridge.planted.consul.Asked;

/** The plan asks the agent, two floors beside it. */
@Breaks("STAIRS")
final class PlansByAsking {

  Asked ask() {
    return new Asked();
  }
}
