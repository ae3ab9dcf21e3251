package dev.connectbridge.planted.resolve;

import dev.connectbridge.Breaks;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** What it says depends on when and where it is asked. */
@Breaks("PURE_ROOMS_ARE_PURE")
final class Dreamer {

  List<Object> dream() {
    Supplier<UUID> chance = UUID::randomUUID;
    return List.of(Instant.now(), chance.get(), System.getenv());
  }
}
