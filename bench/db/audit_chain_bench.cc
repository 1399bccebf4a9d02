// What it costs to chain the audit log: writers on one campaign, each transaction writing an entry and then working on
// for a while, as an import or a publication does.
//
//   none     the entry alone: no chain
//   head     the entry and, in the same transaction, the campaign's chain head: its row is held until the commit
//   sealed   the entry and a mark; another session seals what has become visible (what Snowfield does)
//
//   build/bin/snowfield_audit_chain_bench [--tiny]
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "db/embedded/embedded_postgres.h"
#include "db/pg/connection.h"
#include "db/pg/pool.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {

constexpr int kWriters = 8;
constexpr absl::Duration kHolds[] = {absl::ZeroDuration(), absl::Milliseconds(5)};

constexpr char kTables[] =
    "create table log (id bigint generated always as identity primary key, detail text not null);"
    "create table pending (id bigint primary key);"
    "create table seal (number bigint primary key, id bigint not null, hash bytea not null);"
    "create table head (campaign bigint primary key, number bigint not null, hash bytea not null);"
    "insert into head values (1, 0, sha256(''))";

const Query kLog = {"bench.log", "insert into log (detail) values ('{\"turfs\": 12}')"};
const Query kLogAndHead = {
    "bench.log_and_head",
    "with entry as (insert into log (detail) values ('{\"turfs\": 12}') returning id, detail), "
    "moved as (update head set number = number + 1, hash = sha256(hash || (select detail from entry)::bytea) "
    "where campaign = 1 returning number, hash) "
    "insert into seal select moved.number, entry.id, moved.hash from moved, entry"};
const Query kLogAndMark = {"bench.log_and_mark",
                           "with entry as (insert into log (detail) values ('{\"turfs\": 12}') returning id) "
                           "insert into pending select id from entry"};
// Hashing is left out: it is done outside of the database, at some millions a second.
const Query kSeal = {"bench.seal",
                     "with held as (select number, hash from head where campaign = 1 for update), "
                     "taken as (delete from pending p using (select id from pending order by id limit 500) n "
                     "where p.id = n.id returning p.id), "
                     "numbered as (select id, row_number() over (order by id) as n from taken), "
                     "sealed as (insert into seal select held.number + n, id, held.hash from numbered, held) "
                     "update head set number = head.number + (select count(*) from numbered) where campaign = 1"};
const Query kPendingCount = {"bench.pending", "select count(*) from pending"};

struct Way {
  const char* name;
  const Query* write;
  bool seals;
};
constexpr Way kWays[] = {{"none", &kLog, false}, {"head", &kLogAndHead, false}, {"sealed", &kLogAndMark, true}};

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

absl::Status Run(Pool& pool, const Query& query, absl::Duration hold) {
  absl::StatusOr<Transaction> transaction = pool.Begin({});
  if (!transaction.ok()) return transaction.status();
  if (const absl::Status status = transaction->Run(query).status(); !status.ok()) return status;
  if (hold > absl::ZeroDuration()) absl::SleepFor(hold);
  return transaction->Commit();
}

void Measure(Pool& pool, const Way& way, absl::Duration hold, absl::Duration length) {
  absl::Mutex mutex;
  std::vector<double> all_ms;
  std::atomic<bool> ending = false;
  std::thread sealer([&] {
    while (way.seals && !ending) {
      Require(Run(pool, kSeal, absl::ZeroDuration()));
      absl::SleepFor(absl::Milliseconds(200));
    }
  });
  std::vector<std::thread> writers;
  const absl::Time start = absl::Now();
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      std::vector<double> ms;
      do {
        const absl::Time before = absl::Now();
        Require(Run(pool, *way.write, hold));
        ms.push_back(absl::ToDoubleMilliseconds(absl::Now() - before));
      } while (absl::Now() - start < length);
      absl::MutexLock lock(&mutex);
      all_ms.insert(all_ms.end(), ms.begin(), ms.end());
    });
  }
  for (std::thread& writer : writers) writer.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  ending = true;
  sealer.join();
  const auto pending = pool.Begin({.read_only = true})->Run(kPendingCount);
  Require(pending.status());
  std::sort(all_ms.begin(), all_ms.end());
  const auto quantile = [&](double q) {
    return all_ms[static_cast<size_t>(q * static_cast<double>(all_ms.size() - 1))];
  };
  std::printf("%-8s %8.0f %12.0f %10.2f %10.2f %10lld\n", way.name, absl::ToDoubleMilliseconds(hold),
              static_cast<double>(all_ms.size()) / seconds, quantile(0.5), quantile(0.99),
              static_cast<long long>((*pending)[0].Int64(0)));
}

void RunAll(bool is_tiny) {
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
  std::printf("%-8s %8s %12s %10s %10s %10s\n", "chain", "work ms", "commits/s", "p50 ms", "p99 ms", "pending");
  for (const absl::Duration hold : kHolds) {
    for (const Way& way : kWays) Measure(**pool, way, hold, is_tiny ? absl::Milliseconds(50) : absl::Seconds(5));
  }
}

}  // namespace
}  // namespace snowfield::db

int main(int argc, char** argv) {
  snowfield::db::RunAll(argc > 1 && std::string_view(argv[1]) == "--tiny");
  return 0;
}
