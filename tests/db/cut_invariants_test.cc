// What PostgreSQL itself holds of cuts: what they are asked for, which one of a pass is live, which one they follow,
// and what they miss.
#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/connection.h"
#include "db/pg/pool.h"
#include "db/pg/run_in_transaction.h"
#include "db/pg/sqlstate.h"
#include "db/store/cut_problem_store.h"
#include "db/store/cut_store.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {

// Two passes of a campaign: cuts 1 to 6 of the first, cut 7 of the second; a turf of cut 1 with a door.
constexpr char kGround[] = R"sql(
  insert into address_point (campaign_id, address_point_id, dataset, row_key, house_number, street, street_key, number_key,
                             position)
    values ({c}, 1, 'd', '1', '1', 'Elm', 'elm', '1', st_setsrid(st_makepoint(-77, 38.9), 4326));
  insert into door (campaign_id, door_id, address_point_id) values ({c}, 1, 1);
  insert into pass (campaign_id, pass_id, name) values ({c}, 1, 'First'), ({c}, 2, 'Second');
  alter table pass alter column pass_id restart with 100;
  insert into cut (campaign_id, cut_id, pass_id, state, target_doors, min_doors, max_doors, seed)
    select {c}, i, case when i < 7 then 1 else 2 end, 'done', 10, 1, 20, 1 from generate_series(1, 7) as i;
  alter table cut alter column cut_id restart with 100;
  insert into turf (campaign_id, turf_id, cut_id, pass_id, number, door_count, walk_length_m, area, walk)
    values ({c}, 11, 1, 1, 5, 1, 0, st_setsrid('multipolygon(((0 0,1 0,1 1,0 0)))'::geometry, 4326),
            st_setsrid('linestring(0 0,1 1)'::geometry, 4326));
)sql";

class CutInvariant : public ::testing::Test {
 protected:
  CutInvariant() : campaign_(database_.CreateCampaign("One")) { Execute(kGround); }

  // As the superuser, with {c} as the campaign.
  void Execute(const std::string& script) {
    auto connection = Connection::Open({.connection_string = database_.superuser_connection_string()});
    ASSERT_TRUE(connection.ok());
    const auto done = (*connection)
                          ->RunScript(absl::StrReplaceAll(script, {{"{c}", absl::StrCat(campaign_.value)}}),
                                      {.deadline = absl::Now() + absl::Minutes(1)});
    ASSERT_TRUE(done.ok()) << done.status();
  }

  template <typename Work>
  auto Run(const Work& work) {
    return RunInTransaction(database_.pool(), {.campaign = campaign_}, work);
  }

  absl::Status Insert(const CutSettings& settings, base::CutId previous = base::CutId(),
                      base::PassId pass = base::PassId(1)) {
    return Run([&](Transaction& transaction) {
             return InsertCut(transaction, {.pass = pass,
                                            .universe = {},
                                            .previous = previous,
                                            .settings = settings,
                                            .worker = "w",
                                            .door_count = 1,
                                            .request = base::Uuid::Random()});
           })
        .status();
  }

  static CutSettings InDoors() {
    return {.target_doors = 10, .min_doors = 9, .max_doors = 11, .keep_boundary_kind = {}};
  }
  static CutSettings InMinutes() {
    return {.target_minutes = 60, .min_minutes = 54, .max_minutes = 66, .keep_boundary_kind = {}};
  }

  tests::TestDatabase database_;
  const base::CampaignId campaign_;
};

TEST_F(CutInvariant, ACutIsToDoorsOrToMinutesInOrder) {
  EXPECT_TRUE(Insert(InDoors()).ok());
  EXPECT_TRUE(Insert(InMinutes()).ok());
  std::vector<CutSettings> bad(7, InMinutes());
  bad[0] = {};
  bad[1].target_doors = 10, bad[1].min_doors = 9, bad[1].max_doors = 11;
  bad[2].min_minutes = 61;
  bad[3].max_minutes = 59;
  bad[4].max_minutes = std::numeric_limits<double>::quiet_NaN();
  bad[5].target_minutes = bad[5].max_minutes = std::numeric_limits<double>::infinity();
  bad[6].min_minutes = 0;
  for (size_t i = 0; i < bad.size(); ++i) EXPECT_EQ(ConstraintOf(Insert(bad[i])), "cut_size_ck") << i;
}

TEST_F(CutInvariant, PaceFinishAndRegionsAreBounded) {
  std::vector<std::pair<CutSettings, std::string>> bad(6, {InDoors(), "cut_pace_ck"});
  bad[0].first.walk_speed_m_per_s = 0;
  bad[1].first.walk_speed_m_per_s = std::numeric_limits<double>::quiet_NaN();
  bad[2].first.seconds_per_door = -1;
  bad[3].first.seconds_per_door = std::numeric_limits<double>::infinity();
  bad[4].first.finish = "nowhere", bad[4].second = "cut_finish_ck";
  bad[5].first.turfs_per_region = 0, bad[5].second = "cut_region_ck";
  for (const auto& [settings, constraint] : bad) EXPECT_EQ(ConstraintOf(Insert(settings)), constraint);
}

TEST_F(CutInvariant, ACutFollowsOneOfItsOwnPassAndKeepsTurfsOnlyThen) {
  EXPECT_TRUE(Insert(InDoors(), base::CutId(1)).ok());
  EXPECT_EQ(ConstraintOf(Insert(InDoors(), base::CutId(7))), "cut_previous_fk");
  CutSettings keep = InDoors();
  keep.keep_live = true;
  EXPECT_TRUE(Insert(keep, base::CutId(1)).ok());
  EXPECT_EQ(ConstraintOf(Insert(keep)), "cut_keep_ck");
}

TEST_F(CutInvariant, OneCutOfAPassIsPublishedWhoeverPublishes) {
  std::atomic<int> published = 0;
  std::vector<std::thread> threads;
  for (int cut = 1; cut <= 7; ++cut) {
    threads.emplace_back([&, cut] {
      const auto done = Run([&](Transaction& transaction) {
        return SetCutState(transaction, base::CutId(cut), {.from = kCutDone, .to = kCutPublished});
      });
      if (done.ok()) {
        ++published;
      } else {
        EXPECT_EQ(ConstraintOf(done.status()), "cut_published_uk") << done.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(published, 2) << "one of each pass";
}

TEST_F(CutInvariant, ABeatTellsHowFarACutIsAndOnlyItsWorkersCounts) {
  Execute("update cut set state = 'running', worker = 'mine' where cut_id = 2");
  const auto beat = [&](const CutBeat& at) {
    return Run([&](Transaction& transaction) { return BeatCut(transaction, at); });
  };
  EXPECT_TRUE(*beat({.cut = base::CutId(2), .worker = "mine", .stage = "walking", .fraction = 0.5}));
  EXPECT_FALSE(*beat({.cut = base::CutId(2), .worker = "other", .stage = "walking", .fraction = 0.9}));
  EXPECT_FALSE(*beat({.cut = base::CutId(3), .worker = "mine", .stage = "walking", .fraction = 0.9}));
  EXPECT_EQ(ConstraintOf(beat({.cut = base::CutId(2), .worker = "mine", .stage = "walking", .fraction = 1.5}).status()),
            "cut_fraction_ck");
  const auto row = Run([&](Transaction& transaction) { return FindCut(transaction, base::CutId(2)); });
  ASSERT_TRUE(row.ok());
  EXPECT_EQ(row->stage, "walking");
  EXPECT_EQ(row->fraction, 0.5);
}

TEST_F(CutInvariant, AProblemIsOfATurfOfItsCutAndIsNeverRewritten) {
  const auto insert = [&](const NewCutProblem& problem) {
    return Run([&](Transaction& transaction) { return InsertCutProblems(transaction, base::CutId(1), {problem}); });
  };
  EXPECT_EQ(ConstraintOf(insert({.reason = "UNEVEN", .turf_number = 6, .door = {}})), "cut_problem_turf_fk");
  EXPECT_EQ(ConstraintOf(insert({.reason = "NO_STREET", .turf_number = 5, .door = base::DoorId(99)})),
            "cut_problem_door_fk");
  EXPECT_EQ(ConstraintOf(insert({.reason = "", .turf_number = 5, .door = {}})), "cut_problem_reason_ck");
  EXPECT_TRUE(insert({.reason = "UNEVEN", .turf_number = 5, .door = {}}).ok());
  EXPECT_EQ(ConstraintOf(insert({.reason = "UNEVEN", .turf_number = 5, .door = {}})), "cut_problem_pk");
  const Query rewrite = {"rewrite", "update cut_problem set reason = 'NONE' where campaign_id = $1"};
  EXPECT_EQ(SqlStateOf(Run(
                [&](Transaction& transaction) { return transaction.Run(rewrite, Params().Id(campaign_)).status(); })),
            "42501");
  // It follows its turf's number.
  Execute("update turf set number = 8 where turf_id = 11");
  const auto problems = Run([&](Transaction& transaction) {
    return ListCutProblems(transaction,
                           {.cut = base::CutId(1), .reason = "", .turf_number = 8, .after = 0, .limit = 10});
  });
  ASSERT_TRUE(problems.ok()) << problems.status();
  ASSERT_EQ(problems->size(), 1U);
  EXPECT_EQ(problems->front().reason, "UNEVEN");
  EXPECT_FALSE(problems->front().door.door);
}

}  // namespace
}  // namespace snowfield::db
