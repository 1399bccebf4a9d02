// What a service may rely on: nothing half done stays, late or cancelled work ends, errors have one meaning.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "base/trace.h"
#include "db/pg/pool.h"
#include "db/pg/run_in_transaction.h"
#include "db/pg/sqlstate.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
using ::testing::HasSubstr;
using ::testing::Not;

const Query kMakeTable = {
    "make_table",
    "create table item (item_id bigint constraint item_pk primary key, parent_id bigint constraint "
    "item_parent_fk references item, name text constraint item_name_ck check (name <> ''))"};
const Query kInsert = {"insert", "insert into item (item_id, name) values ($1, $2)"};
const Query kInsertChild = {"insert_child", "insert into item (item_id, parent_id) values ($1, $2)"};
const Query kCount = {"count", "select count(*) from item"};
const Query kSleep = {"sleep", "select pg_sleep($1)"};
const Query kTerminate = {"terminate", "select pg_terminate_backend($1)"};
const Query kMyPid = {"my_pid", "select pg_backend_pid()"};

std::unique_ptr<Pool> OpenPool(tests::TestDatabase& database, int connection_count_max) {
  return *Pool::Open({.connection_string = database.superuser_connection_string(),
                      .role = "",
                      .connection_count_max = connection_count_max});
}

class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest() {
    Transaction transaction = *pool().Begin({});
    EXPECT_TRUE(transaction.Run(kMakeTable).ok());
    EXPECT_TRUE(transaction.Commit().ok());
  }
  Pool& pool() { return database_.superuser_pool(); }
  int64_t Count() { return (*pool().Begin({})->Run(kCount))[0].Int64(0); }

  tests::TestDatabase database_;
};

TEST_F(TransactionTest, CommitKeepsAndDestructionRollsBack) {
  {
    Transaction kept = *pool().Begin({});
    ASSERT_TRUE(kept.Run(kInsert, Params().Int64(1).Text("kept")).ok());
    ASSERT_TRUE(kept.Commit().ok());
    Transaction dropped = *pool().Begin({});
    ASSERT_TRUE(dropped.Run(kInsert, Params().Int64(2).Text("dropped")).ok());
  }
  EXPECT_EQ(Count(), 1);
}

TEST_F(TransactionTest, ACommitAfterAFailedStatementSaysThatNothingIsStored) {
  Transaction transaction = *pool().Begin({});
  ASSERT_TRUE(transaction.Run(kInsert, Params().Int64(1).Text("a")).ok());
  ASSERT_FALSE(transaction.Run(kInsert, Params().Int64(1).Text("a")).ok());
  EXPECT_FALSE(transaction.Commit().ok());
  EXPECT_EQ(Count(), 0);
  EXPECT_FALSE(transaction.Run(kCount).ok()) << "it is over";
}

TEST_F(TransactionTest, EachSqlStateHasItsOneMeaningAndCarriesTheConstraint) {
  const auto run = [this](const Query& query, const Params& params) {
    Transaction transaction = *pool().Begin({});
    EXPECT_TRUE(transaction.Run(kInsert, Params().Int64(1).Text("Jane Roe")).ok());
    return transaction.Run(query, params).status();
  };
  const absl::Status twice = run(kInsert, Params().Int64(1).Text("Jane Roe"));
  EXPECT_TRUE(absl::IsAlreadyExists(twice)) << twice;
  EXPECT_EQ(ConstraintOf(twice), "item_pk");
  EXPECT_EQ(SqlStateOf(twice), "23505");

  const absl::Status orphan = run(kInsertChild, Params().Int64(2).Int64(99));
  EXPECT_TRUE(absl::IsFailedPrecondition(orphan)) << orphan;
  EXPECT_EQ(ConstraintOf(orphan), "item_parent_fk");

  const absl::Status empty = run(kInsert, Params().Int64(3).Text(""));
  EXPECT_TRUE(absl::IsInvalidArgument(empty)) << empty;
  EXPECT_EQ(ConstraintOf(empty), "item_name_ck");

  const Query wrong = {"wrong", "select no_such_column from item"};
  const absl::Status bug = run(wrong, {});
  EXPECT_TRUE(absl::IsInternal(bug)) << bug;
  EXPECT_THAT(base::MessageOf(bug), HasSubstr("no_such_column"));
}

TEST_F(TransactionTest, NoValueOfARowReachesAMessage) {
  const Query cast = {"cast", "select $1::text::integer"};
  const Query add = {"add", "select ('2026-10-24'::date + $1::text::interval)::text::bigint"};
  Transaction first = *pool().Begin({});
  const absl::Status status = first.Run(cast, Params().Text("Jane Roe")).status();
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("Jane")));
  Transaction second = *pool().Begin({});
  EXPECT_THAT(second.Run(add, Params().Text("12 Elm Street")).status().ToString(), Not(HasSubstr("Elm")));
}

TEST(SqlState, MapsEveryClassOfTheTable) {
  using absl::StatusCode;
  const std::pair<const char*, StatusCode> expected[] = {
      {"23505", StatusCode::kAlreadyExists},     {"23503", StatusCode::kFailedPrecondition},
      {"23514", StatusCode::kInvalidArgument},   {"40001", StatusCode::kAborted},
      {"40P01", StatusCode::kAborted},           {"08006", StatusCode::kUnavailable},
      {"57P01", StatusCode::kUnavailable},       {"57P03", StatusCode::kUnavailable},
      {"53100", StatusCode::kResourceExhausted}, {"53300", StatusCode::kResourceExhausted},
      {"57014", StatusCode::kDeadlineExceeded},  {"42P01", StatusCode::kInternal},
      {"22P02", StatusCode::kInternal},          {"23502", StatusCode::kInternal},
      {"XX000", StatusCode::kInternal},          {"", StatusCode::kUnavailable},
  };
  for (const auto& [state, code] : expected) {
    const absl::Status status = StatusOf({.sqlstate = state, .message = "quotes a row"});
    EXPECT_EQ(status.code(), code) << state;
    EXPECT_FALSE(base::DetailOf(status).reason.empty()) << state;
    EXPECT_EQ(MayRetry(status), code == StatusCode::kAborted) << state;
  }
  EXPECT_TRUE(absl::IsCancelled(StatusOf({.sqlstate = "57014", .caller_gone = true})));
  EXPECT_THAT(base::MessageOf(StatusOf({.sqlstate = "22P02", .message = "quotes a row"})), Not(HasSubstr("row")));
}

TEST_F(TransactionTest, AStatementThatRunsLateIsDeadlineExceededAndTheConnectionGoesOn) {
  const absl::Time start = absl::Now();
  Transaction late = *pool().Begin({.deadline = start + absl::Milliseconds(200)});
  const absl::Status status = late.Run(kSleep, Params().Double(30)).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_LT(absl::Now() - start, absl::Seconds(3));
  EXPECT_EQ(Count(), 0);
}

TEST_F(TransactionTest, TheServerEndsALateStatementEvenIfTheClientHangs) {
  const Query timeout = {"timeout", "select current_setting('statement_timeout')"};
  Transaction transaction = *pool().Begin({.deadline = absl::Now() + absl::Seconds(5)});
  const auto result = transaction.Run(timeout);
  ASSERT_TRUE(result.ok());
  EXPECT_THAT(std::string((*result)[0].Text(0)), ::testing::AnyOf(HasSubstr("ms"), "5s"));
}

TEST_F(TransactionTest, ACallerThatGoesCancelsItsStatement) {
  std::atomic<bool> gone = false;
  std::thread caller([&gone] {
    absl::SleepFor(absl::Milliseconds(100));
    gone = true;
  });
  const absl::Time start = absl::Now();
  Transaction transaction = *pool().Begin({.cancelled = [&gone] { return gone.load(); }});
  const absl::Status status = transaction.Run(kSleep, Params().Double(30)).status();
  caller.join();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_LT(absl::Now() - start, absl::Seconds(3));
}

TEST_F(TransactionTest, ReadOnlyRefusesWritesAndOneSnapshotSeesOneInstant) {
  Transaction reader = *pool().Begin({.read_only = true, .one_snapshot = true});
  EXPECT_EQ((*reader.Run(kCount))[0].Int64(0), 0);
  Transaction writer = *pool().Begin({});
  ASSERT_TRUE(writer.Run(kInsert, Params().Int64(1).Text("a")).ok());
  ASSERT_TRUE(writer.Commit().ok());
  EXPECT_EQ((*reader.Run(kCount))[0].Int64(0), 0) << "committed after the snapshot";
  EXPECT_FALSE(reader.Run(kInsert, Params().Int64(2).Text("b")).ok());
}

TEST_F(TransactionTest, AnAbandonedCopyStoresNothingAndTheConnectionGoesOn) {
  const Query copy = {"copy", "copy item (item_id, name) from stdin (format binary)"};
  std::unique_ptr<Pool> one = OpenPool(database_, 1);
  {
    Transaction transaction = *one->Begin({});
    auto writer = transaction.CopyIn(copy);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE(writer->Row().Int64(1).Text("a").EndRow().ok());
  }
  {
    Transaction transaction = *one->Begin({});
    auto writer = transaction.CopyIn(copy);
    ASSERT_TRUE(writer->Row().Int64(1).Text("").EndRow().ok());
    EXPECT_EQ(ConstraintOf(writer->Finish().status()), "item_name_ck");
  }
  EXPECT_EQ((*one->Begin({})->Run(kCount))[0].Int64(0), 0);
}

TEST_F(TransactionTest, APoolWithoutAFreeConnectionSaysSoAtTheDeadline) {
  std::unique_ptr<Pool> two = OpenPool(database_, 2);
  Transaction first = *two->Begin({});
  Transaction second = *two->Begin({});
  const absl::Time start = absl::Now();
  const absl::Status status = two->Begin({.deadline = start + absl::Milliseconds(100)}).status();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_EQ(base::DetailOf(status).reason, "CONNECTIONS_EXHAUSTED");
  EXPECT_THAT(base::MessageOf(status), HasSubstr("--database-connections"));
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  EXPECT_TRUE(absl::IsCancelled(two->Begin({.cancelled = [] { return true; }}).status()));
}

TEST_F(TransactionTest, AThreadThatWaitsGetsTheConnectionThatComesBack) {
  std::unique_ptr<Pool> one = OpenPool(database_, 1);
  auto held = std::make_unique<Transaction>(*one->Begin({}));
  std::thread waiter([&one] {
    absl::StatusOr<Transaction> got = one->Begin({.deadline = absl::Now() + absl::Seconds(20)});
    EXPECT_TRUE(got.ok()) << got.status();
  });
  absl::SleepFor(absl::Milliseconds(50));
  held.reset();
  waiter.join();
}

TEST_F(TransactionTest, ABrokenConnectionIsReplaced) {
  std::unique_ptr<Pool> one = OpenPool(database_, 1);
  const int32_t pid = (*one->Begin({})->Run(kMyPid))[0].Int32(0);
  ASSERT_TRUE(pool().Begin({})->Run(kTerminate, Params().Int32(pid)).ok());
  absl::SleepFor(absl::Milliseconds(100));
  absl::StatusOr<Transaction> next = one->Begin({});
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_NE((*next->Run(kMyPid))[0].Int32(0), pid);
}

TEST_F(TransactionTest, AConnectionLostInTheMiddleIsUnavailableAndItsCommitUnknown) {
  std::unique_ptr<Pool> two = OpenPool(database_, 2);
  Transaction running = *two->Begin({});
  Transaction committing = *two->Begin({});
  for (Transaction* transaction : {&running, &committing}) {
    const int32_t pid = (*transaction->Run(kMyPid))[0].Int32(0);
    ASSERT_TRUE(pool().Begin({})->Run(kTerminate, Params().Int32(pid)).ok());
  }
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_TRUE(absl::IsUnavailable(running.Run(kCount).status()));
  const absl::Status status = committing.Commit();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(base::DetailOf(status).reason, "COMMIT_UNKNOWN");
}

TEST(Pool, RefusesWhatItCannotOpenWithTheMend) {
  tests::TestDatabase database;
  EXPECT_TRUE(absl::IsInvalidArgument(
      Pool::Open({.connection_string = database.connection_string(), .connection_count_max = 0}).status()));
  const absl::Status away = Pool::Open({.connection_string = "host=/nowhere user=nobody"}).status();
  EXPECT_TRUE(absl::IsUnavailable(away)) << away;
  EXPECT_THAT(base::MessageOf(away), HasSubstr("--database"));
  const absl::Status no_role =
      Pool::Open({.connection_string = database.connection_string(), .role = "no_such_role"}).status();
  EXPECT_EQ(base::DetailOf(no_role).reason, "SCHEMA_MISSING") << no_role;
  EXPECT_THAT(base::MessageOf(no_role), HasSubstr("snowfield migrate"));
}

TEST(Pool, WorksAsTheApplicationRoleInTheScopesCampaignAndForgetsItAfterwards) {
  tests::TestDatabase database;
  std::unique_ptr<Pool> one =
      *Pool::Open({.connection_string = database.connection_string(), .connection_count_max = 1});
  const base::CampaignId campaign = database.CreateCampaign("One");
  const Query who = {"who", "select current_user::text, current_campaign()"};
  {
    Transaction transaction = *one->Begin({.campaign = campaign});
    const auto result = transaction.Run(who);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ((*result)[0].Text(0), kAppRole);
    EXPECT_EQ((*result)[0].Id<base::CampaignId>(1), campaign);
    ASSERT_TRUE(transaction.Commit().ok());
  }
  Transaction platform = *one->Begin({});
  EXPECT_TRUE((*platform.Run(who))[0].IsNull(1));
}

TEST_F(TransactionTest, RunInTransactionRunsADeadlockAgainUntilBothAreStored) {
  const Query update = {"update", "update item set name = name || 'x' where item_id = $1"};
  {
    Transaction transaction = *pool().Begin({});
    ASSERT_TRUE(transaction.Run(kInsert, Params().Int64(1).Text("a")).ok());
    ASSERT_TRUE(transaction.Run(kInsert, Params().Int64(2).Text("b")).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }
  std::atomic<int> runs = 0;
  const auto lock_in_order = [&](int64_t first, int64_t second) {
    return RunInTransaction(pool(), {}, [&](Transaction& transaction) -> absl::Status {
      const bool is_first_run = ++runs <= 2;
      SNOWFIELD_RETURN_IF_ERROR(transaction.Run(update, Params().Int64(first)).status());
      if (is_first_run) absl::SleepFor(absl::Milliseconds(200));
      return transaction.Run(update, Params().Int64(second)).status();
    });
  };
  absl::Status forth;
  std::thread other([&] { forth = lock_in_order(1, 2); });
  const absl::Status back = lock_in_order(2, 1);
  other.join();
  EXPECT_TRUE(forth.ok()) << forth;
  EXPECT_TRUE(back.ok()) << back;
  // The victim runs again, and now and then gets its first row before the other wakes up and has the second.
  EXPECT_GE(runs, 3) << "neither of the two was a victim";
  EXPECT_LE(runs, 2 * kAttemptsMax);
}

TEST(PauseBeforeAttempt, EndsWithTheAttemptsAndWithTheDeadline) {
  EXPECT_FALSE(PauseBeforeAttempt(kAttemptsMax + 1, {}));
  EXPECT_FALSE(PauseBeforeAttempt(2, {.deadline = absl::Now()}));
  EXPECT_TRUE(PauseBeforeAttempt(2, {}));
}

// All that the cluster of this database has logged.
std::string LogOf(tests::TestDatabase& database) {
  Transaction transaction = *database.superuser_pool().Begin({});
  const Query where = {"where_data", "select current_setting('data_directory')"};
  const std::filesystem::path data = std::string((*transaction.Run(where))[0].Text(0));
  std::stringstream text;
  for (const auto& entry : std::filesystem::directory_iterator(data.parent_path())) {
    if (entry.path().extension() == ".log") text << std::ifstream(entry.path()).rdbuf();
  }
  return text.str();
}

TEST_F(TransactionTest, TheDatabasesLogHasTheTraceOfARequest) {
  const Query log_all = {"log_all", "set log_statement = 'all'"};
  const auto talkative = OpenPool(database_, 1);
  {
    Transaction transaction = *talkative->Begin({});
    ASSERT_TRUE(transaction.Run(log_all).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }
  const base::TraceScope trace("0af7651916cd43dd8448eb211c80319c");
  Transaction transaction = *talkative->Begin({.read_only = true});
  ASSERT_TRUE(transaction.Run(kMyPid).ok());
  EXPECT_THAT(LogOf(database_), HasSubstr("begin read only /*trace='0af7651916cd43dd8448eb211c80319c'*/"));
}

TEST_F(TransactionTest, WhatIsDeferredRunsBeforeTheNextStatement) {
  Transaction transaction = *pool().Begin({});
  ASSERT_TRUE(transaction.Defer(kInsert, Params().Int64(1).Text("a")).ok());
  ASSERT_TRUE(transaction.Defer(kInsert, Params().Int64(2).Text("b")).ok());
  const auto count = transaction.Run(kCount);
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ((*count)[0].Int64(0), 2);
  ASSERT_TRUE(transaction.Defer(kInsert, Params().Int64(3).Text("c")).ok());
  ASSERT_TRUE(transaction.Commit().ok());
  Transaction later = *pool().Begin({});
  EXPECT_EQ((*later.Run(kCount))[0].Int64(0), 3);
}

TEST_F(TransactionTest, AnErrorOfADeferredStatementIsTheNextOnes) {
  for (const bool by_commit : {false, true}) {
    Transaction transaction = *pool().Begin({});
    ASSERT_TRUE(transaction.Defer(kInsert, Params().Int64(1).Text("")).ok());
    const absl::Status status = by_commit ? transaction.Commit() : transaction.Run(kCount).status();
    EXPECT_THAT(status.ToString(), HasSubstr("item_name_ck"));
    EXPECT_FALSE(transaction.Commit().ok());
  }
  Transaction later = *pool().Begin({});
  EXPECT_EQ((*later.Run(kCount))[0].Int64(0), 0) << "and nothing is stored";
}

TEST_F(TransactionTest, WhatCannotBePreparedFailsTheTransaction) {
  const Query unknown = {"unknown_table", "select count(*) from no_such_table"};
  for (const bool deferred : {false, true}) {
    Transaction transaction = *pool().Begin({});
    ASSERT_TRUE(transaction.Defer(kInsert, Params().Int64(1).Text("a")).ok());
    if (deferred) {
      ASSERT_TRUE(transaction.Defer(unknown, {}).ok());
    }
    EXPECT_FALSE(transaction.Run(deferred ? kCount : unknown).ok());
    EXPECT_FALSE(transaction.Run(kInsert, Params().Int64(2).Text("b")).ok());
    EXPECT_FALSE(transaction.Commit().ok());
  }
  Transaction later = *pool().Begin({});
  EXPECT_EQ((*later.Run(kCount))[0].Int64(0), 0) << "nothing ran by itself";
  ASSERT_TRUE(later.Run(kInsert, Params().Int64(3).Text("c")).ok()) << "and what is known to be prepared is";
}

TEST_F(TransactionTest, ATransactionThatNeverBeganIsOver) {
  Transaction transaction = *pool().Begin({.deadline = absl::Now() - absl::Seconds(1)});
  EXPECT_FALSE(transaction.Run(kInsert, Params().Int64(1).Text("a")).ok());
  EXPECT_FALSE(transaction.Run(kInsert, Params().Int64(2).Text("b")).ok());
  EXPECT_FALSE(transaction.Commit().ok());
  Transaction later = *pool().Begin({});
  EXPECT_EQ((*later.Run(kCount))[0].Int64(0), 0);
}

TEST_F(TransactionTest, WhatWasDeferredAndNotCommittedIsForgotten) {
  { ASSERT_TRUE(pool().Begin({})->Defer(kInsert, Params().Int64(1).Text("a")).ok()); }
  Transaction later = *pool().Begin({});
  EXPECT_EQ((*later.Run(kCount))[0].Int64(0), 0);
}

TEST_F(TransactionTest, TheLastStatementGoesWithTheCommit) {
  {
    Transaction transaction = *pool().Begin({});
    ASSERT_TRUE(transaction.Run(kInsert, Params().Int64(1).Text("a")).ok());
    const auto count = transaction.RunLast(kCount, {});
    ASSERT_TRUE(count.ok()) << count.status();
    EXPECT_EQ((*count)[0].Int64(0), 1);
    EXPECT_FALSE(transaction.Run(kCount).ok()) << "it is over";
  }
  Transaction failing = *pool().Begin({});
  EXPECT_FALSE(failing.RunLast(kInsert, Params().Int64(1).Text("again")).ok());
  Transaction later = *pool().Begin({});
  EXPECT_EQ((*later.Run(kCount))[0].Int64(0), 1);
}

TEST_F(TransactionTest, AStreamAndACopyComeAfterWhatIsDeferred) {
  Transaction transaction = *pool().Begin({});
  ASSERT_TRUE(transaction.Defer(kInsert, Params().Int64(1).Text("a")).ok());
  int64_t seen = -1;
  const absl::Status streamed = transaction.Stream(kCount, {}, [&](const Row& row) {
    seen = row.Int64(0);
    return absl::OkStatus();
  });
  ASSERT_TRUE(streamed.ok()) << streamed;
  EXPECT_EQ(seen, 1);
}

TEST_F(TransactionTest, TheDeadlineEndsAPipelineToo) {
  Transaction transaction = *pool().Begin({.deadline = absl::Now() + absl::Milliseconds(300)});
  ASSERT_TRUE(transaction.Defer(kInsert, Params().Int64(1).Text("a")).ok());
  const auto slept = transaction.Run(kSleep, Params().Double(20));
  EXPECT_EQ(slept.status().code(), absl::StatusCode::kDeadlineExceeded) << slept.status();
  { const Transaction ended = std::move(transaction); }
  Transaction later = *pool().Begin({});
  EXPECT_EQ((*later.Run(kCount))[0].Int64(0), 0);
}

TEST_F(TransactionTest, ThePoolTellsHowItIsDoing) {
  const auto small = OpenPool(database_, 1);
  {
    Transaction transaction = *small->Begin({});
    EXPECT_EQ(small->figures().taken, 1);
    EXPECT_FALSE(small->Begin({.deadline = absl::Now() + absl::Milliseconds(100)}).ok());
  }
  const PoolFigures figures = small->figures();
  EXPECT_EQ(figures.taken, 0);
  EXPECT_EQ(figures.connections_max, 1);
  EXPECT_EQ(figures.begun, 1);
  EXPECT_EQ(figures.refused, 1);
}

}  // namespace
}  // namespace snowfield::db
