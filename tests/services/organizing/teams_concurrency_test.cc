// Many writers change the tree at once: it stays a tree, teams keep to their span, nobody is lost, every call is
// answered.
#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/services/organizing/organizing_fixture.h"

namespace snowfield::organizing {
namespace {

// Members that can be reached from the top at the depth that they say; all who are here as long as it is a tree.
constexpr char kReachable[] =
    "with recursive below as (select member_id, 0 as depth from member where leader_id is null and leave_time is null "
    "union all select m.member_id, b.depth + 1 from below b join member m on m.leader_id = b.member_id) "
    "select count(*) from below b join member m using (member_id) where m.depth = b.depth";

class TeamsAtOnceTest : public OrganizingTest {
 protected:
  // One change drawn at random; the reason why it was refused, or "" where it was done.
  std::string ChangeSomething(std::mt19937& random, const std::vector<int64_t>& members, int64_t* joined) {
    const auto any = [&] { return members[random() % members.size()]; };
    grpc::Status status;
    switch (random() % 7) {
      case 0: {
        v1::Member member;
        status = Create(Request(any(), access::v1::ROLE_CANVASSER), &member);
        if (status.ok()) *joined = member.member_id();
        break;
      }
      case 1: {
        v1::MoveMemberRequest request;
        request.set_member_id(any());
        request.set_new_leader_id(any());
        v1::MoveMemberResponse response;
        status = stub_->MoveMember(As().get(), request, &response);
        break;
      }
      case 2: {
        v1::MoveMemberRequest request;
        request.set_member_id(any());
        request.set_new_leader_id(any());
        request.set_without_people(true);
        v1::MoveMemberResponse response;
        status = stub_->MoveMember(As().get(), request, &response);
        break;
      }
      case 3: {
        v1::StepDownRequest request;
        request.set_member_id(any());
        if (random() % 2 == 0) request.set_successor_id(any());
        v1::StepDownResponse response;
        status = stub_->StepDown(As().get(), request, &response);
        break;
      }
      case 4: {
        v1::MergeTeamsRequest request;
        request.set_from_leader_id(any());
        request.set_into_leader_id(any());
        v1::MergeTeamsResponse response;
        status = stub_->MergeTeams(As().get(), request, &response);
        break;
      }
      case 5: {
        v1::SplitTeamRequest request;
        request.set_leader_id(any());
        const std::vector<int64_t> team = Team(request.leader_id());
        if (team.size() < 2) return "";
        request.set_new_leader_id(team[0]);
        for (size_t i = 1; i <= (team.size() - 1) / 2 + 1 && i < team.size(); ++i) request.add_follower_ids(team[i]);
        v1::SplitTeamResponse response;
        status = stub_->SplitTeam(As().get(), request, &response);
        break;
      }
      default: {
        if (random() % 4 != 0) return "";
        v1::RemoveMemberRequest request;
        request.set_member_id(any());
        v1::RemoveMemberResponse response;
        status = stub_->RemoveMember(As().get(), request, &response);
      }
    }
    if (status.ok()) return "";
    const std::string reason = tests::ReasonOf(status);
    return reason.empty() ? status.error_message() : reason;
  }
};

TEST_F(TeamsAtOnceTest, RandomChangesFromManyWritersKeepATreeAndLoseNobody) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  std::vector<int64_t> members;
  while (members.size() < 60) {
    v1::Member member;
    const int64_t leader = members.empty() ? 0 : members[random() % members.size()];
    if (Create(Request(leader), &member).ok()) members.push_back(member.member_id());
  }
  const std::set<std::string> expected = {"TEAM_FULL",    "WOULD_CYCLE", "WOULD_ORPHAN",
                                          "NOT_A_LEADER", "MEMBER_LEFT", "SUCCESSOR_UNFIT",
                                          "NOT_ON_TEAM",  "AT_THE_TOP",  "TREE_TOO_DEEP"};
  std::atomic<int> done{0}, joined_count{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, thread_seed = random()] {
      std::mt19937 choice(thread_seed);
      for (int i = 0; i < 40; ++i) {
        int64_t joined = 0;
        const std::string reason = ChangeSomething(choice, members, &joined);
        if (joined != 0) ++joined_count;
        if (reason.empty()) ++done;
        EXPECT_TRUE(reason.empty() || expected.contains(reason)) << reason;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(done, 100);
  const int64_t made = static_cast<int64_t>(members.size()) + joined_count + 1;
  EXPECT_EQ(Count("select count(*) from member"), made) << "nobody is lost";
  EXPECT_EQ(Count(kReachable), Count("select count(*) from member where leave_time is null"));
  EXPECT_EQ(Count("select coalesce(max(n), 0) from (select count(*) as n from member where leader_id is not null group "
                  "by campaign_id, leader_id) t where n > 8"),
            0);
  EXPECT_EQ(Count("select count(*) from member m join member l on l.campaign_id = m.campaign_id and l.member_id = "
                  "m.leader_id where l.role not in ('owner', 'director', 'organizer', 'leader')"),
            0)
      << "whoever has people leads";
}

TEST_F(TeamsAtOnceTest, NobodyJoinsATeamThatIsDissolvedAtTheSameMoment) {
  for (int round = 0; round < 6; ++round) {
    campaign_ = tests::MakeCampaign(database_);  // whose owner's team has room
    const int64_t leader = Add().member_id();
    std::atomic<int> joined{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 12; ++i) {
      threads.emplace_back([&] {
        v1::Member member;
        const grpc::Status status = Create(Request(leader, access::v1::ROLE_CANVASSER), &member);
        const std::string reason = tests::ReasonOf(status);
        if (status.ok()) ++joined;
        EXPECT_TRUE(status.ok() || reason == "NOT_A_LEADER" || reason == "TEAM_FULL") << status.error_message();
      });
    }
    v1::StepDownRequest request;
    request.set_member_id(leader);
    v1::StepDownResponse response;
    const grpc::Status status = stub_->StepDown(As().get(), request, &response);
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(status.ok() || tests::ReasonOf(status) == "WOULD_ORPHAN") << status.error_message();
    EXPECT_EQ(Count(absl::StrCat("select count(*) from member m join member l on l.campaign_id = m.campaign_id and "
                                 "l.member_id = m.leader_id where l.member_id = ",
                                 leader, " and l.role = 'canvasser'")),
              0);
    EXPECT_EQ(Count(kReachable), Count("select count(*) from member where leave_time is null"));
  }
}

}  // namespace
}  // namespace snowfield::organizing
