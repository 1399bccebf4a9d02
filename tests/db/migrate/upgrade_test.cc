// The schema is brought forward while servers of the version before go on storing knocks: none fails, none is lost, and
// nobody waits long. From each of some earlier versions.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "db/migrate/migrate.h"
#include "db/pg/pool.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {

constexpr int kWriters = 4;
constexpr int kKnocksBefore = 50'000;
constexpr absl::Duration kWaitMax = absl::Seconds(5);

// What a server of any of these versions does for a knock: the knock, and the change that phones learn of.
constexpr Query kKnock = {
    "upgrade.knock",
    "insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, "
    "result, phone_time, knock_time) values ($1, gen_random_uuid(), decode(repeat('00', 32), 'hex'), "
    "1, 1, 1, 2, now(), now())"};
constexpr Query kCount = {"upgrade.count",
                          "update change_counter set last_change = last_change + 1 where campaign_id = $1"};

const std::vector<std::string>& Ground() {
  static const auto* const ground = new std::vector<std::string>{
      "insert into campaign (campaign_id, name, span) values (1, 'Old', 8)",
      "insert into change_counter (campaign_id) values (1)",
      "insert into member (campaign_id, member_id, display_name, role, depth) values (1, 1, 'Owner', 'owner', 0)",
      "insert into address_point (campaign_id, address_point_id, dataset, row_key, house_number, street, street_key, "
      "number_key, position) values (1, 1, 'd', 'k', '1', 'Elm', 'elm', '1', st_setsrid(st_makepoint(-77, 38.9), "
      "4326))",
      "insert into door (campaign_id, door_id, address_point_id) values (1, 1, 1)",
      "insert into person (campaign_id, person_id, dataset, row_key, external_id, last_name, door_id) values "
      "(1, 1, 'd', 'k', 'V1', 'Ruiz', 1)",
      "insert into pass (campaign_id, pass_id, name) values (1, 1, 'First')",
      "insert into cut (campaign_id, cut_id, pass_id, state, target_doors, min_doors, max_doors, seed) values "
      "(1, 1, 1, 'published', 6, 1, 9, 1)",
      "insert into turf (campaign_id, turf_id, cut_id, pass_id, number, live, door_count, walk_length_m, area, walk) "
      "values (1, 1, 1, 1, 1, true, 1, 1, "
      "st_geomfromtext('MULTIPOLYGON(((-77.1 38.8,-77 38.8,-77 39,-77.1 39,-77.1 38.8)))', 4326), "
      "st_geomfromtext('LINESTRING(-77.03 38.9,-77.029 38.9)', 4326))",
      "insert into turf_door (campaign_id, cut_id, door_id, turf_id, pass_id, live, sequence) values "
      "(1, 1, 1, 1, 1, true, 1)",
      "insert into walk_list (campaign_id, walk_list_id, turf_id, leader_id, list_number) values (1, 1, 1, 1, "
      "'10000001')",
      absl::StrCat("insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, result, "
                   "phone_time, knock_time) select 1, gen_random_uuid(), decode(repeat('00', 32), 'hex'), 1, 1, 1, 2, "
                   "now(), now() from generate_series(1, ",
                   kKnocksBefore, ")")};
  return *ground;
}

class Upgrade : public ::testing::TestWithParam<int> {
 protected:
  void Execute(Pool& pool, const std::string& sql) {
    // A name must always mean the same text.
    static std::atomic<int> count = 0;
    const auto* name = new std::string(absl::StrCat("upgrade.", ++count));
    auto transaction = pool.Begin({.campaign = base::CampaignId(1)});
    ASSERT_TRUE(transaction.ok()) << transaction.status();
    const auto* text = new std::string(sql);
    const absl::Status status = transaction->Run(Query{name->c_str(), text->c_str()}).status();
    ASSERT_TRUE(status.ok()) << sql << ": " << status;
    ASSERT_TRUE(transaction->Commit().ok());
  }
};
// Before phones' changes, erasure, packets, batches of paper, contact limits.
INSTANTIATE_TEST_SUITE_P(From, Upgrade, ::testing::Values(17, 21, 24, 28, 30));

TEST_P(Upgrade, KnocksGoOnWhileTheSchemaIsBroughtForward) {
  const std::string database = tests::MakeEmptyDatabase();
  ASSERT_TRUE(Migrate(database, AllMigrations().first(GetParam())).ok());
  const auto pool = Pool::Open({.connection_string = database, .role = ""}).value();
  for (const std::string& sql : Ground()) ASSERT_NO_FATAL_FAILURE(Execute(*pool, sql));

  std::atomic<bool> done = false;
  std::atomic<int64_t> stored = 0, failed = 0, longest_ms = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      while (!done) {
        const absl::Time start = absl::Now();
        auto transaction = pool->Begin({.campaign = base::CampaignId(1), .deadline = start + kWaitMax});
        absl::Status status = transaction.status();
        if (status.ok()) status = transaction->Run(kKnock, Params().Int64(1)).status();
        if (status.ok()) status = transaction->Run(kCount, Params().Int64(1)).status();
        if (status.ok()) status = transaction->Commit();
        ++(status.ok() ? stored : failed);
        if (!status.ok()) ADD_FAILURE() << status;
        const int64_t took = absl::ToInt64Milliseconds(absl::Now() - start);
        for (int64_t most = longest_ms; took > most && !longest_ms.compare_exchange_weak(most, took);) {
        }
      }
    });
  }
  while (stored < 100) absl::SleepFor(absl::Milliseconds(5));
  const absl::StatusOr<int> applied = Migrate(database);
  const int64_t before = stored;
  while (stored < before + 100 && failed == 0) absl::SleepFor(absl::Milliseconds(5));
  done = true;
  for (std::thread& writer : writers) writer.join();

  ASSERT_TRUE(applied.ok()) << applied.status();
  EXPECT_EQ(*applied, static_cast<int>(AllMigrations().size()) - GetParam());
  EXPECT_EQ(failed, 0);
  constexpr Query kStored = {"upgrade.stored",
                             "select (select count(*) from knock), (select last_change from change_counter)"};
  auto transaction = pool->Begin({.campaign = base::CampaignId(1)});
  const auto counts = transaction->Run(kStored);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ((*counts)[0].Int64(0), kKnocksBefore + stored);
  EXPECT_EQ((*counts)[0].Int64(1), stored);
  std::printf("from %d: %d migrations, %lld knocks, the longest took %lld ms\n", GetParam(), *applied,
              static_cast<long long>(stored), static_cast<long long>(longest_ms));
}

}  // namespace
}  // namespace snowfield::db
