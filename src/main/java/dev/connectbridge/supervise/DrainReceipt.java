package dev.connectbridge.supervise;

import dev.connectbridge.drain.Receipt;
import java.time.Instant;

/**
 * A receipt with the time of day: a value, for any thread.
 *
 * @param receipt what the drain did; its times count from the request
 * @param requested when it was asked for, by the wall's clock
 * @param journalled whether a crash would not have forgotten it
 */
public record DrainReceipt(Receipt receipt, Instant requested, boolean journalled) {

  /** Returns whether Consul was seen without the group in time, before anything was signalled. */
  public boolean proven() {
    return receipt.proven();
  }

  /** Returns the receipt as it stands in {@code receipts.jsonl}: one JSON object. */
  public String line() {
    return ReceiptBook.line(this);
  }
}
