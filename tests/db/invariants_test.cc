// What PostgreSQL itself must guarantee, whatever the application does: many writers at once, straight on the tables.
// The names say the invariant; docs/architecture.md lists them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/pg/connection.h"
#include "db/pg/pool.h"
#include "db/pg/run_in_transaction.h"
#include "db/pg/sqlstate.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kDoors = 20;

// A campaign of 20 doors, one root member (1), one walk list (1) on a turf of its own, one rule (1).
constexpr char kGround[] = R"sql(
  insert into address_point (campaign_id, address_point_id, dataset, row_key, house_number, street, street_key, number_key,
                             position)
    select {c}, i, 'd', i::text, i::text, 'Elm', 'elm', i::text, st_setsrid(st_makepoint(-77, 38.9), 4326)
    from generate_series(1, {doors}) as i;
  insert into door (campaign_id, door_id, address_point_id) select {c}, i, i from generate_series(1, {doors}) as i;
  insert into member (campaign_id, member_id, display_name, role, depth) values ({c}, 1, 'Root', 'owner', 0);
  alter table member alter column member_id restart with 1000;
  insert into pass (campaign_id, pass_id, name) values ({c}, 1, 'First');
  insert into cut (campaign_id, cut_id, pass_id, state, target_doors, min_doors, max_doors, seed)
    select {c}, i, 1, 'done', 10, 1, 20, 1 from generate_series(1, 8) as i;
  insert into turf (campaign_id, turf_id, cut_id, pass_id, number, door_count, walk_length_m, area, walk)
    select {c}, 10 * cut_id + i, cut_id, 1, i, 10, 0,
           st_setsrid('multipolygon(((0 0,1 0,1 1,0 0)))'::geometry, 4326), st_setsrid('linestring(0 0,1 1)'::geometry, 4326)
    from cut, generate_series(1, 2) as i where cut.campaign_id = {c};
  insert into walk_list (campaign_id, walk_list_id, turf_id, leader_id, list_number) values ({c}, 1, 11, 1, '12345672');
  insert into follow_up_rule (campaign_id, rule_id, name, when_result, queue, due_after)
    values ({c}, 1, 'Call back', 1, 'calls', '1 day');
)sql";

class Invariant : public ::testing::Test {
 protected:
  Invariant() : campaign_(database_.CreateCampaign("One")) {
    Prepare(absl::StrReplaceAll(kGround, {{"{doors}", absl::StrCat(kDoors)}}));
  }

  // Runs `script` as the superuser, with {c} as the campaign.
  void Prepare(const std::string& script) {
    auto connection = Connection::Open({.connection_string = database_.superuser_connection_string()});
    ASSERT_TRUE(connection.ok());
    const auto done = (*connection)
                          ->RunScript(absl::StrReplaceAll(script, {{"{c}", absl::StrCat(campaign_.value)}}),
                                      {.deadline = absl::Now() + absl::Minutes(1)});
    ASSERT_TRUE(done.ok()) << done.status();
  }

  Transaction Begin() { return *database_.pool().Begin({.campaign = campaign_}); }
  // One statement in a transaction of its own, as the application.
  absl::StatusOr<int64_t> Write(const Query& query, const Params& params) {
    Transaction transaction = Begin();
    SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(query, params));
    SNOWFIELD_RETURN_IF_ERROR(transaction.Commit());
    return result.affected_row_count();
  }
  int64_t Number(const Query& query) { return (*Begin().Run(query, Params().Id(campaign_)))[0].Int64(0); }

  // `count` threads start together and run work(0..count-1).
  static void AtOnce(int count, const std::function<void(int)>& work) {
    std::atomic<int> waiting = count;
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        --waiting;
        while (waiting > 0) std::this_thread::yield();
        work(i);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  tests::TestDatabase database_;
  const base::CampaignId campaign_;
};

// 1 -----------------------------------------------------------------------------------------------------------------

const Query kInsertTurfDoor = {"insert_turf_door",
                               "insert into turf_door (campaign_id, cut_id, door_id, turf_id, pass_id, live, sequence) "
                               "values ($1, $2, $3, $4, 1, $5, $3)"};

TEST_F(Invariant, ADoorIsInAtMostOneTurfOfACutWhoeverWrites) {
  std::atomic<int> stored = 0;
  AtOnce(16, [&](int writer) {
    for (int64_t door = 1; door <= kDoors; ++door) {
      const int64_t turf = 11 + writer % 2;
      const auto outcome = Write(kInsertTurfDoor, Params().Id(campaign_).Int64(1).Int64(door).Int64(turf).Bool(false));
      if (outcome.ok()) {
        ++stored;
      } else {
        EXPECT_TRUE(absl::IsAlreadyExists(outcome.status())) << outcome.status();
      }
    }
  });
  EXPECT_EQ(stored, kDoors);
}

TEST_F(Invariant, ADoorIsInAtMostOneLiveTurfOfAPassWhoeverPublishes) {
  const Query publish = {"publish", "update turf set live = true where campaign_id = $1 and cut_id = $2"};
  const Query live_doors = {"live_doors", "select count(*) from turf_door where campaign_id = $1 and live"};
  const Query live_cuts = {"live_cuts", "select count(distinct cut_id) from turf where campaign_id = $1 and live"};
  Prepare(
      "insert into turf_door (campaign_id, cut_id, door_id, turf_id, pass_id, live, sequence) select {c}, cut_id, "
      "door_id, 10 * cut_id + 1 + door_id % 2, 1, false, door_id from cut, door where cut.campaign_id = {c} and "
      "door.campaign_id = {c}");
  std::atomic<int> published = 0;
  AtOnce(8, [&](int writer) {
    const absl::Status status =
        RunInTransaction(database_.pool(), {.campaign = campaign_}, [&](Transaction& transaction) {
          return transaction.Run(publish, Params().Id(campaign_).Int64(writer + 1)).status();
        });
    if (status.ok()) {
      ++published;
    } else {
      EXPECT_EQ(ConstraintOf(status), "turf_door_live_uk") << status;
    }
  });
  EXPECT_EQ(published, 1);
  EXPECT_EQ(Number(live_doors), kDoors);
  EXPECT_EQ(Number(live_cuts), 1);
}

TEST_F(Invariant, ADoorCannotBeLiveInATurfThatIsNotNorThePassBeMistaken) {
  const auto orphan = Write(kInsertTurfDoor, Params().Id(campaign_).Int64(1).Int64(1).Int64(11).Bool(true));
  EXPECT_EQ(ConstraintOf(orphan.status()), "turf_door_turf_fk");
  const auto other_cut = Write(kInsertTurfDoor, Params().Id(campaign_).Int64(2).Int64(1).Int64(11).Bool(false));
  EXPECT_EQ(ConstraintOf(other_cut.status()), "turf_door_turf_fk");
}

// 2 -----------------------------------------------------------------------------------------------------------------

const Query kJoin = {
    "join",
    "insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth) select $1, 'New', "
    "'canvasser', 1, 0, (select min(slot) from campaign_slot s where s.campaign_id = $1 and not exists (select from "
    "member "
    "m where m.campaign_id = $1 and m.leader_id = 1 and m.slot = s.slot)), 1"};
const Query kTeamSize = {"team_size", "select count(*) from member where campaign_id = $1 and leader_id = 1"};

TEST_F(Invariant, SixtyFourWritersFillALeaderWithExactlyEight) {
  std::atomic<int> in = 0;
  std::atomic<int> refused = 0;
  AtOnce(64, [&](int) {
    while (true) {
      const absl::Status status = Write(kJoin, Params().Id(campaign_)).status();
      if (status.ok()) {
        ++in;
        return;
      }
      // Places are compared at the end of the statement, so two who took the same one may wait for each other.
      if (ConstraintOf(status) != "member_slot_uk" && !MayRetry(status)) {
        EXPECT_EQ(ConstraintOf(status), "member_place_ck") << "no slot is left: " << status;
        ++refused;
        return;
      }
    }
  });
  EXPECT_EQ(in, 8);
  EXPECT_EQ(refused, 56);
  EXPECT_EQ(Number(kTeamSize), 8);
}

TEST_F(Invariant, TheSpanIsTheCampaignsAndNoSlotBeyondItExists) {
  const Query ninth = {
      "ninth",
      "insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth) values "
      "($1, 'New', 'canvasser', 1, 0, 9, 1)"};
  EXPECT_EQ(ConstraintOf(Write(ninth, Params().Id(campaign_)).status()), "member_slot_fk");
  Prepare("delete from campaign_slot where campaign_id = {c} and slot > 5");
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Write(kJoin, Params().Id(campaign_)).ok());
  EXPECT_FALSE(Write(kJoin, Params().Id(campaign_)).ok());
}

// Moves a member with all below under another leader, into its first free slot; depths follow.
const Query kMove = {
    "move",
    "with recursive below as (select member_id, 0 as generation from member where campaign_id = $1 and member_id = $2 "
    "union all select m.member_id, generation + 1 from member m join below on m.leader_id = below.member_id where "
    "m.campaign_id = $1 and generation < 40), leader as (select member_id, depth from member where campaign_id = $1 "
    "and "
    "member_id = $3), place as (select min(slot) as slot from campaign_slot s where campaign_id = $1 and not exists "
    "(select from member m where m.campaign_id = $1 and m.leader_id = $3 and m.slot = s.slot)) update member m set "
    "leader_id = case when generation = 0 then leader.member_id else m.leader_id end, slot = case when generation = 0 "
    "then place.slot else m.slot end, leader_depth = leader.depth + generation, depth = leader.depth + generation + 1 "
    "from below, leader, place where m.campaign_id = $1 and m.member_id = below.member_id"};
// Members that no path of leaders joins with the root, or whose depth is not the length of that path.
const Query kLost = {
    "lost",
    "with recursive tree as (select member_id, 0 as level from member where campaign_id = $1 and leader_id is null "
    "union "
    "all select m.member_id, level + 1 from member m join tree on m.leader_id = tree.member_id where m.campaign_id = "
    "$1 "
    "and level < 64) select count(*) from member m left join tree using (member_id) where m.campaign_id = $1 and "
    "(tree.member_id is null or tree.level <> m.depth)"};

TEST_F(Invariant, NoCycleIsStoredByConcurrentMoves) {
  constexpr int kMembers = 15;
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  // A binary tree below the root: i's leader is i / 2.
  Prepare(
      "insert into member (campaign_id, member_id, display_name, role, leader_id, leader_depth, slot, depth) select "
      "{c}, i, 'M', 'leader', i / 2, floor(log(2, i::numeric + 0.5)) - 1, 1 + i % 2, floor(log(2, i::numeric + 0.5)) "
      "from generate_series(2, 15) as i");
  ASSERT_EQ(Number(kLost), 0);
  std::atomic<int> moved = 0;
  std::atomic<int> lost_seen = 0;
  AtOnce(8, [&](int writer) {
    std::minstd_rand random(seed + static_cast<unsigned>(writer));
    for (int i = 0; i < 60; ++i) {
      if (writer == 0) {
        lost_seen += static_cast<int>(Number(kLost));
        continue;
      }
      const int64_t member = 2 + static_cast<int64_t>(random() % (kMembers - 1));
      const int64_t leader = 1 + static_cast<int64_t>(random() % kMembers);
      // Refusals are as they should be: a cycle, a full team, a clash with another move.
      if (Write(kMove, Params().Id(campaign_).Int64(member).Int64(leader)).ok()) ++moved;
    }
  });
  EXPECT_EQ(lost_seen, 0);
  EXPECT_EQ(Number(kLost), 0);
  EXPECT_GT(moved, 20) << "the moves must mostly do something";
}

TEST_F(Invariant, TwoMembersCannotBecomeEachOthersLeaderAtOnce) {
  Prepare(
      "insert into member (campaign_id, member_id, display_name, role, leader_id, leader_depth, slot, depth) values "
      "({c}, 2, 'A', 'leader', 1, 0, 1, 1), ({c}, 3, 'B', 'leader', 1, 0, 2, 1)");
  // Each sees the other still below the root when it writes.
  Transaction first = Begin();
  ASSERT_TRUE(first.Run(kMove, Params().Id(campaign_).Int64(2).Int64(3)).ok());
  absl::Status second_status;
  std::thread second([&] { second_status = Write(kMove, Params().Id(campaign_).Int64(3).Int64(2)).status(); });
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_TRUE(first.Commit().ok());
  second.join();
  EXPECT_FALSE(second_status.ok());
  EXPECT_EQ(Number(kLost), 0);
}

// 3, 4, 5 -----------------------------------------------------------------------------------------------------------

const Query kInsertKnock = {
    "insert_knock",
    "insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, result, phone_time, "
    "knock_time) values ($1, $2, $3, $4, 1, 1, 1, now(), now()) on conflict (campaign_id, knock_id) do nothing"};
const Query kInsertFollowUp = {"insert_follow_up",
                               "insert into follow_up (campaign_id, knock_id, rule_id, door_id, queue, owner_id, "
                               "priority, due_time) values ($1, $2, "
                               "1, $3, 'calls', $4, 0, now())"};
const Query kKnockCount = {"knock_count", "select count(*) from knock where campaign_id = $1"};
const Query kFollowUpCount = {"follow_up_count", "select count(*) from follow_up where campaign_id = $1"};

std::string Hash(char fill) { return std::string(32, fill); }

TEST_F(Invariant, TheSameKnockFromManyWritersIsStoredOnce) {
  const base::Uuid knock = base::Uuid::Random();
  std::atomic<int> stored = 0;
  AtOnce(32, [&](int writer) {
    const char fill = writer % 2 == 0 ? 'a' : 'b';
    const auto rows = Write(kInsertKnock, Params().Id(campaign_).Uuid(knock).Bytea(Hash(fill)).Int64(1));
    ASSERT_TRUE(rows.ok()) << rows.status();
    stored += static_cast<int>(*rows);
  });
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(Number(kKnockCount), 1);
}

TEST_F(Invariant, AStoredKnockIsNeverOverwritten) {
  const base::Uuid knock = base::Uuid::Random();
  ASSERT_TRUE(Write(kInsertKnock, Params().Id(campaign_).Uuid(knock).Bytea(Hash('a')).Int64(1)).ok());
  const Query overwrite = {
      "overwrite",
      "insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, result, phone_time, "
      "knock_time) values ($1, $2, $3, 2, 1, 1, 2, now(), now()) on conflict (campaign_id, knock_id) do update set "
      "content_hash = excluded.content_hash"};
  EXPECT_EQ(SqlStateOf(Write(overwrite, Params().Id(campaign_).Uuid(knock).Bytea(Hash('b'))).status()), "42501");
}

TEST_F(Invariant, OneKnockGivesAtMostOneFollowUpPerRuleWhoeverWrites) {
  const base::Uuid knock = base::Uuid::Random();
  ASSERT_TRUE(Write(kInsertKnock, Params().Id(campaign_).Uuid(knock).Bytea(Hash('a')).Int64(1)).ok());
  std::atomic<int> stored = 0;
  AtOnce(32, [&](int) {
    const absl::Status status = Write(kInsertFollowUp, Params().Id(campaign_).Uuid(knock).Int64(1).Int64(1)).status();
    if (status.ok()) {
      ++stored;
    } else {
      EXPECT_EQ(ConstraintOf(status), "follow_up_once_uk") << status;
    }
  });
  EXPECT_EQ(stored, 1);
}

TEST_F(Invariant, AKnockAndItsFollowUpAreStoredBothOrNeither) {
  const Query pid = {"pid", "select pg_backend_pid()"};
  const Query kill = {"kill", "select pg_terminate_backend($1)"};
  constexpr int64_t kNobody = 999;
  {
    Transaction refused = Begin();
    const base::Uuid knock = base::Uuid::Random();
    ASSERT_TRUE(refused.Run(kInsertKnock, Params().Id(campaign_).Uuid(knock).Bytea(Hash('a')).Int64(1)).ok());
    EXPECT_FALSE(refused.Run(kInsertFollowUp, Params().Id(campaign_).Uuid(knock).Int64(1).Int64(kNobody)).ok());
    EXPECT_FALSE(refused.Commit().ok());
  }
  {
    Transaction cut_off = Begin();
    const base::Uuid knock = base::Uuid::Random();
    ASSERT_TRUE(cut_off.Run(kInsertKnock, Params().Id(campaign_).Uuid(knock).Bytea(Hash('a')).Int64(1)).ok());
    ASSERT_TRUE(cut_off.Run(kInsertFollowUp, Params().Id(campaign_).Uuid(knock).Int64(1).Int64(1)).ok());
    const int32_t backend = (*cut_off.Run(pid))[0].Int32(0);
    ASSERT_TRUE(database_.superuser_pool().Begin({})->Run(kill, Params().Int32(backend)).ok());
    absl::SleepFor(absl::Milliseconds(50));
    EXPECT_FALSE(cut_off.Commit().ok());
  }
  EXPECT_EQ(Number(kKnockCount), 0);
  EXPECT_EQ(Number(kFollowUpCount), 0);
}

TEST_F(Invariant, AFollowUpNeedsAStoredKnock) {
  const auto orphan = Write(kInsertFollowUp, Params().Id(campaign_).Uuid(base::Uuid::Random()).Int64(1).Int64(1));
  EXPECT_EQ(ConstraintOf(orphan.status()), "follow_up_knock_fk");
}

// 6 -----------------------------------------------------------------------------------------------------------------

const Query kTakeNumber = {
    "take_number",
    "update change_counter set last_change = last_change + 1 where campaign_id = $1 returning last_change"};
const Query kInsertChange = {"insert_change",
                             "insert into change (campaign_id, change_number, kind, walk_list_id) values ($1, $2, "
                             "'list_revoked', 1)"};
const Query kReadChanges = {
    "read_changes",
    "select change_number from change where campaign_id = $1 and change_number > $2 order by change_number"};

// Reads on from a token as a phone does, and remembers what it was given.
class Reader {
 public:
  Reader(Pool& pool, base::CampaignId campaign) : pool_(pool), campaign_(campaign) {}
  void Advance() {
    Transaction transaction = *pool_.Begin({.campaign = campaign_, .read_only = true});
    const auto rows = transaction.Run(kReadChanges, Params().Id(campaign_).Int64(token_));
    ASSERT_TRUE(rows.ok()) << rows.status();
    for (const Row row : *rows) seen_.push_back(token_ = row.Int64(0));
  }
  const std::vector<int64_t>& seen() const { return seen_; }

 private:
  Pool& pool_;
  const base::CampaignId campaign_;
  int64_t token_ = 0;
  std::vector<int64_t> seen_;
};

TEST_F(Invariant, AReaderByTokenMissesNothingOfATransactionThatCommitsLate) {
  Reader reader(database_.pool(), campaign_);
  Transaction slow = Begin();
  const int64_t slow_number = (*slow.Run(kTakeNumber, Params().Id(campaign_)))[0].Int64(0);
  ASSERT_TRUE(slow.Run(kInsertChange, Params().Id(campaign_).Int64(slow_number)).ok());
  std::thread fast([&] {
    Transaction transaction = Begin();
    const int64_t number = (*transaction.Run(kTakeNumber, Params().Id(campaign_)))[0].Int64(0);
    ASSERT_TRUE(transaction.Run(kInsertChange, Params().Id(campaign_).Int64(number)).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  });
  absl::SleepFor(absl::Milliseconds(150));
  reader.Advance();
  EXPECT_THAT(reader.seen(), IsEmpty()) << "the fast one must wait for the number before its own";
  ASSERT_TRUE(slow.Commit().ok());
  fast.join();
  reader.Advance();
  EXPECT_THAT(reader.seen(), ElementsAre(1, 2));
}

// The same story with numbers of a sequence: it shows that the test above can fail.
TEST_F(Invariant, ASequenceWouldLoseTheLateCommit) {
  Prepare("create sequence naive; grant usage on naive to snowfield_app");
  const Query next = {"next", "select nextval('naive')"};
  Reader reader(database_.pool(), campaign_);
  Transaction slow = Begin();
  const int64_t slow_number = (*slow.Run(next))[0].Int64(0);
  ASSERT_TRUE(slow.Run(kInsertChange, Params().Id(campaign_).Int64(slow_number)).ok());
  {
    Transaction fast = Begin();
    const int64_t number = (*fast.Run(next))[0].Int64(0);
    ASSERT_TRUE(fast.Run(kInsertChange, Params().Id(campaign_).Int64(number)).ok());
    ASSERT_TRUE(fast.Commit().ok());
  }
  reader.Advance();
  ASSERT_TRUE(slow.Commit().ok());
  reader.Advance();
  EXPECT_THAT(reader.seen(), ElementsAre(2)) << "number 1 is lost";
}

TEST_F(Invariant, AReaderByTokenSeesEveryChangeOfManyWritersOnceAndInOrder) {
  constexpr int kWriters = 12;
  constexpr int kEach = 40;
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Reader reader(database_.pool(), campaign_);
  std::atomic<int> writing = kWriters;
  std::set<int64_t> committed;
  absl::Mutex mutex;
  AtOnce(kWriters + 1, [&](int thread) {
    if (thread == kWriters) {
      while (writing > 0) reader.Advance();
      return;
    }
    std::minstd_rand random(seed + static_cast<unsigned>(thread));
    for (int i = 0; i < kEach; ++i) {
      Transaction transaction = Begin();
      const auto taken = transaction.Run(kTakeNumber, Params().Id(campaign_));
      ASSERT_TRUE(taken.ok()) << taken.status();
      const int64_t number = (*taken)[0].Int64(0);
      ASSERT_TRUE(transaction.Run(kInsertChange, Params().Id(campaign_).Int64(number)).ok());
      if (random() % 8 == 0) absl::SleepFor(absl::Milliseconds(random() % 5));
      if (random() % 10 == 0) continue;  // rolled back: its number is given to the next
      ASSERT_TRUE(transaction.Commit().ok());
      absl::MutexLock lock(&mutex);
      committed.insert(number);
    }
    --writing;
  });
  reader.Advance();
  EXPECT_TRUE(std::is_sorted(reader.seen().begin(), reader.seen().end()));
  EXPECT_THAT(reader.seen(), ::testing::ElementsAreArray(committed));
  EXPECT_EQ(reader.seen().size(), static_cast<size_t>(reader.seen().back())) << "numbers have no gap";
}

}  // namespace
}  // namespace snowfield::db
