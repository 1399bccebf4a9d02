// Changes of teams over a real server: who goes where, what is refused, and that a preview changes nothing.
#include "absl/strings/str_cat.h"
#include "tests/services/organizing/organizing_fixture.h"

namespace snowfield::organizing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr int kSpan = 8;

class TeamsTest : public OrganizingTest {
 protected:
  grpc::Status MoveAlone(int64_t member, int64_t new_leader, v1::TreeChange* change = nullptr,
                         bool validate_only = false) {
    v1::MoveMemberRequest request;
    request.set_member_id(member);
    request.set_new_leader_id(new_leader);
    request.set_without_people(true);
    request.set_validate_only(validate_only);
    v1::MoveMemberResponse response;
    const grpc::Status status = stub_->MoveMember(As().get(), request, &response);
    if (change != nullptr) *change = response.change();
    return status;
  }
  grpc::Status StepDown(int64_t member, int64_t successor = 0, v1::TreeChange* change = nullptr,
                        bool validate_only = false, const std::string& token = "") {
    v1::StepDownRequest request;
    request.set_member_id(member);
    request.set_successor_id(successor);
    request.set_validate_only(validate_only);
    v1::StepDownResponse response;
    const grpc::Status status = stub_->StepDown(As(token).get(), request, &response);
    if (change != nullptr) *change = response.change();
    return status;
  }
  grpc::Status Remove(int64_t member, int64_t successor = 0, const std::string& token = "") {
    v1::RemoveMemberRequest request;
    request.set_member_id(member);
    request.set_successor_id(successor);
    v1::RemoveMemberResponse response;
    return stub_->RemoveMember(As(token).get(), request, &response);
  }
  grpc::Status Merge(int64_t from, int64_t into, v1::TreeChange* change = nullptr, bool validate_only = false) {
    v1::MergeTeamsRequest request;
    request.set_from_leader_id(from);
    request.set_into_leader_id(into);
    request.set_validate_only(validate_only);
    v1::MergeTeamsResponse response;
    const grpc::Status status = stub_->MergeTeams(As().get(), request, &response);
    if (change != nullptr) *change = response.change();
    return status;
  }
  grpc::Status Split(int64_t leader, int64_t new_leader, const std::vector<int64_t>& followers, int64_t under = 0,
                     bool validate_only = false) {
    v1::SplitTeamRequest request;
    request.set_leader_id(leader);
    request.set_new_leader_id(new_leader);
    for (const int64_t follower : followers) request.add_follower_ids(follower);
    request.set_new_leader_under_id(under);
    request.set_validate_only(validate_only);
    v1::SplitTeamResponse response;
    return stub_->SplitTeam(As().get(), request, &response);
  }
  // Everything that the tree is.
  int64_t Fingerprint() {
    return Count(
        "select sum(hashtextextended(concat_ws(',', member_id, leader_id, slot, depth, role, leave_time), 7)"
        "::numeric % 1000000007)::bigint from member");
  }
};

TEST_F(TeamsTest, MovingWithoutPeopleLeavesThemWithTheOldLeaderAndThoseNear) {
  const int64_t top = campaign_.owner.value, old_leader = Add().member_id(), other = Add().member_id();
  const int64_t mover = Add(old_leader).member_id();
  const std::vector<int64_t> people = AddTeam(mover, 3, access::v1::ROLE_LEADER);
  const int64_t below = Add(people[0]).member_id();
  AddTeam(old_leader, 6);  // with the mover 7: one place free, and the mover's own
  v1::TreeChange change;
  const int64_t before = Fingerprint();
  ASSERT_TRUE(MoveAlone(mover, other, &change, true).ok());
  EXPECT_EQ(change.placements_size(), 4);
  EXPECT_EQ(Fingerprint(), before);
  ASSERT_TRUE(MoveAlone(mover, other).ok());
  EXPECT_EQ(Get(mover).leader_id(), other);
  EXPECT_EQ(Get(mover).team_size(), 0);
  EXPECT_EQ(Get(old_leader).team_size(), kSpan);
  EXPECT_EQ(Get(people[0]).leader_id(), old_leader);
  EXPECT_EQ(Get(people[1]).leader_id(), old_leader);
  EXPECT_EQ(Get(people[2]).leader_id(), top) << "the nearest with room";
  EXPECT_EQ(Get(below).leader_id(), people[0]) << "whoever is further down comes along";
  EXPECT_EQ(Get(below).depth(), 3);
}

TEST_F(TeamsTest, WhoStepsDownLeavesTheirPeopleWithTheLeaderAbove) {
  const int64_t leader = Add().member_id(), below = Add(leader).member_id();
  const std::vector<int64_t> people = AddTeam(below, 3);
  v1::TreeChange change;
  ASSERT_TRUE(StepDown(below, 0, &change).ok());
  EXPECT_EQ(change.placements_size(), 3);
  EXPECT_EQ(Get(below).role(), access::v1::ROLE_CANVASSER);
  EXPECT_EQ(Get(below).leader_id(), leader);
  EXPECT_THAT(Team(leader), UnorderedElementsAre(below, people[0], people[1], people[2]));
  EXPECT_EQ(Get(people[0]).depth(), 2);
  // Again: nothing more to do.
  ASSERT_TRUE(StepDown(below, 0, &change).ok());
  EXPECT_EQ(change.placements_size(), 0);
  EXPECT_EQ(Count("select count(*) from audit_log where action = 'member.step_down'"), 1);
}

TEST_F(TeamsTest, SteppingDownIsRefusedWithTheListOfThoseLeftBehind) {
  tests::TestCampaign small = tests::MakeCampaign(database_, 2);
  campaign_ = small;
  const int64_t a = Add().member_id(), b = Add().member_id();
  const std::vector<int64_t> of_a = AddTeam(a, 2), of_b = AddTeam(b, 2);
  v1::TreeChange change;
  const int64_t before = Fingerprint();
  ASSERT_TRUE(StepDown(a, 0, &change, true).ok());
  EXPECT_THAT(change.orphan_ids(), ElementsAre(of_a[0], of_a[1]));
  const grpc::Status refused = StepDown(a);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(tests::ReasonOf(refused), "WOULD_ORPHAN");
  EXPECT_THAT(refused.error_message(), HasSubstr(absl::StrCat("member ", of_a[0], ", ", of_a[1])));
  EXPECT_EQ(Fingerprint(), before);
  // One of the two can take the other along, and has room for who stepped down.
  ASSERT_TRUE(StepDown(a, of_a[0]).ok());
  EXPECT_EQ(Get(of_a[0]).leader_id(), small.owner.value);
  EXPECT_EQ(Get(of_a[0]).role(), access::v1::ROLE_LEADER);
  EXPECT_THAT(Team(of_a[0]), UnorderedElementsAre(a, of_a[1]));
}

TEST_F(TeamsTest, ASuccessorFromTheTeamTakesThePlaceAndTheTeam) {
  const int64_t leader = Add().member_id(), old_leader = Add(leader).member_id();
  AddTeam(leader, kSpan - 1);
  std::vector<int64_t> people = AddTeam(old_leader, 6);
  const int64_t successor = people[2];
  Execute(absl::StrCat("update member set role = 'leader' where member_id = ", successor));
  const std::vector<int64_t> own = AddTeam(successor, 3, access::v1::ROLE_LEADER);
  const int64_t deep = Add(own[0]).member_id();
  const int place = Get(old_leader).slot();
  // 3 of their own, the one who steps down, and 4 of the 5 others; for the last there is no room near but further up.
  ASSERT_TRUE(StepDown(old_leader, successor).ok());
  EXPECT_EQ(Get(successor).leader_id(), leader);
  EXPECT_EQ(Get(successor).slot(), place);
  EXPECT_EQ(Get(successor).team_size(), kSpan);
  EXPECT_EQ(Get(old_leader).leader_id(), successor);
  EXPECT_EQ(Get(people[5]).leader_id(), campaign_.owner.value);
  EXPECT_EQ(Get(own[0]).depth(), 3);
  EXPECT_EQ(Get(deep).depth(), 4);
}

TEST_F(TeamsTest, WhoLeavesIsOutOfTheTreeAndTheirAccessEnds) {
  const int64_t leader = Add().member_id();
  const v1::Member leaving = Add(leader);
  const std::vector<int64_t> people = AddTeam(leaving.member_id(), 2);
  AddTeam(leader, kSpan - 2);
  const std::string token = TokenOf(leaving);
  v1::Member made;
  EXPECT_TRUE(Create(Request(leaving.member_id(), access::v1::ROLE_CANVASSER), &made, token).ok());
  ASSERT_TRUE(Remove(leaving.member_id()).ok());
  // The leader's team had one free place and the leaver's; the third came further up.
  EXPECT_EQ(Get(leader).team_size(), kSpan);
  EXPECT_EQ(Get(made.member_id()).leader_id(), campaign_.owner.value);
  EXPECT_GT(Get(leaving.member_id()).leave_time().seconds(), 0);
  EXPECT_EQ(Get(leaving.member_id()).leader_id(), 0);
  EXPECT_EQ(tests::ReasonOf(Create(Request(), &made, token)), "TOKEN_REVOKED");
  EXPECT_EQ(tests::ReasonOf(Create(Request(leaving.member_id()), &made)), "MEMBER_LEFT");
  v1::Member moved;
  EXPECT_EQ(tests::ReasonOf(Move(leaving.member_id(), leader, &moved)), "MEMBER_LEFT");
  EXPECT_EQ(tests::ReasonOf(Move(people[0], leaving.member_id(), &moved)), "MEMBER_LEFT");
  EXPECT_TRUE(Remove(leaving.member_id()).ok()) << "repeating it does no harm";
  v1::ListMembersResponse listed;
  ASSERT_TRUE(stub_->ListMembers(As().get(), v1::ListMembersRequest(), &listed).ok());
  for (const v1::Member& member : listed.members()) EXPECT_NE(member.member_id(), leaving.member_id());
  // A token made later for one who has left is worth nothing either.
  EXPECT_EQ(tests::ReasonOf(Create(Request(), &made, TokenOf(leaving))), "TOKEN_REVOKED");
}

TEST_F(TeamsTest, ThePlaceOfOneWhoLeavesCanGoToTheirSuccessor) {
  const int64_t leader = Add().member_id(), leaving = Add(leader).member_id();
  const std::vector<int64_t> people = AddTeam(leaving, kSpan);
  AddTeam(leader, kSpan - 1);
  const int place = Get(leaving).slot();
  ASSERT_TRUE(Remove(leaving, people[3]).ok());
  EXPECT_EQ(Get(people[3]).leader_id(), leader);
  EXPECT_EQ(Get(people[3]).slot(), place);
  EXPECT_EQ(Get(people[3]).team_size(), kSpan - 1);
  EXPECT_EQ(Get(leader).team_size(), kSpan);
}

TEST_F(TeamsTest, MergingPutsTwoTeamsUnderOneLeaderOrNotAtAll) {
  const int64_t a = Add().member_id(), b = Add().member_id();
  AddTeam(a, 5);
  const std::vector<int64_t> of_b = AddTeam(b, 4);
  v1::TreeChange change;
  ASSERT_TRUE(Merge(b, a, &change, true).ok());
  EXPECT_THAT(change.orphan_ids(), ElementsAre(of_b[3]));
  const grpc::Status refused = Merge(b, a);
  EXPECT_EQ(tests::ReasonOf(refused), "WOULD_ORPHAN");
  EXPECT_EQ(tests::FieldOf(refused), "from_leader_id");
  EXPECT_EQ(Get(b).team_size(), 4);
  ASSERT_TRUE(Remove(of_b[3]).ok());
  for (int repeat = 0; repeat < 2; ++repeat) {
    ASSERT_TRUE(Merge(b, a).ok());
    EXPECT_EQ(Get(a).team_size(), kSpan);
    EXPECT_EQ(Get(b).team_size(), 0);
    EXPECT_EQ(Get(b).role(), access::v1::ROLE_CANVASSER);
  }
}

TEST_F(TeamsTest, SplittingLetsSomeFollowANewLeader) {
  const int64_t leader = Add().member_id();
  std::vector<int64_t> team = AddTeam(leader, kSpan);
  const int64_t before = Fingerprint();
  ASSERT_TRUE(Split(leader, team[0], {team[1], team[2], team[3]}, 0, true).ok());
  EXPECT_EQ(Fingerprint(), before);
  for (int repeat = 0; repeat < 2; ++repeat) {
    ASSERT_TRUE(Split(leader, team[0], {team[1], team[2], team[3], team[3]}).ok());
    EXPECT_EQ(Get(team[0]).role(), access::v1::ROLE_LEADER);
    EXPECT_THAT(Team(team[0]), ElementsAre(team[1], team[2], team[3]));
    EXPECT_EQ(Get(leader).team_size(), 5);
  }
  // Beside the old leader.
  ASSERT_TRUE(Split(leader, team[4], {team[5]}, campaign_.owner.value).ok());
  EXPECT_EQ(Get(team[4]).leader_id(), campaign_.owner.value);
  EXPECT_EQ(Get(team[5]).depth(), 2);
}

TEST_F(TeamsTest, SplitsRefuseWhatMakesNoTree) {
  const int64_t leader = Add().member_id(), other = Add().member_id();
  const std::vector<int64_t> team = AddTeam(leader, 3, access::v1::ROLE_LEADER);
  const int64_t below = Add(team[1]).member_id(), foreign = Add(other).member_id();
  EXPECT_EQ(tests::ReasonOf(Split(leader, foreign, {team[1]})), "NOT_ON_TEAM");
  EXPECT_EQ(tests::ReasonOf(Split(leader, team[0], {foreign})), "NOT_ON_TEAM");
  EXPECT_EQ(tests::ReasonOf(Split(leader, team[0], {team[0]})), "NOT_ON_TEAM");
  EXPECT_EQ(tests::ReasonOf(Split(leader, team[0], {})), "FOLLOWERS_OUT_OF_RANGE");
  EXPECT_EQ(tests::ReasonOf(Split(leader, team[0], {team[1]}, below)), "WOULD_CYCLE");
  EXPECT_EQ(tests::ReasonOf(Split(leader, team[0], {team[1]}, team[1])), "WOULD_CYCLE");
  EXPECT_EQ(tests::ReasonOf(Split(leader, team[0], {team[1]}, team[0])), "WOULD_CYCLE");
  AddTeam(other, kSpan - 1);
  EXPECT_EQ(tests::ReasonOf(Split(leader, team[0], {team[1]}, other)), "TEAM_FULL");
  AddTeam(team[0], kSpan);
  EXPECT_EQ(tests::ReasonOf(Split(leader, team[0], {team[1]})), "TEAM_FULL");
  const int64_t clerk = Add(leader, access::v1::ROLE_CLERK).member_id();
  EXPECT_EQ(tests::ReasonOf(Split(leader, clerk, {team[1]})), "NOT_A_LEADER");
}

TEST_F(TeamsTest, SuccessorsWhoCanNotBeAreRefused) {
  const int64_t leader = Add().member_id(), below = Add(leader).member_id(), deep = Add(below).member_id();
  const int64_t clerk = Add(0, access::v1::ROLE_CLERK).member_id();
  EXPECT_EQ(tests::ReasonOf(StepDown(leader, deep)), "SUCCESSOR_UNFIT");
  EXPECT_EQ(tests::ReasonOf(StepDown(leader, leader)), "SUCCESSOR_UNFIT");
  EXPECT_EQ(tests::ReasonOf(StepDown(leader, clerk)), "SUCCESSOR_UNFIT");
  EXPECT_EQ(tests::ReasonOf(StepDown(campaign_.owner.value, leader)), "AT_THE_TOP");
  EXPECT_EQ(tests::ReasonOf(Remove(campaign_.owner.value)), "AT_THE_TOP");
  EXPECT_EQ(tests::FieldOf(StepDown(999)), "member_id");
  EXPECT_EQ(tests::FieldOf(StepDown(leader, 999)), "successor_id");
  EXPECT_EQ(tests::FieldOf(Merge(leader, 0)), "into_leader_id");
  v1::Member member;
  EXPECT_EQ(tests::ReasonOf(Create(Request(clerk), &member)), "NOT_A_LEADER");
  EXPECT_EQ(tests::ReasonOf(Move(deep, clerk, &member)), "NOT_A_LEADER");
}

TEST_F(TeamsTest, LeadersChangeTheirOwnBranchOnlyAndNobodyAboveTheirRole) {
  const v1::Member mine = Add(), theirs = Add(), below = Add(mine.member_id()),
                   organizer = Add(0, access::v1::ROLE_ORGANIZER);
  const int64_t under_organizer = Add(mine.member_id(), access::v1::ROLE_ORGANIZER).member_id();
  const std::string token = TokenOf(mine);
  EXPECT_EQ(tests::ReasonOf(StepDown(theirs.member_id(), 0, nullptr, false, token)), "NOT_YOUR_BRANCH");
  EXPECT_EQ(tests::ReasonOf(StepDown(below.member_id(), theirs.member_id(), nullptr, false, token)), "NOT_YOUR_BRANCH");
  EXPECT_EQ(tests::ReasonOf(Remove(under_organizer, 0, token)), "ROLE_ABOVE_YOURS");
  EXPECT_EQ(tests::ReasonOf(Remove(campaign_.owner.value, 0, TokenOf(organizer))), "ROLE_ABOVE_YOURS");
  EXPECT_TRUE(StepDown(below.member_id(), 0, nullptr, false, token).ok());
  EXPECT_TRUE(StepDown(mine.member_id(), 0, nullptr, false, token).ok()) << "one may step down oneself";
  EXPECT_EQ(Get(below.member_id()).leader_id(), campaign_.owner.value);
}

TEST_F(TeamsTest, TheDatabaseItselfKeepsTheTreeWhole) {
  const int64_t leader = Add().member_id(), below = Add(leader).member_id();
  const auto refuses = [&](const std::string& sql) {
    const auto connection = db::Connection::Open({.connection_string = database_.superuser_connection_string()});
    return !(*connection)->RunScript(sql, {.deadline = absl::Now() + absl::Minutes(1)}).ok();
  };
  const std::string out = "leave_time = now(), leader_id = null, leader_depth = null, slot = null, depth = -1";
  EXPECT_TRUE(refuses(absl::StrCat("update member set ", out, " where member_id = ", leader))) << "someone follows";
  EXPECT_TRUE(refuses(absl::StrCat("update member set leave_time = now() where member_id = ", below)));
  EXPECT_TRUE(
      refuses(absl::StrCat("update member set leader_id = null, leader_depth = null, slot = null, depth = 0 "
                           "where member_id = ",
                           below)))
      << "a second top";
  EXPECT_FALSE(refuses(absl::StrCat("update member set ", out, " where member_id = ", below)));
  EXPECT_TRUE(
      refuses(absl::StrCat("insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, "
                           "depth) values (",
                           campaign_.campaign.value, ", 'x', 'canvasser', ", below, ", -1, 1, 0)")))
      << "nobody follows one who has left";
}

}  // namespace
}  // namespace snowfield::organizing
