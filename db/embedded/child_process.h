// ChildProcess: a program run as another account that dies with this process.
//
// The kernel's "signal me when my parent dies" means the thread that forked, so each child has a thread of its own that
// forks it, waits for its end and reaps it.
// Thread safety: all methods may be called from any thread.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace snowfield::db {

// Who a program runs as.
struct Account {
  uid_t user = 0;
  gid_t group = 0;
  std::string name = {};
};

struct Command {
  std::vector<std::string> arguments;  // the program's absolute path first
  Account account = {};
  std::string output_file = {};  // where standard output and error are appended
  int parent_death_signal = 0;
};

class ChildProcess {
 public:
  // Starts the program in the folder / with a clean environment, in a session of its own (Ctrl-C does not reach it).
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(const Command& command);
  // Kills the program if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int pid() const { return pid_; }
  bool HasEnded() const;
  // Nothing happens if it has ended.
  void Signal(int signal);
  // True when it ended in time.
  bool WaitForEnd(absl::Duration time_max) const;
  // The exit code, or minus the signal that ended it; only after the end.
  int ExitCode() const;

 private:
  ChildProcess() = default;
  void ForkAndWait(const Command& command, const std::vector<char*>& arguments);

  mutable absl::Mutex mutex_;
  pid_t pid_ = -1;
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  int exit_code_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread keeper_;
};

// Processes named `program` whose working folder is `folder`: a cluster's are all in its data folder.
std::vector<pid_t> ProcessesIn(const std::string& folder, const std::string& program);

}  // namespace snowfield::db
