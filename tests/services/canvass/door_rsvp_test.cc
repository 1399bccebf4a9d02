// Answers to invitations that are given at a door: they become the guest's answer, whatever the order in which the
// knocks arrive, and what is taken back is taken back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language
using ::testing::IsEmpty;

class DoorRsvp : public testing::Test {
 protected:
  DoorRsvp() {
    MakeMeeting(kMeeting, 2);
    field_.CheckOut(field_.phone);
  }

  // Of leader 1, in 3 days.
  void MakeMeeting(int id, int capacity) {
    field_.Execute(absl::StrCat(
        "insert into meeting (campaign_id, meeting_id, kind, title, host_id, place, start_time, end_time, time_zone, "
        "capacity, update_time, request_id) values (",
        field_.campaign.campaign.value, ", ", id, ", 'house_meeting', 'Soup', ", field_.leader.value,
        ", 'Elm Street 1', '", absl::FormatTime(field_.clock.Now() + absl::Hours(72)), "', '",
        absl::FormatTime(field_.clock.Now() + absl::Hours(74)), "', 'America/New_York', ", capacity,
        ", now(), gen_random_uuid())"));
  }
  // The first person behind door `index` said so to the meeting, `minute` minutes after the walk began.
  Knock Said(int index, AskAnswer answer, int minute, int meeting = kMeeting) const {
    Knock knock = field_.AskKnock(index, ASK_KIND_COME_TO_MEETING, answer);
    knock.mutable_asks(0)->set_meeting_id(meeting);
    *knock.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() - absl::Minutes(100 - minute));
    return knock;
  }
  Knock TakenBack(const Knock& knock, int minute) const {
    Knock undo = field_.Knock(0);
    undo.set_door_id(knock.door_id());
    undo.clear_result();
    undo.set_undo(true);
    undo.set_corrects_knock_id(knock.knock_id());
    *undo.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() - absl::Minutes(100 - minute));
    return undo;
  }
  // "yes", "yes, waits", "no", "invited"; empty for no guest.
  std::string AnswerOf(int index, int meeting = kMeeting) {
    const std::string guest =
        absl::StrCat(" from meeting_guest where meeting_id = ", meeting, " and person_id = ", field_.people[2 * index]);
    for (const char* answer : {"yes", "maybe", "no", "invited"}) {
      if (field_.Count(absl::StrCat("select count(*)", guest, " and answer = '", answer, "'")) == 0) continue;
      const bool waits = std::string(answer) == "yes" && field_.Count(absl::StrCat("select count(place)", guest)) == 0;
      return absl::StrCat(answer, waits ? ", waits" : "");
    }
    return "";
  }
  void MustAccept(const std::vector<Knock>& knocks) {
    for (const KnockAnswer& answer : field_.Send(knocks)) {
      EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_ACCEPTED) << answer.ShortDebugString();
    }
  }

  static constexpr int kMeeting = 700;
  Field field_;
};

TEST_F(DoorRsvp, AYesAtADoorHasAPlace) {
  MustAccept({Said(0, ASK_ANSWER_YES, 1), Said(1, ASK_ANSWER_MAYBE, 2), Said(2, ASK_ANSWER_NO, 3)});
  EXPECT_EQ(AnswerOf(0), "yes");
  EXPECT_EQ(AnswerOf(1), "maybe");
  EXPECT_EQ(AnswerOf(2), "no");
}

TEST_F(DoorRsvp, TheLatestThatStandsCountsInEveryOrderOfArrival) {
  // Yes, then no, which was a slip of the finger and is taken back; and a maybe of long before.
  const std::vector<Knock> knocks = {Said(0, ASK_ANSWER_YES, 10), Said(0, ASK_ANSWER_NO, 20),
                                     TakenBack(Said(0, ASK_ANSWER_NO, 20), 21), Said(0, ASK_ANSWER_MAYBE, 1)};
  std::vector<int> order = {0, 1, 2, 3};
  int orders = 0;
  do {
    std::vector<Knock> fresh = knocks;
    for (const int which : {0, 1, 3}) fresh[which].set_knock_id(base::Uuid::Random().ToString());
    fresh[2].set_knock_id(base::Uuid::Random().ToString());
    fresh[2].set_corrects_knock_id(fresh[1].knock_id());
    const auto place = [&](int which) { return std::find(order.begin(), order.end(), which) - order.begin(); };
    if (place(2) < place(1)) continue;        // a correction that comes too early is refused, and sent again
    const int meeting = kMeeting + ++orders;  // a fresh one for each order
    MakeMeeting(meeting, 2);
    for (const int which : {0, 1, 3}) fresh[which].mutable_asks(0)->set_meeting_id(meeting);
    for (const int which : order) MustAccept({fresh[which]});
    EXPECT_EQ(AnswerOf(0, meeting), "yes") << testing::PrintToString(order);
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(orders, 12);
}

TEST_F(DoorRsvp, WhatIsTakenBackGivesItsPlaceToWhoWaits) {
  const Knock first = Said(0, ASK_ANSWER_YES, 1);
  MustAccept({first, Said(1, ASK_ANSWER_YES, 2), Said(2, ASK_ANSWER_YES, 3)});
  EXPECT_EQ(AnswerOf(2), "yes, waits") << "there is room for 2";
  MustAccept({TakenBack(first, 4)});
  EXPECT_EQ(AnswerOf(0), "invited");
  EXPECT_EQ(AnswerOf(2), "yes");
}

TEST_F(DoorRsvp, AVoidedKnockSaysNothing) {
  const Knock knock = Said(0, ASK_ANSWER_YES, 1);
  MustAccept({knock});
  const auto review = ReviewService::NewStub(field_.channel());
  JudgeKnockRequest request;
  request.set_knock_id(knock.knock_id());
  request.set_verdict(VERDICT_VOIDED);
  request.set_reason("nobody was there");
  JudgeKnockResponse response;
  const grpc::Status status = review->JudgeKnock(field_.As(field_.leader_token).get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(AnswerOf(0), "invited");
}

TEST_F(DoorRsvp, AnAnswerGivenElsewhereSinceIsNotOverwritten) {
  MustAccept({Said(0, ASK_ANSWER_YES, 10)});
  // By telephone, afterwards.
  field_.Execute(absl::StrCat("update meeting_guest set answer = 'no', place = null, knock_id = null, answer_time = '",
                              absl::FormatTime(field_.clock.Now()), "'"));
  MustAccept({Said(0, ASK_ANSWER_YES, 50)});
  EXPECT_EQ(AnswerOf(0), "no");
}

TEST_F(DoorRsvp, WhoAsksToBeLeftAloneIsNoGuest) {
  MustAccept({Said(0, ASK_ANSWER_YES, 1), Said(1, ASK_ANSWER_YES, 2), Said(2, ASK_ANSWER_YES, 3)});
  Knock leave_alone = field_.Knock(0);
  leave_alone.set_result(KNOCK_RESULT_DO_NOT_CONTACT);
  MustAccept({leave_alone});
  EXPECT_EQ(AnswerOf(0), "");
  EXPECT_EQ(AnswerOf(2), "yes") << "who waited has the place";
  MustAccept({Said(0, ASK_ANSWER_YES, 99)});
  EXPECT_EQ(AnswerOf(0), "") << "whatever is heard later";
}

TEST_F(DoorRsvp, AMeetingThatCannotBeCostsOnlyItsKnock) {
  Knock nobody = Said(3, ASK_ANSWER_YES, 1), none = Said(4, ASK_ANSWER_YES, 1), unfit = Said(5, ASK_ANSWER_YES, 1);
  nobody.mutable_asks(0)->clear_person_id();
  none.mutable_asks(0)->clear_meeting_id();
  unfit.mutable_asks(0)->set_ask(ASK_KIND_DONATE);
  const auto answers =
      field_.Send({Said(0, ASK_ANSWER_YES, 1), Said(1, ASK_ANSWER_YES, 1, kMeeting + 1), nobody, none, unfit});
  EXPECT_EQ(answers[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
  const std::vector<std::string> reasons = {"MEETING_UNKNOWN", "PERSON_MISSING", "MEETING_MISSING", "MEETING_UNFIT"};
  for (size_t i = 0; i < reasons.size(); ++i) {
    EXPECT_EQ(answers[i + 1].outcome(), KNOCK_OUTCOME_REJECTED);
    EXPECT_EQ(answers[i + 1].reason(), reasons[i]);
  }
  EXPECT_EQ(answers[1].field(), "asks[0].meeting_id");
  EXPECT_EQ(AnswerOf(0), "yes");
}

TEST_F(DoorRsvp, ACancelledMeetingTakesNoAnswersAndLosesNoKnock) {
  field_.Execute("update meeting set state = 'cancelled'");
  MustAccept({Said(0, ASK_ANSWER_YES, 1)});
  EXPECT_EQ(AnswerOf(0), "");
  EXPECT_EQ(field_.Count("select count(*) from knock_ask where meeting_id is not null"), 1);
}

TEST_F(DoorRsvp, FromManyPhonesAtOnceNoMoreComeThanThereIsRoomFor) {
  std::vector<std::thread> phones;
  std::vector<std::string> tokens;
  for (int i = 0; i < Field::kDoorsOfFirstTurf; ++i) {
    tokens.push_back(field_.MakePhone(field_.canvasser));
    field_.CheckOut(tokens.back());
  }
  for (int i = 0; i < Field::kDoorsOfFirstTurf; ++i) {
    phones.emplace_back([this, i, &tokens] {
      const auto answers = field_.Send({Said(i, ASK_ANSWER_YES, i)}, tokens[i]);
      EXPECT_EQ(answers[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
    });
  }
  for (std::thread& phone : phones) phone.join();
  EXPECT_EQ(field_.Count("select count(*) from meeting_guest where answer = 'yes'"), Field::kDoorsOfFirstTurf);
  EXPECT_EQ(field_.Count("select count(distinct place) from meeting_guest"), 2);
}

TEST_F(DoorRsvp, APhoneGetsTheMeetingsToAskPeopleTo) {
  MakeMeeting(kMeeting + 1, 5);
  MustAccept({Said(0, ASK_ANSWER_YES, 1)});
  const auto download = [&] {
    DownloadWalkListRequest request;
    request.set_list_number(field_.lists[0]);
    DownloadWalkListResponse response;
    const grpc::Status status = field_.canvass().DownloadWalkList(field_.As(field_.phone).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  };
  const DownloadWalkListResponse list = download();
  ASSERT_EQ(list.meetings_size(), 2);
  EXPECT_EQ(list.meetings(0).meeting_id(), kMeeting);
  EXPECT_EQ(list.meetings(0).title(), "Soup");
  EXPECT_EQ(list.meetings(0).free_places(), 1);
  field_.Execute("update meeting set state = 'cancelled'");
  const DownloadWalkListResponse later = download();
  EXPECT_THAT(later.meetings(), IsEmpty());
  EXPECT_EQ(later.version(), list.version());
}

}  // namespace
}  // namespace snowfield::tests
