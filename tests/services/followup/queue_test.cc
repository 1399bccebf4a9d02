// The queue of follow-ups: who gets what, for how long, and what becomes of work that nobody does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/followup/follow_up_work.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/timestamp.h"
#include "tests/services/canvass/field.h"
#include "tests/support/test_server.h"

namespace snowfield::tests {
namespace {
using namespace followup::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language
using canvass::v1::ASK_ANSWER_YES;
using canvass::v1::ASK_KIND_HOST_MEETING;
using canvass::v1::ASK_KIND_VOLUNTEER;
using canvass::v1::ASK_KIND_YARD_SIGN;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string ReasonOf(const grpc::Status& status) { return base::DetailOf(rpc::FromGrpcStatus(status)).reason; }

class Queue : public testing::Test {
 protected:
  Queue() {
    field_.CheckOut(field_.phone);
    field_.CheckOut(field_.other_phone, 2);
    field_.Send({field_.AskKnock(0, ASK_KIND_YARD_SIGN, ASK_ANSWER_YES),
                 field_.AskKnock(1, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES),
                 field_.AskKnock(2, ASK_KIND_HOST_MEETING, ASK_ANSWER_YES)});
    field_.Send({field_.AskKnock(7, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES)}, field_.other_phone);
    canvasser_token_ = MakeToken(field_.database, field_.campaign.campaign, field_.canvasser);
  }

  FollowUpService::Stub& stub() const { return field_.followup(); }
  std::vector<Lease> Claim(const std::string& token, int count = 1, int64_t owner = 0, const std::string& queue = "") {
    ClaimFollowUpsRequest request;
    request.set_count(count);
    request.set_owner_id(owner);
    request.set_queue(queue);
    ClaimFollowUpsResponse response;
    const grpc::Status status = stub().ClaimFollowUps(field_.As(token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {response.leases().begin(), response.leases().end()};
  }
  Lease ClaimOne(const std::string& token, int64_t owner = 0, const std::string& queue = "") {
    const std::vector<Lease> leases = Claim(token, 1, owner, queue);
    EXPECT_THAT(leases, SizeIs(1));
    return leases.empty() ? Lease() : leases[0];
  }
  grpc::Status Complete(const std::string& token, int64_t id, int64_t fence,
                        FollowUpOutcome outcome = FOLLOW_UP_OUTCOME_REACHED) {
    CompleteFollowUpRequest request;
    request.set_follow_up_id(id);
    request.set_fence(fence);
    request.set_outcome(outcome);
    CompleteFollowUpResponse response;
    return stub().CompleteFollowUp(field_.As(token).get(), request, &response);
  }
  grpc::Status GiveUp(int64_t id) {
    GiveUpFollowUpRequest request;
    request.set_follow_up_id(id);
    request.set_reason("moved abroad");
    GiveUpFollowUpResponse response;
    return stub().GiveUpFollowUp(field_.As(field_.leader_token).get(), request, &response);
  }
  grpc::Status Reopen(int64_t id) {
    ReopenFollowUpRequest request;
    request.set_follow_up_id(id);
    ReopenFollowUpResponse response;
    return stub().ReopenFollowUp(field_.As(field_.leader_token).get(), request, &response);
  }
  followup::FollowUpsMoved MoveLate() {
    const auto moved =
        followup::MoveLateFollowUps(field_.database.pool(), field_.campaign.campaign, field_.clock.Now());
    EXPECT_TRUE(moved.ok()) << moved.status();
    return moved.value_or(followup::FollowUpsMoved());
  }
  int64_t OwnerOf(int64_t id) {
    return field_.Count(absl::StrCat("select owner_id from follow_up where follow_up_id = ", id));
  }
  std::vector<std::string> History(int64_t id) {
    ListFollowUpEventsRequest request;
    request.set_follow_up_id(id);
    request.set_page_size(2);
    std::vector<std::string> kinds;
    do {
      ListFollowUpEventsResponse response;
      const grpc::Status status =
          stub().ListFollowUpEvents(field_.As(field_.campaign.owner_token).get(), request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      for (const FollowUpEvent& event : response.events()) {
        kinds.push_back(FollowUpEventKind_Name(event.kind()).substr(sizeof("FOLLOW_UP_EVENT_KIND_") - 1));
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return kinds;
  }

  Field field_;
  std::string canvasser_token_;
};

TEST_F(Queue, HandsOutTheMostDueFirstWithWhatTheCallNeeds) {
  const std::vector<Lease> leases = Claim(field_.leader_token, 10);
  ASSERT_THAT(leases, SizeIs(3));
  EXPECT_LE(leases[0].follow_up().due_time().seconds(), leases[1].follow_up().due_time().seconds());
  EXPECT_EQ(leases[2].follow_up().queue(), "yard_sign") << "due last";
  EXPECT_EQ(leases[0].fence(), 1);
  EXPECT_EQ(leases[0].follow_up().holder_id(), field_.leader.value);
  EXPECT_FALSE(leases[0].follow_up().phone_number().empty());
  EXPECT_THAT(Claim(field_.leader_token, 10), IsEmpty()) << "all are out";
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'follow_up.claim'"), 1);
}

TEST_F(Queue, HandsOutOnlyOnesOwnBranchAndQueue) {
  EXPECT_THAT(Claim(field_.other_leader_token, 10, -1), SizeIs(1));
  EXPECT_EQ(ClaimOne(field_.leader_token, 0, "volunteer").follow_up().queue(), "volunteer");
  EXPECT_THAT(Claim(canvasser_token_, 10, -1), IsEmpty()) << "nothing is theirs";
  ClaimFollowUpsRequest request;
  request.set_owner_id(field_.other_leader.value);
  ClaimFollowUpsResponse response;
  EXPECT_EQ(ReasonOf(stub().ClaimFollowUps(field_.As(field_.leader_token).get(), request, &response)),
            "NOT_YOUR_BRANCH");
  EXPECT_THAT(Claim(field_.campaign.owner_token, 10, -1), SizeIs(2)) << "what nobody holds, of everyone";
}

TEST_F(Queue, GivesNoItemToTwoHoweverManyAskAtOnce) {
  field_.Execute(
      "insert into follow_up (campaign_id, knock_id, rule_id, door_id, queue, owner_id, priority, due_time) "
      "select f.campaign_id, f.knock_id, r.rule_id, f.door_id, 'many', f.owner_id, 1, f.due_time + n * interval '1 s' "
      "from follow_up f, follow_up_rule r, generate_series(1, 40) n "
      "where f.owner_id = (select min(owner_id) from follow_up) on conflict do nothing");
  const int64_t all = field_.Count("select count(*) from follow_up where state = 'open'");
  std::vector<std::thread> workers;
  std::vector<std::vector<int64_t>> got(8);
  for (std::vector<int64_t>& mine : got) {
    workers.emplace_back([&] {
      while (true) {
        const std::vector<Lease> leases = Claim(field_.campaign.owner_token, 3, -1);
        if (leases.empty()) return;
        for (const Lease& lease : leases) {
          mine.push_back(lease.follow_up().follow_up_id());
          EXPECT_TRUE(Complete(field_.campaign.owner_token, mine.back(), lease.fence()).ok());
        }
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  std::set<int64_t> distinct;
  size_t count = 0;
  for (const auto& mine : got) {
    distinct.insert(mine.begin(), mine.end());
    count += mine.size();
  }
  EXPECT_EQ(count, distinct.size());
  EXPECT_EQ(static_cast<int64_t>(count), all);
  EXPECT_EQ(field_.Count("select count(*) from follow_up_event where kind = 'completed'"), all);
}

TEST_F(Queue, ALostLeaseCompletesNothingAfterAnotherWasGiven) {
  const Lease lost = ClaimOne(field_.leader_token, 0, "volunteer");
  const int64_t id = lost.follow_up().follow_up_id();
  EXPECT_EQ(ReasonOf(Complete(field_.campaign.owner_token, id, 0)), "HELD_BY_ANOTHER");
  field_.clock.Advance(absl::Minutes(11));
  const Lease now = ClaimOne(field_.campaign.owner_token, field_.leader.value, "volunteer");
  EXPECT_EQ(now.follow_up().follow_up_id(), id);
  EXPECT_EQ(now.fence(), lost.fence() + 1);
  EXPECT_EQ(ReasonOf(Complete(field_.leader_token, id, lost.fence())), "LEASE_LOST");
  EXPECT_TRUE(Complete(field_.campaign.owner_token, id, now.fence(), FOLLOW_UP_OUTCOME_SAID_YES).ok());
  EXPECT_TRUE(Complete(field_.campaign.owner_token, id, now.fence(), FOLLOW_UP_OUTCOME_SAID_YES).ok()) << "repeated";
  EXPECT_EQ(ReasonOf(Complete(field_.leader_token, id, lost.fence())), "ALREADY_COMPLETED");
  EXPECT_THAT(History(id), ElementsAre("CREATED", "CLAIMED", "LEASE_LOST", "CLAIMED", "COMPLETED"));
}

TEST_F(Queue, AnOverdueLeaseThatNobodyTookStillCompletes) {
  const Lease lease = ClaimOne(field_.leader_token);
  field_.clock.Advance(absl::Hours(2));
  EXPECT_TRUE(Complete(field_.leader_token, lease.follow_up().follow_up_id(), lease.fence()).ok());
}

TEST_F(Queue, ALeaseIsRenewedAndGivenBackByItsHolderAlone) {
  const Lease lease = ClaimOne(field_.leader_token);
  const auto name = [&](auto request, int64_t fence) {
    request.add_leases()->set_follow_up_id(lease.follow_up().follow_up_id());
    request.mutable_leases(0)->set_fence(fence);
    return request;
  };
  RenewLeasesResponse renewed;
  field_.clock.Advance(absl::Minutes(9));
  ASSERT_TRUE(
      stub()
          .RenewLeases(field_.As(field_.leader_token).get(), name(RenewLeasesRequest(), lease.fence()), &renewed)
          .ok());
  EXPECT_THAT(renewed.lost_ids(), IsEmpty());
  field_.clock.Advance(absl::Minutes(9));
  EXPECT_THAT(Claim(field_.campaign.owner_token, 10, field_.leader.value), SizeIs(2)) << "the renewed one is held";
  ReleaseLeasesResponse released;
  ASSERT_TRUE(stub()
                  .ReleaseLeases(field_.As(field_.campaign.owner_token).get(),
                                 name(ReleaseLeasesRequest(), lease.fence()), &released)
                  .ok());
  EXPECT_THAT(released.lost_ids(), SizeIs(1)) << "not theirs to give back";
  released.Clear();
  ASSERT_TRUE(
      stub()
          .ReleaseLeases(field_.As(field_.leader_token).get(), name(ReleaseLeasesRequest(), lease.fence()), &released)
          .ok());
  EXPECT_THAT(released.lost_ids(), IsEmpty());
  EXPECT_EQ(ClaimOne(field_.leader_token).fence(), lease.fence() + 1);
  renewed.Clear();
  ASSERT_TRUE(
      stub()
          .RenewLeases(field_.As(field_.leader_token).get(), name(RenewLeasesRequest(), lease.fence()), &renewed)
          .ok());
  EXPECT_THAT(renewed.lost_ids(), SizeIs(1));
}

TEST_F(Queue, WhatIsPutOffComesBackInItsTime) {
  const Lease lease = ClaimOne(field_.leader_token, 0, "volunteer");
  SnoozeFollowUpRequest request;
  request.set_follow_up_id(lease.follow_up().follow_up_id());
  request.set_fence(lease.fence());
  *request.mutable_until_time() = rpc::ToTimestamp(field_.clock.Now() + absl::Hours(20));
  request.set_reason("asked to be called tomorrow");
  SnoozeFollowUpResponse response;
  const grpc::Status status = stub().SnoozeFollowUp(field_.As(field_.leader_token).get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.follow_up().holder_id(), 0);
  EXPECT_THAT(Claim(field_.leader_token, 1, 0, "volunteer"), IsEmpty());
  field_.clock.Advance(absl::Hours(21));
  EXPECT_THAT(Claim(field_.leader_token, 1, 0, "volunteer"), SizeIs(1));
  *request.mutable_until_time() = rpc::ToTimestamp(field_.clock.Now() - absl::Hours(1));
  EXPECT_EQ(ReasonOf(stub().SnoozeFollowUp(field_.As(field_.leader_token).get(), request, &response)),
            "TIME_OUT_OF_RANGE");
}

TEST_F(Queue, WorkIsGivenToSomeoneOfTheBranchWhoMayDoIt) {
  const int64_t id = ClaimOne(field_.leader_token).follow_up().follow_up_id();
  ReassignFollowUpRequest request;
  request.set_follow_up_id(id);
  request.set_to_member_id(field_.canvasser.value);
  ReassignFollowUpResponse response;
  const auto reassign = [&] {
    return stub().ReassignFollowUp(field_.As(field_.leader_token).get(), request, &response);
  };
  ASSERT_TRUE(reassign().ok());
  EXPECT_EQ(response.follow_up().owner_id(), field_.canvasser.value);
  EXPECT_EQ(ClaimOne(canvasser_token_).follow_up().follow_up_id(), id) << "the leader's lease ended with it";
  request.set_to_member_id(field_.other_leader.value);
  EXPECT_EQ(ReasonOf(reassign()), "NOT_YOUR_BRANCH");
  field_.Execute(absl::StrCat("update member set role = 'viewer' where member_id = ", field_.canvasser.value));
  request.set_to_member_id(field_.canvasser.value);
  EXPECT_EQ(ReasonOf(reassign()), "MEMBER_CANNOT_WORK");
}

TEST_F(Queue, WhatIsGivenUpIsDeadUntilItIsOpenedAgain) {
  const int64_t id = ClaimOne(field_.leader_token, 0, "volunteer").follow_up().follow_up_id();
  ASSERT_TRUE(GiveUp(id).ok());
  EXPECT_EQ(ReasonOf(Complete(field_.leader_token, id, 0)), "FOLLOW_UP_GIVEN_UP");
  field_.clock.Advance(absl::Hours(1));
  EXPECT_THAT(Claim(field_.leader_token, 1, 0, "volunteer"), IsEmpty());
  ASSERT_TRUE(Reopen(id).ok());
  EXPECT_EQ(ReasonOf(Reopen(id)), "NOT_GIVEN_UP");
  EXPECT_EQ(ClaimOne(field_.leader_token, 0, "volunteer").follow_up().follow_up_id(), id);
  EXPECT_THAT(History(id), ElementsAre("CREATED", "CLAIMED", "GIVEN_UP", "REOPENED", "CLAIMED"));
}

TEST_F(Queue, WhoAskedToBeLeftAloneIsNotOpenedAgain) {
  const int64_t id = ClaimOne(field_.leader_token, 0, "volunteer").follow_up().follow_up_id();
  ASSERT_TRUE(GiveUp(id).ok());
  canvass::v1::Knock leave_alone = field_.Knock(1);
  leave_alone.set_result(canvass::v1::KNOCK_RESULT_DO_NOT_CONTACT);
  field_.Send({leave_alone});
  EXPECT_EQ(ReasonOf(Reopen(id)), "MAY_NOT_REOPEN");
}

TEST_F(Queue, ADoNotContactTakesTheItemOutOfItsHoldersHands) {
  const Lease lease = ClaimOne(field_.leader_token, 0, "volunteer");
  const int64_t id = lease.follow_up().follow_up_id();
  canvass::v1::Knock leave_alone = field_.Knock(1);
  leave_alone.set_result(canvass::v1::KNOCK_RESULT_DO_NOT_CONTACT);
  field_.Send({leave_alone});
  EXPECT_EQ(ReasonOf(Complete(field_.leader_token, id, lease.fence())), "FOLLOW_UP_DROPPED");
  EXPECT_THAT(History(id), ElementsAre("CREATED", "CLAIMED", "DROPPED"));
}

TEST_F(Queue, LateWorkClimbsOneLevelAtATime) {
  const int64_t id = field_.Count("select follow_up_id from follow_up where queue = 'volunteer' order by 1 limit 1");
  ReassignFollowUpRequest request;
  request.set_follow_up_id(id);
  request.set_to_member_id(field_.canvasser.value);
  ReassignFollowUpResponse response;
  ASSERT_TRUE(stub().ReassignFollowUp(field_.As(field_.leader_token).get(), request, &response).ok());
  field_.clock.Advance(absl::Hours(47));
  EXPECT_EQ(MoveLate().climbed, 0) << "due in 48 hours";
  field_.clock.Advance(absl::Hours(26));
  EXPECT_GT(MoveLate().climbed, 0);
  EXPECT_EQ(OwnerOf(id), field_.leader.value) << "a day late";
  EXPECT_EQ(MoveLate().climbed, 0) << "and not two levels at once";
  field_.clock.Advance(absl::Hours(25));
  MoveLate();
  EXPECT_EQ(OwnerOf(id), field_.campaign.owner.value);
  field_.clock.Advance(absl::Hours(25));
  MoveLate();
  EXPECT_EQ(OwnerOf(id), field_.campaign.owner.value) << "nobody is above";
  EXPECT_THAT(History(id), ElementsAre("CREATED", "REASSIGNED", "CLIMBED", "CLIMBED"));
}

TEST_F(Queue, WhatSomebodyIsAtDoesNotClimb) {
  field_.clock.Advance(absl::Hours(24 * 5));
  EXPECT_THAT(Claim(field_.leader_token, 10), SizeIs(3));
  Claim(field_.other_leader_token, 10);
  EXPECT_EQ(MoveLate().climbed, 0);
  field_.clock.Advance(absl::Minutes(11));
  EXPECT_EQ(MoveLate().climbed, 4);
}

TEST_F(Queue, ManyServersClimbAnItemOnce) {
  field_.clock.Advance(absl::Hours(24 * 5));
  std::vector<std::thread> servers;
  std::atomic<int> climbed = 0;
  for (int i = 0; i < 6; ++i) servers.emplace_back([&] { climbed += MoveLate().climbed; });
  for (std::thread& server : servers) server.join();
  EXPECT_EQ(climbed, 4);
}

TEST_F(Queue, WhatWasTriedInVainAgainAndAgainIsGivenUp) {
  int64_t id = 0;
  for (int i = 0; i < followup::kFollowUpTriesMax; ++i) {
    EXPECT_EQ(MoveLate().given_up, 0);
    id = ClaimOne(field_.leader_token, 0, "volunteer").follow_up().follow_up_id();
    field_.clock.Advance(absl::Minutes(11));
  }
  EXPECT_EQ(MoveLate().given_up, 1);
  EXPECT_EQ(field_.Count(absl::StrCat("select count(*) from follow_up where state = 'dead' and drop_reason = "
                                      "'TRIES_EXHAUSTED' and follow_up_id = ",
                                      id)),
            1);
}

TEST_F(Queue, ManyAreCompletedAtOnceAndABadOneCostsOnlyItself) {
  const std::vector<Lease> leases = Claim(field_.leader_token, 10);
  CompleteFollowUpsRequest request;
  for (const Lease& lease : leases) {
    CompleteFollowUpRequest* item = request.add_items();
    item->set_follow_up_id(lease.follow_up().follow_up_id());
    item->set_fence(lease.fence());
    item->set_outcome(FOLLOW_UP_OUTCOME_REACHED);
  }
  request.mutable_items(1)->set_fence(77);
  CompleteFollowUpRequest* foreign = request.add_items();
  foreign->set_follow_up_id(
      field_.Count(absl::StrCat("select follow_up_id from follow_up where owner_id = ", field_.other_leader.value)));
  foreign->set_outcome(FOLLOW_UP_OUTCOME_REACHED);
  request.add_items()->set_follow_up_id(1'000'000);
  for (int i = 0; i < 2; ++i) {  // and again, as after a lost answer
    CompleteFollowUpsResponse response;
    const grpc::Status status = stub().CompleteFollowUps(field_.As(field_.leader_token).get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    std::vector<std::string> reasons;
    for (const auto& answer : response.answers()) reasons.push_back(answer.reason());
    EXPECT_THAT(reasons, ElementsAre("", "LEASE_LOST", "", "NOT_YOUR_FOLLOW_UP", "NOT_FOUND"));
  }
  EXPECT_EQ(field_.Count("select count(*) from follow_up where state = 'done'"), 2);
  *request.add_items() = request.items(0);
  CompleteFollowUpsResponse response;
  EXPECT_EQ(ReasonOf(stub().CompleteFollowUps(field_.As(field_.leader_token).get(), request, &response)),
            "ITEM_REPEATED");
}

TEST_F(Queue, WhoWaitsGetsWorkWhenThereIsSome) {
  EXPECT_THAT(Claim(field_.leader_token, 10), SizeIs(3));
  ClaimFollowUpsRequest request;
  request.set_wait_s(20);
  ClaimFollowUpsResponse response;
  std::thread waiter([&] {
    const grpc::Status status = stub().ClaimFollowUps(field_.As(field_.leader_token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  });
  absl::SleepFor(absl::Milliseconds(300));
  field_.Send({field_.AskKnock(3, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES)});
  waiter.join();
  ASSERT_EQ(response.leases_size(), 1);
  EXPECT_EQ(response.leases(0).follow_up().door_id(), field_.doors[3]);
}

TEST_F(Queue, RefusesWhatCannotBe) {
  ClaimFollowUpsResponse response;
  const auto reason_of = [&](const auto& change) {
    ClaimFollowUpsRequest request;
    change(request);
    return ReasonOf(stub().ClaimFollowUps(field_.As(field_.leader_token).get(), request, &response));
  };
  EXPECT_EQ(reason_of([](auto& request) { request.set_count(101); }), "COUNT_OUT_OF_RANGE");
  EXPECT_EQ(reason_of([](auto& request) { request.set_lease_for_s(29); }), "LEASE_OUT_OF_RANGE");
  EXPECT_EQ(reason_of([](auto& request) { request.set_lease_for_s(3601); }), "LEASE_OUT_OF_RANGE");
  EXPECT_EQ(reason_of([](auto& request) { request.set_wait_s(51); }), "WAIT_OUT_OF_RANGE");
  EXPECT_EQ(reason_of([](auto& request) { request.set_owner_id(-2); }), "OWNER_INVALID");
  EXPECT_EQ(reason_of([](auto& request) { request.set_queue(std::string(101, 'q')); }), "QUEUE_INVALID");
  RenewLeasesResponse renewed;
  EXPECT_EQ(ReasonOf(stub().RenewLeases(field_.As(field_.leader_token).get(), {}, &renewed)), "LEASES_OUT_OF_RANGE");
}

TEST_F(Queue, TheOneWhoKnockedDoesTheWorkWhereTheRuleSaysSo) {
  field_.Execute("update follow_up_rule set owner_policy = 'knocker' where queue = 'volunteer'");
  field_.Send({field_.AskKnock(4, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES)});
  EXPECT_EQ(ClaimOne(canvasser_token_).follow_up().door_id(), field_.doors[4]);
}

TEST_F(Queue, TheTeamTakesTurnsWhereTheRuleSaysSo) {
  field_.Execute("update follow_up set state = 'done', complete_time = now(), completed_by = owner_id");
  field_.Execute("update follow_up_rule set owner_policy = 'team' where queue = 'volunteer'");
  for (const int door : {0, 1, 2, 3, 4, 5}) {
    field_.Send({field_.AskKnock(door, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES)});
  }
  EXPECT_EQ(field_.Count(absl::StrCat("select count(*) from follow_up where state = 'open' and owner_id = ",
                                      field_.leader.value)),
            3);
  EXPECT_EQ(field_.Count(absl::StrCat("select count(*) from follow_up where state = 'open' and owner_id = ",
                                      field_.canvasser.value)),
            3);
}

}  // namespace
}  // namespace snowfield::tests
