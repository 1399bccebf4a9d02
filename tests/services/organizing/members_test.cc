// The snowflake over a real server: who joins whom, and what holds when many do so at once.
#include <atomic>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/services/organizing/organizing_fixture.h"

namespace snowfield::organizing {
namespace {

class MembersTest : public OrganizingTest {};

TEST_F(MembersTest, NewMemberTakesTheLowestFreePlace) {
  v1::CreateMemberRequest request = Request();
  request.mutable_home()->set_longitude(-77.03);
  request.mutable_home()->set_latitude(38.9);
  v1::Member first;
  ASSERT_TRUE(Create(request, &first).ok());
  EXPECT_EQ(first.leader_id(), campaign_.owner.value);
  EXPECT_EQ(first.slot(), 1);
  EXPECT_EQ(first.depth(), 1);
  EXPECT_DOUBLE_EQ(first.home().longitude(), -77.03);
  const v1::Member second = Add(), below = Add(first.member_id());
  EXPECT_EQ(second.slot(), 2);
  EXPECT_FALSE(second.has_home());
  EXPECT_EQ(below.depth(), 2);
  EXPECT_EQ(Get(campaign_.owner.value).team_size(), 2);
  v1::Member moved;
  ASSERT_TRUE(Move(first.member_id(), second.member_id(), &moved).ok());
  EXPECT_EQ(Add().slot(), 1);
}

TEST_F(MembersTest, SameRequestMakesOneMember) {
  const v1::CreateMemberRequest request = Request();
  std::vector<v1::Member> members(12);
  std::vector<std::thread> threads;
  for (v1::Member& member : members) {
    threads.emplace_back([&] {
      const grpc::Status status = Create(request, &member);
      EXPECT_TRUE(status.ok()) << status.error_message();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const v1::Member& member : members) EXPECT_EQ(member.member_id(), members[0].member_id());
  EXPECT_EQ(Count("select count(*) from member"), 2);
}

TEST_F(MembersTest, CreateRefusesWhatCanNeverBeRight) {
  struct Case {
    std::function<void(v1::CreateMemberRequest&)> spoil;
    std::string field;
  };
  const std::vector<Case> cases = {
      {[](auto& r) { r.set_request_id(""); }, "request_id"},
      {[](auto& r) { r.set_display_name(""); }, "display_name"},
      {[](auto& r) { r.set_display_name(std::string(201, 'x')); }, "display_name"},
      {[](auto& r) { r.set_display_name("line\nbreak"); }, "display_name"},
      {[](auto& r) { r.set_role(access::v1::ROLE_UNSPECIFIED); }, "role"},
      {[](auto& r) { r.set_role(static_cast<Role>(99)); }, "role"},
      {[](auto& r) { r.set_leader_id(-1); }, "leader_id"},
      {[](auto& r) { r.mutable_home()->set_longitude(500); }, "home"},
      {[](auto& r) { r.mutable_home()->set_latitude(std::nan("")); }, "home"},
  };
  for (const Case& bad : cases) {
    v1::CreateMemberRequest request = Request();
    bad.spoil(request);
    v1::Member member;
    const grpc::Status status = Create(request, &member);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << bad.field;
    EXPECT_THAT(tests::FieldOf(status), ::testing::StartsWith(bad.field));
  }
  v1::Member member;
  EXPECT_EQ(Create(Request(999), &member).error_code(), grpc::StatusCode::NOT_FOUND);
  v1::CreateMemberRequest longest = Request();
  std::string name;
  for (int i = 0; i < 200; ++i) name += "ü";
  longest.set_display_name(name);
  EXPECT_TRUE(Create(longest, &member).ok());
}

TEST_F(MembersTest, LeadersActInTheirOwnBranchOnly) {
  const v1::Member mine = Add(), theirs = Add(), below = Add(mine.member_id());
  const std::string token = TokenOf(mine);
  v1::Member member;
  EXPECT_TRUE(Create(Request(below.member_id(), access::v1::ROLE_CANVASSER), &member, token).ok());
  EXPECT_EQ(tests::ReasonOf(Create(Request(theirs.member_id()), &member, token)), "NOT_YOUR_BRANCH");
  EXPECT_EQ(tests::ReasonOf(Create(Request(0), &member, token)), "NOT_YOUR_BRANCH");
  EXPECT_EQ(tests::ReasonOf(Move(below.member_id(), theirs.member_id(), &member, token)), "NOT_YOUR_BRANCH");
  EXPECT_EQ(tests::ReasonOf(Move(theirs.member_id(), mine.member_id(), &member, token)), "NOT_YOUR_BRANCH");
  v1::GetMemberRequest get;
  get.set_member_id(theirs.member_id());
  v1::GetMemberResponse got;
  EXPECT_EQ(tests::ReasonOf(stub_->GetMember(server_->As(token).get(), get, &got)), "NOT_YOUR_BRANCH");
  v1::ListMembersResponse listed;
  ASSERT_TRUE(stub_->ListMembers(server_->As(token).get(), v1::ListMembersRequest(), &listed).ok());
  EXPECT_EQ(listed.members_size(), 3);  // mine, below, and the one added
  v1::ListMembersRequest list;
  list.set_leader_id(theirs.member_id());
  EXPECT_EQ(tests::ReasonOf(stub_->ListMembers(server_->As(token).get(), list, &listed)), "NOT_YOUR_BRANCH");
}

TEST_F(MembersTest, NobodyGivesARoleAboveTheirOwn) {
  const v1::Member leader = Add(), organizer = Add(0, access::v1::ROLE_ORGANIZER);
  v1::Member member;
  for (const Role role : {access::v1::ROLE_OWNER, access::v1::ROLE_DIRECTOR, access::v1::ROLE_ORGANIZER,
                          access::v1::ROLE_CLERK, access::v1::ROLE_VIEWER}) {
    const grpc::Status status = Create(Request(leader.member_id(), role), &member, TokenOf(leader));
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << role;
    EXPECT_EQ(tests::ReasonOf(status), "ROLE_ABOVE_YOURS");
  }
  EXPECT_EQ(tests::ReasonOf(Create(Request(0, access::v1::ROLE_DIRECTOR), &member, TokenOf(organizer))),
            "ROLE_ABOVE_YOURS");
  EXPECT_TRUE(Create(Request(0, access::v1::ROLE_CLERK), &member, TokenOf(organizer)).ok());
  const v1::Member canvasser = Add(0, access::v1::ROLE_CANVASSER);
  EXPECT_EQ(Create(Request(), &member, TokenOf(canvasser)).error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(MembersTest, SixtyFourAtOnceFillATeamToItsSpan) {
  constexpr int kJoining = 64, kSpan = 8;
  const v1::Member leader = Add();
  std::atomic<int> joined{0}, full{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kJoining; ++i) {
    threads.emplace_back([&] {
      v1::Member member;
      const grpc::Status status = Create(Request(leader.member_id()), &member);
      if (status.ok()) {
        ++joined;
      } else if (tests::ReasonOf(status) == "TEAM_FULL") {
        ++full;
      } else {
        ADD_FAILURE() << status.error_message();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(joined, kSpan);
  EXPECT_EQ(full, kJoining - kSpan);
  EXPECT_EQ(Get(leader.member_id()).team_size(), kSpan);
}

TEST_F(MembersTest, MovingTakesTheWholeBranchAlong) {
  const v1::Member a = Add(), b = Add(a.member_id()), c = Add(b.member_id()), d = Add(c.member_id());
  const v1::Member elsewhere = Add();
  v1::Member moved;
  ASSERT_TRUE(Move(c.member_id(), elsewhere.member_id(), &moved).ok());
  EXPECT_EQ(moved.depth(), 2);
  EXPECT_EQ(Get(d.member_id()).depth(), 3);
  EXPECT_EQ(Get(d.member_id()).leader_id(), c.member_id());
  const int slot = moved.slot();
  ASSERT_TRUE(Move(c.member_id(), elsewhere.member_id(), &moved).ok());
  EXPECT_EQ(moved.slot(), slot);
  EXPECT_EQ(Count("select count(*) from audit_log where action = 'member.move'"), 1);
}

TEST_F(MembersTest, MoveRefusesCyclesAndFullTeams) {
  const v1::Member a = Add(), b = Add(a.member_id()), c = Add(b.member_id());
  v1::Member moved;
  EXPECT_EQ(tests::ReasonOf(Move(a.member_id(), c.member_id(), &moved)), "WOULD_CYCLE");
  EXPECT_EQ(tests::ReasonOf(Move(a.member_id(), a.member_id(), &moved)), "WOULD_CYCLE");
  EXPECT_EQ(tests::ReasonOf(Move(campaign_.owner.value, c.member_id(), &moved)), "WOULD_CYCLE");
  const v1::Member full = Add();
  for (int i = 0; i < 8; ++i) Add(full.member_id(), access::v1::ROLE_CANVASSER);
  EXPECT_EQ(tests::ReasonOf(Move(b.member_id(), full.member_id(), &moved)), "TEAM_FULL");
  EXPECT_EQ(tests::FieldOf(Move(b.member_id(), 999, &moved)), "new_leader_id");
  EXPECT_EQ(tests::FieldOf(Move(999, b.member_id(), &moved)), "member_id");
  EXPECT_EQ(Get(b.member_id()).leader_id(), a.member_id());
}

TEST_F(MembersTest, NobodyStandsDeeperThanTheTreeMay) {
  int64_t leader = 0;
  for (int depth = 1; depth <= 32; ++depth) leader = Add(leader).member_id();
  v1::Member member;
  EXPECT_EQ(tests::ReasonOf(Create(Request(leader), &member)), "TREE_TOO_DEEP");
  const v1::Member branch = Add(), below = Add(branch.member_id());
  ASSERT_GT(below.member_id(), 0);
  EXPECT_EQ(tests::ReasonOf(Move(branch.member_id(), Get(leader).leader_id(), &member)), "TREE_TOO_DEEP");
  EXPECT_EQ(Get(below.member_id()).depth(), 2);
}

// Members that can be reached from the top; all of them as long as the snowflake is a tree.
constexpr char kReachable[] =
    "with recursive below as (select member_id, 0 as depth from member where leader_id is null union all "
    "select m.member_id, b.depth + 1 from below b join member m on m.leader_id = b.member_id) "
    "select count(*) from below b join member m using (member_id) where m.depth = b.depth";

TEST_F(MembersTest, MovesAndJoinsAtOnceKeepATree) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::vector<int64_t> members;
  std::mt19937 random(seed);
  for (int i = 0; i < 30; ++i) {
    v1::Member member;
    const int64_t leader = members.empty() ? 0 : members[random() % members.size()];
    if (Create(Request(leader), &member).ok()) members.push_back(member.member_id());
  }
  std::atomic<int> moved{0}, joined{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, thread_seed = random()] {
      std::mt19937 choice(thread_seed);
      for (int i = 0; i < 30; ++i) {
        v1::Member member;
        const int64_t leader = members[choice() % members.size()];
        const bool join = choice() % 4 == 0;
        const grpc::Status status =
            join ? Create(Request(leader), &member) : Move(members[choice() % members.size()], leader, &member);
        if (status.ok()) ++(join ? joined : moved);
        const std::string reason = tests::ReasonOf(status);
        EXPECT_TRUE(status.ok() || reason == "TEAM_FULL" || reason == "WOULD_CYCLE") << status.error_message();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(moved, 0);
  EXPECT_GT(joined, 0);
  EXPECT_EQ(Count(kReachable), static_cast<int64_t>(members.size()) + joined + 1);
  EXPECT_EQ(Count("select count(*) from member"), static_cast<int64_t>(members.size()) + joined + 1);
}

TEST_F(MembersTest, ListsMembersInPagesEachOnce) {
  std::vector<int64_t> made = {campaign_.owner.value};
  const v1::Member leader = Add();
  made.push_back(leader.member_id());
  for (int i = 0; i < 7; ++i) made.push_back(Add(leader.member_id(), access::v1::ROLE_CANVASSER).member_id());
  v1::ListMembersRequest request;
  request.set_page_size(2);
  std::vector<int64_t> listed;
  do {
    v1::ListMembersResponse page;
    ASSERT_TRUE(stub_->ListMembers(server_->As(campaign_.owner_token).get(), request, &page).ok());
    EXPECT_LE(page.members_size(), 2);
    for (const v1::Member& member : page.members()) listed.push_back(member.member_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, made);
  request.set_page_size(100);
  request.set_leader_id(leader.member_id());
  request.set_role(access::v1::ROLE_CANVASSER);
  v1::ListMembersResponse team;
  ASSERT_TRUE(stub_->ListMembers(server_->As(campaign_.owner_token).get(), request, &team).ok());
  EXPECT_EQ(team.members_size(), 7);
  request.set_page_size(1001);
  EXPECT_EQ(tests::FieldOf(stub_->ListMembers(server_->As(campaign_.owner_token).get(), request, &team)), "page_size");
}

}  // namespace
}  // namespace snowfield::organizing
