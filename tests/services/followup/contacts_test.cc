// People are not worn out: who is held back, until when, who is told, and how asks stand to bonds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "db/store/contact_store.h"
#include "services/rpc/timestamp.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace followup::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language
using canvass::v1::ASK_ANSWER_YES;
using canvass::v1::ASK_KIND_VOLUNTEER;
using canvass::v1::ASK_KIND_YARD_SIGN;
using ::testing::SizeIs;

class Contacts : public testing::Test {
 protected:
  Contacts() { field_.CheckOut(field_.phone); }

  FollowUpService::Stub& stub() const { return field_.followup(); }
  std::string Limit(int person_max, int household_max, int quiet_from = 0, int quiet_until = 0) {
    SetContactLimitsRequest request;
    ContactLimits& limits = *request.mutable_limits();
    limits.set_person_max(person_max);
    limits.set_person_days(7);
    limits.set_household_max(household_max);
    limits.set_household_days(7);
    limits.set_quiet_from(quiet_from);
    limits.set_quiet_until(quiet_until);
    SetContactLimitsResponse response;
    return ReasonOf(stub().SetContactLimits(field_.As(field_.campaign.owner_token).get(), request, &response));
  }
  ClaimFollowUpsResponse Claim(int count = 10) {
    ClaimFollowUpsRequest request;
    request.set_count(count);
    ClaimFollowUpsResponse response;
    const grpc::Status status = stub().ClaimFollowUps(field_.As(field_.leader_token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::vector<HeldBack> Held(const std::string& token) {
    ListHeldBackResponse response;
    EXPECT_TRUE(stub().ListHeldBack(field_.As(token).get(), ListHeldBackRequest(), &response).ok());
    return {response.held_back().begin(), response.held_back().end()};
  }
  // A conversation at door `index`, some hours ago, that asks for nothing which makes work.
  void Talk(int index, absl::Duration ago, bool names_person = true) {
    auto knock = field_.Knock(index);
    knock.set_result(canvass::v1::KNOCK_RESULT_CANVASSED);
    *knock.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() - ago);
    if (names_person) {
      auto& response = *knock.add_responses();
      response.set_person_id(field_.people[2 * index]);
      response.set_question("support");
      response.set_answer("3");
    }
    field_.Send({knock});
  }
  void MakeWork(int index) { field_.Send({field_.AskKnock(index, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES)}); }

  Field field_;
};

TEST_F(Contacts, APersonOfWhomEnoughWasAskedIsHeldBackUntilTheLimitAllows) {
  ASSERT_EQ(Limit(1, 100), "");
  Talk(0, absl::Hours(24));
  MakeWork(0);
  MakeWork(1);
  const ClaimFollowUpsResponse claimed = Claim();
  ASSERT_THAT(claimed.leases(), SizeIs(1)) << "what was promised at the door itself does not count";
  EXPECT_EQ(claimed.leases(0).follow_up().door_id(), field_.doors[1]);
  const auto held = Held(field_.leader_token);
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_EQ(held[0].reason(), "PERSON_LIMIT");
  EXPECT_EQ(held[0].person_id(), field_.people[0]);
  EXPECT_LT(absl::AbsDuration(*rpc::FromTimestamp(held[0].until_time(), "") - field_.clock.Now() - absl::Hours(24 * 6)),
            absl::Milliseconds(1));
  EXPECT_THAT(Held(field_.other_leader_token), SizeIs(0)) << "another's branch";
  EXPECT_THAT(Held(field_.campaign.owner_token), SizeIs(1));
  ListFollowUpEventsRequest request;
  request.set_follow_up_id(held[0].follow_up_id());
  ListFollowUpEventsResponse events;
  ASSERT_TRUE(stub().ListFollowUpEvents(field_.As(field_.leader_token).get(), request, &events).ok());
  EXPECT_EQ(events.events(events.events_size() - 1).kind(), FOLLOW_UP_EVENT_KIND_HELD_BACK);
  EXPECT_EQ(events.events(events.events_size() - 1).detail(), "PERSON_LIMIT");
  field_.clock.Advance(absl::Hours(24 * 6));
  EXPECT_THAT(Claim().leases(), SizeIs(2)) << "and the one whose lease ran out";
  EXPECT_THAT(Held(field_.leader_token), SizeIs(0));
}

TEST_F(Contacts, AHouseholdIsHeldBackByDoorsCallsAndMeetingsTogether) {
  ASSERT_EQ(Limit(100, 3), "");
  Talk(0, absl::Hours(48), /*names_person=*/false);
  field_.Send({field_.Knock(0)});  // not home: wears nobody out
  MakeWork(0);
  ASSERT_THAT(Claim().leases(), SizeIs(1));
  field_.clock.Advance(absl::Hours(1));
  // A call that reached the other person, and an invitation of them.
  field_.Execute(absl::StrCat("update follow_up set state = 'done', outcome = 'reached', complete_time = '",
                              absl::FormatTime(field_.clock.Now()),
                              "', completed_by = owner_id, lease_member_id = null, lease_expire_time = null, "
                              "knock_id = knock_id"));
  MakeWork(0);
  field_.Execute(absl::StrCat(
      "with m as (insert into meeting (campaign_id, kind, title, host_id, start_time, end_time, time_zone, capacity, "
      "update_time, request_id) values (",
      field_.campaign.campaign.value, ", 'event', 'Tea', ", field_.leader.value,
      ", now(), now() + interval '1 day', 'UTC', 5, now(), gen_random_uuid()) returning meeting_id) insert into "
      "meeting_guest (campaign_id, meeting_id, capacity, person_id, invite_time) select ",
      field_.campaign.campaign.value, ", meeting_id, 5, ", field_.people[1], ", '",
      absl::FormatTime(field_.clock.Now()), "' from m"));
  EXPECT_THAT(Claim().leases(), SizeIs(0)) << "talk, first ask, call, invitation";
  const auto held = Held(field_.leader_token);
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_EQ(held[0].reason(), "HOUSEHOLD_LIMIT");
}

TEST_F(Contacts, AClaimLooksBehindThoseWhoAreHeldBack) {
  ASSERT_EQ(Limit(1, 100), "");
  for (int door = 0; door < 4; ++door) {
    if (door < 3) Talk(door, absl::Hours(24));
    MakeWork(door);
    field_.clock.Advance(absl::Minutes(1));
  }
  const ClaimFollowUpsResponse claimed = Claim(1);
  ASSERT_THAT(claimed.leases(), SizeIs(1));
  EXPECT_EQ(claimed.leases(0).follow_up().door_id(), field_.doors[3]);
  EXPECT_THAT(Held(field_.leader_token), SizeIs(3));
}

TEST_F(Contacts, NobodyIsCalledInQuietHours) {
  MakeWork(0);
  field_.Execute("update campaign set time_zone = 'America/New_York'");
  const absl::TimeZone zone = [] {
    absl::TimeZone found;
    EXPECT_TRUE(absl::LoadTimeZone("America/New_York", &found));
    return found;
  }();
  const absl::CivilMinute local = absl::ToCivilMinute(field_.clock.Now(), zone);
  const int minute = local.hour() * 60 + local.minute();
  const int until = (minute + 90) % 1440;
  ASSERT_EQ(Limit(3, 4, (minute + 1440 - 60) % 1440, until), "");
  const ClaimFollowUpsResponse quiet = Claim();
  EXPECT_THAT(quiet.leases(), SizeIs(0));
  EXPECT_EQ(*rpc::FromTimestamp(quiet.quiet_until_time(), ""), absl::FromCivil(local + 90, zone));
  GetContactLimitsResponse limits;
  ASSERT_TRUE(stub().GetContactLimits(field_.As(field_.leader_token).get(), GetContactLimitsRequest(), &limits).ok());
  EXPECT_EQ(limits.limits().quiet_until(), until);
  EXPECT_TRUE(limits.has_quiet_until_time());
  field_.clock.Advance(absl::Minutes(91));
  EXPECT_THAT(Claim().leases(), SizeIs(1));
}

TEST_F(Contacts, QuietHoursGoOverMidnightInEitherWay) {
  const auto quiet_at = [&](int from, int until, const std::string& time) {
    EXPECT_EQ(Limit(3, 4, from, until), "");
    return field_.Count(absl::StrCat("select coalesce(extract(epoch from quiet_until(", field_.campaign.campaign.value,
                                     ", '", time, "') - '", time, "')::bigint / 60, 0)"));
  };
  EXPECT_EQ(quiet_at(1260, 540, "2026-11-26 20:59+00"), 0);
  EXPECT_EQ(quiet_at(1260, 540, "2026-11-26 21:00+00"), 720);
  EXPECT_EQ(quiet_at(1260, 540, "2026-11-27 08:59+00"), 1);
  EXPECT_EQ(quiet_at(1260, 540, "2026-11-27 09:00+00"), 0);
  EXPECT_EQ(quiet_at(720, 780, "2026-11-27 12:30+00"), 30);
  EXPECT_EQ(quiet_at(720, 780, "2026-11-27 13:00+00"), 0);
  EXPECT_EQ(quiet_at(0, 0, "2026-11-27 00:00+00"), 0);
}

TEST_F(Contacts, WhoIsInvitedIsOneOfWhomNotEnoughWasAsked) {
  ASSERT_EQ(Limit(1, 100), "");
  Talk(0, absl::Hours(24));
  db::Transaction transaction = *field_.database.pool().Begin({.campaign = field_.campaign.campaign});
  const auto held =
      db::FindHeldPeople(transaction, base::MeetingId(1),
                         {base::PersonId(field_.people[0]), base::PersonId(field_.people[1])}, field_.clock.Now());
  ASSERT_TRUE(held.ok()) << held.status();
  ASSERT_THAT(*held, SizeIs(1));
  EXPECT_EQ((*held)[0].person.value, field_.people[0]);
}

TEST_F(Contacts, LimitsThatCanNotBeAreRefused) {
  SetContactLimitsRequest request;
  SetContactLimitsResponse response;
  EXPECT_EQ(ReasonOf(stub().SetContactLimits(field_.As(field_.campaign.owner_token).get(), request, &response)),
            "LIMITS_MISSING");
  EXPECT_EQ(Limit(0, 4), "LIMIT_OUT_OF_RANGE");
  EXPECT_EQ(Limit(3, 101), "LIMIT_OUT_OF_RANGE");
  EXPECT_EQ(Limit(3, 4, 1440, 5), "QUIET_HOURS_OUT_OF_RANGE");
  GetAskBalanceRequest balance;
  balance.set_days(366);
  GetAskBalanceResponse said;
  EXPECT_EQ(ReasonOf(stub().GetAskBalance(field_.As(field_.leader_token).get(), balance, &said)), "DAYS_OUT_OF_RANGE");
}

TEST_F(Contacts, AsksAreWeighedAgainstBondsByBranch) {
  Talk(0, absl::Hours(30));
  Talk(0, absl::Hours(6));  // a second conversation
  field_.Send({field_.AskKnock(1, ASK_KIND_YARD_SIGN, ASK_ANSWER_YES)});
  MakeWork(2);
  const ClaimFollowUpsResponse claimed = Claim(10);
  ASSERT_GT(claimed.leases_size(), 0);
  CompleteFollowUpRequest complete;
  complete.set_follow_up_id(claimed.leases(0).follow_up().follow_up_id());
  complete.set_fence(claimed.leases(0).fence());
  complete.set_outcome(FOLLOW_UP_OUTCOME_REACHED);
  CompleteFollowUpResponse completed;
  ASSERT_TRUE(stub().CompleteFollowUp(field_.As(field_.leader_token).get(), complete, &completed).ok());
  GetAskBalanceResponse response;
  ASSERT_TRUE(stub().GetAskBalance(field_.As(field_.leader_token).get(), GetAskBalanceRequest(), &response).ok());
  ASSERT_THAT(response.branches(), SizeIs(2)) << "the leader alone, and the canvasser";
  const AskBalance& alone = response.branches(0);
  EXPECT_EQ(alone.member_id(), field_.leader.value);
  EXPECT_EQ(alone.calls(), 1);
  EXPECT_EQ(alone.asks(), 0);
  EXPECT_EQ(alone.bond_share(), 1);
  const AskBalance& below = response.branches(1);
  EXPECT_EQ(below.member_id(), field_.canvasser.value);
  EXPECT_EQ(below.asks(), 2);
  EXPECT_EQ(below.second_conversations(), 1);
  EXPECT_NEAR(below.bond_share(), 1.0 / 3, 1e-9);
}

}  // namespace
}  // namespace snowfield::tests
