// EmbeddedPostgres: an own PostgreSQL + PostGIS cluster in a data folder, for a machine without a database server.
//
// It listens on a unix socket only, which none but its own account (and root) can reach, stores durably, and ends with
// this object; if this process is killed, the cluster shuts itself down. Layout of the data folder:
//   postgres/      the cluster          postgres.log   what it says (never the text of statements or rows)
//   postgres.lock  held by the program that uses the folder      socket/   unless its path is too long for a socket
// Started as root, the cluster runs as the account that owns postgres/, or as `postgres` or `nobody`.
// Thread safety: Stop() and IsRunning() may be called from any thread; ending the starting thread does no harm.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace snowfield::db {

struct EmbeddedOptions {
  std::string data_folder;  // made if it is not there; its parents must let the account in
  // Gives up all durability for speed: only for tests.
  bool fast_and_unsafe = false;
  // Where initdb and postgres are; empty: looked for.
  std::string binaries_folder = {};
};

// Recovery after a crash replays at most kWalMegabytesMax of log, so a start that takes longer has failed.
inline constexpr absl::Duration kClusterStartTimeMax = absl::Minutes(5);
inline constexpr absl::Duration kClusterStopTimeMax = absl::Seconds(60);
inline constexpr int kWalMegabytesMax = 2048;
inline constexpr int kClusterConnectionsMax = 220;

class EmbeddedPostgres {
 public:
  virtual ~EmbeddedPostgres() = default;  // stops the cluster

  // For the login role `snowfield` on the database `snowfield`, which it owns; it is no superuser.
  virtual std::string ConnectionString() const = 0;
  // For the cluster's superuser, on any database of it: tests and repairs.
  virtual std::string SuperuserConnectionString(const std::string& database) const = 0;
  // False once the cluster has ended, asked or not.
  virtual bool IsRunning() const = 0;
  // The process id of the postmaster.
  virtual int ProcessId() const = 0;
  // Ends all sessions, writes everything out, and waits. Callable more than once.
  virtual absl::Status Stop() = 0;
};

// Starts the cluster of the folder; makes it, its role, its database and PostGIS first where they are missing. A
// cluster that a killed program left running is shut down and started anew. FAILED_PRECONDITION with reason
// DATA_FOLDER_IN_USE, DATA_FOLDER_UNREACHABLE, POSTGRES_MISSING, POSTGIS_MISSING or CLUSTER_FAILED; each message says
// the mend.
absl::StatusOr<std::unique_ptr<EmbeddedPostgres>> StartEmbedded(const EmbeddedOptions& options);

}  // namespace snowfield::db
