// Workers of the queue of follow-ups, killed at any moment: no item is lost, and none is done twice.
//
// A worker is this program itself, run as a process of its own: it claims, completes, and writes down what was
// acknowledged. SNOWFIELD_FAULT_ROUNDS kills (50 unless it says otherwise); the seed is printed and replays.
#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "db/embedded/child_process.h"
#include "db/pg/pool.h"
#include "db/store/access_store.h"
#include "services/access/token.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"
#include "tests/fault/fault_ground.h"

namespace snowfield::tests {
namespace {
namespace pb = followup::v1;

constexpr int kWorkers = 4;
constexpr int kLeaseSeconds = 30;  // the shortest that there is
constexpr char kWorker[] = "--worker";

// Calls again while the server says that these are too many calls for one token.
template <typename Call>
void MustEnd(Call call) {
  grpc::Status status = call();
  while (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    absl::SleepFor(absl::Milliseconds(50));
    status = call();
  }
  ASSERT_TRUE(status.ok()) << status.error_message();
}

// Claims and completes until there is nothing more to claim; each completed id becomes a line of `file`.
void Work(const std::string& address, const std::string& token, const std::string& file) {
  const auto stub = pb::FollowUpService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  const auto as = [&] {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    context->AddMetadata("authorization", "Bearer " + token);
    return context;
  };
  const int lines = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ASSERT_GE(lines, 0);
  while (true) {
    pb::ClaimFollowUpsRequest claim;
    claim.set_owner_id(-1);
    claim.set_count(3);
    claim.set_lease_for_s(kLeaseSeconds);
    pb::ClaimFollowUpsResponse claimed;
    MustEnd([&] { return stub->ClaimFollowUps(as().get(), claim, &claimed); });
    if (claimed.leases().empty()) break;
    for (const pb::Lease& lease : claimed.leases()) {
      pb::CompleteFollowUpRequest complete;
      complete.set_follow_up_id(lease.follow_up().follow_up_id());
      complete.set_fence(lease.fence());
      complete.set_outcome(pb::FOLLOW_UP_OUTCOME_REACHED);
      pb::CompleteFollowUpResponse completed;
      MustEnd([&] { return stub->CompleteFollowUp(as().get(), complete, &completed); });
      const std::string line = absl::StrCat(lease.follow_up().follow_up_id(), "\n");
      ASSERT_EQ(::write(lines, line.data(), line.size()), static_cast<ssize_t>(line.size()));
    }
  }
  ::close(lines);
}

// What the test below runs as a process of its own; the arguments say where and as whom. Disabled, because it is no
// test by itself: without those arguments there is nobody to work for.
TEST(Worker, DISABLED_Works) {
  const std::vector<std::string> arguments = testing::internal::GetArgvs();
  ASSERT_GE(arguments.size(), 5u);
  ASSERT_EQ(arguments[arguments.size() - 4], kWorker);
  Work(arguments[arguments.size() - 3], arguments[arguments.size() - 2], arguments.back());
}

std::string MakeOwnerToken(const ServerProcess& server, FaultGround& ground) {
  const base::CampaignId campaign(ground.Count("select max(campaign_id) from campaign"));
  const base::MemberId owner(ground.Count("select min(member_id) from member where role = 'owner'"));
  const access::NewSecret secret = access::NewToken(access::TokenKind::kMember, campaign);
  auto pool =
      db::Pool::Open({.connection_string = server.SuperuserConnectionString(), .role = "", .connection_count_max = 1});
  EXPECT_TRUE(pool.ok()) << pool.status();
  auto transaction = (*pool)->Begin({.campaign = campaign});
  EXPECT_TRUE(
      db::InsertToken(*transaction, {.hash = secret.hash, .member = owner, .expire_time = absl::Now() + absl::Hours(1)})
          .ok());
  EXPECT_TRUE(transaction->Commit().ok());
  return secret.text;
}

TEST(Kill, OfWorkersLosesNoFollowUpAndDoesNoneTwice) {
  const uint64_t kills = Environment("SNOWFIELD_FAULT_ROUNDS", 50);
  const uint64_t seed = Environment("SNOWFIELD_FAULT_SEED", std::random_device()());
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("SNOWFIELD_FAULT_SEED=%llu replays\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  const TemporaryFolder folder;
  ServerProcess server(folder.path());
  server.Start();
  FaultGround ground(server, seed);
  ground.Begin();
  // Work for all: as long as it takes on a slow machine.
  while (ground.Count("select count(*) from follow_up") < static_cast<int64_t>(16 * kills)) {
    absl::SleepFor(absl::Milliseconds(100));
  }
  ground.Settle();
  const int64_t all = ground.Count("select count(*) from follow_up where state = 'open'");
  // The same doors over and over: nobody is to be held back.
  ground.Count(
      "insert into contact_limits values ((select max(campaign_id) from campaign), 100, 1, 100, 1) returning 1");
  const std::string token = MakeOwnerToken(server, ground);
  const std::string file = folder.path() + "/acknowledged";
  const auto start = [&] {
    auto worker = db::ChildProcess::Start(
        {.arguments = {std::filesystem::read_symlink("/proc/self/exe"), "--gtest_also_run_disabled_tests",
                       "--gtest_filter=Worker.DISABLED_Works", kWorker, server.address(), token, file},
         .account = {.user = ::getuid(), .group = ::getgid()},
         .output_file = folder.path() + "/worker.log",
         .parent_death_signal = SIGKILL});
    EXPECT_TRUE(worker.ok()) << worker.status();
    return *std::move(worker);
  };
  std::vector<std::unique_ptr<db::ChildProcess>> workers;
  for (int i = 0; i < kWorkers; ++i) workers.push_back(start());
  for (uint64_t kill = 0; kill < kills; ++kill) {
    absl::SleepFor(absl::Milliseconds(20 + random() % 120));
    std::unique_ptr<db::ChildProcess>& worker = workers[random() % kWorkers];
    worker->Signal(SIGKILL);
    worker = start();
  }
  std::printf("%llu workers killed, %lld of %lld items done meanwhile\n", static_cast<unsigned long long>(kills),
              static_cast<long long>(ground.Count("select count(*) from follow_up where state = 'done'")),
              static_cast<long long>(all));
  for (const auto& worker : workers) EXPECT_TRUE(worker->WaitForEnd(absl::Minutes(2)));
  // What the killed ones held comes back when their leases are over.
  EXPECT_GT(ground.Count("select count(*) from follow_up where state = 'open'"), 0) << "nobody was killed at work";
  absl::SleepFor(absl::Seconds(kLeaseSeconds + 1));
  Work(server.address(), token, file);
  EXPECT_EQ(ground.Count("select count(*) from follow_up where state = 'done'"), all);
  EXPECT_EQ(ground.Count("select count(*) from follow_up_event where kind = 'completed'"), all) << "done twice";
  EXPECT_GT(ground.Count("select count(*) from follow_up_event where kind = 'lease_lost'"), 0);
  std::set<int64_t> acknowledged;
  std::ifstream lines(file);
  for (int64_t id = 0; lines >> id;) EXPECT_TRUE(acknowledged.insert(id).second) << id << " was acknowledged twice";
  EXPECT_LE(static_cast<int64_t>(acknowledged.size()), all);
  EXPECT_GE(static_cast<int64_t>(acknowledged.size() + kills), all) << "each kill costs one answer at most";
}

}  // namespace
}  // namespace snowfield::tests
