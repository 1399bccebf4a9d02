// Batches that share a commit, on a real database.
#include "services/canvass/intake.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/retry_delay.h"
#include "base/status.h"
#include "db/store/change_store.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language
using canvass::Intake;
using canvass::IntakeLimits;
using canvass::KnockAnswers;

// Everything beyond the first batch waits, and is then stored together.
constexpr IntakeLimits kOneAtATime = {.commits_at_once = 1};

class SharedCommits : public testing::Test {
 protected:
  SharedCommits() { field_.CheckOut(field_.phone); }
  ~SharedCommits() override { Join(); }

  db::Scope Scope(absl::Duration time = absl::Seconds(30)) const {
    return {.campaign = field_.campaign.campaign, .deadline = absl::Now() + time};
  }
  SendKnocksRequest BatchOf(int knocks) const {
    SendKnocksRequest batch;
    for (int i = 0; i < knocks; ++i) *batch.add_knocks() = field_.Knock(i % Field::kDoorsOfFirstTurf);
    return batch;
  }
  absl::StatusOr<KnockAnswers> Store(Intake& intake, const SendKnocksRequest& batch, const db::Scope& scope) {
    return intake.Store(scope, {.sender = {.member = field_.leader}, .request = &batch});
  }
  // Stores a batch of its own on a thread of its own; what came of it is in statuses_.
  void StoreInBackground(Intake& intake, int knocks, const db::Scope& scope) {
    const size_t place = started_++;
    threads_.emplace_back([this, &intake, knocks, scope, place] {
      const SendKnocksRequest batch = BatchOf(knocks);
      const auto answers = Store(intake, batch, scope);
      statuses_[place] = answers.status();
      if (answers.ok()) {
        EXPECT_EQ(answers->size(), static_cast<size_t>(knocks));
      }
    });
  }
  void Join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  // Holds every commit of the campaign up, as a slow disk would.
  db::Transaction HoldCounter() {
    auto holder = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
    const int64_t list = field_.Count("select min(walk_list_id) from walk_list");
    EXPECT_TRUE(
        db::AppendChanges(*holder, {{.kind = db::ChangeKind::kListRevoked, .walk_list = base::WalkListId(list)}}).ok());
    // It goes with the next statement.
    const db::Query next = {"intake_test.next", "select 1"};
    EXPECT_TRUE(holder->Run(next).ok());
    return *std::move(holder);
  }
  // All transactions that may be under way at once; each takes no other batch along.
  void FillCommits(Intake& intake, int commits_at_once = IntakeLimits().commits_at_once) {
    for (int i = 0; i < commits_at_once; ++i) {
      StoreInBackground(intake, 500, Scope());
      WaitUntil([&] { return intake.figures().waiting_now == 0 && intake.figures().storing_now == i + 1; });
    }
  }
  static void WaitUntil(const std::function<bool()>& is_so) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (!is_so() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(2));
    EXPECT_TRUE(is_so());
  }
  int64_t Knocks() { return field_.Count("select count(*) from knock"); }

  Field field_;
  absl::Status statuses_[256];
  size_t started_ = 0;
  std::vector<std::thread> threads_;
};

TEST_F(SharedCommits, StoreManyBatchesInFewTransactionsAndAnswerEachByItself) {
  Intake intake(&field_.database.pool(), field_.clock, kOneAtATime);
  {
    db::Transaction holder = HoldCounter();
    FillCommits(intake, 1);
    for (int i = 0; i < 40; ++i) StoreInBackground(intake, 1 + i % 20, Scope());
    WaitUntil([&] { return intake.figures().waiting_now == 40; });
    ASSERT_TRUE(holder.Commit().ok());
  }
  Join();
  int knocks = 500;
  for (int i = 0; i < 40; ++i) {
    EXPECT_TRUE(statuses_[i + 1].ok()) << statuses_[i + 1];
    knocks += 1 + i % 20;
  }
  EXPECT_EQ(Knocks(), knocks);
  EXPECT_EQ(field_.Count("select count(*) from change where kind = 'knock'"), knocks);
  EXPECT_EQ(intake.figures().batches, 41);
  EXPECT_EQ(intake.figures().commits, 2) << "420 knocks in one commit";
  EXPECT_EQ(intake.figures().waiting_now, 0);
}

TEST_F(SharedCommits, OneBatchAloneDoesNotWaitForOthers) {
  Intake intake(&field_.database.pool(), field_.clock);
  const SendKnocksRequest batch = BatchOf(1);
  ASSERT_TRUE(Store(intake, batch, Scope()).ok());
  EXPECT_EQ(intake.figures().commits, 1);
}

TEST_F(SharedCommits, OneIdInTwoBatchesOfOneCommitIsStoredOnce) {
  Intake intake(&field_.database.pool(), field_.clock, kOneAtATime);
  const SendKnocksRequest same = BatchOf(3);
  SendKnocksRequest other = same;
  other.mutable_knocks(0)->set_note("not what was said before");
  std::atomic<int> accepted = 0, duplicates = 0, conflicts = 0;
  {
    db::Transaction holder = HoldCounter();
    FillCommits(intake, 1);
    for (int i = 0; i < 12; ++i) {
      threads_.emplace_back([&, i] {
        const auto answers = Store(intake, i % 2 == 0 ? same : other, Scope());
        ASSERT_TRUE(answers.ok()) << answers.status();
        for (const KnockAnswer& answer : *answers) {
          if (answer.outcome() == KNOCK_OUTCOME_ACCEPTED) ++accepted;
          if (answer.outcome() == KNOCK_OUTCOME_DUPLICATE) ++duplicates;
          if (answer.outcome() == KNOCK_OUTCOME_CONFLICT) ++conflicts;
        }
      });
    }
    WaitUntil([&] { return intake.figures().waiting_now == 12; });
    ASSERT_TRUE(holder.Commit().ok());
  }
  Join();
  EXPECT_EQ(Knocks(), 500 + 3);
  EXPECT_EQ(intake.figures().commits, 2);
  EXPECT_EQ(accepted, 3);
  EXPECT_EQ(conflicts, 6);
  EXPECT_EQ(duplicates, 12 * 3 - 3 - 6);
}

// A rule that the database refuses (a trigger stands for whatever may go wrong) costs only the batch that meets it.
TEST_F(SharedCommits, ABatchThatFailsCostsNoOtherOne) {
  field_.Execute(
      "create function refuse() returns trigger language plpgsql as "
      "$$begin if new.note = 'bad' then raise exception 'no'; end if; return new; end$$");
  field_.Execute("create trigger refuse before insert on knock for each row execute function refuse()");
  Intake intake(&field_.database.pool(), field_.clock, kOneAtATime);
  SendKnocksRequest bad = BatchOf(2);
  bad.mutable_knocks(1)->set_note("bad");
  absl::Status of_bad;
  {
    db::Transaction holder = HoldCounter();
    FillCommits(intake, 1);
    for (int i = 0; i < 5; ++i) StoreInBackground(intake, 4, Scope());
    threads_.emplace_back([&] { of_bad = Store(intake, bad, Scope()).status(); });
    for (int i = 0; i < 5; ++i) StoreInBackground(intake, 4, Scope());
    WaitUntil([&] { return intake.figures().waiting_now == 11; });
    ASSERT_TRUE(holder.Commit().ok());
  }
  Join();
  for (size_t i = 0; i < started_; ++i) EXPECT_TRUE(statuses_[i].ok()) << statuses_[i];
  EXPECT_TRUE(absl::IsInternal(of_bad)) << of_bad;
  EXPECT_EQ(Knocks(), 500 + 40);
}

TEST_F(SharedCommits, RefuseEarlyWhatCannotBeServedSoonAndSayWhenToComeBack) {
  Intake intake(&field_.database.pool(), field_.clock, {.waiting_batches_max = 8});
  std::vector<absl::Duration> delays;
  {
    db::Transaction holder = HoldCounter();
    FillCommits(intake);
    for (int i = 0; i < 8; ++i) StoreInBackground(intake, 2, Scope());
    WaitUntil([&] { return intake.figures().waiting_now == 8; });
    const SendKnocksRequest batch = BatchOf(2);
    for (int i = 0; i < 20; ++i) {
      const absl::Time before = absl::Now();
      const absl::Status refused = Store(intake, batch, Scope()).status();
      EXPECT_LT(absl::Now() - before, absl::Milliseconds(100)) << "early";
      EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
      EXPECT_EQ(base::DetailOf(refused).reason, "OVERLOADED");
      ASSERT_TRUE(base::RetryDelayOf(refused).has_value());
      delays.push_back(*base::RetryDelayOf(refused));
    }
    ASSERT_TRUE(holder.Commit().ok());
  }
  Join();
  std::sort(delays.begin(), delays.end());
  EXPECT_GE(delays.front(), canvass::kRetryDelayMin);
  EXPECT_GT(delays.back(), delays.front()) << "not all at once";
  for (size_t i = 0; i < started_; ++i) EXPECT_TRUE(statuses_[i].ok()) << statuses_[i];
  EXPECT_EQ(intake.figures().refused, 20);
  EXPECT_EQ(Knocks(), 500 * IntakeLimits().commits_at_once + 16);
}

TEST_F(SharedCommits, ACallerWhoLeavesOrRunsOutOfTimeTakesItsBatchOut) {
  Intake intake(&field_.database.pool(), field_.clock);
  std::atomic<bool> gone = false;
  {
    db::Transaction holder = HoldCounter();
    FillCommits(intake);
    db::Scope leaving = Scope();
    leaving.cancelled = [&gone] { return gone.load(); };
    StoreInBackground(intake, 3, leaving);
    StoreInBackground(intake, 3, Scope(absl::Milliseconds(200)));
    StoreInBackground(intake, 3, Scope());
    WaitUntil([&] { return intake.figures().waiting_now == 3; });
    gone = true;
    WaitUntil([&] { return intake.figures().waiting_now == 1; });
    ASSERT_TRUE(holder.Commit().ok());
  }
  Join();
  const size_t first = started_ - 3;
  EXPECT_TRUE(absl::IsCancelled(statuses_[first])) << statuses_[first];
  EXPECT_TRUE(absl::IsDeadlineExceeded(statuses_[first + 1])) << statuses_[first + 1];
  EXPECT_TRUE(statuses_[first + 2].ok()) << statuses_[first + 2];
  EXPECT_EQ(Knocks(), 500 * IntakeLimits().commits_at_once + 3);
}

// What is under way when a server stops is stored and answered; what comes later is told that the server is away.
TEST_F(SharedCommits, AServerThatStopsAnswersForWhatItStored) {
  std::atomic<int> accepted = 0, refused = 0;
  std::vector<std::thread> phones;
  for (int i = 0; i < 16; ++i) {
    phones.emplace_back([&] {
      for (int b = 0; b < 40; ++b) {
        const SendKnocksRequest batch = BatchOf(5);
        SendKnocksResponse response;
        if (field_.canvass().SendKnocks(field_.As(field_.phone).get(), batch, &response).ok()) {
          for (const KnockAnswer& answer : response.answers()) accepted += answer.outcome() == KNOCK_OUTCOME_ACCEPTED;
        } else {
          ++refused;
        }
      }
    });
  }
  WaitUntil([&] { return accepted > 100; });
  field_.StopServer();
  for (std::thread& phone : phones) phone.join();
  EXPECT_GT(refused, 0);
  EXPECT_GE(Knocks(), accepted) << "nothing that was acknowledged is missing";
  EXPECT_EQ(field_.Count("select count(*) from change"), Knocks());
}

}  // namespace
}  // namespace snowfield::tests
