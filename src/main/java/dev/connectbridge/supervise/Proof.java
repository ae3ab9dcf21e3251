package dev.connectbridge.supervise;

import dev.connectbridge.consul.AbsenceProof;
import dev.connectbridge.consul.AbsenceProof.Inquiry;
import dev.connectbridge.consul.AgentException;
import java.util.SortedMap;

/** Finds out whether Consul's servers have forgotten something. */
interface Proof extends AutoCloseable {

  /**
   * Looks until it is proven, or cancelled.
   *
   * @param node the node that they were of
   * @param names the names of the services by their IDs
   * @param proven called from another thread
   */
  Seeking seek(String node, SortedMap<String, String> names, Runnable proven) throws AgentException;

  @Override
  void close();

  /** A look that is under way. */
  interface Seeking {
    /** Returns why it is not proven as things stand. */
    String doubt();

    /** Looks no longer. */
    void cancel();
  }

  /** Returns proofs by the catalog. */
  static Proof of(AbsenceProof absence) {
    return new Proof() {
      @Override
      public Seeking seek(String node, SortedMap<String, String> names, Runnable proven) {
        if (names.isEmpty()) {
          return nothingToAsk();
        }
        Inquiry inquiry = absence.ask(node, names, verdict -> proven.run());
        return new Seeking() {
          @Override
          public String doubt() {
            return inquiry.verdict().reason();
          }

          @Override
          public void cancel() {
            inquiry.cancel();
          }
        };
      }

      @Override
      public void close() {
        absence.close();
      }
    };
  }

  /**
   * A task of which only its driver knows: whoever hears nothing of its services proves nothing.
   */
  private static Seeking nothingToAsk() {
    return new Seeking() {
      @Override
      public String doubt() {
        return "nobody knows any more which services it stood behind";
      }

      @Override
      public void cancel() {}
    };
  }
}
