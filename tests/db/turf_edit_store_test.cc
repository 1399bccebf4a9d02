// Edits of turfs as the database keeps them: one editor at a time, no door twice, history that stays, old lists that go
// on taking results.
#include "db/store/turf_edit_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/connection.h"
#include "db/pg/pool.h"
#include "db/pg/sqlstate.h"
#include "db/store/cut_store.h"
#include "db/store/knock_store.h"
#include "db/store/turf_store.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Ten doors in two turfs of five (1: doors 1 to 5, 2: doors 6 to 10) of a done cut; turf 1 has list 1.
constexpr char kGround[] = R"sql(
  insert into address_point (campaign_id, address_point_id, dataset, row_key, house_number, street, street_key, number_key,
                             position)
    select {c}, i, 'd', i::text, i::text, 'Elm', 'elm', i::text, st_setsrid(st_makepoint(-77, 38.9), 4326)
    from generate_series(1, 10) as i;
  insert into door (campaign_id, door_id, address_point_id) select {c}, i, i from generate_series(1, 10) as i;
  insert into member (campaign_id, member_id, display_name, role, depth) values ({c}, 1, 'Root', 'owner', 0);
  insert into pass (campaign_id, pass_id, name) values ({c}, 1, 'First');
  insert into cut (campaign_id, cut_id, pass_id, state, target_doors, min_doors, max_doors, seed)
    values ({c}, 1, 1, 'done', 10, 1, 20, 1);
  insert into turf (campaign_id, turf_id, cut_id, pass_id, number, door_count, walk_length_m, area, walk)
    select {c}, 10 + i, 1, 1, i, 5, 0,
           st_setsrid('multipolygon(((0 0,1 0,1 1,0 0)))'::geometry, 4326), st_setsrid('linestring(0 0,1 1)'::geometry, 4326)
    from generate_series(1, 2) as i;
  alter table turf alter column turf_id restart with 1000;
  insert into turf_door (campaign_id, cut_id, door_id, turf_id, pass_id, live, sequence)
    select {c}, 1, i, 11 + (i - 1) / 5, 1, false, 1 + (i - 1) % 5 from generate_series(1, 10) as i;
  insert into walk_list (campaign_id, walk_list_id, turf_id, leader_id, list_number) values ({c}, 1, 11, 1, '12345672');
)sql";

class TurfEditStore : public ::testing::Test {
 protected:
  TurfEditStore() : campaign_(database_.CreateCampaign("One")) {
    auto connection = Connection::Open({.connection_string = database_.superuser_connection_string()});
    const auto done = (*connection)
                          ->RunScript(absl::StrReplaceAll(kGround, {{"{c}", absl::StrCat(campaign_.value)}}),
                                      {.deadline = absl::Now() + absl::Minutes(1)});
    EXPECT_TRUE(done.ok()) << done.status();
    area_ = Area();
  }

  Transaction Begin() { return *database_.pool().Begin({.campaign = campaign_}); }

  absl::StatusOr<Result> Run(const char* sql) {
    Transaction transaction = Begin();
    // A statement is prepared under its name for good.
    static std::deque<std::string> names;
    names.push_back(absl::StrCat("test_", names.size()));
    const Query query = {names.back().c_str(), sql};
    SNOWFIELD_ASSIGN_OR_RETURN(Result result, transaction.Run(query, Params().Id(campaign_)));
    SNOWFIELD_RETURN_IF_ERROR(transaction.Commit());
    return result;
  }

  std::pair<std::string, std::string> Area() {
    const auto result = Run("select st_asewkb(area), st_asewkb(walk) from turf where campaign_id = $1 limit 1");
    return {std::string((*result)[0].Bytea(0)), std::string((*result)[0].Bytea(1))};
  }

  TurfContent Content(const std::vector<int>& doors) const {
    TurfContent content{.walk_length_m = 10,
                        .area_ewkb = area_.first,
                        .walk_ewkb = area_.second,
                        .metrics_json = "{\"doors\": 1}",
                        .doors = {}};
    for (const int door : doors) content.doors.emplace_back(door);
    return content;
  }

  // Doors 4 and 5 go from turf 1 to turf 2.
  NewEdit Move(int number = 1) const {
    return {.key = {.cut = base::CutId(1), .number = number},
            .pass = base::PassId(1),
            .live = false,
            .kind = "move",
            .member = base::MemberId(1),
            .request = base::Uuid::Random(),
            .undoes = 0,
            .turfs = {{.number = 1, .id = base::TurfId(11), .content = Content({1, 2, 3}), .most_doors_from = 0},
                      {.number = 2,
                       .id = base::TurfId(12),
                       .content = Content({4, 5, 6, 7, 8, 9, 10}),
                       .most_doors_from = 0}},
            .moves = {{.door = base::DoorId(4), .from = 1, .to = 2, .aside = std::nullopt},
                      {.door = base::DoorId(5), .from = 1, .to = 2, .aside = std::nullopt}}};
  }

  absl::Status Store(const NewEdit& edit) {
    Transaction transaction = Begin();
    SNOWFIELD_ASSIGN_OR_RETURN(const bool mine, CountEdit(transaction, edit.key));
    if (!mine) return absl::AbortedError("another was first");
    SNOWFIELD_RETURN_IF_ERROR(StoreEdit(transaction, edit));
    return transaction.Commit();
  }

  std::vector<int64_t> DoorsOf(int64_t turf) {
    Transaction transaction = Begin();
    const auto rows = ReadDoorsOfTurfs(transaction, {base::TurfId(turf)});
    std::vector<int64_t> doors;
    for (const DoorOfTurfRow& row : rows.value()) doors.push_back(row.door.value);
    return doors;
  }

  tests::TestDatabase database_;
  const base::CampaignId campaign_;
  std::pair<std::string, std::string> area_;
};

TEST_F(TurfEditStore, AnEditMovesDoorsAndKeepsWhatTheTurfsWere) {
  ASSERT_TRUE(Store(Move()).ok());
  EXPECT_THAT(DoorsOf(11), ElementsAre(1, 2, 3));
  EXPECT_THAT(DoorsOf(12), ElementsAre(4, 5, 6, 7, 8, 9, 10));
  Transaction transaction = Begin();
  EXPECT_EQ(FindCutToEdit(transaction, base::CutId(1))->edit_count, 1);
  const auto undo = FindEditToUndo(transaction, {.cut = base::CutId(1), .number = 1});
  ASSERT_TRUE(undo.ok()) << undo.status();
  ASSERT_THAT(undo->turfs, SizeIs(2));
  EXPECT_TRUE(undo->turfs[0].unchanged);
  EXPECT_THAT(undo->turfs[0].content.doors, SizeIs(5));
  const auto edits = ListEdits(transaction, base::CutId(1), 0, 10);
  ASSERT_TRUE(edits.ok()) << edits.status();
  ASSERT_THAT(*edits, SizeIs(1));
  EXPECT_EQ(edits->front().moved_doors, 2);
  EXPECT_THAT(edits->front().turfs, ElementsAre(1, 2));
  const auto moves = ListMoves(transaction, {.edit = {.cut = base::CutId(1), .number = 1}, .after = 0, .limit = 10});
  ASSERT_THAT(*moves, SizeIs(2));
  EXPECT_EQ(moves->front().from, 1);
  EXPECT_EQ(moves->front().to, 2);
}

TEST_F(TurfEditStore, ANewTurfAndOneThatEnds) {
  NewEdit edit = Move();
  edit.kind = "merge";
  edit.turfs = {{.number = 1, .id = base::TurfId(11), .content = std::nullopt, .most_doors_from = 0},
                {.number = 3, .id = base::TurfId(), .content = Content({1, 2, 3, 4, 5}), .most_doors_from = 1}};
  edit.moves.clear();
  for (int door = 1; door <= 5; ++door) {
    edit.moves.push_back({.door = base::DoorId(door), .from = 1, .to = 3, .aside = std::nullopt});
  }
  ASSERT_TRUE(Store(edit).ok());
  EXPECT_THAT(DoorsOf(11), IsEmpty());
  EXPECT_THAT(DoorsOf(1000), ElementsAre(1, 2, 3, 4, 5));
  Transaction transaction = Begin();
  const auto turfs = ListTurfs(transaction, {.cut = base::CutId(1), .after = 0, .limit = 10});
  ASSERT_THAT(*turfs, SizeIs(2)) << "a turf that has ended is not listed";
  EXPECT_EQ(turfs->back().number, 3);
  const auto all = ReadBoardTurfs(transaction, base::CutId(1), 0);
  ASSERT_THAT(*all, SizeIs(2)) << "those that an edit changed or made";
  EXPECT_TRUE(all->front().ended);
  ASSERT_TRUE(SetTurfsLive(transaction, base::CutId(1), true).ok());
}

TEST_F(TurfEditStore, ADoorSetAsideIsInNoTurf) {
  NewEdit edit = Move();
  edit.kind = "set_aside";
  edit.turfs = {{.number = 1, .id = base::TurfId(11), .content = Content({1, 2, 3, 4}), .most_doors_from = 0}};
  edit.moves = {{.door = base::DoorId(5),
                 .from = 1,
                 .to = kSetAside,
                 .aside = AsideRow{.door = base::DoorId(5), .from_turf = 1, .reason = "dog"}}};
  ASSERT_TRUE(Store(edit).ok());
  {
    Transaction transaction = Begin();
    const auto aside = ReadAsideDoors(transaction, base::CutId(1));
    ASSERT_THAT(*aside, SizeIs(1));
    EXPECT_EQ(aside->front().reason, "dog");
    EXPECT_EQ(aside->front().from_turf, 1);
    int doors = 0;
    ASSERT_TRUE(ReadBoardDoors(transaction, base::CutId(1), [&](const BoardDoorRow&) {
                  ++doors;
                  return absl::OkStatus();
                }).ok());
    EXPECT_EQ(doors, 10) << "it stays of the cut";
  }
  EXPECT_EQ(SqlStateOf(Run("insert into turf_door (campaign_id, cut_id, door_id, turf_id, pass_id, live, sequence) "
                           "values ($1, 1, 5, 12, 1, false, 9)")
                           .status()),
            "23505");
  EXPECT_EQ(
      ConstraintOf(Run("update turf_door set aside_reason = null where campaign_id = $1 and door_id = 5").status()),
      "turf_door_aside_ck");
  EXPECT_EQ(ConstraintOf(Run("update turf_door set turf_id = null where campaign_id = $1 and door_id = 6").status()),
            "turf_door_aside_ck");
}

TEST_F(TurfEditStore, OfEditorsAtOnceOneWins) {
  constexpr int kEditors = 8;
  for (int round = 1; round <= 3; ++round) {
    std::atomic<int> won{0}, lost{0};
    std::vector<std::thread> editors;
    for (int i = 0; i < kEditors; ++i) {
      editors.emplace_back([&] {
        const absl::Status status = Store(Move(round));
        if (status.ok()) ++won;
        if (absl::IsAborted(status)) ++lost;
      });
    }
    for (std::thread& editor : editors) editor.join();
    EXPECT_EQ(won, 1);
    EXPECT_EQ(lost, kEditors - 1);
    // Back, for the next round.
    ASSERT_TRUE(
        Run("update turf_door set turf_id = 11, sequence = 100 + door_id where campaign_id = $1 and door_id in (4, 5)")
            .ok());
  }
  Transaction transaction = Begin();
  EXPECT_EQ(FindCutToEdit(transaction, base::CutId(1))->edit_count, 3);
}

TEST_F(TurfEditStore, ARequestIsOneEdit) {
  const NewEdit first = Move();
  ASSERT_TRUE(Store(first).ok());
  NewEdit again = Move(2);
  again.request = first.request;
  EXPECT_EQ(ConstraintOf(Store(again)), "turf_edit_request_uk");
  Transaction transaction = Begin();
  EXPECT_EQ((*FindEditByRequest(transaction, first.request))->number, 1);
}

TEST_F(TurfEditStore, AnEditIsUndoneOnce) {
  ASSERT_TRUE(Store(Move()).ok());
  NewEdit undo = Move(2);
  undo.kind = "undo";
  undo.undoes = 1;
  ASSERT_TRUE(Store(undo).ok());
  undo.key.number = 3;
  undo.request = base::Uuid::Random();
  EXPECT_EQ(ConstraintOf(Store(undo)), "turf_edit_undoes_uk");
  undo.undoes = 0;
  EXPECT_EQ(ConstraintOf(Store(undo)), "turf_edit_kind_ck");
}

TEST_F(TurfEditStore, HistoryIsNotChanged) {
  ASSERT_TRUE(Store(Move()).ok());
  for (const char* sql : {"update turf_edit set kind = 'merge' where campaign_id = $1",
                          "delete from turf_edit_move where campaign_id = $1",
                          "update turf_version set version = 9 where campaign_id = $1",
                          "delete from turf_version where campaign_id = $1"}) {
    EXPECT_EQ(SqlStateOf(Run(sql).status()), "42501") << sql;
  }
}

TEST_F(TurfEditStore, AnOldListGoesOnHoldingItsDoors) {
  ASSERT_TRUE(Store(Move()).ok());
  Transaction transaction = Begin();
  const auto ended = EndListsOfTurfs(transaction, {base::TurfId(11), base::TurfId(12)});
  ASSERT_THAT(*ended, SizeIs(1));
  ASSERT_TRUE(InsertReplacingLists(transaction, {{.turf = base::TurfId(11),
                                                  .leader = base::MemberId(1),
                                                  .list_number = "22345679",
                                                  .replaces = ended->front().walk_list}})
                  .ok());
  const base::WalkListId old_list(1);
  const auto held = FindDoorsOfLists(
      transaction, {{old_list, base::DoorId(1)}, {old_list, base::DoorId(5)}, {old_list, base::DoorId(6)}});
  ASSERT_THAT(*held, SizeIs(2)) << "those it was given with, and none other";
  const auto replaced = ListReplacedLists(transaction, {.cut = base::CutId(1), .number = 1});
  ASSERT_TRUE(replaced.ok()) << replaced.status();
}

}  // namespace
}  // namespace snowfield::db
