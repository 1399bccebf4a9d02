// Growing leaders: what the ladder records, trainings that run out, and proposals that a person decides on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "db/pg/run_in_transaction.h"
#include "services/organizing/fold_tallies.h"
#include "services/organizing/organizing_service.h"
#include "services/organizing/proposals.h"
#include "services/rpc/timestamp.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"
#include "tests/services/canvass/field.h"
#include "tests/support/test_server.h"

namespace snowfield::organizing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GrowthTest : public ::testing::Test {
 protected:
  GrowthTest()
      : server_(field_.database, {"snowfield.organizing.v1.OrganizingService"},
                [&](const access::Gate& gate) {
                  return tests::OneService(
                      std::make_unique<OrganizingService>(gate, &field_.database.pool(), field_.clock));
                }),
        stub_(v1::OrganizingService::NewStub(server_.channel())) {
    field_.CheckOut(field_.phone);
  }
  std::unique_ptr<grpc::ClientContext> As(const std::string& token = "") const {
    return server_.As(token.empty() ? field_.campaign.owner_token : token);
  }
  void Fold() {
    const auto folded =
        db::RunInTransaction(field_.database.pool(), {.campaign = field_.campaign.campaign},
                             [&](db::Transaction& transaction) { return FoldTallies(transaction, absl::Now()); });
    ASSERT_TRUE(folded.ok()) << folded.status();
  }
  v1::GrowthPlan Plan() {
    v1::GetGrowthPlanResponse response;
    EXPECT_TRUE(stub_->GetGrowthPlan(As().get(), v1::GetGrowthPlanRequest(), &response).ok());
    return response.plan();
  }
  grpc::Status SetPlan(const v1::GrowthPlan& plan) {
    v1::SetGrowthPlanRequest request;
    *request.mutable_plan() = plan;
    v1::SetGrowthPlanResponse response;
    return stub_->SetGrowthPlan(As().get(), request, &response);
  }
  // A shift is three doors, two steps make ready, and the module "turf" lasts 30 days.
  void SetShortPlan() {
    v1::GrowthPlan plan = Plan();
    plan.set_shift_doors_min(3);
    plan.set_ready_steps_min(2);
    auto& module = *plan.add_modules();
    module.set_code("turf");
    module.set_name("Walking a turf");
    module.set_valid_days(30);
    const grpc::Status status = SetPlan(plan);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  v1::GetMemberGrowthResponse Growth(base::MemberId member) {
    v1::GetMemberGrowthRequest request;
    request.set_member_id(member.value);
    v1::GetMemberGrowthResponse response;
    EXPECT_TRUE(stub_->GetMemberGrowth(As().get(), request, &response).ok());
    return response;
  }
  std::vector<std::string> Reached(base::MemberId member) {
    std::vector<std::string> codes;
    const v1::GetMemberGrowthResponse growth = Growth(member);
    for (const auto& step : growth.steps()) {
      if (step.has_reach_time()) codes.push_back(step.code());
    }
    return codes;
  }
  grpc::Status Train(const std::vector<base::MemberId>& members, absl::Time when, const std::string& token = "",
                     const std::string& module = "turf") {
    v1::RecordTrainingRequest request;
    for (const base::MemberId member : members) request.add_member_ids(member.value);
    request.set_module(module);
    *request.mutable_complete_time() = rpc::ToTimestamp(when);
    v1::RecordTrainingResponse response;
    return stub_->RecordTraining(As(token).get(), request, &response);
  }
  std::vector<v1::Proposal> Proposals(v1::ProposalKind kind, v1::ProposalState state = v1::PROPOSAL_STATE_OPEN) {
    v1::ListProposalsRequest request;
    request.set_leader_id(-1);
    request.set_refresh(true);
    request.set_state(state);
    v1::ListProposalsResponse response;
    const grpc::Status status = stub_->ListProposals(As().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::vector<v1::Proposal> proposals;
    for (const v1::Proposal& proposal : response.proposals()) {
      if (proposal.kind() == kind) proposals.push_back(proposal);
    }
    return proposals;
  }
  grpc::Status Decide(int64_t proposal, bool accept, const std::string& reason = "", const std::string& token = "") {
    v1::DecideProposalRequest request;
    request.set_proposal_id(proposal);
    request.set_accept(accept);
    request.set_reason(reason);
    v1::DecideProposalResponse response;
    return stub_->DecideProposal(As(token).get(), request, &response);
  }
  int64_t Add(base::MemberId leader, access::v1::Role role = access::v1::ROLE_CANVASSER) {
    v1::CreateMemberRequest request;
    request.set_request_id(base::Uuid::Random().ToString());
    request.set_display_name("Someone");
    request.set_role(role);
    request.set_leader_id(leader.value);
    v1::CreateMemberResponse response;
    EXPECT_TRUE(stub_->CreateMember(As().get(), request, &response).ok());
    return response.member().member_id();
  }
  v1::Member Get(int64_t member) {
    v1::GetMemberRequest request;
    request.set_member_id(member);
    v1::GetMemberResponse response;
    EXPECT_TRUE(stub_->GetMember(As().get(), request, &response).ok());
    return response.member();
  }

  tests::Field field_;
  tests::TestServer server_;
  std::unique_ptr<v1::OrganizingService::Stub> stub_;
};

TEST_F(GrowthTest, ACampaignStartsWithALadderAndMaySettleItsOwn) {
  v1::GrowthPlan plan = Plan();
  ASSERT_EQ(plan.steps_size(), 6);
  EXPECT_EQ(plan.steps(2).code(), "shift");
  EXPECT_EQ(plan.required_module(), "");
  EXPECT_EQ(plan.time_zone(), "UTC");
  plan.mutable_steps()->DeleteSubrange(4, 1);
  auto& step = *plan.add_steps();
  step.set_code("phone_bank");
  step.set_name("Called an evening");
  step.set_kind(v1::STEP_KIND_BY_HAND);
  plan.set_time_zone("America/New_York");
  ASSERT_TRUE(SetPlan(plan).ok());
  EXPECT_EQ(Plan().DebugString(), plan.DebugString());
  v1::SetGrowthPlanResponse response;
  EXPECT_EQ(stub_->SetGrowthPlan(As(field_.leader_token).get(), v1::SetGrowthPlanRequest(), &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(GrowthTest, APlanThatCanNotBeIsRefused) {
  struct Case {
    std::function<void(v1::GrowthPlan&)> spoil;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {[](auto& p) { p.clear_steps(); }, "STEPS_OUT_OF_RANGE"},
      {[](auto& p) {
         for (int i = 0; i < 20; ++i) p.add_steps();
       },
       "STEPS_OUT_OF_RANGE"},
      {[](auto& p) { p.mutable_steps(0)->set_code("Joined"); }, "CODE_INVALID"},
      {[](auto& p) { p.mutable_steps(0)->set_code(std::string(41, 'a')); }, "CODE_INVALID"},
      {[](auto& p) { p.mutable_steps(0)->set_code("shift"); }, "CODE_REPEATED"},
      {[](auto& p) { p.mutable_steps(0)->set_name(""); }, "NAME_LENGTH"},
      {[](auto& p) { p.mutable_steps(0)->set_kind(static_cast<v1::StepKind>(99)); }, "KIND_UNKNOWN"},
      {[](auto& p) { p.set_required_module("turf"); }, "MODULE_UNKNOWN"},
      {[](auto& p) { p.add_modules()->set_code("a"); }, "NAME_LENGTH"},
      {[](auto& p) { p.set_quiet_days(366); }, "DAYS_OUT_OF_RANGE"},
      {[](auto& p) { p.set_shift_doors_min(-1); }, "DOORS_OUT_OF_RANGE"},
      {[](auto& p) { p.set_time_zone("Atlantis/Capital"); }, "TIME_ZONE_UNKNOWN"},
  };
  for (const Case& bad : cases) {
    v1::GrowthPlan plan = Plan();
    bad.spoil(plan);
    const grpc::Status status = SetPlan(plan);
    EXPECT_EQ(tests::ReasonOf(status), bad.reason);
    EXPECT_THAT(tests::FieldOf(status), HasSubstr("plan."));
  }
}

TEST_F(GrowthTest, WhatTheSystemKnowsItRecordsWithTheEvidence) {
  SetShortPlan();
  field_.Send({field_.Knock(0), field_.Knock(1)});
  Fold();
  EXPECT_THAT(Reached(field_.canvasser), ElementsAre("joined"));
  EXPECT_THAT(Reached(field_.leader), ElementsAre("joined", "leads"));
  field_.Send({field_.Knock(2)});
  Fold();
  EXPECT_THAT(Reached(field_.canvasser), ElementsAre("joined", "shift"));
  EXPECT_THAT(Growth(field_.canvasser).steps(2).evidence(), HasSubstr("\"doors\": 3"));
}

TEST_F(GrowthTest, StepsAreRecordedByHandOnceAndNotForOneself) {
  v1::RecordStepRequest request;
  request.set_member_id(field_.canvasser.value);
  request.set_code("hosted");
  request.set_note("at the library");
  v1::RecordStepResponse response;
  ASSERT_TRUE(stub_->RecordStep(As(field_.leader_token).get(), request, &response).ok());
  EXPECT_TRUE(response.recorded());
  ASSERT_TRUE(stub_->RecordStep(As(field_.leader_token).get(), request, &response).ok());
  EXPECT_FALSE(response.recorded());
  EXPECT_EQ(Growth(field_.canvasser).steps(4).recorded_by_id(), field_.leader.value);
  EXPECT_EQ(Growth(field_.canvasser).steps(4).note(), "at the library");
  EXPECT_EQ(tests::ReasonOf(stub_->RecordStep(As(field_.other_leader_token).get(), request, &response)),
            "NOT_YOUR_BRANCH");
  request.set_member_id(field_.leader.value);
  EXPECT_EQ(tests::ReasonOf(stub_->RecordStep(As(field_.leader_token).get(), request, &response)), "NOT_FOR_ONESELF");
  request.set_code("flown");
  EXPECT_EQ(tests::ReasonOf(stub_->RecordStep(As().get(), request, &response)), "STEP_UNKNOWN");
}

TEST_F(GrowthTest, TrainingsRunOutAndAreRenewed) {
  SetShortPlan();
  const absl::Time now = field_.clock.Now();
  ASSERT_TRUE(Train({field_.canvasser, field_.leader}, now - absl::Hours(24 * 20)).ok());
  ASSERT_TRUE(Train({field_.canvasser}, now - absl::Hours(24 * 25)).ok()) << "an earlier one changes nothing";
  ASSERT_EQ(Growth(field_.canvasser).trainings_size(), 1);
  EXPECT_EQ(rpc::FromTimestamp(Growth(field_.canvasser).trainings(0).expire_time(), "").value(),
            absl::FromUnixMicros(absl::ToUnixMicros(now)) + absl::Hours(24 * 10));
  EXPECT_THAT(Reached(field_.canvasser), ElementsAre("trained"));
  v1::GetLeaderHomeRequest request;
  v1::GetLeaderHomeResponse home;
  ASSERT_TRUE(stub_->GetLeaderHome(As(field_.leader_token).get(), request, &home).ok());
  EXPECT_EQ(home.home().expiring_trainings_size(), 2);
  ASSERT_TRUE(Train({field_.canvasser, field_.leader}, now).ok());
  EXPECT_EQ(tests::ReasonOf(Train({field_.leader}, now, field_.leader_token)), "NOT_FOR_ONESELF");
  EXPECT_EQ(tests::ReasonOf(Train({field_.leader}, now, "", "flying")), "MODULE_UNKNOWN");
  EXPECT_EQ(tests::ReasonOf(Train({field_.leader}, now + absl::Hours(48))), "TIME_OUT_OF_RANGE");
  EXPECT_EQ(tests::ReasonOf(Train({}, now)), "MEMBERS_OUT_OF_RANGE");
}

TEST_F(GrowthTest, TurfGoesOnlyToAnHeirWhoHasDoneTheRequiredTraining) {
  SetShortPlan();
  v1::GrowthPlan plan = Plan();
  plan.set_required_module("turf");
  ASSERT_TRUE(SetPlan(plan).ok());
  v1::StepDownRequest request;
  request.set_member_id(field_.leader.value);
  request.set_successor_id(field_.other_leader.value);
  v1::StepDownResponse response;
  const grpc::Status refused = stub_->StepDown(As().get(), request, &response);
  EXPECT_EQ(tests::ReasonOf(refused), "TRAINING_MISSING");
  EXPECT_THAT(refused.error_message(), HasSubstr(absl::StrCat("member ", field_.other_leader.value)));
  EXPECT_THAT(refused.error_message(), HasSubstr("turf"));
  ASSERT_TRUE(Train({field_.other_leader}, field_.clock.Now()).ok());
  EXPECT_TRUE(stub_->StepDown(As().get(), request, &response).ok());
}

TEST_F(GrowthTest, WhoIsReadyToLeadIsProposedAndLeadsWhenAccepted) {
  SetShortPlan();
  field_.Send({field_.Knock(0), field_.Knock(1)});
  Fold();
  EXPECT_THAT(Proposals(v1::PROPOSAL_KIND_LEAD), IsEmpty());
  field_.Send({field_.Knock(2)});
  Fold();
  const auto proposals = Proposals(v1::PROPOSAL_KIND_LEAD);
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals[0].subject_id(), field_.canvasser.value);
  EXPECT_THAT(proposals[0].evidence(), HasSubstr("\"shift\""));
  EXPECT_THAT(proposals[0].evidence(), HasSubstr("\"doors\": 3"));
  EXPECT_EQ(Proposals(v1::PROPOSAL_KIND_LEAD).size(), 1U) << "proposed once";
  v1::GetLeaderHomeResponse home;
  ASSERT_TRUE(stub_->GetLeaderHome(As(field_.leader_token).get(), v1::GetLeaderHomeRequest(), &home).ok());
  ASSERT_EQ(home.home().proposals_size(), 1);
  EXPECT_EQ(tests::ReasonOf(Decide(proposals[0].proposal_id(), true, "", field_.other_leader_token)),
            "NOT_YOUR_BRANCH");
  for (int repeat = 0; repeat < 2; ++repeat) {
    ASSERT_TRUE(Decide(proposals[0].proposal_id(), true, "", field_.leader_token).ok());
    EXPECT_EQ(Get(field_.canvasser.value).role(), access::v1::ROLE_LEADER);
  }
  EXPECT_EQ(tests::ReasonOf(Decide(proposals[0].proposal_id(), false, "no")), "PROPOSAL_DECIDED");
  EXPECT_THAT(Proposals(v1::PROPOSAL_KIND_LEAD), IsEmpty());
}

TEST_F(GrowthTest, WhatWasDeclinedIsNotProposedAgainForSomeDays) {
  SetShortPlan();
  field_.Send({field_.Knock(0), field_.Knock(1), field_.Knock(2)});
  Fold();
  const int64_t proposal = Proposals(v1::PROPOSAL_KIND_LEAD).at(0).proposal_id();
  EXPECT_EQ(tests::ReasonOf(Decide(proposal, false)), "REASON_MISSING");
  ASSERT_TRUE(Decide(proposal, false, "moves away in spring").ok());
  EXPECT_THAT(Proposals(v1::PROPOSAL_KIND_LEAD), IsEmpty());
  EXPECT_EQ(Proposals(v1::PROPOSAL_KIND_LEAD, v1::PROPOSAL_STATE_DECLINED).at(0).reason(), "moves away in spring");
  field_.clock.Advance(absl::Hours(24 * 15));
  EXPECT_EQ(Proposals(v1::PROPOSAL_KIND_LEAD).size(), 1U);
}

TEST_F(GrowthTest, WhatNoLongerHoldsIsStaleAndIsNotDone) {
  SetShortPlan();
  field_.Send({field_.Knock(0), field_.Knock(1), field_.Knock(2)});
  Fold();
  const int64_t proposal = Proposals(v1::PROPOSAL_KIND_LEAD).at(0).proposal_id();
  v1::GrowthPlan plan = Plan();
  plan.set_ready_steps_min(5);
  ASSERT_TRUE(SetPlan(plan).ok());
  EXPECT_EQ(tests::ReasonOf(Decide(proposal, true)), "PROPOSAL_STALE");
  EXPECT_EQ(Get(field_.canvasser.value).role(), access::v1::ROLE_CANVASSER);
  EXPECT_THAT(Proposals(v1::PROPOSAL_KIND_LEAD), IsEmpty());
}

TEST_F(GrowthTest, AFullTeamIsSplitSoThatTheOthersKeepTheirLeader) {
  const int64_t heir = Add(field_.leader, access::v1::ROLE_LEADER);
  EXPECT_THAT(Proposals(v1::PROPOSAL_KIND_SPLIT), IsEmpty());
  std::vector<int64_t> team = {field_.canvasser.value, heir};
  while (team.size() < 8) team.push_back(Add(field_.leader));
  const auto proposals = Proposals(v1::PROPOSAL_KIND_SPLIT);
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals[0].subject_id(), field_.leader.value);
  EXPECT_EQ(proposals[0].new_leader_id(), heir);
  EXPECT_EQ(proposals[0].follower_ids_size(), 3) << "as few as make room";
  ASSERT_TRUE(Decide(proposals[0].proposal_id(), true, "", field_.leader_token).ok()) << "one's own team";
  EXPECT_EQ(Get(heir).team_size(), 3);
  EXPECT_EQ(Get(field_.leader.value).team_size(), 5);
  for (const int64_t member : team) {
    const auto& followers = proposals[0].follower_ids();
    const bool follows = std::find(followers.begin(), followers.end(), member) != followers.end();
    EXPECT_EQ(Get(member).leader_id(), follows ? heir : field_.leader.value);
  }
  EXPECT_THAT(Proposals(v1::PROPOSAL_KIND_SPLIT), IsEmpty());
}

TEST_F(GrowthTest, AQuietLeaderIsProposedToStepDown) {
  Fold();
  EXPECT_THAT(Proposals(v1::PROPOSAL_KIND_QUIET), IsEmpty()) << "new leaders have time to begin";
  field_.Execute("update member set create_time = now() - interval '60 days'");
  ASSERT_EQ(Proposals(v1::PROPOSAL_KIND_QUIET).size(), 2U);
  field_.Send({field_.Knock(0)});
  Fold();
  const auto proposals = Proposals(v1::PROPOSAL_KIND_QUIET);
  ASSERT_EQ(proposals.size(), 1U) << "whose team knocks is not quiet";
  EXPECT_EQ(proposals[0].subject_id(), field_.other_leader.value);
  EXPECT_EQ(tests::ReasonOf(Decide(proposals[0].proposal_id(), true, "", field_.other_leader_token)),
            "NOT_FOR_ONESELF");
  ASSERT_TRUE(Decide(proposals[0].proposal_id(), true).ok());
  EXPECT_EQ(Get(field_.other_leader.value).role(), access::v1::ROLE_CANVASSER);
  EXPECT_EQ(Get(field_.other_canvasser.value).leader_id(), field_.campaign.owner.value);
}

TEST_F(GrowthTest, ServersProposeByThemselvesOnceAnHour) {
  Fold();
  field_.Execute("update member set create_time = now() - interval '60 days'");
  const auto propose = [&](absl::Time now) {
    return db::RunInTransaction(field_.database.pool(), {.campaign = field_.campaign.campaign},
                                [&](db::Transaction& transaction) { return ProposeWhereDue(transaction, now); })
        .value();
  };
  const absl::Time now = absl::Now();
  EXPECT_TRUE(propose(now));
  EXPECT_FALSE(propose(now + absl::Minutes(59)));
  EXPECT_TRUE(propose(now + absl::Minutes(61)));
  EXPECT_EQ(field_.Count("select count(*) from proposal where state = 'open' and kind = 'quiet'"), 2);
}

}  // namespace
}  // namespace snowfield::organizing
