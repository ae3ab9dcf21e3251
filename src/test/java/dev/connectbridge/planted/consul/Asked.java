package dev.connectbridge.planted.consul;

/** A class without a fault, for others to lean on. */
public final class Asked {}
