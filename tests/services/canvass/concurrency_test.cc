// Many phones at once: what the database itself must hold, whoever is first.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "db/store/audit_store.h"
#include "services/canvass/ingest.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

constexpr int kWriters = 16;

class Concurrency : public testing::Test {
 protected:
  Concurrency() { field_.CheckOut(field_.phone); }

  template <typename Work>
  static void InThreads(int count, Work work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : threads) thread.join();
  }

  ListChangesResponse Changes(const std::string& token) {
    ListChangesRequest request;
    request.set_change_token(token);
    ListChangesResponse response;
    const grpc::Status status = field_.canvass().ListChanges(field_.As(field_.phone).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  Field field_;
};

TEST_F(Concurrency, SixteenWritersOfOneKnockStoreItOnce) {
  const Knock knock = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  std::atomic<int> accepted = 0, duplicates = 0;
  InThreads(kWriters, [&](int) {
    const KnockAnswer answer = field_.Send({knock})[0];
    if (answer.outcome() == KNOCK_OUTCOME_ACCEPTED) ++accepted;
    if (answer.outcome() == KNOCK_OUTCOME_DUPLICATE) ++duplicates;
  });
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(duplicates, kWriters - 1);
  EXPECT_EQ(field_.Count("select count(*) from knock"), 1);
  EXPECT_EQ(field_.Count("select count(*) from knock_ask"), 1);
  EXPECT_EQ(field_.Count("select count(*) from follow_up"), 1);
  EXPECT_EQ(field_.Count("select count(*) from change"), 1);
}

TEST_F(Concurrency, OfDifferentContentsUnderOneIdOneIsStoredAndTheOthersAreKept) {
  const Knock knock = field_.Knock(0);
  std::atomic<int> accepted = 0, conflicts = 0;
  InThreads(kWriters, [&](int i) {
    Knock mine = knock;
    mine.set_note(absl::StrCat("writer ", i));
    const KnockAnswer answer = field_.Send({mine})[0];
    if (answer.outcome() == KNOCK_OUTCOME_ACCEPTED) ++accepted;
    if (answer.outcome() == KNOCK_OUTCOME_CONFLICT) ++conflicts;
  });
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(conflicts, kWriters - 1);
  EXPECT_EQ(field_.Count("select count(*) from knock"), 1);
  EXPECT_EQ(field_.Count("select count(*) from knock_conflict"), kWriters - 1);
}

// The same batch in any order of its knocks: the writers wait for each other and never deadlock.
TEST_F(Concurrency, BatchesWithTheSameKnocksInOtherOrdersStoreEachOnce) {
  std::vector<Knock> batch;
  for (int i = 0; i < 200; ++i) batch.push_back(field_.Knock(i % Field::kDoorsOfFirstTurf));
  std::atomic<int> accepted = 0;
  InThreads(8, [&](int i) {
    std::vector<Knock> mine = batch;
    if (i % 2 == 1) std::reverse(mine.begin(), mine.end());
    std::rotate(mine.begin(), mine.begin() + 20 * i, mine.end());
    for (const KnockAnswer& answer : field_.Send(mine)) {
      if (answer.outcome() == KNOCK_OUTCOME_ACCEPTED) ++accepted;
    }
  });
  EXPECT_EQ(accepted, 200);
  EXPECT_EQ(field_.Count("select count(*) from knock"), 200);
  EXPECT_EQ(field_.Count("select count(*) from change"), 200);
}

// A transaction that opened early and commits late gets its numbers late: a reader who went on meanwhile misses
// nothing.
TEST_F(Concurrency, AReaderMissesNothingOfASlowTransaction) {
  SendKnocksRequest slow_batch;
  *slow_batch.add_knocks() = field_.Knock(0);
  auto slow = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
  ASSERT_TRUE(slow.ok());
  const db::Query open = {"concurrency_test.open", "select txid_current()"};
  ASSERT_TRUE(slow->Run(open).ok());
  field_.Send({field_.Knock(1)});
  ListChangesResponse read = Changes("");
  ASSERT_EQ(read.changes_size(), 1);
  ASSERT_TRUE(
      canvass::IngestBatches(*slow, {{.sender = {.member = field_.leader}, .request = &slow_batch}}, field_.clock.Now())
          .ok());
  // What numbers the changes goes with the commit, or with the next statement; then it takes its time.
  const db::Query next = {"concurrency_test.next", "select 1"};
  ASSERT_TRUE(slow->Run(next).ok());
  ASSERT_EQ(Changes(read.change_token()).changes_size(), 0);
  read = Changes(read.change_token());
  // From here on the slow one holds the counter, so nobody can pass it.
  std::atomic<bool> passed = false;
  std::thread other([&] {
    field_.Send({field_.Knock(2)});
    passed = true;
  });
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_FALSE(passed);
  EXPECT_EQ(Changes(read.change_token()).changes_size(), 0);
  ASSERT_TRUE(slow->Commit().ok());
  other.join();
  read = Changes(read.change_token());
  ASSERT_EQ(read.changes_size(), 2);
  EXPECT_EQ(read.changes(0).door_id(), field_.doors[0]);
  EXPECT_EQ(read.changes(1).door_id(), field_.doors[2]);
}

TEST_F(Concurrency, AReaderWhoFollowsManyWritersSeesEachChangeOnce) {
  constexpr int kBatches = 12;
  std::atomic<int> writing = 6;
  std::thread writers([&] {
    InThreads(6, [&](int i) {
      for (int b = 0; b < kBatches; ++b) {
        field_.Send({field_.Knock(i), field_.Knock((i + 1) % 6), field_.Knock((i + b) % 6)});
      }
      --writing;
    });
  });
  int seen = 0;
  std::string token;
  for (bool last = false; !last;) {
    last = writing == 0;
    const ListChangesResponse read = Changes(token);
    seen += read.changes_size();
    token = read.change_token();
  }
  writers.join();
  EXPECT_EQ(seen, 6 * kBatches * 3);
  EXPECT_EQ(field_.Count("select max(change_number) from change"), seen);
}

// Whichever comes first, no open work is left where people asked to be left alone.
TEST_F(Concurrency, ADoNotContactAndAYesOfTheSameMomentLeaveNoOpenWork) {
  for (int round = 0; round < 20; ++round) {
    const int door = round % Field::kDoorsOfFirstTurf;
    field_.Execute("update door set do_not_contact = false");
    field_.Execute("update person set do_not_contact = false");
    Knock stop = field_.Knock(door);
    stop.set_result(KNOCK_RESULT_DO_NOT_CONTACT);
    const Knock yes = field_.AskKnock(door, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
    InThreads(2, [&](int i) { field_.Send({i == 0 ? stop : yes}); });
    ASSERT_EQ(field_.Count("select count(*) from follow_up where state = 'open'"), 0) << "round " << round;
  }
}

}  // namespace
}  // namespace snowfield::tests
