// Small meetings: who is invited, who has a place however many answer at once, and what follows from having come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "db/store/person_store.h"
#include "services/organizing/organizing_service.h"
#include "services/rpc/timestamp.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"
#include "tests/services/canvass/field.h"
#include "tests/support/test_server.h"

namespace snowfield::organizing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MeetingsTest : public ::testing::Test {
 protected:
  MeetingsTest()
      : server_(field_.database, {"snowfield.organizing.v1.OrganizingService"},
                [&](const access::Gate& gate) {
                  return tests::OneService(
                      std::make_unique<OrganizingService>(gate, &field_.database.pool(), field_.clock));
                }),
        stub_(v1::OrganizingService::NewStub(server_.channel())) {}

  std::unique_ptr<grpc::ClientContext> As(const std::string& token = "") const {
    return server_.As(token.empty() ? field_.leader_token : token);
  }
  v1::Meeting Coffee(int capacity = 3) const {
    v1::Meeting meeting;
    meeting.set_kind(v1::MEETING_KIND_HOUSE_MEETING);
    meeting.set_title("Coffee");
    meeting.set_place("12 Elm Street");
    *meeting.mutable_start_time() = rpc::ToTimestamp(field_.clock.Now() + absl::Hours(48));
    *meeting.mutable_end_time() = rpc::ToTimestamp(field_.clock.Now() + absl::Hours(50));
    meeting.set_time_zone("America/New_York");
    meeting.set_capacity(capacity);
    return meeting;
  }
  grpc::Status Create(const v1::Meeting& meeting, v1::Meeting* made, const std::string& token = "",
                      const std::string& request_id = base::Uuid::Random().ToString()) {
    v1::CreateMeetingRequest request;
    request.set_request_id(request_id);
    *request.mutable_meeting() = meeting;
    v1::CreateMeetingResponse response;
    grpc::Status status = stub_->CreateMeeting(As(token).get(), request, &response);
    *made = response.meeting();
    return status;
  }
  v1::Meeting Make(const v1::Meeting& meeting) {
    v1::Meeting made;
    const grpc::Status status = Create(meeting, &made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made;
  }
  grpc::Status Answer(int64_t meeting, int64_t person, v1::InvitationAnswer answer, bool* has_place = nullptr,
                      const std::string& token = "", int64_t member = 0) {
    v1::AnswerInvitationRequest request;
    request.set_meeting_id(meeting);
    request.set_person_id(person);
    request.set_member_id(member);
    request.set_answer(answer);
    v1::AnswerInvitationResponse response;
    grpc::Status status = stub_->AnswerInvitation(As(token).get(), request, &response);
    if (has_place != nullptr) *has_place = response.has_place();
    return status;
  }
  v1::GetMeetingResponse Get(int64_t meeting, const std::string& token = "") {
    v1::GetMeetingRequest request;
    request.set_meeting_id(meeting);
    v1::GetMeetingResponse response;
    const grpc::Status status = stub_->GetMeeting(As(token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::vector<std::string> Reached(base::MemberId member) {
    v1::GetMemberGrowthRequest request;
    request.set_member_id(member.value);
    v1::GetMemberGrowthResponse response;
    EXPECT_TRUE(stub_->GetMemberGrowth(As(field_.campaign.owner_token).get(), request, &response).ok());
    std::vector<std::string> codes;
    for (const auto& step : response.steps()) {
      if (step.has_reach_time()) codes.push_back(step.code());
    }
    return codes;
  }

  tests::Field field_;
  tests::TestServer server_;
  std::unique_ptr<v1::OrganizingService::Stub> stub_;
};

TEST_F(MeetingsTest, TheSameRequestMakesOneMeeting) {
  const std::string request_id = base::Uuid::Random().ToString();
  std::vector<v1::Meeting> made(8);
  std::vector<std::thread> threads;
  for (v1::Meeting& meeting : made) {
    threads.emplace_back([&] {
      const grpc::Status status = Create(Coffee(), &meeting, "", request_id);
      EXPECT_TRUE(status.ok()) << status.error_message();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const v1::Meeting& meeting : made) EXPECT_EQ(meeting.meeting_id(), made[0].meeting_id());
  EXPECT_EQ(made[0].host_id(), field_.leader.value);
  EXPECT_EQ(made[0].state(), v1::MEETING_STATE_PLANNED);
  EXPECT_EQ(field_.Count("select count(*) from meeting"), 1);
}

TEST_F(MeetingsTest, WhatCanNotBeAMeetingIsRefused) {
  struct Case {
    std::function<void(v1::Meeting&)> spoil;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {[](auto& m) { m.set_kind(v1::MEETING_KIND_UNSPECIFIED); }, "KIND_UNKNOWN"},
      {[](auto& m) { m.set_title(""); }, "NAME_LENGTH"},
      {[](auto& m) { m.set_place(std::string(301, 'x')); }, "TOO_LONG"},
      {[](auto& m) { m.clear_start_time(); }, "TIME_MISSING"},
      {[](auto& m) { *m.mutable_end_time() = m.start_time(); }, "TIME_OUT_OF_RANGE"},
      {[](auto& m) { m.mutable_end_time()->set_seconds(m.start_time().seconds() + 8 * 86400); }, "TIME_OUT_OF_RANGE"},
      {[](auto& m) { m.set_time_zone("Atlantis/Capital"); }, "TIME_ZONE_UNKNOWN"},
      {[](auto& m) { m.set_capacity(501); }, "CAPACITY_OUT_OF_RANGE"},
      {[](auto& m) { m.set_module("walk"); }, "MODULE_UNKNOWN"},
      {[&](auto& m) { m.set_host_id(field_.other_leader.value); }, "NOT_YOUR_BRANCH"},
      {[](auto& m) { m.set_host_id(4242); }, "NOT_FOUND"},
  };
  for (const Case& bad : cases) {
    v1::Meeting meeting = Coffee(), made;
    bad.spoil(meeting);
    EXPECT_EQ(tests::ReasonOf(Create(meeting, &made)), bad.reason);
  }
}

TEST_F(MeetingsTest, HoweverManySayYesAtOnceOnlyTheCapacityHasAPlaceAndTheOthersWait) {
  constexpr int kCapacity = 5;
  const v1::Meeting meeting = Make(Coffee(kCapacity));
  std::atomic<int> placed{0};
  std::vector<std::thread> threads;
  for (const int64_t person : field_.people) {
    threads.emplace_back([&, person] {
      bool has_place = false;
      const grpc::Status status = Answer(meeting.meeting_id(), person, v1::INVITATION_ANSWER_YES, &has_place);
      EXPECT_TRUE(status.ok()) << status.error_message();
      if (has_place) ++placed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(placed, kCapacity);
  v1::Meeting now = Get(meeting.meeting_id()).meeting();
  EXPECT_EQ(now.coming(), kCapacity);
  EXPECT_EQ(now.waiting(), static_cast<int>(field_.people.size()) - kCapacity);

  // Whoever goes makes room for who has waited longest.
  const int64_t first_waiting =
      field_.Count("select person_id from meeting_guest where place is null order by answer_time, guest_id limit 1");
  const int64_t going = field_.Count("select min(person_id) from meeting_guest where place is not null");
  ASSERT_TRUE(Answer(meeting.meeting_id(), going, v1::INVITATION_ANSWER_NO).ok());
  EXPECT_EQ(field_.Count(absl::StrCat("select count(*) from meeting_guest where place is not null and person_id = ",
                                      first_waiting)),
            1);
  EXPECT_EQ(Get(meeting.meeting_id()).meeting().coming(), kCapacity);
  EXPECT_EQ(field_.Count("select count(distinct place) from meeting_guest"), kCapacity);
}

TEST_F(MeetingsTest, MoreRoomLetsThemInAndLessThanIsTakenIsRefused) {
  v1::Meeting meeting = Make(Coffee(2));
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(Answer(meeting.meeting_id(), field_.people[i], v1::INVITATION_ANSWER_YES).ok());
  }
  v1::UpdateMeetingRequest request;
  *request.mutable_meeting() = meeting;
  request.mutable_meeting()->set_capacity(3);
  v1::UpdateMeetingResponse response;
  ASSERT_TRUE(stub_->UpdateMeeting(As().get(), request, &response).ok());
  EXPECT_EQ(response.meeting().coming(), 3);
  EXPECT_EQ(response.meeting().waiting(), 1);
  request.mutable_meeting()->set_capacity(2);
  EXPECT_EQ(tests::ReasonOf(stub_->UpdateMeeting(As().get(), request, &response)), "CAPACITY_TAKEN");
  request.mutable_meeting()->set_capacity(3);
  request.set_cancel(true);
  ASSERT_TRUE(stub_->UpdateMeeting(As().get(), request, &response).ok());
  EXPECT_EQ(response.meeting().state(), v1::MEETING_STATE_CANCELLED);
  EXPECT_EQ(tests::ReasonOf(Answer(meeting.meeting_id(), field_.people[0], v1::INVITATION_ANSWER_NO)),
            "MEETING_CANCELLED");
}

TEST_F(MeetingsTest, WhoAskedNotToBeContactedIsNotInvited) {
  const v1::Meeting meeting = Make(Coffee());
  field_.Execute(absl::StrCat("update person set do_not_contact = true where person_id = ", field_.people[0]));
  v1::InviteToMeetingRequest request;
  request.set_meeting_id(meeting.meeting_id());
  request.add_person_ids(field_.people[0]);
  request.add_person_ids(field_.people[1]);
  v1::InviteToMeetingResponse response;
  EXPECT_EQ(tests::ReasonOf(stub_->InviteToMeeting(As().get(), request, &response)), "DO_NOT_CONTACT");
  EXPECT_EQ(field_.Count("select count(*) from meeting_guest"), 0);
  request.clear_person_ids();
  request.add_person_ids(field_.people[1]);
  request.add_member_ids(field_.canvasser.value);
  for (const int expected : {2, 0}) {
    ASSERT_TRUE(stub_->InviteToMeeting(As().get(), request, &response).ok());
    EXPECT_EQ(response.invited(), expected);
  }
  request.add_member_ids(field_.other_canvasser.value);
  EXPECT_EQ(tests::ReasonOf(stub_->InviteToMeeting(As().get(), request, &response)), "NOT_YOUR_BRANCH");
}

TEST_F(MeetingsTest, OfWhomEnoughWasAskedIsNotInvitedAndMayAnswerAllTheSame) {
  field_.Execute(
      absl::StrCat("insert into contact_limits values (", field_.campaign.campaign.value, ", 1, 7, 100, 7)"));
  const v1::Meeting first = Make(Coffee()), second = Make(Coffee());
  v1::InviteToMeetingRequest request;
  request.set_meeting_id(first.meeting_id());
  request.add_person_ids(field_.people[0]);
  v1::InviteToMeetingResponse response;
  ASSERT_TRUE(stub_->InviteToMeeting(As().get(), request, &response).ok());
  ASSERT_TRUE(stub_->InviteToMeeting(As().get(), request, &response).ok()) << "again does no harm";
  request.set_meeting_id(second.meeting_id());
  request.add_person_ids(field_.people[1]);
  const grpc::Status status = stub_->InviteToMeeting(As().get(), request, &response);
  EXPECT_EQ(tests::ReasonOf(status), "HELD_BACK");
  EXPECT_THAT(status.error_message(), HasSubstr(absl::StrCat("person ", field_.people[0])));
  EXPECT_EQ(field_.Count("select count(*) from meeting_guest"), 1) << "nobody of them";
  EXPECT_TRUE(Answer(second.meeting_id(), field_.people[0], v1::INVITATION_ANSWER_YES).ok());
}

TEST_F(MeetingsTest, AGuestSeesTheMeetingAndAnswersForThemselves) {
  const v1::Meeting meeting = Make(Coffee());
  v1::GetMeetingRequest get;
  get.set_meeting_id(meeting.meeting_id());
  v1::GetMeetingResponse got;
  EXPECT_EQ(tests::ReasonOf(stub_->GetMeeting(As(field_.phone).get(), get, &got)), "NOT_YOUR_BRANCH");
  v1::InviteToMeetingRequest invite;
  invite.set_meeting_id(meeting.meeting_id());
  invite.add_member_ids(field_.canvasser.value);
  invite.add_person_ids(field_.people[0]);
  v1::InviteToMeetingResponse invited;
  ASSERT_TRUE(stub_->InviteToMeeting(As().get(), invite, &invited).ok());
  ASSERT_TRUE(Answer(meeting.meeting_id(), 0, v1::INVITATION_ANSWER_YES, nullptr, field_.phone).ok());
  EXPECT_EQ(Get(meeting.meeting_id()).guests_size(), 2);
  got = Get(meeting.meeting_id(), field_.phone);
  ASSERT_EQ(got.guests_size(), 1) << "not who else comes";
  EXPECT_TRUE(got.guests(0).has_place());
  EXPECT_EQ(
      tests::ReasonOf(Answer(meeting.meeting_id(), field_.people[0], v1::INVITATION_ANSWER_NO, nullptr, field_.phone)),
      "NOT_YOUR_BRANCH");
  v1::ListMeetingsResponse listed;
  ASSERT_TRUE(stub_->ListMeetings(As(field_.phone).get(), v1::ListMeetingsRequest(), &listed).ok());
  EXPECT_EQ(listed.meetings_size(), 1);
  ASSERT_TRUE(stub_->ListMeetings(As(field_.other_phone).get(), v1::ListMeetingsRequest(), &listed).ok());
  EXPECT_EQ(listed.meetings_size(), 0);
  v1::GetLeaderHomeResponse home;
  ASSERT_TRUE(stub_->GetLeaderHome(As().get(), v1::GetLeaderHomeRequest(), &home).ok());
  EXPECT_EQ(home.home().next_meeting().meeting_id(), meeting.meeting_id());
  EXPECT_EQ(home.home().next_meeting().coming(), 1);
}

TEST_F(MeetingsTest, WhatHappenedThereMovesPeopleUpTheLadder) {
  field_.Execute(absl::StrCat("insert into training_module (campaign_id, code, name) values (",
                              field_.campaign.campaign.value, ", 'walk', 'Walking')"));
  v1::Meeting training = Coffee();
  training.set_kind(v1::MEETING_KIND_TRAINING);
  training.set_module("walk");
  const v1::Meeting meeting = Make(training);
  ASSERT_TRUE(Answer(meeting.meeting_id(), 0, v1::INVITATION_ANSWER_YES, nullptr, "", field_.canvasser.value).ok());
  ASSERT_TRUE(Answer(meeting.meeting_id(), field_.people[0], v1::INVITATION_ANSWER_YES).ok());
  v1::RecordAttendanceRequest request;
  request.set_meeting_id(meeting.meeting_id());
  request.add_guest_ids(Get(meeting.meeting_id()).guests(0).guest_id());
  v1::RecordAttendanceResponse response;
  EXPECT_EQ(tests::ReasonOf(stub_->RecordAttendance(As().get(), request, &response)), "NOT_BEGUN");
  field_.clock.Advance(absl::Hours(49));
  for (int repeat = 0; repeat < 2; ++repeat) {
    const grpc::Status status = stub_->RecordAttendance(As().get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.meeting().state(), v1::MEETING_STATE_HELD);
  }
  EXPECT_THAT(Reached(field_.canvasser), ::testing::ElementsAre("attended", "trained"));
  EXPECT_THAT(Reached(field_.leader), ::testing::ElementsAre("hosted"));
  EXPECT_TRUE(Get(meeting.meeting_id()).guests(0).came());
  EXPECT_FALSE(Get(meeting.meeting_id()).guests(1).came());
  EXPECT_EQ(field_.Count("select count(*) from member_training where code = 'walk'"), 1);
  request.add_guest_ids(4242);
  EXPECT_EQ(tests::ReasonOf(stub_->RecordAttendance(As().get(), request, &response)), "GUEST_UNKNOWN");
}

TEST_F(MeetingsTest, AFollowUpThatSaysYesToAMeetingBringsThePersonThere) {
  const v1::Meeting meeting = Make(Coffee(1));
  field_.CheckOut(field_.phone);
  field_.Send({field_.AskKnock(0, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES)});
  followup::v1::CompleteFollowUpRequest request;
  request.set_follow_up_id(field_.Count("select follow_up_id from follow_up"));
  request.set_outcome(followup::v1::FOLLOW_UP_OUTCOME_SAID_NO);
  request.set_meeting_id(meeting.meeting_id());
  followup::v1::CompleteFollowUpResponse response;
  EXPECT_EQ(
      tests::ReasonOf(field_.followup().CompleteFollowUp(field_.As(field_.leader_token).get(), request, &response)),
      "MEETING_NEEDS_YES");
  request.set_outcome(followup::v1::FOLLOW_UP_OUTCOME_SAID_YES);
  request.set_meeting_id(4242);
  EXPECT_EQ(
      tests::FieldOf(field_.followup().CompleteFollowUp(field_.As(field_.leader_token).get(), request, &response)),
      "meeting_id");
  EXPECT_EQ(field_.Count("select count(*) from follow_up where state = 'open'"), 1) << "both or neither";
  request.set_meeting_id(meeting.meeting_id());
  for (int repeat = 0; repeat < 2; ++repeat) {
    const grpc::Status status =
        field_.followup().CompleteFollowUp(field_.As(field_.leader_token).get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  const auto got = Get(meeting.meeting_id());
  ASSERT_EQ(got.guests_size(), 1);
  EXPECT_EQ(got.guests(0).person_id(), field_.people[0]);
  EXPECT_TRUE(got.guests(0).has_place());
}

TEST_F(MeetingsTest, WhoLeavesHostsNothingAndHoldsNoPlace) {
  v1::Meeting of_canvasser = Coffee();
  of_canvasser.set_host_id(field_.canvasser.value);
  const int64_t hosted = Make(of_canvasser).meeting_id();
  const int64_t small = Make(Coffee(1)).meeting_id();
  bool has_place = false;
  ASSERT_TRUE(Answer(small, 0, v1::INVITATION_ANSWER_YES, &has_place, "", field_.canvasser.value).ok());
  EXPECT_TRUE(has_place);
  ASSERT_TRUE(Answer(small, field_.people[0], v1::INVITATION_ANSWER_YES, &has_place).ok());
  EXPECT_FALSE(has_place);
  v1::RemoveMemberRequest request;
  request.set_member_id(field_.canvasser.value);
  v1::RemoveMemberResponse response;
  const grpc::Status status = stub_->RemoveMember(As(field_.campaign.owner_token).get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(Get(hosted).meeting().host_id(), field_.leader.value);
  const v1::GetMeetingResponse left = Get(small);
  ASSERT_EQ(left.guests_size(), 1);
  EXPECT_EQ(left.guests(0).person_id(), field_.people[0]);
  EXPECT_TRUE(left.guests(0).has_place()) << "who waited comes";
}

TEST_F(MeetingsTest, WhoIsErasedIsNoGuestOfWhatIsToCome) {
  const int64_t to_come = Make(Coffee(1)).meeting_id();
  ASSERT_TRUE(Answer(to_come, field_.people[0], v1::INVITATION_ANSWER_YES).ok());
  ASSERT_TRUE(Answer(to_come, field_.people[2], v1::INVITATION_ANSWER_YES).ok());
  db::Transaction transaction = *field_.database.pool().Begin({.campaign = field_.campaign.campaign});
  const db::Erasure erasure{.person = base::PersonId(field_.people[0]), .by = field_.leader, .now = field_.clock.Now()};
  ASSERT_TRUE(db::ErasePerson(transaction, erasure, [] { return absl::OkStatus(); }).ok());
  ASSERT_TRUE(transaction.Commit().ok());
  const v1::GetMeetingResponse left = Get(to_come);
  ASSERT_EQ(left.guests_size(), 1);
  EXPECT_EQ(left.guests(0).person_id(), field_.people[2]);
  EXPECT_TRUE(left.guests(0).has_place());
}

TEST_F(MeetingsTest, ExportsACalendarWithNobodysName) {
  const v1::Meeting meeting = Make(Coffee());
  v1::ExportMeetingRequest request;
  request.set_meeting_id(meeting.meeting_id());
  v1::ExportMeetingResponse response;
  ASSERT_TRUE(stub_->ExportMeeting(As().get(), request, &response).ok());
  EXPECT_THAT(response.content_type(), HasSubstr("text/calendar"));
  EXPECT_THAT(response.calendar(), HasSubstr("SUMMARY:Coffee\r\n"));
  EXPECT_THAT(response.calendar(), Not(HasSubstr("Member")));
  EXPECT_THAT(response.calendar(), Not(HasSubstr("ORGANIZER")));
  EXPECT_EQ(tests::ReasonOf(stub_->ExportMeeting(As(field_.other_leader_token).get(), request, &response)),
            "NOT_YOUR_BRANCH");
}

}  // namespace
}  // namespace snowfield::organizing
