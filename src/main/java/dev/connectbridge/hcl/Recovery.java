package dev.connectbridge.hcl;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;

/** Looks for the end of a statement that could not be read, so that the next one can be. */
final class Recovery {
  private final String text;
  private final int fault;
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;
  private boolean seeksHeredocs = true;

  private Recovery(String text, int start, int fault) {
    this.text = text;
    this.fault = fault;
    at = start;
  }

  /**
   * Returns where to go on: the end of the line in which everything that the statement opened is
   * closed, or the brace that closes the body around it; empty when there is neither.
   */
  static OptionalInt after(String text, int start, int fault) {
    int end = new Recovery(text, start, fault).find();
    return end < 0 ? OptionalInt.empty() : OptionalInt.of(end);
  }

  /** Returns the end of the line, where nothing better is found. */
  static int line(String text, int fault) {
    int line = text.indexOf('\n', fault);
    return line < 0 ? text.length() : line;
  }

  private int find() {
    while (at < text.length()) {
      char found = text.charAt(at);
      if (at >= fault && open.isEmpty() && (found == '\n' || found == '}')) {
        return at;
      }
      if ("{[(".indexOf(found) >= 0) {
        open.push(found);
      } else if (found == '}' && closesBody()) {
        return at;
      } else if (found == ']' || found == ')') {
        close(found == ']' ? '[' : '(');
      }
      step(found);
    }
    return open.isEmpty() ? text.length() : -1;
  }

  /** Takes the brace for what was opened last by a brace; without one it is the body's. */
  private boolean closesBody() {
    if (open.contains('{')) {
      char closed = open.pop();
      while (closed != '{') {
        closed = open.pop();
      }
      return false;
    }
    return at >= fault;
  }

  private void close(char opening) {
    if (!open.isEmpty() && open.peek() == opening) {
      open.pop();
    }
  }

  private void step(char found) {
    if (found == '<' && text.startsWith("<<", at)) {
      at = heredoc();
    } else if (found == '"') {
      at = quoted();
    } else if (found == '#' || text.startsWith("//", at)) {
      at = indexOrEnd("\n", at);
    } else if (text.startsWith("/*", at)) {
      at = Math.min(text.length(), indexOrEnd("*/", at + 2) + 2);
    } else {
      at++;
    }
  }

  private int quoted() {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\n') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    end = Math.min(end, text.length());
    return end < text.length() && text.charAt(end) == '"' ? end + 1 : end;
  }

  /** Goes to the end of a heredoc; once one is not closed no other is looked for. */
  private int heredoc() {
    int marker = at + (text.startsWith("<<-", at) ? 3 : 2);
    int end = Names.end(text, marker);
    String name = text.substring(marker, end);
    int line = indexOrEnd("\n", end);
    while (seeksHeredocs && end > marker && line < text.length()) {
      int next = indexOrEnd("\n", line + 1);
      if (text.substring(line + 1, next).strip().equals(name)) {
        return next;
      }
      line = next;
    }
    seeksHeredocs &= end == marker;
    return at + 2;
  }

  private int indexOrEnd(String wanted, int from) {
    int found = text.indexOf(wanted, from);
    return found < 0 ? text.length() : found;
  }
}
