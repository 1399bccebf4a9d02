// What a token that misses nothing costs on one hot campaign, durably stored, by way:
//   none       rows only: no reader by token is possible (the baseline)
//   counter    one row per campaign, bumped last in the transaction: numbers commit in order
//   snapshot   rows carry their transaction's xid8; a reader stops below pg_snapshot_xmin of its snapshot
// And what a reader of a fresh change waits while a long write transaction runs in another campaign.
// Usage: snowfield_change_token_bench [--tiny]
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/embedded/embedded_postgres.h"
#include "db/pg/pool.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
constexpr int kWriters = 8;

constexpr char kTables[] = R"sql(
  create table row_stored (campaign_id bigint, row_id uuid, payload text, primary key (campaign_id, row_id));
  create table counter (campaign_id bigint primary key, last_change bigint not null);
  insert into counter values (1, 0), (2, 0);
  create table numbered (campaign_id bigint, change_number bigint, primary key (campaign_id, change_number));
  create table stamped (campaign_id bigint, transaction_id xid8 default pg_current_xact_id(), ordinal int,
                        primary key (campaign_id, transaction_id, ordinal));
)sql";

const Query kStore = {
    "store", "insert into row_stored select $1, gen_random_uuid(), repeat('x', 150) from generate_series(1, $2)"};
const Query kNumber = {
    "number",
    "with c as (update counter set last_change = last_change + $2 where campaign_id = $1 returning last_change) insert "
    "into numbered select $1, last_change - $2 + i from c, generate_series(1, $2) as i"};
const Query kStamp = {"stamp",
                      "insert into stamped (campaign_id, ordinal) select $1, i from generate_series(1, $2) as i"};
const Query kNewestNumber = {"newest_number", "select max(change_number) from numbered where campaign_id = $1"};
const Query kNewestStamp = {"newest_stamp",
                            "select count(*) from stamped where campaign_id = $1 and transaction_id < "
                            "pg_snapshot_xmin(pg_current_snapshot())"};

struct Way {
  const char* name;
  const Query* mark;    // null: none
  const Query* newest;  // grows by one when a reader can see a change of one row
};
constexpr Way kWays[] = {
    {"none", nullptr, nullptr}, {"counter", &kNumber, &kNewestNumber}, {"snapshot", &kStamp, &kNewestStamp}};

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

// One transaction that stores `row_count` rows and marks them last.
absl::Status Store(Pool& pool, const Way& way, int64_t campaign, int row_count) {
  SNOWFIELD_ASSIGN_OR_RETURN(Transaction transaction, pool.Begin({}));
  const Params params = Params().Int64(campaign).Int32(row_count);
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(kStore, params).status());
  if (way.mark != nullptr) SNOWFIELD_RETURN_IF_ERROR(transaction.Run(*way.mark, params).status());
  return transaction.Commit();
}

void MeasureCommits(Pool& pool, const Way& way, int row_count, absl::Duration length) {
  std::vector<double> all_ms;
  absl::Mutex mutex;
  const absl::Time start = absl::Now();
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&] {
      std::vector<double> ms;
      do {
        const absl::Time before = absl::Now();
        Require(Store(pool, way, 1, row_count));
        ms.push_back(absl::ToDoubleMilliseconds(absl::Now() - before));
      } while (absl::Now() - start < length);
      absl::MutexLock lock(&mutex);
      all_ms.insert(all_ms.end(), ms.begin(), ms.end());
    });
  }
  for (std::thread& writer : writers) writer.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  std::sort(all_ms.begin(), all_ms.end());
  const auto quantile = [&](double q) {
    return all_ms[static_cast<size_t>(q * static_cast<double>(all_ms.size() - 1))];
  };
  const double commits = static_cast<double>(all_ms.size()) / seconds;
  std::printf("%-10s %10d %12.0f %12.0f %10.2f %10.2f\n", way.name, row_count, commits, commits * row_count,
              quantile(0.5), quantile(0.99));
}

int64_t Newest(Pool& pool, const Way& way) {
  absl::StatusOr<Transaction> reader = pool.Begin({.read_only = true});
  Require(reader.status());
  const absl::StatusOr<Result> newest = reader->Run(*way.newest, Params().Int64(1));
  Require(newest.status());
  return (*newest)[0].OptionalInt64(0).value_or(0);
}

// How long a change stays unseen while another campaign's write transaction is open for `held`.
void MeasureWait(Pool& pool, const Way& way, absl::Duration held) {
  const int64_t before = Newest(pool, way);
  absl::StatusOr<Transaction> bulk = pool.Begin({});
  Require(bulk.status());
  Require(bulk->Run(kStore, Params().Int64(2).Int32(1)).status());
  const absl::Time start = absl::Now();
  std::thread holder([&] {
    absl::SleepFor(held);
    Require(bulk->Commit());
  });
  Require(Store(pool, way, 1, 1));
  while (Newest(pool, way) == before) absl::SleepFor(absl::Milliseconds(1));
  std::printf("%-10s %10.0f ms of %.0f ms\n", way.name, absl::ToDoubleMilliseconds(absl::Now() - start),
              absl::ToDoubleMilliseconds(held));
  holder.join();
}

void Run(bool is_tiny) {
  tests::TemporaryFolder folder;
  auto cluster = StartEmbedded({.data_folder = folder.path()});
  Require(cluster.status());
  auto pool = Pool::Open(
      {.connection_string = (*cluster)->ConnectionString(), .role = "", .connection_count_max = kWriters + 2});
  Require(pool.status());
  auto owner = Connection::Open({.connection_string = (*cluster)->ConnectionString()});
  Require(owner.status());
  Require((*owner)->RunScript(kTables, {.deadline = absl::Now() + absl::Minutes(1)}).status());

  std::printf("%u cores, %d writers on one campaign, fsync and synchronous_commit on\n",
              std::thread::hardware_concurrency(), kWriters);
  std::printf("%-10s %10s %12s %12s %10s %10s\n", "token", "rows/batch", "commits/s", "rows/s", "p50 ms", "p99 ms");
  for (const int row_count : {1, 100, 500}) {
    for (const Way& way : kWays) {
      MeasureCommits(**pool, way, row_count, is_tiny ? absl::Milliseconds(50) : absl::Seconds(5));
    }
  }
  std::printf("\na fresh change is unseen while another campaign's write is open\n");
  for (const Way& way : kWays) {
    if (way.mark != nullptr) MeasureWait(**pool, way, is_tiny ? absl::Milliseconds(100) : absl::Seconds(2));
  }
}

}  // namespace
}  // namespace snowfield::db

int main(int argc, char** argv) {
  snowfield::db::Run(argc > 1 && std::string_view(argv[1]) == "--tiny");
  return 0;
}
