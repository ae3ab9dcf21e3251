package dev.connectbridge.supervise;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Receipt;
import dev.connectbridge.drain.Receipt.TaskEnd;
import dev.connectbridge.host.AppendLog;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every receipt, one JSON object a line: in its file, and in the log. */
final class ReceiptBook {
  private static final Logger log = LoggerFactory.getLogger(ReceiptBook.class);

  private final Optional<AppendLog> file;

  ReceiptBook(Optional<AppendLog> file) {
    this.file = file;
  }

  void enter(DrainReceipt receipt) {
    String line = line(receipt);
    if (receipt.receipt().verdict() == Receipt.Verdict.NOT_PROVEN) {
      log.warn("drained {}", line);
    } else {
      log.info("drained {}", line);
    }
    file.ifPresent(
        book -> {
          try {
            book.append(line);
          } catch (IOException e) {
            log.error("the receipt stands in the log alone: {}", e.getMessage());
          }
        });
  }

  /** Returns a receipt as it is written down; see src/docs/formats.md. */
  static String line(DrainReceipt entry) {
    return Wording.line(object(entry));
  }

  static ObjectNode object(DrainReceipt entry) {
    Receipt receipt = entry.receipt();
    ObjectNode node = Wording.object();
    node.put("group", receipt.leaving().group());
    node.put("allocation", receipt.leaving().allocation());
    ArrayNode services = node.putArray("services");
    receipt.leaving().services().stream().map(Service::id).forEach(services::add);
    node.put("cause", word(receipt.cause()));
    node.put("requested", entry.requested().toString());
    time(node, "deregistered_at_agent_ms", receipt.deregistered());
    time(node, "absent_from_catalog_ms", receipt.absent());
    ArrayNode tasks = node.putArray("tasks");
    receipt.tasks().forEach(end -> task(tasks.addObject(), end));
    time(node, "margin_ms", receipt.margin());
    node.put("verdict", receipt.verdict().name());
    node.put("proven", receipt.proven());
    if (!receipt.reason().isEmpty()) {
      node.put("reason", receipt.reason());
    }
    node.put("journal", entry.journalled() ? "ok" : "failed");
    return node;
  }

  private static void task(ObjectNode node, TaskEnd end) {
    node.put("task", end.task());
    time(node, "signal_ms", end.signalled());
    time(node, "kill_ms", end.killed());
    time(node, "exit_ms", end.ended());
    node.put("exit", end.exit());
  }

  private static void time(ObjectNode node, String name, Optional<Duration> time) {
    node.put(name, time.map(Duration::toMillis).orElse(null));
  }

  private static String word(Receipt.Cause cause) {
    return cause.name().toLowerCase(Locale.ROOT);
  }
}
