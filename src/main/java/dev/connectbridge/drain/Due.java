package dev.connectbridge.drain;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a drain asks for at a moment: a value.
 *
 * @param signals the tasks whose signal may go now
 * @param kills the tasks whose time is over
 * @param next when to look again though nothing happens
 */
public record Due(List<Leaving.Task> signals, List<Leaving.Task> kills, Optional<Duration> next) {
  public Due {
    signals = List.copyOf(signals);
    kills = List.copyOf(kills);
  }
}
