// snowflake_bench: the snowflake of a large campaign, end to end over gRPC on loopback (P9 of the goals).
//   snowflake_bench [--tiny] [--members=N] [--calls=N]
// Roll-ups of branches of all sizes, beside the same figures by a recursive query: over figures kept for each member
// alone, and over the knocks themselves. Joins beside the bare statement. Leaders' homes, with their size. Moves of
// large branches, and what the fold that counts knocks costs. The cluster is a test's: it does not wait for the disk.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/uuid.h"
#include "bench/services/generated_snowflake.h"
#include "db/pg/connection.h"
#include "db/pg/run_in_transaction.h"
#include "services/organizing/fold_tallies.h"
#include "services/organizing/organizing_service.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"
#include "tests/support/test_server.h"

namespace snowfield::bench {
namespace {

namespace pb = organizing::v1;

constexpr int kJoiners = 8;

const db::Query kRecursiveTallies = {
    "snowflake_bench.recursive_tallies",
    "with recursive branch as (select member_id from member where campaign_id = $1 and member_id = $2 union all select "
    "m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id) select "
    "sum(t.members)::bigint, sum(t.leaders)::bigint, sum(t.doors)::bigint, sum(t.contacts)::bigint, "
    "sum(t.supporters)::bigint, sum(t.volunteers)::bigint, sum(t.overdue)::bigint from branch b join member_tally t on "
    "t.campaign_id = $1 and t.member_id = b.member_id"};
const db::Query kRecursiveKnocks = {
    "snowflake_bench.recursive_knocks",
    "with recursive branch as (select member_id from member where campaign_id = $1 and member_id = $2 union all select "
    "m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id) select count(*), "
    "count(*) filter (where k.result = 1) from branch b join knock k on k.campaign_id = $1 and k.member_id = "
    "b.member_id"};
const db::Query kBareJoin = {
    "snowflake_bench.bare_join",
    "insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth) select l.campaign_id, "
    "'Someone', 'canvasser', l.member_id, l.depth, (select min(c.slot) from campaign_slot c where c.campaign_id = $1 "
    "and "
    "not exists (select from member m where m.campaign_id = $1 and m.leader_id = $2 and m.slot = c.slot)), l.depth + 1 "
    "from member l where l.campaign_id = $1 and l.member_id = $2"};
const db::Query kVacuumMembers = {"snowflake_bench.vacuum", "vacuum analyze"};

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}
void Require(const grpc::Status& status) {
  if (!status.ok()) Require(absl::InternalError(status.error_message()));
}
template <typename T>
T Require(absl::StatusOr<T> value) {
  Require(value.status());
  return *std::move(value);
}

double Milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void PrintHeadings() { std::printf("%-44s %8s %9s %9s %9s\n", "", "calls", "p50 ms", "p99 ms", "max ms"); }
void Print(const std::string& what, std::vector<double> ms) {
  if (ms.empty()) return;
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double q) { return ms[static_cast<size_t>(q * static_cast<double>(ms.size() - 1))]; };
  std::printf("%-44s %8zu %9.2f %9.2f %9.2f\n", what.c_str(), ms.size(), at(0.5), at(0.99), ms.back());
  std::printf("{\"what\":\"%s\",\"calls\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n", what.c_str(),
              ms.size(), at(0.5), at(0.99), ms.back());
}

class Bench {
 public:
  Bench(const SnowflakeOptions& options, int calls)
      : calls_(calls),
        campaign_(tests::MakeCampaign(database_)),
        server_(database_, {"snowfield.organizing.v1.OrganizingService"},
                [&](const access::Gate& gate) {
                  return tests::OneService(std::make_unique<organizing::OrganizingService>(gate, &database_.pool()));
                }),
        stub_(pb::OrganizingService::NewStub(server_.channel())),
        snowflake_(Require(GenerateSnowflake(database_, campaign_.campaign, campaign_.owner, options))) {}

  void Run() {
    std::printf("%zu members, %d levels, %u cores; stored in %.1f s, with %lld knocks in %.1f s more\n",
                snowflake_.members.size(), snowflake_.depth.back(), std::thread::hardware_concurrency(),
                snowflake_.tree_seconds, static_cast<long long>(Count("select count(*) from knock")),
                snowflake_.knock_seconds);
    double longest_ms = 0;
    const double all_ms = Milliseconds([&] { longest_ms = Fold(); });
    std::printf("first folds, of everybody and every knock: %.0f ms, the longest %.0f ms\n", all_ms, longest_ms);
    Vacuum();
    PrintHeadings();
    RollUps();
    Joins();
    Homes();
    Moves();
    Folds();
    Proposals();
    CheckAgainstRecursion();
  }

 private:
  std::unique_ptr<grpc::ClientContext> As() { return server_.As(campaign_.owner_token, absl::Minutes(2)); }

  int64_t Count(const std::string& sql) {
    const auto connection =
        Require(db::Connection::Open({.connection_string = database_.superuser_connection_string()}));
    const db::Query query = {"snowflake_bench.count", sql.c_str()};
    return Require(connection->Run(query, db::Params(), {.deadline = absl::Now() + absl::Minutes(10)}))[0].Int64(0);
  }
  void Vacuum() {
    const auto connection =
        Require(db::Connection::Open({.connection_string = database_.superuser_connection_string()}));
    Require(connection->RunScript(kVacuumMembers.sql, {.deadline = absl::Now() + absl::Minutes(10)}).status());
  }
  // Until everything is counted; the longest that changes of the tree had to wait.
  double Fold() {
    double longest_ms = 0;
    for (bool more = true; more;) {
      longest_ms = std::max(longest_ms, Milliseconds([&] { more = FoldOnce(); }));
    }
    return longest_ms;
  }
  bool FoldOnce() {
    return Require(db::RunInTransaction(
        database_.pool(), {.campaign = campaign_.campaign},
        [&](db::Transaction& transaction) { return organizing::FoldTallies(transaction, absl::Now()); }));
  }

  // Branches of all sizes: every tenth one of the upper levels, the others at random.
  std::vector<base::MemberId> DrawBranches() {
    std::vector<base::MemberId> branches;
    const size_t count = snowflake_.members.size();
    for (int i = 0; i < calls_; ++i) {
      branches.push_back(
          snowflake_.members[i % 10 == 0 ? random_() % std::min<size_t>(count, 585) : random_() % count]);
    }
    branches.push_back(snowflake_.members[0]);
    return branches;
  }

  pb::GetRollUpResponse RollUp(base::MemberId member) {
    pb::GetRollUpRequest request;
    request.set_member_id(member.value);
    pb::GetRollUpResponse response;
    Require(stub_->GetRollUp(As().get(), request, &response));
    return response;
  }

  double Recursive(const db::Query& query, base::MemberId member, int64_t* first = nullptr) {
    db::Transaction transaction = Require(database_.pool().Begin({.campaign = campaign_.campaign, .read_only = true}));
    return Milliseconds([&] {
      const db::Result result = Require(transaction.Run(query, db::Params().Id(campaign_.campaign).Id(member)));
      if (first != nullptr) *first = result[0].OptionalInt64(0).value_or(0);
    });
  }

  void RollUps() {
    const auto branches = DrawBranches();
    RollUp(branches[0]);
    std::vector<double> ours, recursive;
    for (const base::MemberId branch : branches) ours.push_back(Milliseconds([&] { RollUp(branch); }));
    for (const base::MemberId branch : branches) recursive.push_back(Recursive(kRecursiveTallies, branch));
    Print("roll-up of any branch", ours);
    Print("  recursive query over members' figures", recursive);
    std::vector<double> top, top_recursive, top_knocks;
    for (int i = 0; i < std::min(calls_, 20); ++i) {
      top.push_back(Milliseconds([&] { RollUp(snowflake_.members[0]); }));
      top_recursive.push_back(Recursive(kRecursiveTallies, snowflake_.members[0]));
    }
    for (int i = 0; i < 3; ++i) top_knocks.push_back(Recursive(kRecursiveKnocks, snowflake_.members[0]));
    Print("roll-up of the whole snowflake", top);
    Print("  recursive query over members' figures", top_recursive);
    Print("  recursive query over the knocks", top_knocks);
  }

  std::vector<base::MemberId> LeadersWithRoom(int count) {
    const auto connection =
        Require(db::Connection::Open({.connection_string = database_.superuser_connection_string()}));
    const std::string sql = absl::StrCat(
        "select l.member_id from member l where l.role = 'leader' and (select count(*) from member m where "
        "m.campaign_id "
        "= l.campaign_id and m.leader_id = l.member_id) <= 5 order by l.member_id desc limit ",
        count);
    const db::Query query = {"snowflake_bench.room", sql.c_str()};
    const db::Result result =
        Require(connection->Run(query, db::Params(), {.deadline = absl::Now() + absl::Minutes(1)}));
    std::vector<base::MemberId> leaders;
    for (const db::Row& row : result) leaders.push_back(row.Id<base::MemberId>(0));
    return leaders;
  }

  double Join(base::MemberId leader) {
    pb::CreateMemberRequest request;
    request.set_request_id(base::Uuid::Random().ToString());
    request.set_display_name("Someone new");
    request.set_role(access::v1::ROLE_CANVASSER);
    request.set_leader_id(leader.value);
    pb::CreateMemberResponse response;
    return Milliseconds([&] { Require(stub_->CreateMember(As().get(), request, &response)); });
  }

  void Joins() {
    const auto leaders = LeadersWithRoom(calls_);
    std::vector<double> alone, bare, at_once;
    for (const base::MemberId leader : leaders) alone.push_back(Join(leader));
    for (const base::MemberId leader : leaders) {
      db::Transaction transaction = Require(database_.pool().Begin({.campaign = campaign_.campaign}));
      bare.push_back(Milliseconds([&] {
        Require(transaction.Run(kBareJoin, db::Params().Id(campaign_.campaign).Id(leader)).status());
        Require(transaction.Commit());
      }));
    }
    std::vector<std::vector<double>> by_joiner(kJoiners);
    std::vector<std::thread> joiners;
    for (int j = 0; j < kJoiners; ++j) {
      joiners.emplace_back([&, j] {
        for (size_t i = j; i < leaders.size(); i += kJoiners) by_joiner[j].push_back(Join(leaders[i]));
      });
    }
    for (std::thread& joiner : joiners) joiner.join();
    for (const auto& ms : by_joiner) at_once.insert(at_once.end(), ms.begin(), ms.end());
    Print("join", alone);
    Print("  the bare insert", bare);
    Print(absl::StrCat("join, ", kJoiners, " clients at once"), at_once);
  }

  void Homes() {
    std::vector<double> ours, unchanged;
    size_t bytes_max = 0, bytes_sum = 0, unchanged_bytes = 0;
    for (int i = 0; i < calls_; ++i) {
      pb::GetLeaderHomeRequest request;
      request.set_member_id(snowflake_.list_holders[i % snowflake_.list_holders.size()].value);
      pb::GetLeaderHomeResponse response, again;
      ours.push_back(Milliseconds([&] { Require(stub_->GetLeaderHome(As().get(), request, &response)); }));
      bytes_max = std::max(bytes_max, response.ByteSizeLong());
      bytes_sum += response.ByteSizeLong();
      request.set_if_none_match(response.etag());
      unchanged.push_back(Milliseconds([&] { Require(stub_->GetLeaderHome(As().get(), request, &again)); }));
      if (!again.not_modified()) Require(absl::InternalError("the home changed by itself"));
      unchanged_bytes = std::max(unchanged_bytes, again.ByteSizeLong());
    }
    Print("leader's home", ours);
    Print("leader's home, unchanged", unchanged);
    std::vector<double> recursive;
    for (int i = 0; i < 3; ++i)
      recursive.push_back(Recursive(kRecursiveKnocks, snowflake_.list_holders[i % snowflake_.list_holders.size()]));
    Print("  the branch's knocks by a recursive query", recursive);
    std::printf("a home has %zu bytes at most, %zu on average, before compression; %zu where it is unchanged\n",
                bytes_max, bytes_sum / static_cast<size_t>(calls_), unchanged_bytes);
  }

  // The branch whose size is nearest, and a leader with room: at the depth of the branch's own leader, or one deeper.
  void Moves() {
    for (const int64_t wanted : {30, 300, 3'000, 30'000}) {
      if (wanted * 4 > static_cast<int64_t>(snowflake_.members.size())) break;
      size_t best = 1;
      for (size_t i = 1; i < snowflake_.members.size(); ++i) {
        if (std::abs(snowflake_.branch_size[i] - wanted) < std::abs(snowflake_.branch_size[best] - wanted)) best = i;
      }
      for (const bool deeper : {false, true}) Move(best, deeper);
    }
  }

  void Move(size_t at, bool deeper) {
    const base::MemberId member = snowflake_.members[at];
    const int64_t leader = Count(absl::StrCat(
        "with recursive branch as (select member_id from member where member_id = ", member.value,
        " union all select m.member_id from branch b join member m on m.campaign_id = ", campaign_.campaign.value,
        " and m.leader_id = b.member_id), x as (select leader_id, depth from member where member_id = ", member.value,
        ") select l.member_id from member l, x where l.campaign_id = ", campaign_.campaign.value,
        " and l.role <> 'canvasser' and l.depth = x.depth ", deeper ? "+ 1" : "- 1",
        " and l.member_id <> x.leader_id and l.member_id not in (select member_id from branch) and (select count(*) "
        "from "
        "member t where t.campaign_id = l.campaign_id and t.leader_id = l.member_id) < 8 union all select 0 limit 1"));
    if (leader == 0) return;  // the upper levels are full
    pb::MoveMemberRequest request;
    request.set_member_id(member.value);
    request.set_new_leader_id(leader);
    pb::MoveMemberResponse response;
    const double ms = Milliseconds([&] { Require(stub_->MoveMember(As().get(), request, &response)); });
    Print(
        absl::StrCat("move of a branch of ", snowflake_.branch_size[at], deeper ? " to another level" : ", same level"),
        {ms});
  }

  void Folds() {
    Fold();  // who joined and moved
    for (const int knocks : {100, 1'000, 10'000}) {
      std::vector<double> ms;
      for (int i = 0; i < (knocks == 100 ? 10 : 3); ++i) {
        Require(AddKnocks(database_, campaign_.campaign, knocks));
        ms.push_back(Milliseconds([&] { Fold(); }));
      }
      Print(absl::StrCat("fold of ", knocks, " knocks of as many members"), ms);
    }
  }

  void Propose(int64_t leader_id, std::vector<double>* ms, size_t* open) {
    pb::ListProposalsRequest request;
    request.set_leader_id(leader_id);
    request.set_refresh(true);
    request.set_page_size(1000);
    pb::ListProposalsResponse response;
    ms->push_back(Milliseconds([&] { Require(stub_->ListProposals(As().get(), request, &response)); }));
    *open += static_cast<size_t>(response.proposals_size());
  }

  void Proposals() {
    std::vector<double> all, one;
    size_t open_of_all = 0, open_of_one = 0;
    for (int i = 0; i < 2; ++i) Propose(-1, &all, &open_of_all);
    for (int i = 0; i < std::min(calls_, 50); ++i) {
      Propose(snowflake_.list_holders[i % snowflake_.list_holders.size()].value, &one, &open_of_one);
    }
    Print("proposals for everybody", all);
    Print("proposals for one team", one);
    std::printf("%lld proposals open\n",
                static_cast<long long>(Count("select count(*) from proposal where state = 'open'")));
  }

  void CheckAgainstRecursion() {
    Fold();
    int64_t compared = 0;
    for (const base::MemberId branch : DrawBranches()) {
      int64_t members = 0, doors = 0;
      Recursive(kRecursiveTallies, branch, &members);
      const auto roll_up = RollUp(branch);
      Recursive(kRecursiveKnocks, snowflake_.members[0], compared == 0 ? &doors : nullptr);
      if (compared == 0 && RollUp(snowflake_.members[0]).top().branch().doors() != doors) {
        Require(absl::InternalError("the roll-up is not the count of the knocks"));
      }
      if (roll_up.top().branch().members() != members) {
        Require(absl::InternalError("the roll-up is not the recursive count"));
      }
      if (++compared == 20) break;
    }
    std::printf("%lld branches compared with the recursive count: equal\n", static_cast<long long>(compared));
  }

  const int calls_;
  tests::TestDatabase database_;
  const tests::TestCampaign campaign_;
  tests::TestServer server_;
  std::unique_ptr<pb::OrganizingService::Stub> stub_;
  const Snowflake snowflake_;
  std::mt19937 random_{11};
};

int Main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  SnowflakeOptions options;
  int calls = 1000;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--tiny") == 0) {
      options = {.members = 5'500, .doors = 640, .knocks = 500, .seed = 7};
      calls = 20;
    }
    if (std::strncmp(argv[i], "--members=", 10) == 0) options.members = std::atoi(argv[i] + 10);
    if (std::strncmp(argv[i], "--calls=", 8) == 0) calls = std::atoi(argv[i] + 8);
  }
  if (options.members < 100 || options.members > 5'000'000 || calls < 10 || calls > 100'000) {
    std::fprintf(stderr, "--members: 100 to 5,000,000; --calls: 10 to 100,000\n");
    return 2;
  }
  Bench(options, calls).Run();
  return 0;
}
}  // namespace
}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
