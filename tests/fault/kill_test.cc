// A server and its PostgreSQL are killed at random moments under load, again and again. After each: every knock that
// was acknowledged is there once, every follow-up matches its knock, and each phone's view equals the server's.
//   SNOWFIELD_FAULT_ROUNDS=50 SNOWFIELD_FAULT_SEED=7 fault_kill_test
#include <gtest/gtest.h>

#include <cstdio>
#include <random>

#include "absl/time/clock.h"
#include "tests/fault/fault_ground.h"

namespace snowfield::tests {
namespace {

TEST(Kill, OfServerDatabaseOrBothLosesNothingThatWasAcknowledged) {
  const uint64_t rounds = Environment("SNOWFIELD_FAULT_ROUNDS", 3);
  const uint64_t seed = Environment("SNOWFIELD_FAULT_SEED", std::random_device()());
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("SNOWFIELD_FAULT_SEED=%llu replays\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  const TemporaryFolder folder;
  ServerProcess server(folder.path());
  server.Start();
  FaultGround ground(server, seed);
  for (uint64_t round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    ground.Begin();
    absl::SleepFor(absl::Milliseconds(200 + random() % 1500));
    const char* const names[] = {"server", "database", "both"};
    const uint64_t what = random() % 3;
    if (what == 0) server.KillServer();
    if (what == 1) server.KillDatabase();
    if (what != 0) absl::SleepFor(absl::Milliseconds(what == 1 ? random() % 500 : 0));
    // A database that was killed alone is started again by its server, too.
    if (what == 1 && random() % 2 == 0) {
      for (const absl::Time end = absl::Now() + absl::Minutes(1); !server.Serves() && absl::Now() < end;) {
        absl::SleepFor(absl::Milliseconds(50));
      }
      ASSERT_TRUE(server.Serves()) << "the server leaves its database dead";
    } else {
      server.KillAll();
      server.Start();
    }
    absl::SleepFor(absl::Milliseconds(random() % 500));
    ground.Settle();
    ground.ExpectSound();
    std::printf("round %llu: killed the %s; %lld knocks are there once\n", static_cast<unsigned long long>(round + 1),
                names[what], static_cast<long long>(ground.Count("select count(*) from knock")));
  }
}

}  // namespace
}  // namespace snowfield::tests
