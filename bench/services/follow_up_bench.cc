// follow_up_bench: the queue of follow-ups, end to end over gRPC on loopback, beside raw SKIP LOCKED statements on the
// same table by a client of libpq (P8 of the goals).
//   follow_up_bench [--tiny] [--completed=N] [--items=N]
// Eight workers claim and complete, one by one and by hundreds, from one queue of the whole campaign: with nothing
// behind it, with N completed items behind it, and while a transaction is held open that keeps every dead row. The
// cluster is durable. Raw does the two updates and nothing else: no history, no audit, no look-up of whom to call.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/services/knock_world.h"
#include "db/pg/connection.h"
#include "db/store/access_store.h"
#include "services/access/token.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"

namespace snowfield::bench {
namespace {
namespace pb = followup::v1;

constexpr int kWorkers = 8;
constexpr int kLists = 64;

const db::Query kRawClaim = {
    "follow_up_bench.claim",
    "update follow_up f set lease_member_id = $2, lease_expire_time = now() + interval '10 minutes', fence = fence + 1 "
    "from (select follow_up_id from follow_up where campaign_id = $1 and state = 'open' and (lease_expire_time is null "
    "or lease_expire_time <= now()) order by due_time limit $3 for no key update skip locked) n "
    "where f.campaign_id = $1 and f.follow_up_id = n.follow_up_id returning f.follow_up_id"};
const db::Query kRawComplete = {
    "follow_up_bench.complete",
    "update follow_up set state = 'done', outcome = 'reached', complete_time = now(), completed_by = $2, "
    "lease_member_id = null, lease_expire_time = null where campaign_id = $1 and follow_up_id = any ($3::bigint[])"};

struct Options {
  int64_t completed = 1'000'000;
  int64_t items = 60'000;  // by hundreds; one by one a tenth as many
};

class Bench {
 public:
  explicit Bench(const Options& options) : options_(options), world_(kLists) {
    owner_ = base::MemberId(world_.Number("select member_id from member where role = 'owner' limit 1"));
    const access::NewSecret secret = access::NewToken(access::TokenKind::kMember, world_.campaign());
    db::Transaction transaction = Require(world_.superuser_pool().Begin({.campaign = world_.campaign()}));
    Require(db::InsertToken(transaction,
                            {.hash = secret.hash, .member = owner_, .expire_time = absl::Now() + absl::Hours(24)})
                .status());
    Require(transaction.Commit());
    owner_as_caller_.token = secret.text;
    MakeKnocks();
  }

  void Run() {
    Compare("nothing behind it");
    Behind(options_.completed);
    Compare(absl::StrCat(options_.completed, " completed behind it"));
    db::Transaction held =
        Require(world_.superuser_pool().Begin({.campaign = world_.campaign(), .one_snapshot = true}));
    const db::Query look = {"follow_up_bench.look", "select count(*) from follow_up_rule"};
    Require(held.Run(look, {}).status());
    Compare("the same, while an old transaction is held open");
  }

 private:
  // Follow-ups name a knock and a rule, each pair once: 10 rules, so a tenth as many knocks as items. Each is at a door
  // of its own, so that no household has had enough.
  void MakeKnocks() {
    const std::string campaign = absl::StrCat(world_.campaign().value);
    const int64_t knocks = std::max<int64_t>(options_.completed / 10, 0) + options_.items * 5;
    CommitAll(absl::StrCat(
        "insert into door (campaign_id, door_id, address_point_id, unit, unit_key) select campaign_id, 1000000 + i, "
        "address_point_id, i::text, i::text from door, generate_series(1, ",
        knocks, ") i where door_id = ", world_.lists()[0].doors[0]));
    CommitAll(absl::StrCat(
        "insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, result, phone_time, "
        "knock_time) select ",
        campaign, ", gen_random_uuid(), sha256(i::text::bytea), d.door_id, d.walk_list_id, ", owner_.value,
        ", 1, now(), now() from generate_series(1, ", knocks, ") i join (select door_id, unit, ",
        world_.lists()[0].walk_list.value, " as walk_list_id from door where unit <> '') d on d.unit = i::text"));
  }
  void CommitAll(const std::string& sql) {
    static std::vector<std::unique_ptr<std::string>> texts;
    texts.push_back(std::make_unique<std::string>(sql));
    db::Transaction transaction = Require(world_.superuser_pool().Begin({.campaign = world_.campaign()}));
    Require(transaction.Run({"", texts.back()->c_str()}).status());
    Require(transaction.Commit());
  }
  // `count` more items in this state.
  void AddItems(int64_t count, const char* state) {
    const bool is_done = std::string(state) == "done";
    CommitAll(absl::StrCat(
        "insert into follow_up (campaign_id, knock_id, rule_id, door_id, queue, owner_id, priority, due_time, state, "
        "complete_time, completed_by) select k.campaign_id, k.knock_id, r.rule_id, k.door_id, 'volunteer', ",
        owner_.value, ", 1, now() + random() * interval '2 days', '", state, "', ", is_done ? "now(), " : "null, ",
        is_done ? absl::StrCat(owner_.value) : "null",
        " from (select *, row_number() over (order by knock_id) as n from knock) k cross join (select rule_id, "
        "row_number() over (order by rule_id) as m from follow_up_rule limit 10) r where not exists (select from "
        "follow_up f where f.campaign_id = k.campaign_id and f.knock_id = k.knock_id and f.rule_id = r.rule_id) limit ",
        count));
  }
  void Behind(int64_t count) {
    AddItems(count, "done");
    world_.Analyze();
  }

  // Items a second, from a queue of so many that the workers empty round by round.
  double Drain(int64_t items, const std::function<int(int worker)>& round) {
    AddItems(items, "open");
    world_.Analyze();
    const absl::Time start = absl::Now();
    std::vector<std::thread> workers;
    for (int i = 0; i < kWorkers; ++i) {
      workers.emplace_back([&, i] {
        while (round(i) > 0) {
        }
      });
    }
    for (std::thread& worker : workers) worker.join();
    return static_cast<double>(items) / absl::ToDoubleSeconds(absl::Now() - start);
  }

  double Raw(int64_t items, int count) {
    return Drain(items, [&](int) {
      const auto params = [&] { return db::Params().Id(world_.campaign()).Id(owner_); };
      db::Transaction claim = Require(world_.superuser_pool().Begin({.campaign = world_.campaign()}));
      const db::Result claimed = Require(claim.Run(kRawClaim, params().Int64(count)));
      Require(claim.Commit());
      std::vector<base::FollowUpId> ids;
      for (const db::Row row : claimed) ids.push_back(row.Id<base::FollowUpId>(0));
      db::Transaction complete = Require(world_.superuser_pool().Begin({.campaign = world_.campaign()}));
      Require(complete.Run(kRawComplete, params().Ids(ids)).status());
      Require(complete.Commit());
      return static_cast<int>(ids.size());
    });
  }

  double Ours(int64_t items, int count) {
    std::vector<std::unique_ptr<pb::FollowUpService::Stub>> stubs;
    for (int i = 0; i < kWorkers; ++i) stubs.push_back(pb::FollowUpService::NewStub(world_.NewChannel()));
    return Drain(items, [&](int worker) {
      pb::ClaimFollowUpsRequest claim;
      claim.set_owner_id(-1);
      claim.set_count(count);
      pb::ClaimFollowUpsResponse claimed;
      Require(stubs[worker]->ClaimFollowUps(KnockWorld::As(owner_as_caller_).get(), claim, &claimed));
      if (claimed.leases().empty()) return 0;
      pb::CompleteFollowUpsRequest complete;
      for (const pb::Lease& lease : claimed.leases()) {
        pb::CompleteFollowUpRequest* item = complete.add_items();
        item->set_follow_up_id(lease.follow_up().follow_up_id());
        item->set_fence(lease.fence());
        item->set_outcome(pb::FOLLOW_UP_OUTCOME_REACHED);
      }
      pb::CompleteFollowUpsResponse completed;
      Require(stubs[worker]->CompleteFollowUps(KnockWorld::As(owner_as_caller_).get(), complete, &completed));
      return claimed.leases_size();
    });
  }

  void Compare(const std::string& what) {
    std::printf("\n%s\n", what.c_str());
    for (const int count : {1, 100}) {
      const int64_t items = count == 1 ? options_.items / 10 : options_.items;
      double raw[3] = {}, ours[3] = {};
      for (int turn = 0; turn < kTurns; ++turn) {
        raw[turn] = Raw(items, count);
        ours[turn] = Ours(items, count);
      }
      std::sort(std::begin(raw), std::end(raw));
      std::sort(std::begin(ours), std::end(ours));
      std::printf("  by %3d: raw %8.0f items/s, ours %8.0f items/s, ratio %.2f\n", count, raw[kTurns / 2],
                  ours[kTurns / 2], ours[kTurns / 2] / raw[kTurns / 2]);
    }
  }

  static constexpr int kTurns = 3;
  const Options options_;
  KnockWorld world_;
  base::MemberId owner_;
  GroundPhone owner_as_caller_;
};

int Main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  Options options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--tiny") == 0) options = {.completed = 2'000, .items = 500};
    if (std::strncmp(argv[i], "--completed=", 12) == 0) options.completed = std::atoll(argv[i] + 12);
    if (std::strncmp(argv[i], "--items=", 8) == 0) options.items = std::atoll(argv[i] + 8);
  }
  if (options.completed < 0 || options.completed > 10'000'000 || options.items < 100 || options.items > 1'000'000) {
    std::fprintf(stderr, "--completed: 0 to 10,000,000; --items: 100 to 1,000,000\n");
    return 2;
  }
  Bench(options).Run();
  return 0;
}
}  // namespace
}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
