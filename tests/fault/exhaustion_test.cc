// What runs out: the disk, the database's connections, the server's file descriptors. Knocks are refused in a way that
// the phones send them again, nothing that was acknowledged is lost, and all goes on when there is enough again.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "db/pg/connection.h"
#include "tests/fault/fault_ground.h"

namespace snowfield::tests {
namespace {

// A folder on a file system of its own, of this size.
class SmallDisk {
 public:
  explicit SmallDisk(int megabytes) {
    mounted_ = ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0,
                       absl::StrCat("size=", megabytes, "m,mode=755").c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // Only root may make one.
  bool mounted() const { return mounted_; }
  const std::string& path() const { return folder_.path(); }
  // Until nothing more fits.
  void Fill() {
    std::FILE* file = std::fopen(Ballast().c_str(), "a");
    ASSERT_NE(file, nullptr);
    std::setvbuf(file, nullptr, _IONBF, 0);
    const std::string block(4096, 'x');
    while (std::fwrite(block.data(), 1, block.size(), file) == block.size()) {
    }
    std::fclose(file);
  }
  void Free() { std::remove(Ballast().c_str()); }

 private:
  std::string Ballast() const { return folder_.path() + "/ballast"; }

  const TemporaryFolder folder_;
  bool mounted_ = false;
};

class Exhaustion : public testing::Test {
 protected:
  Exhaustion() : seed_(Environment("SNOWFIELD_FAULT_SEED", std::random_device()())) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    std::printf("SNOWFIELD_FAULT_SEED=%llu replays\n", static_cast<unsigned long long>(seed_));
  }

  // That phones send the same again (docs/sync.md, Failures).
  static void ExpectRetries(const std::map<std::string, int>& refusals) {
    for (const auto& [code, count] : refusals) {
      std::printf("refused %d times: %s\n", count, code.c_str());
      EXPECT_TRUE(absl::StartsWith(code, "UNAVAILABLE") || absl::StartsWith(code, "DEADLINE_EXCEEDED") ||
                  absl::StartsWith(code, "ABORTED") || absl::StartsWith(code, "RESOURCE_EXHAUSTED "))
          << code;
      EXPECT_NE(code, "RESOURCE_EXHAUSTED ") << "without a reason of ours it says that the batch is too large";
    }
  }
  static int CountOf(const std::map<std::string, int>& refusals) {
    int all = 0;
    for (const auto& [code, count] : refusals) all += count;
    return all;
  }

  const uint64_t seed_;
};

TEST_F(Exhaustion, OfTheDiskRefusesKnocksUntilThereIsRoomAgain) {
  SmallDisk disk(500);
  if (!disk.mounted()) GTEST_SKIP() << "a small tmpfs can only be mounted by root";
  ServerProcess server(disk.path());
  server.Start();
  FaultGround ground(server, seed_);
  for (int round = 0; round < 3 && !HasFailure(); ++round) {
    ground.Begin();
    absl::SleepFor(absl::Milliseconds(500));
    const int before = CountOf(ground.Refusals());
    // What PostgreSQL frees meanwhile is taken too.
    for (const absl::Time end = absl::Now() + absl::Seconds(6); absl::Now() < end;
         absl::SleepFor(absl::Milliseconds(50))) {
      disk.Fill();
    }
    disk.Free();
    ground.Settle();
    ground.ExpectSound();
    EXPECT_GT(CountOf(ground.Refusals()), before) << "the disk was full";
  }
  ExpectRetries(ground.Refusals());
}

// Where there is no room for the log of what is written PostgreSQL stops at once; it is started again until there
// is some.
TEST_F(Exhaustion, OfTheDiskOfTheLogLosesNothingThatWasAcknowledged) {
  SmallDisk disk(500);
  if (!disk.mounted()) GTEST_SKIP() << "a small tmpfs can only be mounted by root";
  ServerProcess server(disk.path());
  server.Start();
  FaultGround ground(server, seed_);
  ground.Begin();
  absl::SleepFor(absl::Milliseconds(500));
  const db::Query next_segment = {"fault.next_segment", "select count(*) from (select pg_switch_wal()) done"};
  int stopped = 0;
  for (const absl::Time end = absl::Now() + absl::Seconds(8); absl::Now() < end;
       absl::SleepFor(absl::Milliseconds(50))) {
    disk.Fill();
    // One after the other is used up, until there is none.
    auto connection = db::Connection::Open({.connection_string = server.SuperuserConnectionString()});
    if (!connection.ok() || !(*connection)->Run(next_segment, {}, {.deadline = absl::Now() + absl::Seconds(2)}).ok()) {
      ++stopped;
    }
  }
  disk.Free();
  EXPECT_GT(stopped, 0);
  for (const absl::Time end = absl::Now() + absl::Seconds(60); !server.Serves() && absl::Now() < end;) {
    absl::SleepFor(absl::Milliseconds(200));
  }
  EXPECT_TRUE(server.Serves()) << "the database has not come back by itself";
  ground.Settle();
  ground.ExpectSound();
  ExpectRetries(ground.Refusals());
}

TEST_F(Exhaustion, OfTheDatabasesConnectionsRefusesKnocksUntilSomeAreFree) {
  const TemporaryFolder folder;
  ServerProcess server(folder.path());
  server.Start();
  FaultGround ground(server, seed_);
  ground.Begin();
  absl::SleepFor(absl::Milliseconds(500));
  // Someone ends the server's connections, and takes them all.
  const db::Query end_all = {"fault.end_all",
                             "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> "
                             "pg_backend_pid() and backend_type = 'client backend'"};
  auto first = db::Connection::Open({.connection_string = server.SuperuserConnectionString()});
  ASSERT_TRUE(first.ok()) << first.status();
  std::vector<std::unique_ptr<db::Connection>> others;
  for (int round = 0; round < 3; ++round) {
    const auto ended = (*first)->Run(end_all, {}, {.deadline = absl::Now() + absl::Seconds(10)});
    EXPECT_TRUE(ended.ok()) << ended.status();
    while (true) {
      auto other = db::Connection::Open({.connection_string = server.SuperuserConnectionString()});
      if (!other.ok()) break;
      others.push_back(*std::move(other));
    }
    absl::SleepFor(absl::Milliseconds(700));
  }
  EXPECT_GT(others.size(), 10u);
  const int refused = CountOf(ground.Refusals());
  others.clear();
  first->reset();
  ground.Settle();
  ground.ExpectSound();
  EXPECT_GT(refused, 0) << "there were none for the server";
  ExpectRetries(ground.Refusals());
}

// gRPC 1.51 never accepts again after one EMFILE (CVE-2023-4785): its probe finds it dead, and a new start has it all.
TEST_F(Exhaustion, OfFileDescriptorsLosesNothingAndIsFoundByTheProbe) {
  const TemporaryFolder folder;
  ServerProcess server(folder.path());
  server.Start();
  FaultGround ground(server, seed_);
  ground.Begin();
  absl::SleepFor(absl::Milliseconds(500));
  rlimit enough{};
  ASSERT_EQ(::prlimit(server.pid(), RLIMIT_NOFILE, nullptr, &enough), 0);
  rlimit none = enough;
  none.rlim_cur = 3;
  ASSERT_EQ(::prlimit(server.pid(), RLIMIT_NOFILE, &none, nullptr), 0);
  // Nobody gets a connection any more, among them the probe.
  EXPECT_FALSE(server.Probe());
  ASSERT_EQ(::prlimit(server.pid(), RLIMIT_NOFILE, &enough, nullptr), 0);
  absl::SleepFor(absl::Seconds(2));
  const bool accepts_again = server.Probe();
  std::printf("with files enough again, the server %s\n", accepts_again ? "accepts" : "stays deaf");
  if (!accepts_again) {
    server.KillAll();
    server.Start();
  }
  EXPECT_TRUE(server.Probe());
  ground.Settle();
  ground.ExpectSound();
  ExpectRetries(ground.Refusals());
}

}  // namespace
}  // namespace snowfield::tests
