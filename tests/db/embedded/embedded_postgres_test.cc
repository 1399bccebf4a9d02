#include "db/embedded/embedded_postgres.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "base/status.h"
#include "db/embedded/child_process.h"
#include "db/pg/pool.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Query kMake = {"make", "create table if not exists kept (id bigint primary key)"};
const Query kInsert = {"insert", "insert into kept values ($1)"};
const Query kCount = {"count", "select count(*) from kept"};

std::unique_ptr<EmbeddedPostgres> Start(const std::string& folder) {
  auto started = StartEmbedded({.data_folder = folder});
  EXPECT_TRUE(started.ok()) << started.status();
  return started.ok() ? *std::move(started) : nullptr;
}

void Store(const EmbeddedPostgres& cluster, int64_t id) {
  auto pool = Pool::Open({.connection_string = cluster.ConnectionString(), .role = ""});
  ASSERT_TRUE(pool.ok()) << pool.status();
  Transaction transaction = *(*pool)->Begin({});
  ASSERT_TRUE(transaction.Run(kMake).ok());
  ASSERT_TRUE(transaction.Run(kInsert, Params().Int64(id)).ok());
  ASSERT_TRUE(transaction.Commit().ok());
}

int64_t Count(const EmbeddedPostgres& cluster) {
  auto pool = Pool::Open({.connection_string = cluster.ConnectionString(), .role = ""});
  return (*(*pool)->Begin({})->Run(kCount))[0].Int64(0);
}

std::string Setting(const EmbeddedPostgres& cluster, const std::string& name) {
  const Query show = {"show", "select current_setting($1)"};
  auto pool = Pool::Open({.connection_string = cluster.ConnectionString(), .role = ""});
  return std::string((*(*pool)->Begin({})->Run(show, Params().Text(name)))[0].Text(0));
}

TEST(EmbeddedPostgres, TheSecondStartFindsTheDataOfTheFirst) {
  tests::TemporaryFolder folder;
  const std::string data = folder.path() + "/data";
  {
    auto first = Start(data);
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(Setting(*first, "fsync"), "on");
    EXPECT_EQ(Setting(*first, "synchronous_commit"), "on");
    EXPECT_EQ(Setting(*first, "jit"), "off");
    EXPECT_EQ(Setting(*first, "listen_addresses"), "") << "no port is opened";
    EXPECT_EQ(Setting(*first, "is_superuser"), "off");
    Store(*first, 1);
    EXPECT_TRUE(first->Stop().ok());
    EXPECT_FALSE(first->IsRunning());
    EXPECT_TRUE(first->Stop().ok()) << "twice does no harm";
  }
  EXPECT_THAT(ProcessesIn(data + "/postgres", "postgres"), IsEmpty());
  auto second = Start(data);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(Count(*second), 1);
}

TEST(EmbeddedPostgres, StartsAgainAfterItsPostmasterWasKilled) {
  tests::TemporaryFolder folder;
  auto first = Start(folder.path());
  ASSERT_NE(first, nullptr);
  Store(*first, 1);
  kill(first->ProcessId(), SIGKILL);
  for (int i = 0; i < 500 && first->IsRunning(); ++i) absl::SleepFor(absl::Milliseconds(10));
  EXPECT_FALSE(first->IsRunning());
  first.reset();
  auto second = Start(folder.path());
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(Count(*second), 1) << "what was committed is there";
}

TEST(EmbeddedPostgres, AStalePidOfAStrangerDoesNotStopIt) {
  tests::TemporaryFolder folder;
  auto first = Start(folder.path());
  ASSERT_NE(first, nullptr);
  first.reset();
  std::ofstream(folder.path() + "/postgres/postmaster.pid") << getpid() << "\n"
                                                            << folder.path() << "/postgres\n0\n5432\n";
  EXPECT_NE(Start(folder.path()), nullptr);
}

TEST(EmbeddedPostgres, DiesWithTheProgramThatStartedItAndTheNextOneTakesOver) {
  tests::TemporaryFolder folder;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t server = fork();
  if (server == 0) {
    auto cluster = StartEmbedded({.data_folder = folder.path()});
    if (!cluster.ok()) _exit(1);
    Store(**cluster, 1);
    [[maybe_unused]] const ssize_t written = write(ready[1], "r", 1);
    while (true) pause();
  }
  close(ready[1]);
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1) << "the child did not start its cluster";
  close(ready[0]);
  kill(server, SIGKILL);
  waitpid(server, nullptr, 0);
  auto next = Start(folder.path());
  ASSERT_NE(next, nullptr);
  EXPECT_EQ(Count(*next), 1);
}

TEST(EmbeddedPostgres, OutlivesTheThreadThatStartedIt) {
  tests::TemporaryFolder folder;
  std::unique_ptr<EmbeddedPostgres> cluster;
  std::thread([&] { cluster = Start(folder.path()); }).join();
  ASSERT_NE(cluster, nullptr);
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_TRUE(cluster->IsRunning());
}

TEST(EmbeddedPostgres, ASecondServerOnTheSameFolderIsRefusedWithTheMend) {
  tests::TemporaryFolder folder;
  auto first = Start(folder.path());
  ASSERT_NE(first, nullptr);
  const absl::Status status = StartEmbedded({.data_folder = folder.path()}).status();
  EXPECT_EQ(base::DetailOf(status).reason, "DATA_FOLDER_IN_USE") << status;
  EXPECT_THAT(base::MessageOf(status), HasSubstr("stop that one first"));
  EXPECT_TRUE(first->IsRunning());
}

TEST(EmbeddedPostgres, ALongOrOddPathGetsItsSocketElsewhere) {
  tests::TemporaryFolder folder;
  auto cluster = Start(folder.path() + "/" + std::string(100, 'x') + "/it's, odd");
  ASSERT_NE(cluster, nullptr);
  EXPECT_THAT(cluster->ConnectionString(), HasSubstr("host=/tmp/snowfield-"));
  Store(*cluster, 1);
  EXPECT_EQ(Count(*cluster), 1);
}

TEST(EmbeddedPostgres, AMachineWithoutPostgresIsToldWhatToInstall) {
  tests::TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() + "/empty");
  const absl::Status status =
      StartEmbedded({.data_folder = folder.path() + "/data", .binaries_folder = folder.path() + "/empty"}).status();
  EXPECT_EQ(base::DetailOf(status).reason, "POSTGRES_MISSING") << status;
  EXPECT_THAT(base::MessageOf(status), HasSubstr("apt-get install"));
}

TEST(EmbeddedPostgres, AFolderThatItsAccountCannotEnterIsRefusedByName) {
  if (geteuid() != 0) {
    // An ordinary user runs the cluster itself: what it can't enter it can't make either.
    EXPECT_EQ(base::DetailOf(StartEmbedded({.data_folder = "/proc/nowhere"}).status()).reason,
              "DATA_FOLDER_UNREACHABLE");
    return;
  }
  tests::TemporaryFolder folder;
  const std::string closed = folder.path() + "/closed";
  std::filesystem::create_directories(closed);
  ASSERT_EQ(chmod(closed.c_str(), 0700), 0);
  const absl::Status status = StartEmbedded({.data_folder = closed + "/data"}).status();
  EXPECT_EQ(base::DetailOf(status).reason, "DATA_FOLDER_UNREACHABLE") << status;
  EXPECT_THAT(base::MessageOf(status), HasSubstr(closed + ": "));
  EXPECT_THAT(base::MessageOf(status), HasSubstr("--data"));
}

TEST(EmbeddedPostgres, ItsLogHoldsNoValueOfAStatementThatFailed) {
  tests::TemporaryFolder folder;
  auto cluster = Start(folder.path());
  ASSERT_NE(cluster, nullptr);
  const Query cast = {"cast", "select $1::text::integer"};
  auto pool = Pool::Open({.connection_string = cluster->ConnectionString(), .role = ""});
  EXPECT_FALSE((*pool)->Begin({})->Run(cast, Params().Text("Jane Roe")).ok());
  pool->reset();
  ASSERT_TRUE(cluster->Stop().ok());
  std::ifstream log(folder.path() + "/postgres.log");
  const std::string text((std::istreambuf_iterator<char>(log)), std::istreambuf_iterator<char>());
  EXPECT_THAT(text, Not(IsEmpty()));
  EXPECT_THAT(text, Not(HasSubstr("Jane")));
}

}  // namespace
}  // namespace snowfield::db
