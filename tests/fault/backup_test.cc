// A base backup under load, and its log, to a directory by pgBackRest, as docs/operate.md says; then somebody empties a
// table, the cluster's folder is lost, and the moment before is restored: every knock that was acknowledged is there
// once, and phones go on.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "db/pg/connection.h"
#include "tests/fault/fault_ground.h"

namespace snowfield::tests {
namespace {
constexpr char kBackrest[] = "/usr/bin/pgbackrest";
constexpr char kStanza[] = "snowfield";
constexpr absl::Duration kBackrestTimeMax = absl::Minutes(2);

// A repository beside the data, and pgBackRest as the cluster's account.
class Repository {
 public:
  Repository(const std::string& folder, const ServerProcess& server)
      : folder_(folder + "/backup"), cluster_(server.ClusterFolder()) {
    struct stat owner = {};
    EXPECT_EQ(stat(cluster_.c_str(), &owner), 0);
    account_ = {.user = owner.st_uid, .group = owner.st_gid};
    std::filesystem::create_directories(folder_);
    std::ofstream(config()) << "[global]\nrepo1-path=" << folder_ << "/repo\nlock-path=" << folder_
                            << "/lock\nlog-level-file=off\nlog-level-console=warn\nstart-fast=y\n[" << kStanza
                            << "]\npg1-path=" << cluster_ << "\npg1-socket-path=" << folder << "/postgres/socket\n"
                            << "pg1-user=postgres\n";
    EXPECT_EQ(chown(folder_.c_str(), account_.user, account_.group), 0);
  }

  std::string ArchiveCommand() const {
    return absl::StrCat(kBackrest, " --config=", config(), " --stanza=", kStanza, " archive-push %p");
  }
  void Run(const std::string& command, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> arguments = {kBackrest, "--config=" + config(), absl::StrCat("--stanza=", kStanza)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(command);
    const std::string log = folder_ + "/" + command + ".log";
    auto process = db::ChildProcess::Start({.arguments = arguments, .account = account_, .output_file = log});
    ASSERT_TRUE(process.ok()) << process.status();
    ASSERT_TRUE((*process)->WaitForEnd(kBackrestTimeMax)) << command;
    std::ifstream said(log);
    ASSERT_EQ((*process)->ExitCode(), 0) << command << ": " << std::string(std::istreambuf_iterator<char>(said), {});
  }
  // All that is in the cluster's folder is lost.
  void LoseCluster() const {
    while (!db::ProcessesIn(cluster_, "postgres").empty()) absl::SleepFor(absl::Milliseconds(20));
    for (const auto& entry : std::filesystem::directory_iterator(cluster_)) std::filesystem::remove_all(entry.path());
  }

 private:
  std::string config() const { return folder_ + "/pgbackrest.conf"; }

  const std::string folder_, cluster_;
  db::Account account_;
};

// One statement as the superuser, outside of a transaction; its first column as text.
std::string Say(const ServerProcess& server, const std::string& sql) {
  auto connection = db::Connection::Open({.connection_string = server.SuperuserConnectionString()});
  EXPECT_TRUE(connection.ok()) << connection.status();
  if (!connection.ok()) return "";
  const auto result = (*connection)->Run({"", sql.c_str()}, {}, {.deadline = absl::Now() + absl::Seconds(30)});
  EXPECT_TRUE(result.ok()) << sql << ": " << result.status();
  return !result.ok() || result->empty() ? "" : std::string((*result)[0].Text(0));
}

TEST(Backup, IsRestoredToTheMomentBeforeTheMishapWithAllThatWasAcknowledged) {
  const TemporaryFolder folder;
  ServerProcess server(folder.path());
  server.Start();
  const Repository repository(folder.path(), server);
  Say(server, "alter system set archive_mode = 'on'");
  Say(server, absl::StrCat("alter system set archive_command = '", repository.ArchiveCommand(), "'"));
  server.KillAll();
  server.Start();
  repository.Run("stanza-create");
  ASSERT_FALSE(HasFailure());

  FaultGround ground(server, std::random_device()());
  ground.Begin();
  repository.Run("backup", {"--type=full"});
  absl::SleepFor(absl::Seconds(1));
  ground.Settle();
  ground.ExpectSound();
  const int64_t knocks = ground.Count("select count(*) from knock");
  ASSERT_GT(knocks, 0);
  const std::string moment = Say(server, "select clock_timestamp()::text");
  absl::SleepFor(absl::Milliseconds(100));

  Say(server, "truncate knock cascade");
  Say(server, "select pg_switch_wal()::text");
  for (const absl::Time end = absl::Now() + absl::Minutes(1); absl::Now() < end;) {
    if (Say(server,
            "select (last_archived_wal = pg_walfile_name(pg_current_wal_lsn() - 1) or last_archived_time > "
            "clock_timestamp() - interval '1 second')::text from pg_stat_archiver") == "true") {
      break;
    }
    absl::SleepFor(absl::Milliseconds(100));
  }
  server.KillAll();
  repository.LoseCluster();
  repository.Run("restore", {"--type=time", "--target=" + moment, "--target-action=promote"});
  ASSERT_FALSE(HasFailure());
  server.Start();
  ASSERT_FALSE(HasFailure());
  EXPECT_EQ(ground.Count("select count(*) from knock"), knocks);
  ground.ExpectSound();
  ground.Begin();
  absl::SleepFor(absl::Seconds(1));
  ground.Settle();
  ground.ExpectSound();
  EXPECT_GT(ground.Count("select count(*) from knock"), knocks) << "phones go on";
}

}  // namespace
}  // namespace snowfield::tests
