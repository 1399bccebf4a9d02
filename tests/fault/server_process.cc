#include "tests/fault/server_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "db/pg/connection.h"

namespace snowfield::tests {
namespace {
constexpr absl::Duration kStartTimeMax = absl::Seconds(90);

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void KillEach(const std::vector<pid_t>& processes) {
  for (const pid_t process : processes) kill(process, SIGKILL);
}
}  // namespace

ServerProcess::~ServerProcess() { KillAll(); }

// The log says the port, the first time; afterwards the same is asked for.
void ServerProcess::Start() {
  const std::string log = absl::StrCat(data_, "/server-", ++starts_, ".log");
  auto started = db::ChildProcess::Start(
      {.arguments = {SNOWFIELD_BINARY, "serve", "--data", data_, "--listen", absl::StrCat("127.0.0.1:", port_)},
       .account = {.user = geteuid(), .group = getegid()},
       .output_file = log,
       .parent_death_signal = SIGKILL});
  ASSERT_TRUE(started.ok()) << started.status();
  process_ = *std::move(started);
  const std::string marker = "\"event\":\"server.ready\",\"port\":";
  for (const absl::Time end = absl::Now() + kStartTimeMax; absl::Now() < end; absl::SleepFor(absl::Milliseconds(20))) {
    const std::string said = ReadFile(log);
    if (const size_t at = said.find(marker); at != std::string::npos) {
      port_ = std::atoi(said.c_str() + at + marker.size());
      return;
    }
    if (process_->HasEnded()) break;
  }
  FAIL() << "the server did not get ready: " << ReadFile(log) << "\n" << ReadFile(data_ + "/postgres/postgres.log");
}

void ServerProcess::KillServer() {
  if (process_ == nullptr) return;
  process_->Signal(SIGKILL);
  process_->WaitForEnd(absl::Seconds(10));
}

void ServerProcess::KillDatabase() { KillEach(db::ProcessesIn(ClusterFolder(), "postgres")); }

void ServerProcess::KillAll() {
  if (process_ != nullptr) process_->Signal(SIGKILL);
  KillDatabase();
  KillServer();
}

std::string ServerProcess::address() const { return absl::StrCat("127.0.0.1:", port_); }

bool ServerProcess::Serves() const {
  return db::Connection::Open({.connection_string = SuperuserConnectionString()}).ok();
}

bool ServerProcess::Probe() const {
  auto probe = db::ChildProcess::Start({.arguments = {SNOWFIELD_BINARY, "probe", "--address", address()},
                                        .account = {.user = geteuid(), .group = getegid()},
                                        .output_file = "/dev/null"});
  return probe.ok() && (*probe)->WaitForEnd(absl::Seconds(30)) && (*probe)->ExitCode() == 0;
}

std::string ServerProcess::SuperuserConnectionString() const {
  return absl::StrCat("host=", data_, "/postgres/socket port=5432 user=postgres dbname=snowfield");
}

}  // namespace snowfield::tests
