#include "db/embedded/embedded_postgres.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "db/embedded/child_process.h"
#include "db/embedded/cluster_files.h"
#include "db/pg/connection.h"
#include "db/pg/sqlstate.h"
#include "db/queries/cluster_queries.h"

namespace snowfield::db {
namespace {
namespace fs = std::filesystem;

constexpr absl::Duration kPollPause = absl::Milliseconds(20);
constexpr absl::Duration kInitTimeMax = absl::Minutes(2);
constexpr absl::Duration kRecoveryAnswerTimeMax = absl::Seconds(10);
constexpr absl::Duration kLeftOverTimeMax = absl::Seconds(30);
constexpr uintmax_t kLogBytesMax = 10 << 20;
constexpr int64_t kMegabyte = 1 << 20;

absl::Status ClusterFailed(const std::string& what, const std::string& log_file) {
  return base::NotNow("CLUSTER_FAILED", absl::StrCat(what, ": read the end of ", log_file));
}

// An eighth of the machine for the cluster's own cache; the system's cache does the rest.
int64_t SharedBufferMegabytes() {
  const int64_t memory_megabytes = sysconf(_SC_PHYS_PAGES) / (kMegabyte / sysconf(_SC_PAGESIZE));
  return std::clamp<int64_t>(memory_megabytes / 8, 128, 2048);
}

std::vector<std::string> Settings(bool fast_and_unsafe) {
  std::vector<std::string> settings = {
      "listen_addresses=",
      "unix_socket_permissions=0700",
      absl::StrCat("max_connections=", kClusterConnectionsMax),
      "work_mem=16MB",
      "maintenance_work_mem=128MB",
      "random_page_cost=1.1",
      "jit=off",
      "timezone=UTC",
      // The log holds what the cluster does, never what an error says about a row.
      "log_min_messages=log",
      "log_min_error_statement=panic",
      "log_error_verbosity=terse",
      "log_checkpoints=off",
      "log_autovacuum_min_duration=-1",
      "log_line_prefix=%m [%p] ",
  };
  const std::vector<std::string> rest =
      fast_and_unsafe ? std::vector<std::string>{"fsync=off",         "synchronous_commit=off", "full_page_writes=off",
                                                 "autovacuum=off",    "shared_buffers=64MB",    "deadlock_timeout=50ms",
                                                 "max_wal_size=128MB"}
                      // A campaign's tables grow from nothing to 100,000 rows in a minute: plans are to learn of it.
                      : std::vector<std::string>{"fsync=on",
                                                 "synchronous_commit=on",
                                                 "full_page_writes=on",
                                                 "autovacuum_naptime=15s",
                                                 absl::StrCat("max_wal_size=", kWalMegabytesMax, "MB"),
                                                 absl::StrCat("shared_buffers=", SharedBufferMegabytes(), "MB")};
  settings.insert(settings.end(), rest.begin(), rest.end());
  return settings;
}

class Cluster : public EmbeddedPostgres {
 public:
  explicit Cluster(bool fast_and_unsafe) : fast_and_unsafe_(fast_and_unsafe) {}
  ~Cluster() override { Stop().IgnoreError(); }

  absl::Status Start(const EmbeddedOptions& options);

  std::string ConnectionString() const override { return ConnectionStringOf("snowfield", "snowfield"); }
  std::string SuperuserConnectionString(const std::string& database) const override {
    return ConnectionStringOf("postgres", database);
  }
  bool IsRunning() const override { return postmaster_ != nullptr && !postmaster_->HasEnded(); }
  int ProcessId() const override { return postmaster_->pid(); }
  absl::Status Stop() override;

 private:
  // The socket's folder has no character that would need quoting.
  std::string ConnectionStringOf(const std::string& user, const std::string& database) const {
    return absl::StrCat("host=", socket_folder_, " port=5432 user=", user, " dbname=", database);
  }
  absl::Status Initialise();
  absl::Status EndLeftOvers() const;
  absl::Status StartPostmaster();
  bool TakesWrites() const;
  absl::Status WaitUntilReady() const;
  absl::Status MakeDatabase() const;

  const bool fast_and_unsafe_;
  std::string cluster_folder_;
  std::string socket_folder_;
  std::string log_file_;
  std::string binaries_folder_;
  Account account_;
  std::unique_ptr<FolderLock> lock_;  // outlives the postmaster
  std::unique_ptr<ChildProcess> postmaster_;
};

absl::Status Cluster::Start(const EmbeddedOptions& options) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string data_folder, PrepareDataFolder(options.data_folder));
  SNOWFIELD_ASSIGN_OR_RETURN(lock_, FolderLock::Take(data_folder));
  cluster_folder_ = data_folder + "/postgres";
  log_file_ = data_folder + "/postgres.log";
  SNOWFIELD_ASSIGN_OR_RETURN(account_, ChooseAccount(cluster_folder_));
  SNOWFIELD_RETURN_IF_ERROR(CheckReachable(data_folder, account_));
  SNOWFIELD_ASSIGN_OR_RETURN(binaries_folder_, FindBinaries(cluster_folder_, options.binaries_folder));
  SNOWFIELD_ASSIGN_OR_RETURN(socket_folder_, PrepareSocketFolder(data_folder, account_));
  if (!fs::exists(cluster_folder_)) SNOWFIELD_RETURN_IF_ERROR(Initialise());
  SNOWFIELD_RETURN_IF_ERROR(EndLeftOvers());
  SNOWFIELD_RETURN_IF_ERROR(StartPostmaster());
  SNOWFIELD_RETURN_IF_ERROR(WaitUntilReady());
  return MakeDatabase();
}

// Made beside its place and moved there, so that a cluster is whole or not there.
absl::Status Cluster::Initialise() {
  const std::string fresh_folder = cluster_folder_ + ".new";
  std::error_code error;
  fs::remove_all(fresh_folder, error);
  SNOWFIELD_RETURN_IF_ERROR(MakePrivateFolder(fresh_folder, account_));
  Command command = {.arguments = {binaries_folder_ + "/initdb", "--pgdata=" + fresh_folder, "--username=postgres",
                                   "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"},
                     .account = account_,
                     .output_file = log_file_,
                     .parent_death_signal = SIGKILL};
  if (fast_and_unsafe_) command.arguments.push_back("--no-sync");
  SNOWFIELD_ASSIGN_OR_RETURN(const std::unique_ptr<ChildProcess> initdb, ChildProcess::Start(command));
  if (!initdb->WaitForEnd(kInitTimeMax) || initdb->ExitCode() != 0) {
    return ClusterFailed("a new database cluster could not be made (initdb)", log_file_);
  }
  fs::rename(fresh_folder, cluster_folder_, error);
  if (error) return ClusterFailed("the new cluster could not be moved to its place", log_file_);
  return absl::OkStatus();
}

// We hold the folder's lock, so whatever still runs in it was left by a program that was killed: a postmaster on its
// way out, or backends whose postmaster was killed. A postmaster.pid or a socket without them is of a process that is
// gone.
absl::Status Cluster::EndLeftOvers() const {
  const std::string pid_file = cluster_folder_ + "/postmaster.pid";
  pid_t postmaster = 0;
  std::ifstream(pid_file) >> postmaster;
  const absl::Time start = absl::Now();
  for (int round = 0;; ++round) {
    const std::vector<pid_t> left = ProcessesIn(cluster_folder_, "postgres");
    if (left.empty()) break;
    if (absl::Now() - start > kLeftOverTimeMax) {
      return base::NotNow("CLUSTER_FAILED", absl::StrCat("a PostgreSQL that was left in ", cluster_folder_,
                                                         " does not end: end process ", left.front()));
    }
    if (round == 0) base::Log(base::LogLevel::kWarning, "db.left_over", {{"processes", left.size()}});
    const bool is_late = absl::Now() - start > kLeftOverTimeMax / 2;
    if (std::find(left.begin(), left.end(), postmaster) != left.end()) kill(postmaster, is_late ? SIGQUIT : SIGINT);
    absl::SleepFor(kPollPause);
  }
  std::error_code ignored;
  // PostgreSQL takes a lock file whose process id exists again, or was never reaped, for one in use.
  for (const std::string& stale :
       {pid_file, socket_folder_ + "/.s.PGSQL.5432", socket_folder_ + "/.s.PGSQL.5432.lock"}) {
    fs::remove(stale, ignored);
  }
  return absl::OkStatus();
}

absl::Status Cluster::StartPostmaster() {
  struct stat state = {};
  if (stat(cluster_folder_.c_str(), &state) == 0 && state.st_uid != account_.user) {
    SNOWFIELD_RETURN_IF_ERROR(GiveFolder(cluster_folder_, account_));
  }
  std::error_code ignored;
  if (fs::file_size(log_file_, ignored) > kLogBytesMax && !ignored) fs::rename(log_file_, log_file_ + ".1", ignored);
  Command command = {
      .arguments = {binaries_folder_ + "/postgres", "-D", cluster_folder_, "-p", "5432", "-k", socket_folder_},
      .account = account_,
      .output_file = log_file_,
      .parent_death_signal = fast_and_unsafe_ ? SIGQUIT : SIGINT};
  for (const std::string& setting : Settings(fast_and_unsafe_)) {
    command.arguments.push_back("-c");
    command.arguments.push_back(setting);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(postmaster_, ChildProcess::Start(command));
  return absl::OkStatus();
}

// One that replays its log up to where it was restored answers before that, and takes no writes.
bool Cluster::TakesWrites() const {
  const auto connection = Connection::Open({.connection_string = SuperuserConnectionString("postgres")});
  if (!connection.ok()) return false;
  const auto recovering =
      (*connection)->Run(queries::kIsInRecovery, {}, {.deadline = absl::Now() + kRecoveryAnswerTimeMax});
  return recovering.ok() && !(*recovering)[0].Bool(0);
}

absl::Status Cluster::WaitUntilReady() const {
  const absl::Time deadline = absl::Now() + kClusterStartTimeMax;
  while (absl::Now() < deadline) {
    if (TakesWrites()) return absl::OkStatus();
    if (postmaster_->HasEnded()) return ClusterFailed("PostgreSQL ended while it started", log_file_);
    absl::SleepFor(kPollPause);
  }
  return ClusterFailed("PostgreSQL did not get ready in time", log_file_);
}

// Each step looks first, so that a start that was cut off goes on where it stopped.
absl::Status Cluster::MakeDatabase() const {
  const Patience patience = {.deadline = absl::Now() + kInitTimeMax};
  SNOWFIELD_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> server,
                             Connection::Open({.connection_string = SuperuserConnectionString("postgres")}));
  const std::pair<Query, Query> steps[] = {{queries::kFindLoginRole, queries::kCreateLoginRole},
                                           {queries::kFindDatabase, queries::kCreateDatabase}};
  for (const auto& [find, create] : steps) {
    SNOWFIELD_ASSIGN_OR_RETURN(const Result found, server->Run(find, {}, patience));
    if (found.empty()) SNOWFIELD_RETURN_IF_ERROR(server->Run(create, {}, patience).status());
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> database,
                             Connection::Open({.connection_string = SuperuserConnectionString("snowfield")}));
  absl::Status status = database->Run(queries::kCreatePostgis, {}, patience).status();
  if (status.ok()) return status;
  return base::NotNow("POSTGIS_MISSING",
                      "PostgreSQL has no PostGIS: install it (Debian: apt-get install postgresql-15-postgis-3)");
}

absl::Status Cluster::Stop() {
  if (!IsRunning()) return absl::OkStatus();
  // Fast shutdown: ends sessions, writes a checkpoint. Unsafe data is not worth the wait.
  postmaster_->Signal(fast_and_unsafe_ ? SIGQUIT : SIGINT);
  if (!postmaster_->WaitForEnd(kClusterStopTimeMax)) {
    postmaster_->Signal(SIGQUIT);
    if (!postmaster_->WaitForEnd(kClusterStopTimeMax)) return ClusterFailed("PostgreSQL did not stop", log_file_);
  }
  rmdir(socket_folder_.c_str());  // it may lie in /tmp, where nothing should stay behind
  return absl::OkStatus();
}
}  // namespace

absl::StatusOr<std::unique_ptr<EmbeddedPostgres>> StartEmbedded(const EmbeddedOptions& options) {
  auto cluster = std::make_unique<Cluster>(options.fast_and_unsafe);
  SNOWFIELD_RETURN_IF_ERROR(cluster->Start(options));
  return cluster;
}

}  // namespace snowfield::db
