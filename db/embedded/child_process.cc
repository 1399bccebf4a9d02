#include "db/embedded/child_process.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/status.h"

namespace snowfield::db {
namespace {
constexpr int kExecFailed = 127;

// Runs between fork and exec: only calls that are safe there, nothing that allocates.
[[noreturn]] void BecomeProgram(const Command& command, char* const* arguments, pid_t parent, bool must_switch) {
  static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
  static char locale[] = "LC_ALL=C.UTF-8";
  static char* const environment[] = {path, locale, nullptr};
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  const int output = open(command.output_file.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0640);
  const int input = open("/dev/null", O_RDONLY);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  close_range(3, ~0U, 0);
  const Account& account = command.account;
  if (must_switch && (setgroups(1, &account.group) != 0 || setgid(account.group) != 0 || setuid(account.user) != 0)) {
    _exit(kExecFailed);
  }
  // After setuid, which clears it.
  if (command.parent_death_signal != 0) prctl(PR_SET_PDEATHSIG, command.parent_death_signal);
  if (getppid() != parent || chdir("/") != 0) _exit(kExecFailed);
  execve(arguments[0], arguments, environment);
  _exit(kExecFailed);
}
}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(const Command& command) {
  std::unique_ptr<ChildProcess> child(new ChildProcess());
  ChildProcess* const self = child.get();
  child->keeper_ = std::thread([self, command] {
    std::vector<char*> arguments;
    for (const std::string& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    self->ForkAndWait(command, arguments);
  });
  absl::MutexLock lock(&child->mutex_);
  child->mutex_.Await(absl::Condition(&child->started_));
  if (child->pid_ < 0) {
    return base::Problem(absl::StatusCode::kResourceExhausted, "TOO_MANY_PROCESSES", "",
                         "no further process could be made: end others, or raise the limit (ulimit -u)");
  }
  return child;
}

void ChildProcess::ForkAndWait(const Command& command, const std::vector<char*>& arguments) {
  const pid_t parent = getpid();
  const bool must_switch = command.account.user != geteuid();
  const pid_t pid = fork();
  if (pid == 0) BecomeProgram(command, arguments.data(), parent, must_switch);
  {
    absl::MutexLock lock(&mutex_);
    pid_ = pid;
    started_ = true;
    ended_ = pid < 0;
  }
  if (pid < 0) return;
  // Seen first and reaped under the lock, so that Signal() can never hit a stranger with the same number.
  siginfo_t info;
  while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  absl::MutexLock lock(&mutex_);
  int status = 0;
  waitpid(pid, &status, 0);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  ended_ = true;
}

ChildProcess::~ChildProcess() {
  Signal(SIGKILL);
  keeper_.join();
}

bool ChildProcess::HasEnded() const {
  absl::MutexLock lock(&mutex_);
  return ended_;
}

void ChildProcess::Signal(int signal) {
  absl::MutexLock lock(&mutex_);
  if (!ended_) kill(pid_, signal);
}

bool ChildProcess::WaitForEnd(absl::Duration time_max) const {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&ended_), time_max);
}

int ChildProcess::ExitCode() const {
  absl::MutexLock lock(&mutex_);
  return exit_code_;
}

std::vector<pid_t> ProcessesIn(const std::string& folder, const std::string& program) {
  namespace fs = std::filesystem;
  std::vector<pid_t> found;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
    std::error_code gone;
    if (fs::read_symlink(entry->path() / "cwd", gone).string() != folder || gone) continue;
    std::string comm;
    std::getline(std::ifstream(entry->path() / "comm"), comm);
    if (comm == program) found.push_back(static_cast<pid_t>(std::atoi(name.c_str())));
  }
  return found;
}

}  // namespace snowfield::db
