package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.OurAgent;
import java.util.function.Consumer;

/**
 * What the supervisor's parts work with.
 *
 * @param ours which agent is ours
 * @param tell has something done by the supervisor's thread
 */
record Edges(
    AgentApi agent,
    OurAgent ours,
    Proof proof,
    Lanes lanes,
    Fence fence,
    DrainJournal journal,
    ReceiptBook book,
    Ticker ticker,
    Consumer<Runnable> tell) {}
