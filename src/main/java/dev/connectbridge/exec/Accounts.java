package dev.connectbridge.exec;

import dev.connectbridge.spec.Spelling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The users of this machine, and becoming one of them. */
final class Accounts {
  private static final String ROOT = "0";

  private final String own;

  /** Asks who we are. */
  Accounts() {
    String answer = "";
    try {
      answer = Tool.ask(List.of(Tool.path("id").orElse("id"), "-u")).output();
    } catch (IOException e) {
      // a machine without id is no machine that we can change users on
    }
    this.own = answer;
  }

  /**
   * A user and the group that comes with it.
   *
   * @param name the name that the spec gives
   * @param uid its number
   * @param gid its group's number
   */
  record Account(String name, String uid, String gid) {}

  /** Returns whether we may become others, and give files away. */
  boolean isRoot() {
    return own.equals(ROOT);
  }

  /** Returns the user to change to; empty when none is named, or it is who we are already. */
  Optional<Account> changeTo(String user) throws IOException {
    if (user.isEmpty()) {
      return Optional.empty();
    }
    return lookUp(user).filter(account -> !account.uid().equals(own));
  }

  /** Returns what is wrong with running as a user. */
  Optional<String> refusal(String user) throws IOException {
    if (user.isEmpty()) {
      return Optional.empty();
    }
    Optional<Account> account = lookUp(user);
    if (account.isEmpty()) {
      return Optional.of("user: this machine has no user " + Spelling.quoted(user));
    }
    if (account.get().uid().equals(own)) {
      return Optional.empty();
    }
    if (!isRoot()) {
      return Optional.of(
          "user: only root can run a task as " + Spelling.quoted(user) + "; we are user " + own);
    }
    return Tool.path("setpriv").isEmpty()
        ? Optional.of("user: needs setpriv (util-linux), which this machine does not have")
        : Optional.empty();
  }

  private static Optional<Account> lookUp(String user) throws IOException {
    String id = Tool.path("id").orElse("id");
    Tool.Answer uid = Tool.ask(List.of(id, "-u", "--", user));
    Tool.Answer gid = Tool.ask(List.of(id, "-g", "--", user));
    return uid.code() == 0 && gid.code() == 0
        ? Optional.of(new Account(user, uid.output(), gid.output()))
        : Optional.empty();
  }

  /** Returns what is put before a command so that it runs as a user. */
  static List<String> prefix(Account account) {
    return List.of(
        Tool.path("setpriv").orElse("setpriv"),
        "--reuid=" + account.uid(),
        "--regid=" + account.gid(),
        "--init-groups",
        "--");
  }

  /** Returns whether a user may run what stands at a path. */
  static boolean mayExecute(Account account, Path path) throws IOException {
    return test(account, "-x", path);
  }

  /** Returns whether a user gets as far as a directory, whoever may enter it. */
  static boolean mayReach(Account account, Path path) throws IOException {
    return test(account, "-d", path);
  }

  private static boolean test(Account account, String what, Path path) throws IOException {
    List<String> shell =
        List.of("/bin/sh", "-c", "test \"$1\" \"$2\"", "sh", what, path.toString());
    return Tool.ask(Stream.concat(prefix(account).stream(), shell.stream()).toList()).code() == 0;
  }

  /** Gives a directory and the files in it to a user; of files, only those that are still ours. */
  void give(Path directory, Account account) throws IOException {
    chown(directory, account);
    try (Stream<Path> inside = Files.list(directory)) {
      for (Path file : inside.toList()) {
        boolean once = Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS).equals(1);
        if (once && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          chown(file, account);
        }
      }
    }
  }

  /** Gives one file or directory to a user; a link is given itself, not what it leads to. */
  static void chown(Path path, Account account) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    var names = path.getFileSystem().getUserPrincipalLookupService();
    view.setOwner(names.lookupPrincipalByName(account.uid()));
    view.setGroup(names.lookupPrincipalByGroupName(account.gid()));
  }
}
