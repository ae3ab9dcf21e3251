package dev.connectbridge.planted.source;

import dev.connectbridge.Breaks;
import org.yaml.snakeyaml.LoaderOptions;

/** Reads YAML beside the parser. */
@Breaks("SNAKEYAML")
final class TalksYaml {

  LoaderOptions options() {
    return new LoaderOptions();
  }
}
