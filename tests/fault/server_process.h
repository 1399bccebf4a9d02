// ServerProcess: a real `snowfield serve` on a data folder of its own, that can be killed and started again.
// Thread safety: one thread at a time, but for address().
#pragma once

#include <memory>
#include <string>

#include "db/embedded/child_process.h"

namespace snowfield::tests {

class ServerProcess {
 public:
  // `data` can be entered by any account. Fails the test where the server does not get ready.
  explicit ServerProcess(std::string data) : data_(std::move(data)) {}
  ~ServerProcess();

  // Starts it and waits until it is ready. It listens on one port for as long as this object lives.
  void Start();
  // SIGKILL to the server: its cluster shuts itself down.
  void KillServer();
  // SIGKILL to every process of its cluster; the server lives on without a database.
  void KillDatabase();
  // SIGKILL to all at the same moment, as when the power goes.
  void KillAll();

  std::string address() const;
  // Whether its database answers.
  bool Serves() const;
  int pid() const { return process_->pid(); }
  // Whether `snowfield probe`, as a liveness probe runs it, gets an answer over a connection of its own.
  bool Probe() const;
  std::string ClusterFolder() const { return data_ + "/postgres/postgres"; }
  // For the cluster's superuser, on the database of the server.
  std::string SuperuserConnectionString() const;

 private:
  const std::string data_;
  int port_ = 0;
  int starts_ = 0;
  std::unique_ptr<db::ChildProcess> process_;
};

}  // namespace snowfield::tests
